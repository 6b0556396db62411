"""Pairs of simulated surveys of one city: a page over the years calls noise a change no more often than its test says.

The same city is surveyed twice, with communities and residents drawn anew, so that every true change is zero; then once
more after a known change. Fixed seeds: the results are the same in every run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest

from survey.questionnaire.model import FivePoint, Questionnaire, Score
from survey.report.figures import Results, Statistic
from survey.report.frame import Frame
from survey.report.results import Sample, compute
from survey.report.tasks.concerns import concerns
from survey.report.years.testing import Verdict
from survey.report.years.trends import Trend, trends
from survey.simulation.city.opinions import opinion
from survey.simulation.city.population import City
from survey.simulation.sample import Plan
from survey.simulation.study import Study
from survey.wave.model import Channel, Wave

PAIRS = 100
SECTIONS = ("screening", "place", "overall", "safety", "pride", "background")
ITEMS = ("overall_satisfaction", "safe_crime", "safe_road", "safe_fire", "safe_weather")
MEASURES = ("overall_satisfaction", "safety", "pride", "safe_crime", "pride_history")
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Surveyed:
    """A city as it is asked: the opinions of everybody are known, a sample of them answers."""

    study: Study
    wave: Wave
    questionnaire: Questionnaire
    opinions: dict[str, Codes]

    @classmethod
    def of(cls, city: City, wave: Wave, questionnaire: Questionnaire) -> Surveyed:
        """Of a city; only some sections are asked, to be quick."""
        short = replace(questionnaire, sections=tuple(s for s in questionnaire.sections if s.id in SECTIONS))
        own = [index for index in wave.analysis.indices if index.id in SECTIONS]
        asked = replace(wave, analysis=replace(wave.analysis, indices=tuple(own)))
        opinions = {
            question.id: opinion(city, section.id, question)
            for section in short.sections
            for question in section.questions
            if isinstance(question, FivePoint | Score)
        }
        study = Study.of(city, Plan(invited=4_000, per_community=10, allocation=0.5))
        return cls(study, replace(asked, margins=study.margins), short, opinions)

    def sample(self, number: int) -> Sample:
        """One survey, weighed and estimated as any wave is."""
        city = self.study.city
        answered = self.study.survey(np.random.default_rng([31, number]))
        row = answered.row
        groups = {name: codes[row].astype(np.int64) for name, codes in city.groups.items()}
        area = {district.code: district.weighting_area for district in self.wave.districts}
        frame = Frame(
            wave=self.wave,
            questionnaire=self.questionnaire,
            channel=Channel.INVITED,
            codes={**groups, **{name: codes[row] for name, codes in self.opinions.items()}},
            chosen={},
            district=city.district[row].astype(np.int64),
            area=np.array([area[code] for code in city.district[row].tolist()]),
            inside=city.inside[row],
            left_out=np.zeros(len(row), dtype=np.bool_),
            base_weight=answered.drawn.weights,
            stratum=city.stratum[city.community[row]],
            psu=city.psu[city.community[row]],
            mode=np.full(len(row), "phone"),
            language=np.full(len(row), "zh"),
            ineligible=0,
        )
        return Sample(frame, compute(frame, ""))


@pytest.fixture(scope="module")
def surveyed(city: City, wave: Wave, questionnaire: Questionnaire) -> Surveyed:
    return Surveyed.of(city, wave, questionnaire)


@pytest.fixture(scope="module")
def pairs(surveyed: Surveyed) -> list[tuple[Sample, Sample]]:
    samples = [surveyed.sample(number) for number in range(2 * PAIRS)]
    return list(zip(samples[::2], samples[1::2], strict=True))


def _marks(found: tuple[Trend, ...]) -> list[Verdict]:
    return [step.verdict for trend in found for line in trend.lines() for step in line.steps if step]


def _series(pair: tuple[Sample, Sample]) -> list[Results]:
    return [sample.results for sample in pair]


def _most(pages: int) -> float:
    """Share of marked pages that a binomial of 5 % does not exceed by more than three standard errors."""
    return 0.05 + 3 * np.sqrt(0.05 * 0.95 / pages)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("statistic", list(Statistic))
def test_a_page_of_one_measure_marks_noise_at_most_as_often_as_it_says(
    pairs: list[tuple[Sample, Sample]], measure: str, statistic: Statistic
) -> None:
    marked = []
    for pair in pairs:
        (trend,) = trends(_series(pair), [(measure, statistic)])
        assert trend.tests >= 6
        marked.append(any(verdict is not Verdict.UNSURE for verdict in _marks((trend,))))
    assert np.mean(marked) <= _most(PAIRS)


def test_the_page_of_all_measures_marks_noise_at_most_as_often_as_it_says(pairs: list[tuple[Sample, Sample]]) -> None:
    asked = [(measure, Statistic.SHARE) for measure in MEASURES]
    pages = [_marks(trends(_series(pair), asked)) for pair in pairs]
    assert np.mean([any(verdict is not Verdict.UNSURE for verdict in page) for page in pages]) <= _most(PAIRS)


def test_without_the_adjustment_every_third_page_would_call_noise_a_change(pairs: list[tuple[Sample, Sample]]) -> None:
    """The tests above can fail: each single test errs as often as it says, so nine together err far more often."""
    single, page = [], []
    for pair in pairs:
        (trend,) = trends(_series(pair), [("overall_satisfaction", Statistic.SCORE)])
        p = [step.difference.p for line in trend.lines() for step in line.steps if step]
        single += [value < 0.05 for value in p]
        page.append(min(p) < 0.05)
    assert 0.03 <= np.mean(single) <= 0.07
    assert np.mean(page) > 0.2


def test_pages_of_tasks_and_units_call_noise_no_fall(pairs: list[tuple[Sample, Sample]]) -> None:
    """Districts do differ in this city, so only the changes are noise."""
    fell = []
    for pair in pairs[: PAIRS // 2]:
        known = concerns(pair)
        assert {item.measure.id for item in known.items} >= set(ITEMS)
        fell.append(any(spot.falling for item in known.items for spot in item.spots()))
    assert np.mean(fell) <= _most(PAIRS // 2)


def test_a_change_that_is_there_is_found(
    city: City, surveyed: Surveyed, pairs: list[tuple[Sample, Sample]], wave: Wave, questionnaire: Questionnaire
) -> None:
    """Safety falls everywhere, and in district 7 most; the rest stays."""
    feelings = replace(city.assumptions.feelings, shifts={("safety", None): -0.3, ("safe_fire", 7): -0.6})
    later = replace(city, assumptions=replace(city.assumptions, feelings=feelings))
    after = Surveyed.of(later, wave, questionnaire)
    found, other, falling = [], [], []
    for number, pair in enumerate(pairs[:10]):
        second = after.sample(1000 + number)
        series = [pair[0].results, second.results]
        safety, pride = (trends(series, [(name, Statistic.SCORE)])[0] for name in ("safety", "pride"))
        found.append(safety.city.steps[0] and safety.city.steps[0].verdict)
        other.append(pride.city.steps[0] and pride.city.steps[0].verdict)
        items = {item.measure.id: item for item in concerns((pair[0], second)).items}
        falling.append(next(spot for spot in items["safe_fire"].districts if spot.place.code == 7).falling)
    assert set(found) == {Verdict.LOWER}
    assert other.count(Verdict.UNSURE) >= 9
    assert sum(falling) >= 8
