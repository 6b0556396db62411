"""What a wave receives: one submitted questionnaire, and what it copies of its sampled unit."""

from __future__ import annotations

from dataclasses import dataclass

from survey.questionnaire.model import Answers
from survey.wave.model import Channel, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledUnit:
    """What a response copies of the unit it was sampled as. No id of the unit: the two can't be joined again."""

    stratum: str
    psu: str
    design_weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One submitted questionnaire.

    `sampled` is None for open-link responses. There is no time of submission, name, address or user agent on purpose.
    """

    submission_id: str
    wave: str
    questionnaire: str
    """Content hash of the version that was answered."""
    language: str
    channel: Channel
    mode: Mode
    answers: Answers
    sampled: SampledUnit | None = None
