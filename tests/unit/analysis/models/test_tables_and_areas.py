"""Tests of association and small areas: what must hold for any data, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from survey.analysis.errors import AnalysisError
from survey.analysis.models.small_area import benchmark, fay_herriot
from survey.analysis.models.tables import koch_wald, rao_scott, wald

RANDOM = np.random.default_rng(11)
SHARES = np.array([[0.2, 0.1, 0.15], [0.15, 0.25, 0.15]])


def multinomial(shares: np.ndarray, n: float) -> np.ndarray:
    flat = shares.ravel()
    return (np.diag(flat) - np.outer(flat, flat)) / n


def test_under_simple_random_sampling_rao_scott_is_pearson() -> None:
    """Only where the observed shares are independent are the design effects exactly 1."""
    shares = np.outer([0.4, 0.6], [0.2, 0.3, 0.5])
    covariance = multinomial(shares, 500)
    found = rao_scott(shares, covariance, 500, 1e9, "F")
    assert found.df[0] == pytest.approx(2.0, rel=1e-9)
    chi = rao_scott(SHARES, multinomial(SHARES, 500), 500, 1e9, "Chisq")
    expected = np.outer(SHARES.sum(1), SHARES.sum(0))
    assert chi.statistic == pytest.approx(500 * ((SHARES - expected) ** 2 / expected).sum(), rel=1e-12)


def test_a_design_effect_of_two_halves_the_f_statistic() -> None:
    covariance = multinomial(SHARES, 500)
    one, two = (rao_scott(SHARES, factor * covariance, 500, 40, "F") for factor in (1, 2))
    assert one.statistic == pytest.approx(2 * two.statistic, rel=1e-9)
    assert one.df == pytest.approx(two.df)


def test_tests_don_t_depend_on_which_column_is_called_rows() -> None:
    covariance = multinomial(SHARES, 500)
    turned = np.arange(6).reshape(2, 3).T.ravel()
    for test in (
        lambda t, v: rao_scott(t, v, 500, 40, "F"),
        lambda t, v: koch_wald(1000 * t, 1e6 * v, 40),
    ):
        straight, across = test(SHARES, covariance), test(SHARES.T, covariance[np.ix_(turned, turned)])
        assert straight.statistic == pytest.approx(across.statistic, rel=1e-9)
        assert straight.p == pytest.approx(across.p, rel=1e-8)


def test_one_coefficient_s_f_is_its_t_squared() -> None:
    found = wald(np.array([1.2]), np.array([[0.36]]), 14)
    assert found.statistic == pytest.approx(4.0)
    assert found.p == pytest.approx(2 * stats.t.sf(2.0, 14))


def test_too_few_sampling_units_for_the_coefficients_are_told() -> None:
    z = RANDOM.normal(size=(2, 4))
    with pytest.raises(AnalysisError, match="too few PSUs"):
        wald(np.ones(4), z.T @ z, 1)


def test_a_table_with_one_level_has_nothing_to_test() -> None:
    with pytest.raises(AnalysisError, match="1 by 3"):
        rao_scott(np.array([[0.2, 0.3, 0.5]]), np.eye(3), 10, 5)


AREAS = 40
TRUE = RANDOM.normal(3.5, 0.4, AREAS)
ERRORS = RANDOM.uniform(0.2, 0.8, AREAS)
DIRECT = TRUE + RANDOM.normal(size=AREAS) * ERRORS
ONE = np.ones((AREAS, 1))


def likelihood(variance: float, *, restricted: bool) -> float:
    spread = variance + ERRORS**2
    beta = (DIRECT / spread).sum() / (1 / spread).sum()
    value = -0.5 * np.log(spread).sum() - 0.5 * ((DIRECT - beta) ** 2 / spread).sum()
    return value - 0.5 * np.log((1 / spread).sum()) if restricted else value


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_the_area_variance_is_the_top_of_its_likelihood(method: str) -> None:
    top = fay_herriot(DIRECT, ERRORS, ONE, method).area_variance
    restricted = method == "REML"
    for other in (top * 0.99, top * 1.01):
        assert likelihood(top, restricted=restricted) > likelihood(other, restricted=restricted)


@pytest.mark.parametrize(
    ("method", "direct", "variances"),
    [
        ("ML", [6.33, 4.04, -0.0, -1.79], [7.225, 6.396, 0.008, 7.525]),  # its other top is at 2.7
        ("ML", [1.82, -1.13, -0.15, 1.49, -1.63, 0.08, -0.11], [2.094, 4.078, 5.901, 0.009, 1.065, 3.874, 8.953]),
        ("REML", [0.54, -5.14, 1.04, -4.46, -18.56], [0.226, 11.945, 0.771, 8.103, 478.862]),
    ],
)
def test_of_several_tops_the_area_variance_is_the_highest(
    method: str, direct: list[float], variances: list[float]
) -> None:
    y, known = np.array(direct), np.array(variances)
    found = fay_herriot(y, np.sqrt(known), np.ones((len(y), 1)), method).area_variance
    heights = []
    for variance in (found, 0.0, *np.geomspace(1e-4, 100, 400)):
        normal = stats.norm(scale=np.sqrt(variance + known))
        weight = 1 / (variance + known)
        centre = weight @ y / weight.sum()
        heights.append(normal.logpdf(y - centre).sum() - (np.log(weight.sum()) / 2 if method == "REML" else 0.0))
    assert heights[0] >= max(heights) - 1e-9


def test_small_areas_shrink_towards_the_model_most_where_they_know_least() -> None:
    done = fay_herriot(DIRECT, ERRORS, ONE)
    assert np.all(np.diff(done.shrinkage[np.argsort(ERRORS)]) <= 0)
    fitted = done.coefficients[0]
    assert np.all(np.abs(done.estimates - fitted) <= np.abs(DIRECT - fitted) + 1e-12)


def test_small_areas_are_nearer_the_truth_than_direct_estimates() -> None:
    done = fay_herriot(DIRECT, ERRORS, ONE)
    assert np.mean((done.estimates - TRUE) ** 2) < np.mean((DIRECT - TRUE) ** 2)


def test_an_ml_mse_is_larger_for_its_bias_is_taken_off() -> None:
    reml, ml = (fay_herriot(DIRECT, ERRORS, ONE, method) for method in ("REML", "ML"))
    assert ml.area_variance < reml.area_variance
    assert (ml.mse > 0).all()


def test_benchmarked_areas_add_up_to_their_district() -> None:
    done = fay_herriot(DIRECT, ERRORS, ONE)
    sizes = RANDOM.uniform(100, 900, AREAS)
    moved = benchmark(done, DIRECT, sizes, 3.6)
    assert sizes @ moved.estimates / sizes.sum() == pytest.approx(3.6)
    assert moved.direct is DIRECT
    assert (moved.mse >= done.mse).all()


@pytest.mark.parametrize(
    ("errors", "regressors", "method", "words"),
    [
        (np.where(np.arange(AREAS) < 3, 0.0, ERRORS), ONE, "REML", "3 areas have no standard error"),
        (ERRORS, np.eye(AREAS), "REML", "too few"),
        (ERRORS, ONE, "EM", "REML and ML"),
    ],
)
def test_small_areas_refuse_what_they_can_t_use(
    errors: np.ndarray, regressors: np.ndarray, method: str, words: str
) -> None:
    with pytest.raises(AnalysisError, match=words):
        fay_herriot(DIRECT, errors, regressors, method)
