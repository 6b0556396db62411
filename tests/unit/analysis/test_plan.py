"""The door of `survey estimate`: files in, answers out, errors with their place."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner

from survey.analysis.plan import run, write
from survey.cli.files.estimate import estimate

ROWS = [
    {"w": 2, "st": "a", "psu": p, "y": y, "g": g, "district": d, "code": c}
    for p, y, g, d, c in [
        (1, 1, "f", "环翠区", "01"),
        (1, 2, "m", "环翠区", "02"),
        (2, 3, "f", "环翠区", "01"),
        (2, "", "m", "文登区", "02"),
        (3, 5, "f", "文登区", "01"),
        (3, 1, "", "文登区", "10"),
    ]
]
DESIGN: dict[str, Any] = {"weights": "w", "strata": [], "clusters": ["psu"]}


def plan(folder: Path, *asks: dict[str, Any], **keys: Any) -> Path:
    with (folder / "data.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ROWS[0])
        writer.writeheader()
        writer.writerows(ROWS)
    content = {
        "format": 1,
        "data": "data.csv",
        "categories": ["code"],
        "designs": {"all": DESIGN, **keys.pop("designs", {})},
        "ask": [{"id": f"a{i}", "design": "all", **ask} for i, ask in enumerate(asks)],
        **keys,
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def first(folder: Path, ask: dict[str, Any], **keys: Any) -> Any:
    return run(plan(folder, ask, **keys)).results["a0"]


def test_a_bare_cell_without_by_and_cells_with_it(tmp_path: Path) -> None:
    bare = first(tmp_path, {"statistic": "mean", "y": "y"})
    assert bare["estimate"] == pytest.approx(2.4)
    assert bare["n"] == 5
    cells = first(tmp_path, {"statistic": "mean", "y": "y", "by": ["g"]})["cells"]
    assert [cell["domain"] for cell in cells] == [{"g": "f"}, {"g": "m"}]


def test_levels_are_as_the_file_has_them(tmp_path: Path) -> None:
    cells = first(tmp_path, {"statistic": "mean", "y": "y", "by": ["code", "psu"]})["cells"]
    assert cells[0]["domain"] == {"code": "01", "psu": 1}
    assert isinstance(cells[0]["domain"]["psu"], int)


def test_a_domain_of_gaps_is_no_data(tmp_path: Path) -> None:
    where = {"column": "y", "at_least": 3}
    cells = first(tmp_path, {"statistic": "proportion", "where": where, "by": ["district", "g"]})["cells"]
    empty = [cell for cell in cells if cell["n"] == 0]
    assert [cell["domain"] for cell in empty] == [{"district": "文登区", "g": "m"}]
    assert empty[0]["estimate"] is None
    assert empty[0]["reason"] == "no data"


def test_one_sampling_unit_shows_the_estimate_without_interval(tmp_path: Path) -> None:
    cell = first(tmp_path, {"statistic": "mean", "y": "y", "by": ["psu"]})["cells"][0]
    assert (cell["estimate"], cell["se"], cell["ci"]) == (1.5, 0, None)
    assert (cell["quality"], cell["reason"]) == ("suppress", "one sampling unit")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ({"statistic": "meen", "y": "y"}, r"ask\.a0\.statistic: 'meen' .* mean\?"),
        ({"statistic": "mean", "y": "yy"}, r"ask\.a0\.y: data\.csv has no column yy \(6 rows\); did you mean y"),
        ({"statistic": "mean", "y": "g"}, r"ask\.a0\.y: column g is text: 5 of 6 rows .* 'f'"),
        ({"statistic": "mean", "y": "y", "bye": []}, r"ask\.a0\.bye: this key is not known; did you mean by"),
        ({"statistic": "mean", "y": "y", "design": "al"}, r"ask\.a0\.design: there is no design 'al'"),
        (
            {"statistic": "proportion", "where": {"column": "g", "equals": "w"}},
            r"ask\.a0\.where\.equals: column g has no level 'w' in 6 rows; it has f, m",
        ),
        (
            {"statistic": "difference", "y": "y", "by": ["g"], "plus": "f", "minus": "x"},
            r"ask\.a0\.minus: column g has no level 'x' in 6 rows",
        ),
    ],
)
def test_an_error_names_key_column_level_and_rows(tmp_path: Path, ask: dict[str, Any], words: str) -> None:
    answer = run(plan(tmp_path, ask, {"statistic": "mean", "y": "y"}))
    assert answer.failed
    assert re.search(words, answer.results["a0"]["error"])
    assert "estimate" in answer.results["a1"]


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ({"weights": "g"}, "designs.bad.weights: column g is text: 5 of 6 rows"),
        ({"weights": "code"}, "estimate"),
        ({"weights": "w", "strata": ["g"]}, "designs.bad.strata: column g is empty in 1 of 6 rows"),
        ({"weights": "w", "fpc": ["w"]}, "designs.bad: fpc: a stratum has 6 units in the sample (6 rows)"),
        ({"weights": "w", "single_psu": "drop"}, "designs.bad.single_psu: 'drop' is not known"),
        ({"weights": "w", "rows": {"column": "g", "equals": "q"}}, "designs.bad.rows.equals: column g has no row"),
        (
            {
                "weights": "w",
                "adjust": {"method": "rake", "margins": [{"variables": ["code"], "totals": {"01": 3, "02": 3}}]},
            },
            "margin code (designs.bad.adjust.margins[0].totals) has no total for level 10 (1 rows)",
        ),
    ],
)
def test_an_error_in_a_design_is_told_to_its_asks(tmp_path: Path, design: dict[str, Any], words: str) -> None:
    ask = {"statistic": "mean", "y": "y", "design": "bad"}
    assert words in json.dumps(first(tmp_path, ask, designs={"bad": design}))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "plan"),
        ('{"format": 2, "ask": []}', "format"),
        ('{"format": 1}', "ask"),
        ('{"format": 1, "ask": [{"statistic": "mean"}]}', "ask[0].id"),
        ('{"format": 1, "ask": [{"id": "a"}, {"id": "a"}]}', "ask[1].id"),
        ('{"format": 1, "dat": "x.csv", "ask": []}', "dat"),
        ('{"format": 1, "data": "none.csv", "ask": []}', "data"),
        ('{"format": 1, "data": "plan.json", "ask": []}', "data"),
    ],
)
def test_a_plan_that_can_not_be_read_ends_with_status_2(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text)
    done = CliRunner().invoke(estimate, [str(path)])
    assert done.exit_code == 2
    assert f"Error: {key}: " in done.stderr


@pytest.mark.parametrize("line", ["区,y", "a,y"])
def test_a_file_that_is_not_utf_8_says_what_to_do(tmp_path: Path, line: str) -> None:
    path = plan(tmp_path, {"statistic": "mean", "y": "y"})
    (tmp_path / "data.csv").write_bytes(f"{line}\n环翠区,1\n".encode("gbk"))
    done = CliRunner().invoke(estimate, [str(path)])
    assert done.exit_code == 2
    assert "save it as CSV UTF-8" in done.stderr


def test_toml_says_the_same_as_json(tmp_path: Path) -> None:
    plan(tmp_path, {"statistic": "mean", "y": "y"})
    toml = tmp_path / "plan.toml"
    toml.write_text(
        'format = 1\ndata = "data.csv"\n[designs.all]\nweights = "w"\nclusters = ["psu"]\n'
        '[[ask]]\nid = "a0"\ndesign = "all"\nstatistic = "mean"\ny = "y"\n'
    )
    assert run(toml).results == run(tmp_path / "plan.json").results


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    asks = [{"statistic": "mean", "y": "y", "by": [by]} for by in ("g", "code", "psu", "district")]
    path = plan(tmp_path, *asks)
    other = tmp_path / "data.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{tmp_path / 'data.csv'}', types={{'code': 'VARCHAR'}})) TO '{other}'")
    assert run(path, other).results == run(path).results


def test_status_is_1_when_an_ask_failed_and_the_rest_is_written(tmp_path: Path) -> None:
    path = plan(tmp_path, {"statistic": "mean", "y": "none"}, {"statistic": "mean", "y": "y"})
    out = tmp_path / "out.json"
    done = CliRunner().invoke(estimate, [str(path), "--out", str(out)])
    assert done.exit_code == 1
    content = json.loads(out.read_text())
    assert "error" in content["results"]["a0"]
    assert content["results"]["a1"]["n"] == 5
    assert set(content["made_with"]) >= {"version", "seed", "plan_sha256"}


def test_every_ending_writes_the_same_table(tmp_path: Path) -> None:
    ask = {"statistic": "proportion", "where": {"column": "y", "at_least": 2}, "by": ["district"]}
    answer = run(plan(tmp_path, ask, {"statistic": "distribution", "y": "y"}))
    for ending in ("csv", "xlsx", "parquet"):
        write(answer, tmp_path / f"out.{ending}")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sheet = list(openpyxl.load_workbook(tmp_path / "out.xlsx").active.values)
    stored = duckdb.sql(f"SELECT * FROM '{tmp_path / 'out.parquet'}'")
    assert [row["district"] for row in rows[:2]] == ["文登区", "环翠区"]
    assert list(sheet[0]) == stored.columns == list(rows[0])
    place = stored.columns.index("estimate")
    written = [float(row["estimate"]) for row in rows]
    assert [line[place] for line in sheet[1:]] == pytest.approx(written)
    assert [line[place] for line in stored.fetchall()] == pytest.approx(written)


def test_an_unknown_ending_is_refused_before_anything_is_computed(tmp_path: Path) -> None:
    path = plan(tmp_path, {"statistic": "mean", "y": "y"})
    done = CliRunner().invoke(estimate, [str(path), "--out", str(tmp_path / "out.docx")])
    assert done.exit_code == 2
    assert ".json, .csv, .xlsx, .parquet" in done.stderr


def test_without_out_a_table_is_shown(tmp_path: Path) -> None:
    path = plan(tmp_path, {"statistic": "mean", "y": "y", "by": ["district"]}, {"statistic": "weights"})
    done = CliRunner().invoke(estimate, [str(path)])
    assert done.exit_code == 0
    assert "文登区" in done.stdout
    assert "suppress" in done.stdout


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    random = {**DESIGN, "replicates": {"method": "rao_wu", "count": 30, "seed": 4}}
    path = plan(tmp_path, {"statistic": "mean", "y": "y", "design": "r"}, designs={"r": random})
    write(run(path), tmp_path / "one.json")
    write(run(path), tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
