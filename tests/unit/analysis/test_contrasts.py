"""Differences, ranks, thresholds, publication rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.analysis.contrasts import against, contrast, difference, ranks, satterthwaite
from survey.analysis.design import design_of
from survey.analysis.estimate import estimate
from survey.analysis.intervals import Share, chosen, korn_graubard, logit, share_intervals, t_interval
from survey.analysis.models.comparisons import compare_with_whole
from survey.analysis.quality import OK, Quality, complementary, quality_of_mean, quality_of_share
from survey.analysis.statistics import mean
from survey.analysis.variance.bootstrap import rao_wu


def test_satterthwaite_lies_between_the_smaller_df_and_their_sum() -> None:
    assert satterthwaite([1, 1], [10, 10]) == 20
    assert 10 < satterthwaite([1, 3], [10, 40]) < 50
    assert satterthwaite([0, 2], [5, 9]) == 9


def test_a_difference_of_nothing_is_no_difference() -> None:
    found = difference(0.0, 4.0, 10, 0.95)
    assert (found.t, found.p) == (0, 1)
    assert found.ci is not None
    assert found.ci[0] == -found.ci[1]
    assert np.isnan(difference(1.0, 4.0, 0, 0.95).p)


def test_clear_ranks_have_no_range_and_close_ones_share_theirs() -> None:
    found = ranks(np.array([9.0, 1.0, 1.01, np.nan]), np.diag([0.01, 0.01, 0.01, 1]), 50, 0.95)
    assert found.rank.tolist() == [1, 3, 2, 0]
    assert found.best.tolist() == [1, 2, 2, 0]
    assert found.worst.tolist() == [1, 3, 3, 0]


def test_what_rounding_leaves_of_a_difference_is_no_difference() -> None:
    # Two means of 7, one of them off by the last bit, with a variance that is rounding alone.
    told = contrast(np.array([7.0, 7.0 - 8.9e-16]), 1e-31 * np.eye(2), np.array([1.0, -1.0]), 9, 0.95)
    assert (told.estimate, told.se, told.ci) == (0.0, 0.0, (0.0, 0.0))
    assert np.isnan(told.p)


def test_domains_that_tie_without_variance_share_one_range() -> None:
    value = np.array([7.0, 7.0 - 8.9e-16, 7.0 + 8.9e-16])
    tied = ranks(value, np.zeros((3, 3)), 20, 0.95)
    assert tied.rank.tolist() == [1, 1, 1]
    assert (tied.best.tolist(), tied.worst.tolist()) == ([1, 1, 1], [3, 3, 3])


def test_a_part_without_degrees_of_freedom_leaves_none() -> None:
    assert satterthwaite([0.04, 0.0], [12, 0]) == 0


def test_ten_answers_are_not_under_ten() -> None:
    # 25 × (1 - 0.6) is 9.999999999999998 when 0.6 comes from a division.
    ten = Share(p=0.6000000000000001, se=0.1, n=25, df=20, level=0.95, logit_se=0.4)
    assert chosen(ten) == "logit"
    assert chosen(replace(ten, p=0.61)) == "korn_graubard"


def test_a_threshold_inside_the_interval_can_not_be_told() -> None:
    assert against((0.6, 0.7), 0.6) == "meets"
    assert against((0.5, 0.59), 0.6) == "fails"
    assert against((0.5, 0.7), 0.6) == "can't tell"
    assert against(None, 0.6) == "can't tell"


def test_domains_less_the_whole_are_zero_together_and_one_that_stands_out_is_found() -> None:
    draw = np.random.default_rng(3)
    by = np.arange(600) % 4
    y = draw.normal(0, 1, 600) + 2 * (by == 2)
    design = design_of(draw.uniform(1, 2, 600))
    found = compare_with_whole(design, y, by)
    assert found[2].differs
    assert found[2].adjusted_p >= found[2].difference.p
    sizes = np.bincount(by, design.weights)
    assert sizes @ [one.difference.estimate for one in found] == pytest.approx(0, abs=1e-9)
    whole, part = estimate(design, mean, y), estimate(design, mean, y, by=by)
    assert found[1].difference.estimate == pytest.approx(part.value[1, 0] - whole.value[0, 0])
    replicated = compare_with_whole(rao_wu(design, 300, 1), y, by)
    assert replicated[2].difference.se == pytest.approx(found[2].difference.se, rel=0.15)


def share(p: float, se: float, n: float = 400, df: float = 30) -> Share:
    spread = p * (1 - p)
    return Share(p=p, se=se, n=n, df=df, level=0.95, logit_se=se / spread if spread else float("nan"))


def test_every_interval_of_a_share_holds_it_and_stays_inside() -> None:
    for p in (0.03, 0.5, 0.97):
        for name, pair in share_intervals(share(p, 0.01)).items():
            assert pair is not None
            assert pair[0] < p < pair[1], name
            if name != "wald":
                assert pair[0] > 0
                assert pair[1] < 1


def test_a_share_of_nought_has_an_interval_of_korn_and_graubard_only() -> None:
    nought = share(0.0, 0.0)
    assert chosen(nought) == "korn_graubard"
    assert logit(nought) is None
    pair = korn_graubard(nought)
    assert pair is not None
    assert pair[0] == 0
    assert 0 < pair[1] < 0.03


def test_no_degrees_of_freedom_no_interval() -> None:
    assert t_interval(1.0, 1.0, 0, 0.95) is None
    assert set(share_intervals(share(0.5, 0.1, df=0)).values()) == {None}


@pytest.mark.parametrize(
    ("p", "n", "n_eff", "df", "pair", "mark"),
    [
        (0.5, 29, 29, 30, (0.3, 0.7), "suppress"),
        (0.5, 100, 29, 30, (0.4, 0.6), "suppress"),
        (0.5, 100, 90, 30, (0.35, 0.65), "suppress"),
        (0.04, 100, 90, 30, (0.01, 0.07), "suppress"),
        (0.02, 500, 400, 30, (0.005, 0.05), "ok"),
        (0.5, 100, 90, 7, (0.4, 0.6), "caution"),
        (0.0, 400, None, 30, (0.0, 0.01), "caution"),
        (0.5, 100, 90, 30, (0.4, 0.6), "ok"),
    ],
)
def test_a_share_is_marked_as_the_standards_say(
    p: float, n: float, n_eff: float | None, df: float, pair: tuple[float, float], mark: str
) -> None:
    assert quality_of_share(p, n, n_eff, df, pair).mark == mark


def test_a_mean_is_marked_by_n_df_and_effective_n() -> None:
    assert quality_of_mean(29, 29, 30).mark == "suppress"
    assert quality_of_mean(30, 29, 30).mark == "caution"
    assert quality_of_mean(30, 30, 7).mark == "caution"
    assert quality_of_mean(30, None, 8) == OK


def test_one_hidden_cell_hides_a_second_and_two_hide_each_other() -> None:
    hidden = Quality("suppress", "n is under 30")
    assert [q.mark for q in complementary([hidden, OK, OK], [10, 90, 60])] == ["suppress", "ok", "suppress"]
    assert complementary([hidden, hidden, OK], [10, 20, 60]) == [hidden, hidden, OK]
    assert complementary([OK, OK], [50, 60]) == [OK, OK]
