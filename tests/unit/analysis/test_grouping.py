"""A weighted count stands for its rows exactly: every estimate of grouped rows is that of the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.analysis.design import Design, design_of
from survey.analysis.estimate import Estimate, Linear, Statistic, estimate, estimates
from survey.analysis.grouping import Groups, group
from survey.analysis.grouping.answers import divided
from survey.analysis.statistics import mean, population_variance, ratio, shares, total
from survey.analysis.variance.bootstrap import rao_wu
from survey.analysis.variance.jackknife import jkn
from survey.analysis.weights.calibrate import Totals, calibrate
from survey.analysis.weights.poststratify import poststratify
from survey.analysis.weights.rake import Margin, rake

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Adjust = Callable[[Design, "Sample", Ints], Design]


@dataclass(frozen=True)
class Sample:
    """Rows as they come: everything a design, its calibration and its domains read, and one item."""

    weights: Floats
    stratum: Ints
    psu: Ints
    ssu: Ints
    district: Ints
    sex: Ints
    age: Ints
    y: npt.NDArray[np.int8]

    @property
    def keys(self) -> tuple[Ints, ...]:
        return self.stratum, self.psu, self.ssu, self.district, self.sex, self.age


def drawn(seed: int, rows: int = 400, gaps: float = 0.1) -> Sample:
    """Four strata of five places; districts cut across the places, some rows have weight 0."""
    generator = np.random.default_rng(seed)
    psu = generator.integers(0, 20, rows)
    psu[:20] = np.arange(20)
    sex, age = generator.integers(0, 2, rows), generator.integers(0, 3, rows)
    weights = generator.uniform(0.5, 9.0, rows) * (generator.random(rows) > 0.02)
    weights[:20] = 1.0
    sex[:20], age[:20] = np.arange(20) % 2, np.arange(20) % 3
    y = np.where(generator.random(rows) < gaps, -1, generator.integers(1, 6, rows))
    return Sample(
        weights=weights,
        stratum=psu // 5,
        psu=psu,
        ssu=generator.integers(0, 3, rows),
        district=generator.integers(0, 3, rows),
        sex=sex,
        age=age,
        y=y.astype(np.int8),
    )


def margins(sample: Sample, rows: Ints) -> list[Margin]:
    """Totals of sex and age near those of the weights, for some rows of the sample."""
    whole = sample.weights.sum()
    found = []
    for name, column, part in (("sex", sample.sex, [0.45, 0.55]), ("age", sample.age, [0.3, 0.45, 0.25])):
        levels = tuple(map(str, range(len(part))))
        found.append(Margin(name=name, code=column[rows], totals=np.array(part) * whole, levels=levels))
    return found


def calibrated(design: Design, sample: Sample, rows: Ints, **options: object) -> Design:
    """Calibration to numbers and counts: people, women, and age as a number."""
    cell = sample.sex[rows] * 3 + sample.age[rows]
    covariates = np.array([[1.0, sex, age] for sex in (0, 1) for age in (0, 1, 2)])
    targets = sample.weights.sum() * np.array([1.02, 0.53, 1.01])
    totals = Totals(cell=cell, covariates=covariates, targets=targets, names=("people", "women", "age"))
    return calibrate(design, totals, **options)  # type: ignore[arg-type]


ADJUSTMENTS: dict[str, Adjust] = {
    "no adjustment": lambda design, sample, rows: design,
    "raked": lambda design, sample, rows: rake(design, margins(sample, rows)),
    "raked as R": lambda design, sample, rows: rake(design, margins(sample, rows), unweighted=True),
    "post-stratified": lambda design, sample, rows: poststratify(design, margins(sample, rows)[1]),
    "linear": calibrated,
    "bounded logit": partial(calibrated, distance="logit", bounds=(0.3, 3.0)),
    "equal in places": partial(calibrated, equal_within_clusters=True),
}
VARIANCES: dict[str, Callable[[Design], Design]] = {
    "linearised": lambda design: design,
    "Rao–Wu": lambda design: rao_wu(design, 60, seed=4),
    "jackknife": jkn,
}


def designs(sample: Sample, adjust: Adjust, vary: Callable[[Design], Design]) -> tuple[Design, Groups, Design]:
    """The same design of the rows and of the groups."""
    every = np.arange(len(sample.y))
    places = np.where(sample.psu < 10, 60.0, np.inf)
    raw = vary(design_of(sample.weights, sample.stratum, [sample.psu, sample.ssu], [places], single="average"))
    groups = group(sample.weights, *sample.keys)
    k = groups.first
    drawn_up = design_of(groups.base, sample.stratum[k], [sample.psu[k], sample.ssu[k]], [places[k]], single="average")
    return adjust(raw, sample, every), groups, adjust(vary(groups.counted(drawn_up)), sample, k)


STATISTICS: dict[str, tuple[Statistic, Callable[[Floats, Design], tuple[Floats, ...]]]] = {
    "mean": (mean, lambda y, design: (y,)),
    "total": (total, lambda y, design: (y,)),
    "top two": (mean, lambda y, design: (np.where(np.isfinite(y), y >= 4, np.nan),)),
    "several means": (mean, lambda y, design: (np.column_stack([y, y**2, y > 2]) + 0 * y[:, None],)),
    "ratio": (ratio, lambda y, design: (y % 3, y)),
    "distribution": (shares, lambda y, design: (y - 1, np.zeros((len(y), 5)))),
    "population variance": (population_variance, lambda y, design: (y, design.numbers())),
}


def both(sample: Sample, statistic: str, adjust: str, variance: str) -> tuple[Estimate, Estimate]:
    formula, columns = STATISTICS[statistic]
    raw, groups, grouped = designs(sample, ADJUSTMENTS[adjust], VARIANCES[variance])
    answered, (values,), row = divided(grouped, next(groups.answers([sample.y])))
    y = np.where(sample.y < 0, np.nan, sample.y)
    by = sample.district
    rows = estimate(raw, formula, *columns(y, raw), by=by, domains=4, joint=True)
    inside = by[groups.first][row]
    own = columns(values, answered)
    return rows, estimate(answered, formula, *own, by=inside, domains=4, joint=True)


def assert_same(rows: Estimate, grouped: Estimate) -> None:
    nothing = 1e-24 * np.nanmax(
        np.square(np.nan_to_num(rows.value, posinf=0.0)), initial=0.0
    )  # a variance of 0 is the square of a rounding
    for name in ("value", "variance", "covariance", "df", "n", "units", "size", "kish", "simple", "whole_df"):
        one, other = getattr(rows, name), getattr(grouped, name)
        scale = np.nanmax(np.abs(np.nan_to_num(one)), initial=0.0)
        np.testing.assert_allclose(other, one, rtol=1e-9, atol=max(1e-12 * scale, nothing), err_msg=name)
    assert grouped.failed == rows.failed


@pytest.mark.parametrize("variance", VARIANCES)
@pytest.mark.parametrize("adjust", ADJUSTMENTS)
@pytest.mark.parametrize("statistic", STATISTICS)
def test_grouped_rows_give_what_the_rows_give(statistic: str, adjust: str, variance: str) -> None:
    assert_same(*both(drawn(7), statistic, adjust, variance))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(120, 900),
    gaps=st.sampled_from([0.0, 0.03, 0.5, 0.95]),
    statistic=st.sampled_from(sorted(STATISTICS)),
    adjust=st.sampled_from(["no adjustment", "raked", "linear"]),
    variance=st.sampled_from(sorted(VARIANCES)),
)
def test_for_any_sample(seed: int, rows: int, gaps: float, statistic: str, adjust: str, variance: str) -> None:
    assert_same(*both(drawn(seed, rows, gaps), statistic, adjust, variance))


def test_answers_are_counted_together_or_alone_alike() -> None:
    sample = drawn(3, rows=40_000)
    generator = np.random.default_rng(5)
    columns = [generator.integers(-1, 5, 40_000).astype(np.int8) for _ in range(5)]
    columns.append(np.where(generator.random(40_000) < 0.1, np.nan, generator.integers(0, 3, 40_000)))
    groups = group(sample.weights, sample.psu)
    design = groups.counted(design_of(groups.base, None, [sample.psu[groups.first]]))
    raw = design_of(sample.weights, None, [sample.psu])
    counted = list(groups.answers(columns))
    together = estimates(design, mean, counted, joint=True)
    for column, answers, done in zip(columns, counted, together, strict=True):
        assert answers.sums[:, :, 0].sum() == 40_000
        y = np.where(column < 0, np.nan, column)
        assert_same(estimate(raw, mean, y, joint=True), done)


def test_a_statistic_not_known_to_add_up_reads_counted_answers_too() -> None:
    def plain(weights: Floats, y: Floats) -> Linear:
        return mean(weights, y)

    sample = drawn(9)
    raw, groups, grouped = designs(sample, ADJUSTMENTS["raked"], VARIANCES["linearised"])
    by = sample.district
    rows = estimate(raw, plain, np.where(sample.y < 0, np.nan, sample.y), by=by, domains=4, joint=True)
    counted = groups.answers([sample.y])
    assert_same(rows, estimates(grouped, plain, counted, by=by[groups.first], domains=4, joint=True)[0])


def test_answers_that_are_no_small_codes_are_grouped_too() -> None:
    sample = drawn(11)
    income = np.where(sample.y < 0, np.nan, 1000.5 * sample.y + sample.age / 7)
    groups = group(sample.weights, sample.psu)
    design = groups.counted(design_of(groups.base, None, [sample.psu[groups.first]]))
    answers = list(groups.answers([income]))
    assert len(answers[0].columns[0]) < len(income)
    raw = estimate(design_of(sample.weights, None, [sample.psu]), mean, income, joint=True)
    assert_same(raw, estimates(design, mean, answers, joint=True)[0])


def test_a_group_is_divided_whole() -> None:
    sample = drawn(2)
    groups = group(sample.weights, *sample.keys)
    design = groups.counted(design_of(groups.base, sample.stratum[groups.first], [sample.psu[groups.first]]))
    answered = divided(design, next(groups.answers([sample.y])))[0]
    assert answered.base.sum() == pytest.approx(sample.weights.sum(), rel=1e-14)
    assert answered.numbers().sum() == len(sample.y)
    assert answered.squared().sum() == pytest.approx(np.square(sample.weights).sum(), rel=1e-14)
    assert replace(answered, counts=None).rows < len(sample.y)


@pytest.mark.parametrize("adjust", ["raked", "post-stratified", "linear"])
def test_the_weights_of_the_rows_follow_from_the_groups(adjust: str) -> None:
    sample = drawn(5)
    raw, groups, grouped = designs(sample, ADJUSTMENTS[adjust], VARIANCES["linearised"])
    np.testing.assert_allclose(groups.weights_of(grouped), raw.weights, rtol=1e-12)
