"""One law for every model: the scores are the derivatives of the value by the weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from survey.analysis.errors import AnalysisError
from survey.analysis.estimate import Linear
from survey.analysis.models.comparisons import means_less_the_whole
from survey.analysis.models.drivers import standardised_coefficients
from survey.analysis.models.formula import Factor
from survey.analysis.models.ordinal import ordered_codes, proportional_odds
from survey.analysis.models.regression import outcome_numbers, regression
from survey.analysis.models.tables import weighted_counts

RANDOM = np.random.default_rng(7)
ROWS = 80
X = np.column_stack([np.ones(ROWS), RANDOM.normal(size=(ROWS, 2))])
WEIGHTS = RANDOM.uniform(0.5, 3.0, ROWS)
LINE = X @ np.array([0.3, 0.8, -0.5])
CODE = np.searchsorted([-1.0, 0.4, 1.2], LINE + RANDOM.logistic(size=ROWS)).astype(float)
GROUP = (np.arange(ROWS) % 3).astype(float)
WIDE = np.zeros((ROWS, 3))

MODELS: dict[str, tuple[Callable[..., Linear], tuple[np.ndarray, ...]]] = {
    "gaussian": (regression("gaussian"), (LINE + RANDOM.normal(size=ROWS), X)),
    "binomial": (regression("binomial"), ((LINE + RANDOM.logistic(size=ROWS) > 0).astype(float), X)),
    "poisson": (regression("poisson"), (RANDOM.poisson(np.exp(LINE)).astype(float), X)),
    "ordinal": (proportional_odds(4), (CODE, X[:, 1:])),
    "drivers": (standardised_coefficients, (LINE + RANDOM.normal(size=ROWS), X[:, 1:])),
    "less the whole": (means_less_the_whole, (LINE, GROUP, WIDE)),
    "counts": (weighted_counts, (GROUP, WIDE)),
}


@pytest.mark.parametrize("name", MODELS)
def test_scores_are_the_derivatives_of_the_value_by_the_weights(name: str) -> None:
    statistic, columns = MODELS[name]
    scores = statistic(WEIGHTS, *columns).scores
    step = 1e-5
    for row in (0, 17, 63):
        more, less = WEIGHTS.copy(), WEIGHTS.copy()
        more[row] += step
        less[row] -= step
        slope = (statistic(more, *columns).value - statistic(less, *columns).value) / (2 * step)
        assert scores[row] == pytest.approx(slope, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("name", ["gaussian", "binomial", "poisson", "ordinal", "drivers"])
def test_a_weight_of_zero_is_the_same_as_no_row(name: str) -> None:
    statistic, columns = MODELS[name]
    weights = np.where(np.arange(ROWS) % 5 == 0, 0.0, WEIGHTS)
    kept = weights > 0
    without = statistic(weights[kept], *(column[kept] for column in columns))
    assert statistic(weights, *columns).value == pytest.approx(without.value, rel=1e-9)


@pytest.mark.parametrize("name", ["gaussian", "binomial", "poisson", "ordinal"])
def test_weighted_scores_add_to_zero_at_the_solution(name: str) -> None:
    statistic, columns = MODELS[name]
    assert WEIGHTS @ statistic(WEIGHTS, *columns).scores == pytest.approx(0.0, abs=1e-9)


def test_a_separated_outcome_is_refused_and_not_fitted_to_infinity() -> None:
    with pytest.raises(AnalysisError, match="separate"):
        regression("binomial")(WEIGHTS, (X[:, 1] > 0).astype(float), X)


def test_separated_levels_are_refused() -> None:
    with pytest.raises(AnalysisError, match="separate"):
        proportional_odds(2)(WEIGHTS, (X[:, 1] > 0).astype(float), X[:, 1:2])


def test_a_level_without_weight_is_named() -> None:
    with pytest.raises(AnalysisError, match="level 2 of 4 has no weight"):
        proportional_odds(4)(np.where(CODE == 1, 0.0, WEIGHTS), CODE, X[:, 1:])


def test_text_on_the_left_is_failure_for_its_first_level() -> None:
    texts = Factor.of(["Yes", "No", None, "Yes"])
    inside = np.array([True, True, False, True])
    assert outcome_numbers(texts, "binomial", inside)[inside].tolist() == [1.0, 0.0, 1.0]
    with pytest.raises(AnalysisError, match="needs numbers"):
        outcome_numbers(texts, "gaussian", inside)


def test_outcomes_out_of_a_family_s_range_are_counted() -> None:
    inside = np.ones(3, dtype=bool)
    with pytest.raises(AnalysisError, match="1 rows do not"):
        outcome_numbers(np.array([0.0, 1.0, 2.0]), "binomial", inside)
    with pytest.raises(AnalysisError, match="2 rows are"):
        outcome_numbers(np.array([-1.0, -2.0, 2.0]), "poisson", inside)


def test_levels_are_ordered_by_their_numbers_or_else_as_texts() -> None:
    inside = np.ones(3, dtype=bool)
    assert ordered_codes(Factor.of(["10", "9", "2"]), inside)[1] == ("2", "9", "10")
    assert ordered_codes(Factor.of(["low", "high", "low"]), inside)[1] == ("high", "low")
    assert ordered_codes(np.array([3.0, 1.0, 2.5]), inside)[1] == ("1", "2.5", "3")


@pytest.mark.parametrize("name", ["gaussian", "binomial", "poisson", "ordinal"])
def test_the_unit_and_origin_of_a_regressor_don_t_matter(name: str) -> None:
    statistic, (y, x) = MODELS[name]
    moved = x.copy()
    moved[:, -1] = 1e6 * x[:, -1] + 3e7
    place = x.shape[1] - 1
    plain, far = statistic(WEIGHTS, y, x), statistic(WEIGHTS, y, moved)
    assert far.value[place] * 1e6 == pytest.approx(plain.value[place], rel=1e-9)
    assert far.scores[:, place] * 1e6 == pytest.approx(plain.scores[:, place], rel=1e-7)


def test_more_coefficients_than_rows_are_refused() -> None:
    with pytest.raises(AnalysisError, match="2 rows with a weight can't tell 3 coefficients apart"):
        regression("gaussian")(np.where(np.arange(ROWS) < 2, 1.0, 0.0), LINE, X)
