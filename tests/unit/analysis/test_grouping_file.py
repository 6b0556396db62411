"""A large file is counted, not loaded: the answers are those of its rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from survey.analysis.grouping import file
from survey.analysis.plan import run
from survey.analysis.plan.designing import counting
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.reading.read import read_plan

ROWS = 3_000
NEVER = 10**9
TOTALS = {"f": 6_400.0, "m": 6_100.0}
AGES = {"1": 3_000.0, "2": 5_500.0, "3": 4_000.0}
BY = {"by": ["district"]}
DESIGN = {"weights": "w", "strata": ["stratum"], "clusters": ["psu"]}
RAKE = {
    "method": "rake",
    "margins": [{"variables": ["sex"], "totals": TOTALS}, {"variables": ["age"], "totals": AGES}],
}
LINEAR = {"method": "calibrate", "totals": {"intercept": 12_500.0, "sex": {"f": 6_400.0}, "age": 25_200.0}}
DESIGNS: dict[str, dict[str, Any]] = {
    "plain": DESIGN,
    "raked": DESIGN | {"adjust": RAKE},
    "as R": DESIGN | {"adjust": RAKE | {"variance": "unweighted"}},
    "linear": DESIGN | {"adjust": LINEAR},
    "cells": DESIGN | {"adjust": {"method": "poststratify", "variables": ["sex"], "totals": TOTALS}},
    "resampled": DESIGN | {"adjust": RAKE, "replicates": {"method": "rao_wu", "count": 40, "seed": 3}},
    "from fpc": {"strata": ["stratum"], "clusters": ["psu"], "fpc": ["places"]},
    "women": DESIGN | {"rows": {"column": "sex", "equals": "f"}},
}
COUNTED: dict[str, dict[str, Any]] = {
    "mean": {"statistic": "mean", "y": "q"} | BY,
    "total": {"statistic": "total", "y": "q"},
    "share": {"statistic": "proportion", "where": {"column": "q", "at_least": 4}} | BY,
    "share of a text": {"statistic": "proportion", "where": {"column": "tenure", "in": ["own", "it's complicated"]}},
    "ratio": {"statistic": "ratio", "y": "q", "x": "r"} | BY,
    "quantile": {"statistic": "quantile", "y": "q", "p": [0.25, 0.5]} | BY,
    "distribution": {"statistic": "distribution", "y": "tenure"} | BY,
    "of a key": {"statistic": "distribution", "y": "age"},
    "variance": {"statistic": "variance", "y": "r"} | BY,
    "items": {"statistic": "item_difference", "y": ["q", "r"]} | BY,
    "rank": {"statistic": "rank", "y": "q"} | BY,
    "covariance": {"statistic": "covariance", "y": "q"} | BY,
    "difference": {"statistic": "difference", "y": "q", "plus": "D1", "minus": "D2"} | BY,
    "crosstab": {"statistic": "crosstab", "rows": "tenure", "columns": "r"},
    "independence": {"statistic": "independence", "rows": "tenure", "columns": "r"},
}
FROM_ROWS: dict[str, dict[str, Any]] = {
    "continuous": {"statistic": "mean", "y": "income"} | BY,
    "index": {"statistic": "index", "y": ["q", "r"], "answered": 1},
    "regression": {"statistic": "regression", "formula": "q ~ age", "family": "gaussian"},
}
WRONG: dict[str, dict[str, Any]] = {
    "no column": {"statistic": "mean", "y": "no such column"},
    "a text": {"statistic": "mean", "y": "tenure"},
    "no level": {"statistic": "difference", "y": "q", "plus": "D1", "minus": "D9"} | BY,
}


@pytest.fixture(scope="module", params=["parquet", "csv"])
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with gaps in items and in the district, texts with quotes, and weights that differ by row."""
    path: Path = tmp_path_factory.mktemp("counted") / f"rows.{request.param}"
    with duckdb.connect() as link:
        link.execute("SELECT setseed(0.4)")
        link.execute(
            f"CREATE TABLE drawn AS SELECT CAST(i % 20 AS INT) AS place, 1 + 7 * random() AS w, "
            f"random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f "
            f"FROM range({ROWS}) t(i)"
        )
        link.execute(
            "COPY (SELECT 'S' || place // 5 AS stratum, 'P' || place AS psu, 40 + 0 * place AS places, w, "
            "CASE WHEN a < 0.02 THEN NULL ELSE 'D' || CAST(floor(a * 3) AS INT) END AS district, "
            "CASE WHEN b < 0.5 THEN 'f' ELSE 'm' END AS sex, CAST(1 + floor(c * 3) AS TINYINT) AS age, "
            "CASE WHEN d < 0.1 THEN NULL ELSE CAST(1 + floor(d * 5) AS TINYINT) END AS q, "
            "CASE WHEN e < 0.05 THEN NULL ELSE floor(e * 4) END AS r, "
            "CASE WHEN f < 0.3 THEN 'own' WHEN f < 0.6 THEN 'rent' "
            "WHEN f < 0.9 THEN 'it''s complicated' END AS tenure, "
            f"100 * random() AS income FROM drawn) TO '{path}'"
        )
    return path


def plan_file(data: Path, asks: dict[str, dict[str, Any]], designs: dict[str, dict[str, Any]]) -> Path:
    asked = [{"id": f"{d}: {a}", "design": d} | ask for d in designs for a, ask in asks.items()]
    path = data.with_suffix(".json")
    path.write_text(json.dumps({"format": 1, "data": data.name, "designs": designs, "ask": asked}))
    return path


def answers(plan: Path, monkeypatch: pytest.MonkeyPatch, *, count: bool) -> dict[str, Any]:
    monkeypatch.setattr(counting, "FROM_ROWS", 0 if count else NEVER)
    monkeypatch.setattr(file, "BLOCK", 700)
    return run(plan).results


def assert_close(one: Any, other: Any, place: str) -> None:
    """Equal but for rounding."""
    if isinstance(one, dict):
        assert set(one) == set(other), place
        for key, value in one.items():
            assert_close(value, other[key], f"{place}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), place
        for i, value in enumerate(one):
            assert_close(value, other[i], f"{place}[{i}]")
    elif isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-9, abs=1e-12), place
    else:
        assert one == other, place


@pytest.mark.parametrize("design", DESIGNS)
def test_counted_rows_answer_as_the_rows_do(data: Path, design: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_file(data, COUNTED | FROM_ROWS | WRONG, {design: DESIGNS[design]})
    counted = answers(plan, monkeypatch, count=True)
    assert_close(answers(plan, monkeypatch, count=False), counted, "")
    assert not [name for name in COUNTED if "error" in counted[f"{design}: {name}"]]
    assert all("error" in counted[f"{design}: {name}"] for name in WRONG)


def test_asks_are_counted_where_answers_are_few(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "FROM_ROWS", 0)
    plan = read_plan(plan_file(data, COUNTED | FROM_ROWS, {"raked": DESIGNS["raked"]}))
    designs = Designs(plan)
    for ask in plan.asks:
        sampled = designs.sampled(ask, "raked")
        rows = sampled.design.rows
        assert (rows < ROWS) == (ask.content["statistic"] in counting.STATISTICS and ask.content.get("y") != "income")
        assert sampled.design.numbers().sum() == ROWS
        assert sampled.frame.rows == rows


def test_a_file_is_read_in_blocks_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    blocks = file._blocks
    monkeypatch.setattr(counting, "FROM_ROWS", 0)
    monkeypatch.setattr(file, "BLOCK", 700)

    def told(*arguments: Any) -> Any:
        for group, weights, codes in blocks(*arguments):
            read.append(len(group))
            yield group, weights, codes

    monkeypatch.setattr(file, "_blocks", told)
    run(plan_file(data, COUNTED, {"raked": DESIGNS["raked"]}))
    assert read == [700, 700, 700, 700, 200]


def test_a_rerun_is_identical_to_the_last_bit(tmp_path: Path) -> None:
    """The file is so long that several threads read it, in an order that changes."""
    path = tmp_path / "long.parquet"
    with duckdb.connect() as link:
        link.execute("SELECT setseed(0.4)")
        link.execute(
            "COPY (SELECT 'S' || i % 4 AS stratum, i % 40 AS psu, 1 + 7 * random() AS w, 'D' || i % 3 AS district, "
            f"CAST(1 + floor(random() * 5) AS TINYINT) AS q FROM range(500_000) t(i)) TO '{path}'"
        )
    resampled = DESIGN | {"replicates": {"method": "rao_wu", "count": 20, "seed": 3}}
    plan = plan_file(path, {"mean": COUNTED["mean"]}, {"plain": DESIGN, "resampled": resampled})
    first = run(plan).content()
    assert "error" not in json.dumps(first)
    assert all(run(plan).content() == first for _ in range(3))


def test_rows_without_weight_or_unit_are_told_of_not_counted(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the design can't be drawn from is told with the numbers of rows, as without counting."""
    designs = {
        "gaps": DESIGN | {"weights": "q"},
        "no places": {"weights": "w", "strata": ["district"], "clusters": ["psu"]},
        "a margin without a level": DESIGN
        | {"adjust": RAKE | {"margins": [{"variables": ["sex"], "totals": {"f": 1}}]}},
    }
    plan = plan_file(data, {"mean": COUNTED["mean"]}, designs)
    counted = answers(plan, monkeypatch, count=True)
    assert counted == answers(plan, monkeypatch, count=False)
    assert all("rows" in found["error"] for found in counted.values())


def test_codes_far_from_zero_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "years.parquet"
    generator = np.random.default_rng(1)
    years = [int(year) for year in generator.integers(-120, 120, 500)]
    with duckdb.connect() as link:
        link.execute("CREATE TABLE t (psu INTEGER, born TINYINT)")
        link.executemany("INSERT INTO t VALUES (?, ?)", [[i % 10, year] for i, year in enumerate(years)])
        link.execute(f"COPY t TO '{path}'")
    plan = plan_file(path, {"mean": {"statistic": "mean", "y": "born"}}, {"a": {"clusters": ["psu"]}})
    counted = answers(plan, monkeypatch, count=True)
    assert_close(answers(plan, monkeypatch, count=False), counted, "")
    assert counted["a: mean"]["estimate"] == pytest.approx(np.mean(years))
