"""What everybody in the simulated city thinks, asked or not, and so the truth that a survey estimates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import Condition, FivePoint, Questionnaire, Score, Section
from survey.simulation.city.margins import Codes
from survey.simulation.city.population import City

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

FIVE_POINT_CUTS = (-1.75, -1.05, -0.25, 0.75)
SCORE_CUTS = (-2.5, 1.1)
"""Lowest and highest cut of a score; the others at equal steps between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a census of the people the margins count would find.

    `mean` in the unit of the item; `satisfied` is the share of the codes that the wave's plan calls satisfied, None
    for an index. `district` None is the whole city.
    """

    measure: str
    district: int | None
    mean: float
    satisfied: float | None


def opinion(city: City, section: str, question: FivePoint | Score, rows: Ints | None = None) -> Ints:
    """Codes that the people in `rows` (everybody by default) would answer to one question, shape of `rows`."""
    felt = latent(city, section, question.id, rows)
    match question:
        case FivePoint():
            lowest, cuts = 1, FIVE_POINT_CUTS
        case Score():
            lowest, cuts = question.low, tuple(np.linspace(*SCORE_CUTS, question.high - question.low).tolist())
    codes = np.full(felt.shape, lowest, dtype=np.int64)
    for cut in cuts:
        codes += felt > cut
    return codes


def latent(city: City, section: str, question: str, rows: Ints | None = None) -> Floats:
    """What the people in `rows` (everybody by default) think, before it is put into the words of a scale.

    The sum of effects of item, district, community, group and person and a residual. Everything random depends on the
    city's seed and the two ids alone, so whoever is drawn gives the answer that counts in the truth.
    """
    feelings, chosen = city.assumptions.feelings, slice(None) if rows is None else rows
    districts, district = np.unique(city.communities.district, return_inverse=True)
    community = city.community[chosen]
    residual = _generator(city, question, 1).standard_normal(city.size, dtype=np.float32)[chosen]
    own = _generator(city, question, 0).standard_normal(1 + len(districts))
    shared = _generator(city, section, 0).standard_normal(len(districts))
    spread = _generator(city, section, 1).standard_normal(len(city.communities.size))
    common = feelings.district * shared[district] + feelings.community * spread
    common = (common + _shift(city, section, districts)[district]).astype(np.float32)
    particular = feelings.item * (own[0] + 0.3 * own[1:][district])
    particular = (particular + _shift(city, question, districts)[district]).astype(np.float32)
    item = particular[community] + np.float32(feelings.residual) * residual
    item[city.straight_lining[chosen]] = 0.0
    return np.asarray(common[community] + city.leaning[chosen] + item)


def _shift(city: City, name: str, districts: Ints) -> npt.NDArray[np.float64]:
    """The assumed shift of a section or question in each of `districts`."""
    shifts = city.assumptions.feelings.shifts
    return np.array([shifts.get((name, None), 0.0) + shifts.get((name, int(one)), 0.0) for one in districts])


def _generator(city: City, name: str, stream: int) -> np.random.Generator:
    return np.random.default_rng([city.seed, 1, crc32(name.encode()), stream])


def truth(city: City, questionnaire: Questionnaire) -> Iterator[Truth]:
    """The truth of every five-point item, score and index, by district and for the city.

    Only people count to whom a question is put; where it is put to nobody, there is no truth. An index is the mean of
    its items' means: everybody in the city has an opinion on each.

    Raises
    ------
    ValueError
        When a question depends on an answer that the city does not know of everybody.
    """
    means: dict[tuple[str, int | None], float] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            if isinstance(question, FivePoint | Score):
                for found in _of_item(city, section, question):
                    means[found.measure, found.district] = found.mean
                    yield found
    for index in city.wave.analysis.indices:
        for district in _places(city):
            items = [means[item, district] for item in index.items if (item, district) in means]
            if len(items) == len(index.items):
                yield Truth(measure=index.id, district=district, mean=float(np.mean(items)), satisfied=None)


def _places(city: City) -> tuple[int | None, ...]:
    return (None, *(district.code for district in city.wave.districts))


def _of_item(city: City, section: Section, question: FivePoint | Score) -> Iterator[Truth]:
    plan = city.wave.analysis
    satisfied = plan.satisfied_five_point if isinstance(question, FivePoint) else plan.satisfied_score
    members = city.inside & _asked(city, (*section.ask_if, *question.ask_if))
    counts = _counts(city.district[members], opinion(city, section.id, question)[members])
    codes = np.arange(counts.shape[1])
    for district in _places(city):
        own = counts.sum(axis=0) if district is None else counts[district : district + 1].sum(axis=0)
        people = own.sum()
        if people:
            share = float(own[np.isin(codes, satisfied)].sum() / people)
            yield Truth(measure=question.id, district=district, mean=float(own @ codes / people), satisfied=share)


def _counts(district: Codes, codes: Ints) -> Ints:
    """How many gave each code in each district, shape (districts + 1, codes + 1)."""
    width = int(codes.max(initial=0)) + 1
    counts = np.bincount(district * width + codes, minlength=(int(district.max(initial=0)) + 1) * width)
    return np.asarray(counts.reshape(-1, width))


def _asked(city: City, conditions: tuple[Condition, ...]) -> npt.NDArray[np.bool_]:
    asked = np.ones(city.size, dtype=np.bool_)
    for condition in conditions:
        if condition.question not in city.groups:
            raise ValueError(f"the simulated city does not know who answers {condition.question} how")
        asked &= np.isin(city.groups[condition.question], condition.any_of)
    return asked
