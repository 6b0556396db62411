"""The responses of a simulated wave, as they would be submitted."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import Questionnaire
from survey.simulation.answers import Respondents, sheets
from survey.simulation.city.assumptions import Assumptions
from survey.simulation.city.population import City, build
from survey.simulation.response import (
    answers_invited,
    comes_by_open_link,
    languages,
    modes,
    modes_open,
    propensity,
)
from survey.simulation.sample import Plan, draw
from survey.wave.model import Channel, Mode, Wave
from survey.wave.response import Response, SampledUnit

Ints = npt.NDArray[np.int64]

MOST_COMMUNITIES = 200
"""A larger wave invites more adults in each community rather than visiting more communities (times the response)."""

DEFAULT = Assumptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fieldwork:
    """How big a simulated wave is, and from which random numbers it comes."""

    seed: int = 2026
    size: int = 4000
    """Invited adults who shall answer, about; the invitations are as many more as the expected response needs."""
    open_link: float = 0.15
    """Responses by the open link, for each one of `size`."""
    adults: int | None = None
    """How many adults the city has; None: as many as the margins count."""
    draw: int = 0
    """Which of many samples of the same city: each draws its communities and residents anew."""
    assumptions: Assumptions = DEFAULT
    """What the city is like in the year of the wave."""

    def submission_id(self, wave: str, number: int) -> str:
        """Id of the submission with this number, always the same; random to whoever does not know the seed."""
        name = f"simulated {wave} {self.seed} {self.size} {self.open_link} {self.adults} {number}"
        return str(uuid.UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4))


def responses(wave: Wave, questionnaire: Questionnaire, fieldwork: Fieldwork) -> list[Response]:
    """Every response of the wave, the invited sample first; equal arguments give equal responses."""
    city = build(wave, questionnaire, fieldwork.seed, fieldwork.adults, fieldwork.assumptions)
    drawn = (fieldwork.draw,) if fieldwork.draw else ()  # The first sample is what it was before there were others.
    generator = np.random.default_rng([fieldwork.seed, 2, *drawn])
    arrived = [_invited(city, fieldwork, generator), _by_open_link(city, fieldwork, generator)]
    rows = np.concatenate([part.row for part in arrived])
    language = languages(city, rows, generator)
    filled = sheets(questionnaire, Respondents(city=city, row=rows, language=language, generator=generator))
    return [
        Response(
            submission_id=fieldwork.submission_id(wave.id, number),
            wave=wave.id,
            questionnaire=wave.questionnaire,
            language=language[number],
            channel=Channel.OPEN if unit is None else Channel.INVITED,
            mode=mode,
            answers=filled[number],
            sampled=unit,
        )
        for number, (mode, unit) in enumerate(
            pair for part in arrived for pair in zip(part.mode, part.sampled, strict=True)
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrived:
    """People who answer: rows of the city, and columns of the same length."""

    row: Ints
    mode: list[Mode]
    sampled: list[SampledUnit | None]


def _invited(city: City, fieldwork: Fieldwork, generator: np.random.Generator) -> _Arrived:
    everybody = np.arange(city.size)
    rate = float(propensity(city, everybody).mean())
    plan = Plan(invited=round(fieldwork.size / rate), per_community=max(20, fieldwork.size // MOST_COMMUNITIES))
    sample = draw(city, plan, generator)
    answered = np.flatnonzero(answers_invited(city, sample.row, generator))
    rows = sample.row[answered]
    units: list[SampledUnit | None] = [
        SampledUnit(
            stratum=str(sample.stratum[number]),
            psu=str(sample.psu[number]),
            design_weight=float(sample.design_weight[number]),
        )
        for number in answered
    ]
    return _Arrived(row=rows, mode=modes(city, rows, generator), sampled=units)


def _by_open_link(city: City, fieldwork: Fieldwork, generator: np.random.Generator) -> _Arrived:
    rows = comes_by_open_link(city, round(fieldwork.size * fieldwork.open_link), generator)
    return _Arrived(row=rows, mode=modes_open(len(rows), generator), sampled=[None] * len(rows))
