"""Every weighting is explained in the answer that rests on it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from survey import __version__
from survey.analysis.plan import run
from survey.analysis.plan.designing import counting
from survey.analysis.plan.writers import write

WEIGHTS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
SEX, WAVE = "ffmmmf", "112222"
TOTALS = {"f": 12.0, "m": 28.0}
RAKED = {
    "rows": {"column": "wave", "equals": "2"},
    "weights": "w",
    "clusters": ["psu"],
    "adjust": {"method": "rake", "margins": [{"variables": ["sex"], "totals": TOTALS}]},
}
MEAN = {"id": "mean", "design": "city", "statistic": "mean", "y": "y"}


def plan(folder: Path, design: dict[str, Any], *asks: dict[str, Any]) -> Path:
    with (folder / "data.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("w", "sex", "wave", "psu", "y"))
        rows.writerows((w, SEX[i], WAVE[i], i, i % 3) for i, w in enumerate(WEIGHTS))
    path = folder / "plan.json"
    path.write_text(json.dumps({"format": 1, "data": "data.csv", "designs": {"city": design}, "ask": list(asks)}))
    return path


def test_margins_before_and_after_stand_beside_their_targets(tmp_path: Path) -> None:
    told = run(plan(tmp_path, RAKED, MEAN)).made_with["designs"]["city"]["weights"]
    women, men = told["controls"]
    assert (women["name"], women["before"], women["target"]) == ("sex = f", 6.0, 12.0)
    assert (men["name"], men["before"], men["target"]) == ("sex = m", 12.0, 28.0)
    assert women["after"] == pytest.approx(12)
    assert told["largest_misfit"] < 1e-12
    apart = (6 / 18 - 12 / 40) / np.sqrt(12 / 40 * 28 / 40)
    assert women["standardised_difference"] == pytest.approx(apart)
    assert men["standardised_difference"] == pytest.approx(-apart)


def test_spread_of_the_weights_is_told_and_the_heaviest_rows_by_their_place_in_the_file(tmp_path: Path) -> None:
    told = run(plan(tmp_path, RAKED, MEAN)).made_with["designs"]["city"]["weights"]
    final = np.array([3, 4, 5, 0]) * 28 / 12 + np.array([0, 0, 0, 12])
    assert told["cv"] == pytest.approx(final.std() / final.mean())
    assert told["kish_deff"] == pytest.approx(1 + told["cv"] ** 2)
    assert told["n_eff"] == pytest.approx(final.sum() ** 2 / np.square(final).sum())
    assert (told["g_min"], told["g_max"]) == pytest.approx((2, 28 / 12))
    assert [found["row"] for found in told["extremes"]] == [6, 5, 4, 3]
    assert told["extremes"][0]["weight"] == pytest.approx(12)


def test_what_it_was_made_with_is_kept_with_the_answer(tmp_path: Path) -> None:
    resampled = RAKED | {"replicates": {"method": "rao_wu", "count": 5, "seed": 11}, "adjust": None}
    made = run(plan(tmp_path, resampled, MEAN)).made_with
    assert made["version"] == __version__
    assert {"python", "numpy", "scipy", "statsmodels", "patsy", "duckdb"} <= set(made)
    assert made["seed"] == {"city": 11}
    assert made["designs"]["city"]["plan"] == resampled
    assert made["designs"]["city"]["rows"] == 4
    assert made["designs"]["city"]["replicates"] == 5


def test_a_workbook_holds_what_it_was_made_with_leaf_by_leaf(tmp_path: Path) -> None:
    answer = run(plan(tmp_path, RAKED, MEAN))
    write(answer, tmp_path / "out.xlsx")
    made = dict(openpyxl.load_workbook(tmp_path / "out.xlsx")["made_with"].values)
    assert made["plan_sha256"] == answer.made_with["plan_sha256"]
    assert made["designs.city.weights.controls.2.name"] == "sex = m"
    assert made["designs.city.weights.controls.2.before"] == 12
    assert made["designs.city.plan.adjust.margins.1.totals.m"] == 28


def test_another_plan_has_another_hash(tmp_path: Path) -> None:
    one = run(plan(tmp_path, RAKED, MEAN)).made_with["plan_sha256"]
    assert run(plan(tmp_path, RAKED, MEAN | {"level": 0.9})).made_with["plan_sha256"] != one
    assert run(plan(tmp_path, RAKED, MEAN)).made_with["plan_sha256"] == one


def test_a_counted_file_explains_all_but_single_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plan(tmp_path, RAKED | {"clusters": ["wave"], "single_psu": "certainty"}, MEAN)
    rows = run(path).made_with["designs"]["city"]["weights"]
    monkeypatch.setattr(counting, "FROM_ROWS", 0)
    counted = run(path).made_with["designs"]["city"]["weights"]
    assert set(rows) - set(counted) == {"min", "max", "extremes"}
    for told, known in zip(counted.pop("controls"), rows["controls"], strict=True):
        assert told.pop("name") == known["name"]
        assert told == pytest.approx({key: known[key] for key in told}, abs=1e-12)
    assert counted == pytest.approx({key: rows[key] for key in counted}, abs=1e-12)


def test_a_margin_that_stalls_is_named_with_its_counts(tmp_path: Path) -> None:
    """Women all answered 2, so 12 of them can't be among 10 people who did."""
    margins = [{"variables": ["sex"], "totals": TOTALS}, {"variables": ["y"], "totals": {"0": 20, "1": 10, "2": 10}}]
    answer = run(plan(tmp_path, RAKED | {"adjust": {"method": "rake", "margins": margins}}, MEAN))
    assert answer.failed
    words = answer.results["mean"]["error"]
    assert words.startswith("designs.city.adjust: raking did not converge in ")
    assert "margin sex, level f stalls at 10 of 12 with 1 rows" in words
