"""What the library gives beside the plan's asks, against R (13-library/make.R)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from survey.analysis.codes import codes_of
from survey.analysis.design import Design, design_of
from survey.analysis.models.comparisons import compare_with_whole
from survey.analysis.models.drivers import key_drivers
from survey.analysis.models.response import response_propensities
from survey.analysis.weights.open_link import participation_weights

FOLDER = Path(__file__).parent / "13-library"


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return json.loads((FOLDER / "reference.json").read_text())


def columns(name: str) -> dict[str, np.ndarray]:
    with (FOLDER / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    texts = {"stype", "awards", "type"}
    return {key: np.array([row[key] if key in texts else float(row[key] or "nan") for row in rows]) for key in rows[0]}


@pytest.fixture(scope="module")
def schools() -> dict[str, np.ndarray]:
    return columns("data.csv")


@pytest.fixture(scope="module")
def design(schools: dict[str, np.ndarray]) -> Design:
    return design_of(schools["pw"], clusters=[schools["dnum"]])


def test_key_drivers_agree_with_numeric_derivatives(reference, schools, design) -> None:
    expected = reference["drivers"]
    found = {
        driver.name: driver
        for driver in key_drivers(design, schools["api00"], {name: schools[name] for name in expected["names"]})
    }
    for place, name in enumerate(expected["names"]):
        driver = found[name]
        assert driver.coefficient == pytest.approx(expected["coefficient"][place], rel=1e-9)
        assert driver.se == pytest.approx(expected["se"][place], rel=1e-7)
        assert driver.df == expected["df"]
        assert driver.p == pytest.approx(expected["p"][place], rel=1e-6)
        assert driver.ci == pytest.approx((expected["low"][place], expected["high"][place]), rel=1e-6)


def test_key_drivers_come_strongest_first(schools, design) -> None:
    found = key_drivers(design, schools["api00"], {name: schools[name] for name in ("ell", "meals", "mobility")})
    sizes = [abs(driver.coefficient) for driver in found]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("method", ["holm", "bonferroni", "fdr_bh"])
def test_comparisons_with_the_whole_count_the_shared_rows(reference, schools, design, method: str) -> None:
    expected = reference["comparisons"]
    found = compare_with_whole(design, schools["api00"], codes_of(schools["stype"])[0], method=method)
    assert [each.difference.estimate for each in found] == pytest.approx(expected["estimate"], rel=1e-8)
    assert [each.difference.se for each in found] == pytest.approx(expected["se"], rel=1e-7)
    assert [each.difference.p for each in found] == pytest.approx(expected["p"], rel=1e-6)
    assert [each.adjusted_p for each in found] == pytest.approx(expected[method], rel=1e-6)
    assert [each.differs for each in found] == [p < 0.05 for p in expected[method]]


def test_response_propensities_agree_with_glm(reference) -> None:
    known = columns("communities.csv")
    found = response_propensities(known["invited"], known["answered"], known["old"][:, None])
    assert found == pytest.approx(reference["response"]["propensity"], rel=1e-9)


def test_participation_weights_solve_the_pseudo_likelihood(reference) -> None:
    volunteers, others = columns("volunteers.csv"), columns("reference.csv")

    def matrix(known: dict[str, np.ndarray]) -> np.ndarray:
        kind = known["type"]
        return np.column_stack([np.ones(len(kind)), kind == "H", kind == "M", known["meals"] / 100]).astype(float)

    found = participation_weights(matrix(volunteers), matrix(others), others["pw"])
    assert found == pytest.approx(reference["participation"]["weights"], rel=1e-8)
