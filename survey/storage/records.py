"""Plain records that storage gives; nothing here knows the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from survey.wave.model import Channel, Mode, State, Wave
from survey.wave.response import SampledUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWave:
    """A wave and how far it has come."""

    wave: Wave
    state: State
    analysis_hash: str | None
    """Of the analysis plan, frozen when the wave opened; None while it is planned."""
    revision: int
    """Grows with every change of the wave's responses: results computed at a revision hold as long as it stands.

    Read it before the responses: should they change in between, results are at worst computed once more.
    """


class Kept(Enum):
    """What became of a submission."""

    STORED = "stored"
    SAME = "same"
    """It was there already, word for word."""
    CONFLICT = "conflict"
    """Other answers were there under the same submission id; these are kept beside them and not counted."""
    WITHDRAWN = "withdrawn"
    """It was there and was withdrawn since: it stays away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseCount:
    """How many responses of a wave came in this way."""

    channel: Channel
    mode: Mode
    language: str
    responses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fieldwork:
    """How a wave's fieldwork stands."""

    responses: tuple[ResponseCount, ...]
    invitations: int
    used: int
    """Invitations that somebody answered with."""
    conflicts: int
    """Other answers under a submission id that was taken: kept, not counted."""
    withdrawn: int
    reached: Mapping[str, int]
    """How often each place of the questionnaire was reached; at least as often as by people who did."""

    @property
    def sent(self) -> int:
        """Responses of people who filled in the page themselves."""
        return sum(one.responses for one in self.responses if one.mode in (Mode.PHONE, Mode.WEB))


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One sampled unit that was sent a code."""

    code_hash: str
    unit: SampledUnit
    district: int
    community: str
    used: bool = False
