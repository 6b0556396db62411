"""`survey results` and `survey export`: whole files by their ending, of the newest wave or of one that is named."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from small_city import questionnaire, sample, wave, words

from survey.cli.main import survey as command
from survey.storage.answers.responses import keep
from survey.storage.database import connect, sessions
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave
from survey.wave.canonical import analysis_hash

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(database: str) -> Run:
    """Runs the command on a fresh database; gives its exit status and what it says."""

    def call(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(command, list(map(str, arguments)), env={"SURVEY_DATABASE": database})
        return done.exit_code, done.output

    return call


@pytest.fixture
def filled(run: Run, database: str) -> Run:
    """The same, with a wave that was answered and a later one that is only planned."""
    engine = connect(database)
    with sessions(engine).begin() as session:
        publish(session, questionnaire())
        create_wave(session, wave())
        open_wave(session, wave().id)
        create_wave(session, replace(wave(), id="2027-small", opens=wave().opens.replace(year=2027)))
        for one in sample():
            keep(session, one, f"receipt-{one.submission_id}")
    engine.dispose()
    return run


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(("language", "city"), [("zh", "全市"), ("en", "Whole city"), ("ko", "웨이하이시 전체")])
def test_the_newest_answered_wave_is_written_in_each_language(
    filled: Run, tmp_path: Path, language: str, city: str
) -> None:
    file = tmp_path / "r.csv"
    status, said = filled("results", "--out", file, "--language", language)
    assert status == 0
    assert "2026-small (simulated), invited sample" in said
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert list(rows(file)[0].values())[:2] == ["overall", words("overall")[language]]
    assert list(rows(file)[0].values())[4] == city


def test_microdata_hold_every_respondent_once(filled: Run, tmp_path: Path) -> None:
    assert filled("export", "2026-small", "--out", tmp_path / "m.csv")[0] == 0
    assert len(rows(tmp_path / "m.csv")) == len(sample())
    assert filled("export", "--out", tmp_path / "m.xlsx")[0] == 0
    book = openpyxl.load_workbook(tmp_path / "m.xlsx", read_only=True)
    assert sum(1 for _ in book.worksheets[0].values) == len(sample()) + 1


@pytest.mark.parametrize("name", ["results", "export"])
def test_what_cannot_be_done_is_said_in_one_line_and_leaves_no_file(filled: Run, tmp_path: Path, name: str) -> None:
    cases = {
        (name, "--out", tmp_path / "r.pdf"): "use .csv",
        (name, "--out", tmp_path / "r"): "use .csv",
        (name, "none", "--out", tmp_path / "r.csv"): 'There is no wave "none"',
        (name, "2027-small", "--out", tmp_path / "r.csv"): "nobody of the invited sample has answered",
        (name, "--sample", "open", "--out", tmp_path / "r.csv"): "nobody of the open sample has answered",
        (name, "--out", tmp_path / "missing" / "r.csv"): "cannot be written",
    }
    for arguments, told in cases.items():
        status, said = filled(*arguments)
        assert status == 2
        assert told in said
        assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_newer_wave_without_answers_is_named_and_the_one_before_is_taken(
    filled: Run, database: str, tmp_path: Path
) -> None:
    engine = connect(database)
    with sessions(engine).begin() as session:
        open_wave(session, "2027-small")
    engine.dispose()
    for ending in ("csv", "xlsx"):
        status, said = filled("results", "--out", tmp_path / f"r.{ending}")
        assert (status, "wave 2026-small" in said) == (0, True)
        assert "Wave 2027-small has no answers of the invited sample yet." in said
    assert "2027-small" in filled("results", "--sample", "open", "--out", tmp_path / "o.csv")[1]


def test_every_row_says_by_which_frozen_plan_and_when_it_was_computed(filled: Run, tmp_path: Path) -> None:
    assert filled("results", "--out", tmp_path / "r.csv")[0] == 0
    assert {row["Frozen plan"] for row in rows(tmp_path / "r.csv")} == {analysis_hash(wave())}
    assert all(row["Results computed"].endswith("UTC") for row in rows(tmp_path / "r.csv"))
    assert list(rows(tmp_path / "r.csv")[0])[-1] == "Notes"
    assert filled("export", "2026-small", "--out", tmp_path / "m.csv")[0] == 0
    assert analysis_hash(wave()) in rows(tmp_path / "m.csv")[0]["note"]


def test_without_a_wave_the_command_says_how_to_get_one(run: Run, tmp_path: Path) -> None:
    status, said = run("results", "--out", tmp_path / "r.csv")
    assert status == 2
    assert "survey wave create FILE" in said
