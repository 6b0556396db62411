"""What everybody in the simulated city thinks, asked or not, and so the truth that a survey estimates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import Condition, FivePoint, Questionnaire, Score
from survey.simulation.city.population import City

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

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
            return 1 + np.searchsorted(FIVE_POINT_CUTS, felt)
        case Score():
            return question.low + np.searchsorted(np.linspace(*SCORE_CUTS, question.high - question.low), felt)


def latent(city: City, section: str, question: str, rows: Ints | None = None) -> Floats:
    """What the people in `rows` (everybody by default) think, before it is put into the words of a scale.

    The sum of effects of item, district, community, group and person and a residual. Everything random depends on the
    city's seed and the two ids alone, so whoever is drawn gives the answer that counts in the truth.
    """
    feelings, rows = city.assumptions.feelings, np.arange(city.size) if rows is None else rows
    districts, district = np.unique(city.communities.district, return_inverse=True)
    community = city.community[rows]
    residual = _generator(city, question, 1).standard_normal(city.size, dtype=np.float32)[rows]
    own = _generator(city, question, 0).standard_normal(1 + len(districts))
    shared = _generator(city, section, 0).standard_normal(len(districts))
    spread = _generator(city, section, 1).standard_normal(len(city.communities.size))
    felt = (feelings.district * shared[district] + feelings.community * spread)[community]
    felt += feelings.person * city.person[rows] + city.effect(feelings.groups, rows)
    particular = feelings.item * (own[0] + 0.3 * own[1:][district])[community] + feelings.residual * residual
    return np.asarray(felt + np.where(city.straight_lining[rows], 0.0, particular))


def _generator(city: City, name: str, stream: int) -> np.random.Generator:
    return np.random.default_rng([city.seed, 1, crc32(name.encode()), stream])


def truth(city: City, questionnaire: Questionnaire) -> Iterator[Truth]:
    """The truth of every five-point item, score and index, by district and for the city.

    Only people count to whom a question is put. An index is the mean of its items' means: everybody in the city
    has an opinion on each.

    Raises
    ------
    ValueError
        When a question depends on an answer that the city does not know of everybody.
    """
    plan = city.wave.analysis
    groups: list[tuple[int | None, npt.NDArray[np.bool_]]] = [(None, city.inside)]
    groups += [(district.code, city.inside & (city.district == district.code)) for district in city.wave.districts]
    means: dict[tuple[str, int | None], float] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            if not isinstance(question, FivePoint | Score):
                continue
            satisfied = plan.satisfied_five_point if isinstance(question, FivePoint) else plan.satisfied_score
            codes, asked = opinion(city, section.id, question), _asked(city, (*section.ask_if, *question.ask_if))
            for district, members in groups:
                own = codes[members & asked]
                means[question.id, district] = float(own.mean())
                yield Truth(
                    measure=question.id,
                    district=district,
                    mean=means[question.id, district],
                    satisfied=float(np.isin(own, satisfied).mean()),
                )
    for index in plan.indices:
        for district, _ in groups:
            mean = float(np.mean([means[item, district] for item in index.items]))
            yield Truth(measure=index.id, district=district, mean=mean, satisfied=None)


def _asked(city: City, conditions: tuple[Condition, ...]) -> npt.NDArray[np.bool_]:
    asked = np.ones(city.size, dtype=np.bool_)
    for condition in conditions:
        if condition.question not in city.groups:
            raise ValueError(f"the simulated city does not know who answers {condition.question} how")
        asked &= np.isin(city.groups[condition.question], condition.any_of)
    return asked
