"""What a wave receives: one submitted questionnaire, what it copies of its sampled unit, how the interview went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey.questionnaire.model import Answers
from survey.wave.model import Channel, Mode

LARGEST_WEIGHT = 10_000_000.0
"""Design weights count the residents of a city, or are relative to one: what is larger is a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledUnit:
    """What a response copies of the unit it was sampled as. No id of the unit: the two can't be joined again."""

    stratum: str
    psu: str
    design_weight: float


class Device(StrEnum):
    """How wide the screen is, in three classes: all that is known of a device."""

    NARROW = "narrow"
    """A phone."""
    MEDIUM = "medium"
    """A tablet."""
    WIDE = "wide"
    """A computer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paradata:
    """How an interview went, so coarse that it tells nobody from others.

    `seconds` spent in a section, by its id, in steps of `SECONDS_STEP`; `breaks`: how often the page was put aside.
    """

    device: Device
    seconds: Mapping[str, int]
    breaks: int


SECONDS_STEP = 10
"""To how many seconds a time is rounded."""


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
    paradata: Paradata | None = None
    """None where no script ran, and for interviews on paper."""
