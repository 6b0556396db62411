"""A real resident-satisfaction survey comes in from a file and works like any wave; the published fit comes out.

Madsen (1976), as Debian ships it with R (MASS::housing); loaded when the test runs, not copied. The proportional-odds
figures are those of Venables and Ripley, Modern Applied Statistics with S, 7.3.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from rscript import r
from scipy.special import expit

from survey.analysis.design import design_of
from survey.analysis.estimate import estimate
from survey.analysis.models.formula import model_matrix
from survey.analysis.models.ordinal import proportional_odds
from survey.cli.main import survey as command
from survey.language import say
from survey.report.frame import Frame, frame
from survey.storage.answers.responses import responses
from survey.storage.database import connect, sessions
from survey.storage.questionnaires import published
from survey.storage.waves import find_wave
from survey.wave.model import Channel, State

HERE = Path(__file__).parents[2] / "copenhagen"
WAVE = "copenhagen-1976"
COUNTED = '\n[count]\ncolumn = "Freq"\n'

Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The survey as CSV, XLSX, SPSS, Stata and as a table of counts, and R's own fit."""
    folder = tmp_path_factory.mktemp("housing")
    fit = r((HERE / "make.R").read_text(encoding="utf-8"), folder)
    book = openpyxl.Workbook()
    with (folder / "housing.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            book.active.append(row)
    book.save(folder / "housing.xlsx")
    mapping = (HERE / "mapping.toml").read_text(encoding="utf-8")
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    (folder / "counted.toml").write_text(mapping + COUNTED, encoding="utf-8")
    return folder, fit


@pytest.fixture
def run(database: str, tmp_path: Path) -> Run:
    """Runs the command on a fresh database in which the questionnaire is published."""
    environment = {"SURVEY_DATABASE": database, "SURVEY_FOLDER": str(tmp_path)}

    def call(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(command, list(map(str, arguments)), env=environment)
        return done.exit_code, done.output

    assert call("questionnaire", "publish", HERE / "questionnaire.toml")[0] == 0
    return call


def kept(database: str) -> tuple[Frame, State]:
    engine = connect(database)
    try:
        with sessions(engine)() as session:
            stored = find_wave(session, WAVE)
            questionnaire = published(session, stored.wave.questionnaire)
            rows = responses(session, WAVE)
            return frame(rows, stored.wave, questionnaire, Channel.INVITED), stored.state
    finally:
        engine.dispose()


@pytest.mark.parametrize("name", ["housing.csv", "housing.xlsx", "housing.sav", "housing.dta", "counted.csv"])
def test_every_kind_of_file_gives_the_published_proportional_odds(
    files: tuple[Path, dict[str, Any]], run: Run, database: str, name: str
) -> None:
    folder, fit = files
    mapping = folder / ("counted.toml" if name == "counted.csv" else "mapping.toml")
    status, said = run("import", HERE / "wave.toml", folder / name, "--mapping", mapping)
    assert status == 0, said
    assert "1681 responses imported" in said
    columns, state = kept(database)
    assert (columns.rows, state) == (1681, State.CLOSED)
    coefficients, deviance = proportional(columns)
    assert coefficients[:6] == pytest.approx([0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603], abs=5e-5)
    assert coefficients[6:] == pytest.approx([-0.4961, 0.6907], abs=5e-5)
    assert deviance == pytest.approx(3479.149, abs=5e-4)
    assert coefficients == pytest.approx([*fit["coefficients"], *fit["cuts"]], rel=1e-3)
    assert deviance == pytest.approx(fit["deviance"], rel=1e-8)


def proportional(columns: Frame) -> tuple[list[float], float]:
    """Coefficients and cuts of satisfaction on influence, type and contact, and the deviance."""
    names = ("influence", "housing_type", "contact")
    known = {name: columns.answers(name) for name in names}
    inside = np.ones(columns.rows, dtype=np.bool_)
    model = model_matrix("~ C(influence) + C(housing_type) + C(contact)", known, inside)
    x = model.matrix[:, 1:]
    code = columns.answers("satisfaction") - 1
    fitted = estimate(design_of(columns.base_weight), proportional_odds(3), code, *x.T).value[0]
    edges = np.concatenate([[-np.inf], fitted[6:], [np.inf]])
    place = code.astype(int)
    shift = x @ fitted[:6]
    share = expit(edges[place + 1] - shift) - expit(edges[place] - shift)
    return fitted.tolist(), float(-2 * np.log(share).sum())


def test_results_and_exports_work_on_it_like_on_any_wave(
    files: tuple[Path, dict[str, Any]], run: Run, tmp_path: Path
) -> None:
    folder, _ = files
    assert run("import", HERE / "wave.toml", folder / "housing.sav", "--mapping", folder / "mapping.toml")[0] == 0
    assert run("results", "--out", tmp_path / "r.csv")[0] == 0
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Place"]: row for row in csv.DictReader(file)}
    assert float(rows["Whole city"]["Share, %"]) == pytest.approx(100 * 668 / 1681, abs=5e-5)
    assert float(rows["Tower blocks"]["Share, %"]) == pytest.approx(100 * 200 / 400, abs=5e-5)
    assert run("export", "--out", tmp_path / "h.sav", "--language", "ko")[0] == 0
    script = "d <- haven::read_sav('h.sav'); answer <- list(n = nrow(d), w = unique(as.numeric(d$weight)),"
    found = r(script + " label = names(attr(d$housing_type, 'labels'))[5])", tmp_path)
    assert (found["n"], found["w"]) == (1681, pytest.approx(1.0, rel=1e-9))


def test_it_is_reported_like_any_wave(files: tuple[Path, dict[str, Any]], run: Run, tmp_path: Path) -> None:
    folder, _ = files
    assert run("import", HERE / "wave.toml", folder / "housing.csv", "--mapping", folder / "mapping.toml")[0] == 0
    assert run("report", "--language", "en", "--out", tmp_path / "h.docx")[0] == 0
    made = docx.Document(str(tmp_path / "h.docx"))
    rows = [[cell.text for cell in row.cells] for table in made.tables for row in table.rows]
    (of_towers,) = [row for row in rows if row[0] == "Tower blocks" and len(row) == 8]
    assert (of_towers[1], of_towers[6]) == ("50%", "400")
    heads = " ".join(one.text for one in made.paragraphs if (one.style.name or "").startswith("Heading"))
    assert "Other definitions" in heads
    assert "Tasks of the plan" not in heads


def test_a_wave_is_imported_once(files: tuple[Path, dict[str, Any]], run: Run, database: str) -> None:
    folder, _ = files
    arguments = (folder / "housing.csv", "--mapping", folder / "mapping.toml")
    assert run("wave", "create", HERE / "wave.toml")[0] == 0
    assert run("import", WAVE, *arguments)[0] == 0
    for again in (WAVE, HERE / "wave.toml"):
        status, said = run("import", again, *arguments)
        assert status == 2
        assert "Traceback" not in said
    assert kept(database)[0].rows == 1681


def test_one_bad_row_keeps_all_out_and_every_bad_row_is_told(
    files: tuple[Path, dict[str, Any]], run: Run, tmp_path: Path
) -> None:
    folder, _ = files
    lines = (folder / "housing.csv").read_text(encoding="utf-8").splitlines()
    lines[9] = lines[9].replace("Tower", "Castle")
    lines[1000] = lines[1000] + ',"extra"'
    (tmp_path / "bad.csv").write_text("\n".join(lines), encoding="utf-8")
    arguments = ("--mapping", folder / "mapping.toml", "--problems", tmp_path / "problems.csv", "--language", "ko")
    status, said = run("import", HERE / "wave.toml", tmp_path / "bad.csv", *arguments)
    assert status == 2
    assert "1681행 가운데 2행" in said
    with (tmp_path / "problems.csv").open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.reader(file))[1:]
    assert [(row[0], row[1], row[4]) for row in told] == [("10", "Type", "Castle"), ("1001", "", "5 / 4")]
    assert run("waves")[1].strip() == "There are no waves yet."


@pytest.mark.parametrize("ending", ["csv", "xlsx", "sav", "dta", "pdf"])
def test_a_file_that_is_something_else_is_told_and_changes_nothing(
    files: tuple[Path, dict[str, Any]], run: Run, tmp_path: Path, ending: str
) -> None:
    folder, _ = files
    (tmp_path / f"broken.{ending}").write_bytes(b"\x00\xff\xfe broken" * 50)
    arguments = (tmp_path / f"broken.{ending}", "--mapping", folder / "mapping.toml")
    status, said = run("import", HERE / "wave.toml", *arguments)
    assert status == 2
    assert "Nothing was imported" in said
    assert "Traceback" not in said
    assert run("waves")[1].strip() == "There are no waves yet."


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "没有发布"), ("en", "is not published"), ("ko", "공표되지 않았습니다")]
)
def test_a_questionnaire_or_wave_that_is_not_there_is_told_in_the_language_asked_for(
    files: tuple[Path, dict[str, Any]], run: Run, language: str, told: str
) -> None:
    folder, _ = files
    rest = (folder / "housing.csv", "--mapping", folder / "mapping.toml", "--language", language)
    status, said = run("import", HERE / "wave.toml", *rest, "--questionnaire", "x", "1")
    assert (status, told in said, "copenhagen-housing 1976" in said) == (2, True, True)
    status, said = run("import", "nowhere", *rest)
    assert (status, say(language)("There is no wave “%(wave)s”.") % {"wave": "nowhere"} in said) == (2, True)
