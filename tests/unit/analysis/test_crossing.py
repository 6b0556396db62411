"""All domains at once, by domain and answer, is the same as one domain after the other, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from survey.analysis.design import Design, design_of
from survey.analysis.estimate import Estimate, Linear, Statistic, estimate, estimates
from survey.analysis.statistics import mean, ratio, shares, total
from survey.analysis.variance.bootstrap import rao_wu
from survey.analysis.variance.jackknife import jkn
from survey.analysis.weights.rake import Margin, rake

ROWS, DOMAINS = 600, 5
RNG = np.random.default_rng(8)
STRATUM = np.sort(RNG.integers(0, 6, ROWS))
PLACE = STRATUM * 4 + RNG.integers(0, 4, ROWS)
HOUSE = RNG.integers(0, 9, ROWS)
SEX = RNG.integers(0, 2, ROWS)
AGE = RNG.integers(0, 3, ROWS)
DOMAIN = np.where(STRATUM == 5, -1, RNG.integers(0, DOMAINS - 1, ROWS))  # some in none; the last one is empty
Y = np.where(RNG.random(ROWS) < 0.1, np.nan, RNG.integers(1, 6, ROWS).astype(float))
GAPS = ((0.0, 6), (0.3, 6), (0.03, 4), (0.9, 6))  # share of rows without an answer, and one more than the best answer
STATISTICS: dict[str, tuple[Statistic, tuple[np.ndarray, ...]]] = {
    "mean": (mean, (Y,)),
    "means": (mean, (np.column_stack([Y, np.where(np.isfinite(Y), Y >= 4, np.nan)]),)),
    "total": (total, (Y,)),
    "ratio": (ratio, (Y, Y % 3 + 1)),
    "shares": (shares, (Y - 1, np.zeros((ROWS, 5)))),
}


def drawn(weights: np.ndarray, single: str = "average") -> Design:
    limit = np.full(ROWS, 40.0)
    return design_of(weights, STRATUM, [PLACE, HOUSE], [limit, limit], single=single)  # type: ignore[arg-type]


def raked(design: Design) -> Design:
    margins = [
        Margin(name="sex", code=SEX, totals=np.array([9_000.0, 11_000.0]), levels=("f", "m")),
        Margin(name="age", code=AGE, totals=np.array([5_000.0, 8_000.0, 7_000.0]), levels=("a", "b", "c")),
    ]
    return rake(design, margins)


def weights() -> np.ndarray:
    return np.asarray(20.0 + 20.0 * np.random.default_rng(2).random(ROWS))


def with_weights_below_zero() -> Design:
    design = raked(drawn(weights()))
    bent = design.weights.copy()
    bent[::17] *= -0.3
    return replace(design, weights=bent)


DESIGNS: dict[str, Callable[[], Design]] = {
    "two stages": lambda: drawn(weights()),
    "raked": lambda: raked(drawn(weights())),
    "weights of 0 in a domain": lambda: drawn(np.where(DOMAIN == 2, 0.0, weights())),
    "some weights of 0": lambda: drawn(np.where(SEX * AGE == 2, 0.0, weights())),
    "weights below 0": with_weights_below_zero,
    "single units in domains": lambda: replace(drawn(weights(), "adjust"), single_in_domains=True),
    "refused in domains": lambda: replace(drawn(weights(), "fail"), single_in_domains=True),
    "Rao–Wu, raked": lambda: raked(rao_wu(drawn(weights()), 40, seed=4)),
    "jackknife": lambda: jkn(drawn(weights())),
}


def row_by_row(statistic: Statistic) -> Statistic:
    """The same statistic, not known to read answers by their sums of weights."""

    def plain(own: np.ndarray, *columns: np.ndarray) -> Linear:
        return statistic(own, *columns)

    return plain


def assert_same(one: Estimate, other: Estimate) -> None:
    assert one.failed == other.failed
    for name in ("value", "variance", "covariance", "df", "whole_df", "n", "units", "size", "kish", "simple"):
        wanted, found = getattr(one, name), getattr(other, name)
        scale = np.nanmax(np.abs(np.nan_to_num(wanted)), initial=0.0)
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12 * scale, err_msg=name)
    for wanted, found in zip(one.replicates, other.replicates, strict=True):
        assert (wanted is None) == (found is None)
        if wanted is not None and found is not None:
            np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12 * np.nanmax(np.abs(wanted)))


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("statistic", STATISTICS)
def test_domains_at_once_are_domains_one_by_one(statistic: str, design: str) -> None:
    formula, columns = STATISTICS[statistic]
    sample = DESIGNS[design]()
    joint = design != "refused in domains"  # the covariance of all domains is refused whole
    at_once = estimate(sample, formula, *columns, by=DOMAIN, domains=DOMAINS, joint=joint)
    one_by_one = estimate(sample, row_by_row(formula), *columns, by=DOMAIN, domains=DOMAINS, joint=joint)
    if not joint:
        assert any(at_once.failed)
        at_once, one_by_one = (replace(done, covariance=np.zeros((1, 1))) for done in (at_once, one_by_one))
    assert_same(one_by_one, at_once)


def test_a_column_of_many_values_is_read_row_by_row() -> None:
    income = np.random.default_rng(3).lognormal(size=ROWS)
    one = estimate(DESIGNS["raked"](), mean, income, by=DOMAIN, domains=DOMAINS, joint=True)
    assert_same(one, estimate(DESIGNS["raked"](), row_by_row(mean), income, by=DOMAIN, domains=DOMAINS, joint=True))


@pytest.mark.parametrize("design", DESIGNS)
def test_many_items_at_once_are_the_items_one_by_one(design: str) -> None:
    sample = DESIGNS[design]()
    generator = np.random.default_rng(6)
    items = [np.where(generator.random(ROWS) < gaps, np.nan, generator.integers(1, top, ROWS)) for gaps, top in GAPS]
    items += [Y, np.full(ROWS, np.nan), generator.lognormal(size=ROWS), np.where(DOMAIN == 1, np.nan, Y)]
    together = estimates(sample, mean, [(y,) for y in items], by=DOMAIN, domains=DOMAINS)
    for y, done in zip(items, together, strict=True):
        alone = estimate(sample, mean, y, by=DOMAIN, domains=DOMAINS)
        for one in (alone, done):
            assert one.covariance is None
        assert_same(*(replace(one, covariance=np.zeros((1, 1))) for one in (alone, done)))
