"""What a result consists of once it may be shown: nothing behind a hidden figure is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from survey.analysis import quality
from survey.questionnaire.model import Questionnaire, Words
from survey.report.estimating.measures import Measure
from survey.report.estimating.weighting import Weighting
from survey.wave.model import Channel, Wave


class Quality(StrEnum):
    """Whether a figure may be published (NCHS presentation standards; survey/analysis/quality.py)."""

    OK = "ok"
    CAUTION = "caution"
    SUPPRESS = "suppress"


class Reason(StrEnum):
    """Why a figure is hidden, or shown with caution: the engine's reasons."""

    NO_DATA = quality.NO_DATA
    NO_WEIGHT = quality.NO_WEIGHT
    FEW = quality.FEW
    ONE_UNIT = quality.ONE_UNIT
    NO_DF = quality.NO_DF
    FEW_EFFECTIVE = quality.FEW_EFFECTIVE
    WIDE = quality.WIDE
    WIDE_RELATIVE = quality.WIDE_RELATIVE
    LOW_DF = quality.LOW_DF
    EXTREME = quality.EXTREME
    FIXED = quality.FIXED
    SMALL_SAMPLE = quality.SMALL_SAMPLE
    COMPLEMENT = quality.COMPLEMENT
    LEFT_OUT = "left out"
    """A district of an area with too few answers to carry its part of the city."""


class Statistic(StrEnum):
    """What is given for every measure."""

    SHARE = "share"
    """Residents who count as satisfied (who agree), 0–1."""
    SCORE = "score"
    """Mean on the 0–100 scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One estimate for one place. The numbers are None when it is hidden or cannot be given."""

    estimate: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int
    n_eff: float | None
    df: int
    deff: float | None
    quality: Quality
    reason: Reason | None

    @property
    def shown(self) -> bool:
        """Whether the estimate may be shown."""
        return self.estimate is not None


class PlaceKind(StrEnum):
    """What a row stands for."""

    CITY = "city"
    DISTRICT = "district"
    OUTSIDE = "outside"
    """Residents whom no margin counts, with their design weights."""
    GROUP = "group"
    STREET = "street"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The city, one district, street or group, or the residents outside the margins."""

    kind: PlaceKind
    code: int | None = None
    name: Words | None = None
    """Whole city and outside have none; they are interface texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure in one place."""

    place: Place
    share: Figure
    score: Figure

    def figure(self, statistic: Statistic) -> Figure:
        """The share or the score."""
        return self.share if statistic is Statistic.SHARE else self.score


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One measure everywhere."""

    measure: Measure
    city: Row
    districts: tuple[Row, ...]
    outside: Row

    def rows(self) -> Iterator[Row]:
        """The city, its districts, and those outside the margins where anybody is."""
        yield self.city
        yield from self.districts
        if self.outside.share.n:
            yield self.outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All findings of one sample of one wave."""

    wave: Wave
    questionnaire: Questionnaire
    channel: Channel
    analysis_hash: str
    findings: tuple[Finding, ...]
    weighting: Weighting
    respondents: int
    ineligible: int
    outside: int
    computed: datetime
