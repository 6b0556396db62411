"""Laws of the one door: domains, gaps, grouping, census, replicates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.analysis.codes import codes_of
from survey.analysis.design import Design, design_of
from survey.analysis.errors import DesignError, SinglePsuError
from survey.analysis.estimate import Statistic, estimate
from survey.analysis.statistics import mean, population_variance, ratio, shares, total
from survey.analysis.variance.bootstrap import rao_wu
from survey.analysis.variance.jackknife import jk1, jkn
from survey.analysis.weights.rake import Margin, rake

Floats = npt.NDArray[np.float64]


def sample(seed: int = 1, rows: int = 400) -> tuple[Design, Floats, npt.NDArray[np.intp], list[Margin]]:
    """Rows of 4 strata and 40 clusters with unequal weights, answers with gaps, 3 domains, 2 margins."""
    draw = np.random.default_rng(seed)
    stratum = np.arange(rows) % 4
    cluster = np.arange(rows) // 4 % 10
    weights = draw.uniform(1, 5, rows)
    y = draw.integers(1, 6, rows).astype(float) + cluster / 5
    y[draw.random(rows) < 0.05] = np.nan
    sex, age = draw.integers(0, 2, rows), draw.integers(0, 3, rows)
    margins = [
        Margin(name="sex", code=sex, totals=np.array([700.0, 800.0]), levels=("m", "f")),
        Margin(name="age", code=age, totals=np.array([400.0, 500.0, 600.0]), levels=("1", "2", "3")),
    ]
    return design_of(weights, stratum, [cluster]), y, draw.integers(0, 3, rows), margins


def test_domain_totals_add_up_to_the_whole_with_their_covariance() -> None:
    design, y, domain, _ = sample()
    parts = estimate(design, total, y, by=domain, joint=True)
    whole = estimate(design, total, y)
    assert parts.covariance is not None
    assert parts.value.sum() == pytest.approx(whole.value[0, 0])
    assert parts.covariance.sum() == pytest.approx(whole.variance[0, 0])


@pytest.mark.parametrize("statistic", [mean, total])
def test_a_domain_is_the_whole_sample_with_gaps_elsewhere(statistic: Statistic) -> None:
    design, y, domain, margins = sample()
    for made in (design, rake(design, margins)):
        part = estimate(made, statistic, y, by=domain, domains=3)
        blanked = estimate(made, statistic, np.where(domain == 1, y, np.nan))
        assert part.value[1] == pytest.approx(blanked.value[0])
        assert part.variance[1] == pytest.approx(blanked.variance[0])
        assert part.df[1] == blanked.df[0]


def test_joint_variances_are_those_of_each_domain() -> None:
    design, y, domain, margins = sample()
    done = estimate(rake(design, margins), mean, y, by=domain, joint=True)
    assert done.covariance is not None
    assert np.diag(done.covariance) == pytest.approx(done.variance[:, 0])


@pytest.mark.parametrize("raked", [False, True])
def test_grouped_rows_give_exactly_what_the_raw_rows_give(raked: bool) -> None:
    design, y, domain, margins = sample(rows=3000)
    y = np.round(y)
    stage = design.stages[0]
    known = np.where(np.isfinite(y), y, 0).astype(int)
    key, count = codes_of(stage.unit, domain, known, *[m.code for m in margins])
    first = np.zeros(count, dtype=np.intp)
    first[key] = np.arange(len(key))
    labels = [stage.stratum[stage.unit][first], stage.unit[first]]
    weights = np.bincount(key, design.weights)
    grouped = design_of(weights, labels[0], [labels[1]])
    grouped = Design(
        weights=weights,
        base=weights,
        stages=grouped.stages,
        counts=np.bincount(key).astype(float),
        squares=np.bincount(key, design.weights**2),
    )
    if raked:
        few = [Margin(name=m.name, code=m.code[first], totals=m.totals, levels=m.levels) for m in margins]
        design, grouped = rake(design, margins, 1e-12), rake(grouped, few, 1e-12)
    for statistic in (mean, total):
        raw = estimate(design, statistic, y, by=domain)
        got = estimate(grouped, statistic, y[first], by=domain[first])
        for field in ("value", "variance", "df", "n", "kish", "simple", "units"):
            assert getattr(got, field) == pytest.approx(getattr(raw, field), rel=1e-10), field


def test_a_census_has_no_variance() -> None:
    y = np.arange(10.0)
    design = design_of(np.ones(10), None, [], [np.full(10, 10.0)])
    assert estimate(design, mean, y).variance[0, 0] == 0


def test_nobody_answered_is_no_mean_of_zero() -> None:
    design, y, domain, _ = sample()
    done = estimate(design, mean, np.where(domain == 2, np.nan, y), by=domain)
    assert np.isnan(done.value[2, 0])
    assert done.n[2] == 0


def test_weights_of_zero_have_no_mean_and_a_total_of_zero() -> None:
    weights = np.array([0.0, 0.0, 1.0, 2.0])
    design, by = design_of(weights), np.array([0, 0, 1, 1])
    y = np.array([1.0, 2.0, 3.0, 4.0])
    assert np.isnan(estimate(design, mean, y, by=by).value[0, 0])
    assert estimate(design, total, y, by=by).value[0, 0] == 0
    assert estimate(design, mean, y, by=by).df[1] == 1


def test_shares_add_to_one_and_their_covariance_to_zero() -> None:
    design, y, _, _ = sample()
    codes = np.where(np.isfinite(y), np.round(y) % 3, np.nan)
    done = estimate(design, shares, codes, np.zeros((len(y), 3)), joint=True)
    assert done.covariance is not None
    assert done.value.sum() == pytest.approx(1)
    assert abs(done.covariance.sum()) < 1e-15


def test_the_ratio_to_one_is_the_mean() -> None:
    design, y, domain, _ = sample()
    a, b = estimate(design, ratio, y, np.ones_like(y), by=domain), estimate(design, mean, y, by=domain)
    assert a.value == pytest.approx(b.value)
    assert a.variance == pytest.approx(b.variance)


def test_the_jackknife_of_a_mean_is_close_to_linearisation() -> None:
    design, y, domain, margins = sample()
    for made in (design, rake(design, margins)):
        linear = estimate(made, mean, y, by=domain)
        replicated = estimate(jkn(design) if made is design else rake(jkn(design), margins), mean, y, by=domain)
        assert replicated.value == pytest.approx(linear.value)
        assert replicated.se == pytest.approx(linear.se, rel=0.05)


def test_the_jackknife_of_a_total_is_linearisation() -> None:
    design, y, _, _ = sample()
    assert estimate(jkn(design), total, y).se == pytest.approx(estimate(design, total, y).se)


def test_jk1_refuses_strata() -> None:
    with pytest.raises(DesignError, match="jkn"):
        jk1(sample()[0])


def test_rao_wu_repeats_with_its_seed_and_comes_near_linearisation() -> None:
    design, y, _, margins = sample()
    once = estimate(rake(rao_wu(design, 400, 7), margins), mean, y)
    again = estimate(rake(rao_wu(design, 400, 7), margins), mean, y)
    other = estimate(rake(rao_wu(design, 400, 8), margins), mean, y)
    linear = estimate(rake(design, margins), mean, y)
    assert once.se == again.se
    assert once.se != other.se
    assert once.se == pytest.approx(linear.se, rel=0.15)


def test_batched_replicates_are_those_of_one_at_a_time() -> None:
    design, y, domain, _ = sample()
    made = rao_wu(design, 20, 1)
    numbers = design.numbers()
    for statistic, columns in ((mean, (y,)), (ratio, (y, y + 1)), (population_variance, (y, numbers))):
        batched = estimate(made, statistic, *columns, by=domain)
        single = estimate(made, lambda w, *c, s=statistic: s(w, *c), *columns, by=domain)
        assert batched.variance == pytest.approx(single.variance)


def test_a_stratum_with_one_unit_fails_only_the_domains_in_it() -> None:
    stratum = np.array([0, 0, 0, 0, 1, 1])
    cluster = np.array([0, 0, 1, 1, 2, 2])
    design = design_of(np.ones(6), stratum, [cluster])
    done = estimate(design, mean, np.arange(6.0), by=np.array([0, 0, 0, 0, 1, 1]))
    assert done.failed[0] is None
    assert "one sampling unit" in (done.failed[1] or "")
    with pytest.raises(SinglePsuError):
        jkn(design)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 100), st.integers(0, 1000))
def test_a_mean_does_not_know_the_unit_of_the_weights(factor: float, seed: int) -> None:
    design, y, domain, _ = sample(seed, 120)
    scaled = Design(weights=design.weights * factor, base=design.base * factor, stages=design.stages)
    one, two = estimate(design, mean, y, by=domain), estimate(scaled, mean, y, by=domain)
    assert one.value == pytest.approx(two.value)
    assert one.variance == pytest.approx(two.variance)
