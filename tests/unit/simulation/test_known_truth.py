"""Two hundred surveys of one city whose truth is known: weighting removes the bias, and intervals keep their promise.

Everything is drawn from fixed seeds, so the results are the same in every run; the bounds are those of a binomial count
with room for about four standard errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from survey.analysis.design import Design
from survey.analysis.estimate import estimate
from survey.analysis.intervals import Share, chosen, share_intervals, t_interval
from survey.analysis.statistics import mean
from survey.questionnaire.model import Questionnaire
from survey.simulation.city.opinions import opinion
from survey.simulation.city.population import City
from survey.simulation.sample import Plan
from survey.simulation.study import Answered, Study

SURVEYS = 200
DISTRICTS = 8
Floats = npt.NDArray[np.float64]
PickDesign = Callable[[Answered], Design]


@dataclass(frozen=True)
class Found:
    """Estimates of the surveys: by survey and domain, the city first, then its districts."""

    estimate: Floats
    covered: npt.NDArray[np.bool_]
    truth: Floats

    def bias(self) -> Floats:
        return self.estimate.mean(axis=0) - self.truth


@pytest.fixture(scope="module")
def surveys(city: City) -> list[Answered]:
    study = Study.of(city, Plan(invited=4_000, per_community=10, allocation=0.5))
    return [study.survey(np.random.default_rng([20, number])) for number in range(SURVEYS)]


def _found(city: City, surveys: list[Answered], values: Floats, pick: PickDesign, share: bool) -> Found:
    here = city.inside
    truth = [values[here].mean(), *(values[here & (city.district == d)].mean() for d in range(1, DISTRICTS + 1))]
    estimates, covered = [], []
    for survey in surveys:
        inside = city.inside[survey.row]
        y = values[survey.row]
        domains = (np.where(inside, 0, -1), np.where(inside, city.district[survey.row] - 1, -1))
        parts = [estimate(pick(survey), mean, y, by=by) for by in domains]
        value, se, df, n = (
            np.concatenate([np.ravel(getattr(part, name)) for part in parts]) for name in ("value", "se", "df", "n")
        )
        estimates.append(value)
        covered.append([_covers(*row, share=share) for row in zip(value, se, df, n, truth, strict=True)])
    return Found(np.array(estimates), np.array(covered), np.array(truth))


def _covers(value: float, se: float, df: float, n: float, truth: float, *, share: bool) -> bool:
    if share:
        found = Share(p=value, se=se, n=n, df=df, level=0.95, logit_se=se / max(value * (1 - value), 1e-12))
        interval = share_intervals(found)[chosen(found)]
    else:
        interval = t_interval(value, se, df, 0.95)
    assert interval is not None
    return interval[0] <= truth <= interval[1]


def _raked(survey: Answered) -> Design:
    return survey.raked


def _drawn(survey: Answered) -> Design:
    return survey.drawn


@pytest.fixture(scope="module")
def score(city: City, questionnaire: Questionnaire) -> Floats:
    return opinion(city, "overall", questionnaire.question("overall_satisfaction")).astype(np.float64)


def test_raking_removes_the_bias_of_who_answers(city: City, surveys: list[Answered], score: Floats) -> None:
    """The old answer more often and are more satisfied: design weights alone flatter the city."""
    drawn = _found(city, surveys, score, _drawn, share=False)
    raked = _found(city, surveys, score, _raked, share=False)
    error = raked.estimate.std(axis=0) / np.sqrt(SURVEYS)
    assert drawn.bias()[0] > 0.12
    assert abs(raked.bias()[0]) < 4 * error[0]
    assert abs(raked.bias()[0]) < 0.1 * drawn.bias()[0]
    assert (np.abs(raked.bias()) < np.maximum(4 * error, 0.05)).all()
    closer = np.abs(raked.estimate[:, 0] - raked.truth[0]) < np.abs(drawn.estimate[:, 0] - raked.truth[0])
    assert closer.mean() > 0.85


def test_intervals_of_means_hold_the_truth_as_often_as_they_say(
    city: City, surveys: list[Answered], score: Floats
) -> None:
    raked = _found(city, surveys, score, _raked, share=False)
    assert 0.89 <= raked.covered[:, 0].mean() <= 0.995
    assert 0.92 <= raked.covered.mean() <= 0.975


def test_intervals_without_raking_miss_it(city: City, surveys: list[Answered], score: Floats) -> None:
    """The test above can fail: it does without the weighting."""
    drawn = _found(city, surveys, score, _drawn, share=False)
    assert drawn.covered[:, 0].mean() < 0.5


@pytest.mark.parametrize(("question", "least"), [("overall", 10), ("overall", 8), ("safe_road", 4)])
def test_intervals_of_shares_hold_the_truth_as_often_as_they_say(
    city: City, surveys: list[Answered], score: Floats, questionnaire: Questionnaire, question: str, least: int
) -> None:
    """City shares of about 7, 27 and 52 %; the interval is the one that is published: logit or Korn and Graubard's."""
    codes = score if question == "overall" else opinion(city, "safety", questionnaire.question(question))
    raked = _found(city, surveys, (codes >= least).astype(np.float64), _raked, share=True)
    assert 0.89 <= raked.covered[:, 0].mean() <= 0.995
    assert 0.92 <= raked.covered.mean() <= 0.98


def test_the_estimated_standard_error_is_the_spread_of_the_estimates(
    city: City, surveys: list[Answered], score: Floats
) -> None:
    raked = _found(city, surveys, score, _raked, share=False)
    errors = [np.ravel(estimate(_raked(one), mean, score[one.row]).se)[0] for one in surveys]
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(raked.estimate[:, 0].std(ddof=1), rel=0.2)
