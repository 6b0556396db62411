"""Adjusted weights meet their totals, or say which they can't meet and why."""

from __future__ import annotations

import numpy as np
import pytest

from survey.analysis.design import Design, design_of
from survey.analysis.errors import EmptyMarginError, InfeasibleError, NotConvergedError
from survey.analysis.estimate import estimate
from survey.analysis.statistics import total
from survey.analysis.weights.calibrate import Totals, calibrate
from survey.analysis.weights.diagnostics import controls_table, spread
from survey.analysis.weights.poststratify import poststratify
from survey.analysis.weights.rake import Margin, rake
from survey.analysis.weights.trim import trim, trim_calibrated


def margin(name: str, code: list[int], totals: list[float]) -> Margin:
    levels = tuple(f"{name}{i}" for i in range(len(totals)))
    return Margin(name=name, code=np.array(code), totals=np.array(totals), levels=levels)


def eight() -> Design:
    return design_of(np.array([1.0, 2, 3, 4, 5, 6, 7, 8]))


SEX, AGE = [0, 0, 0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize("unweighted", [False, True])
def test_raked_weights_meet_every_margin_and_have_no_variance_there(unweighted: bool) -> None:
    raked = rake(eight(), [margin("sex", SEX, [40, 60]), margin("age", AGE, [55, 45])], unweighted=unweighted)
    assert [row.after for row in controls_table(raked)] == pytest.approx([40, 60, 55, 45], rel=1e-12)
    done = estimate(raked, total, np.array(SEX, dtype=float))
    assert done.value[0, 0] == pytest.approx(60)
    assert done.se[0, 0] < 1e-9 * 60


def test_raking_distance_and_raking_are_the_same_weights() -> None:
    raked = rake(eight(), [margin("sex", SEX, [40, 60]), margin("age", AGE, [55, 45])])
    rows = np.column_stack([np.equal.outer(SEX, [0, 1]), np.equal.outer(AGE, [0, 1])]).astype(float)
    totals = Totals(
        cell=np.arange(8), covariates=rows, targets=np.array([40.0, 60, 55, 45]), names=("a", "b", "c", "d")
    )
    assert calibrate(eight(), totals, "raking").weights == pytest.approx(raked.weights, rel=1e-9)


@pytest.mark.parametrize("distance", ["linear", "raking", "logit"])
def test_bounds_are_kept_and_totals_met(distance: str) -> None:
    rows = np.column_stack([np.ones(8), np.arange(8.0)])
    totals = Totals(cell=np.arange(8), covariates=rows, targets=np.array([40.0, 180]), names=("n", "x"))
    done = calibrate(eight(), totals, distance, (0.5, 2.0))
    ratio = done.weights / done.base
    assert done.weights @ rows == pytest.approx([40, 180], rel=1e-8)
    assert ratio.min() >= 0.5 - 1e-12
    assert ratio.max() <= 2 + 1e-12


def test_one_ratio_per_cluster_when_asked() -> None:
    design = design_of(np.ones(8), None, [np.array([0, 0, 1, 1, 2, 2, 3, 3])])
    rows = np.column_stack([np.ones(8), np.arange(8.0)])
    totals = Totals(cell=np.arange(8), covariates=rows, targets=np.array([10.0, 40]), names=("n", "x"))
    done = calibrate(design, totals, equal_within_clusters=True)
    assert done.weights[0::2] == pytest.approx(done.weights[1::2])
    assert done.weights @ rows == pytest.approx([10, 40])


def test_a_poststratum_has_its_total() -> None:
    done = poststratify(eight(), margin("sex", SEX, [100, 13]))
    assert np.bincount(SEX, done.weights) == pytest.approx([100, 13])


def test_an_empty_level_names_margin_level_and_counts() -> None:
    with pytest.raises(EmptyMarginError, match=r"margin sex, level sex2: 0 rows .* 5 in the population"):
        rake(eight(), [margin("sex", SEX, [40, 60, 5])])
    with pytest.raises(EmptyMarginError, match="2 of 8 rows"):
        poststratify(eight(), margin("sex", [0, 0, 0, 0, 1, 1, -1, -1], [40, 60]))


def test_margins_that_disagree_are_refused_with_both_sums() -> None:
    with pytest.raises(InfeasibleError, match="sex adds to 100, age to 101"):
        rake(eight(), [margin("sex", SEX, [40, 60]), margin("age", AGE, [55, 46])])


def test_raking_that_can_not_converge_names_the_margin_that_stalls() -> None:
    with pytest.raises(NotConvergedError, match=r"margin (sex|same), level .* stalls at"):
        rake(eight(), [margin("sex", SEX, [40, 60]), margin("same", SEX, [41, 59])])


def test_totals_out_of_reach_name_the_total_and_the_reach() -> None:
    one = Totals(cell=np.zeros(8, dtype=np.intp), covariates=np.ones((1, 1)), targets=np.array([400.0]), names=("n",))
    with pytest.raises(InfeasibleError, match=r"total n is 400, the weights reach from 32\.4 to 39\.6"):
        calibrate(eight(), one, "linear", (0.9, 1.1))
    with pytest.raises(InfeasibleError, match="logit needs"):
        calibrate(eight(), one, "logit")


def test_contradicting_totals_name_the_one_that_stalls() -> None:
    twice = Totals(
        cell=np.zeros(8, dtype=np.intp),
        covariates=np.ones((1, 2)),
        targets=np.array([40.0, 44.0]),
        names=("n", "again"),
    )
    with pytest.raises(InfeasibleError, match="total again stalls at"):
        calibrate(eight(), twice)


def test_trimming_keeps_the_sum_and_repeats_until_all_are_inside() -> None:
    once = trim(eight(), upper=5).design
    assert once.weights.sum() == pytest.approx(36)
    assert once.weights.max() > 5
    done = trim(eight(), upper=5, repeat=True)
    assert done.design.weights.sum() == pytest.approx(36)
    assert done.design.weights.max() <= 5
    assert done.lost == pytest.approx(0, abs=1e-9)


def test_trimming_without_room_says_what_is_lost() -> None:
    done = trim(eight(), upper=3, repeat=True)
    assert done.design.weights.max() == 3
    assert done.lost == pytest.approx(36 - done.design.weights.sum())
    assert done.lost > 0


def test_trimmed_weights_meet_the_margins_again_and_tell_the_cost() -> None:
    raked = rake(eight(), [margin("sex", SEX, [40, 60]), margin("age", AGE, [55, 45])])
    assert raked.weights.max() > 18
    done = trim_calibrated(raked, upper=18)
    assert done.design.weights.max() <= 18 * (1 + 1e-8)
    assert [row.after for row in controls_table(done.design)] == pytest.approx([40, 60, 55, 45], rel=1e-8)
    assert done.kish_after < done.kish_before
    assert 0 < done.moved < 0.2
    with pytest.raises(NotConvergedError, match="no weights from -inf to 14 meet the controls"):
        trim_calibrated(raked, upper=14)


def test_spread_is_one_for_equal_weights() -> None:
    found = spread(design_of(np.full(5, 3.0)))
    assert (found.cv2, found.kish_deff, found.n_eff) == pytest.approx((0, 1, 5), abs=1e-12)
