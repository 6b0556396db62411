"""One wave of the survey, as frozen data: when, where, by which sample and by which analysis plan.

The analysis plan is frozen before the wave opens, so that nobody chooses a definition of "satisfied" after seeing
the answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from survey.questionnaire.model import Words


class Channel(StrEnum):
    """How a respondent came to the survey: the two are never mixed silently."""

    INVITED = "invited"
    """Member of the probability sample: has a stratum, a PSU and a design weight."""
    OPEN = "open"
    """Came through the open link or poster: a non-probability sample."""


class Mode(StrEnum):
    """How the answers were given."""

    PHONE = "phone"
    """On a phone's screen, by the respondent."""
    WEB = "web"
    """On a larger screen, by the respondent."""
    INTERVIEWER = "interviewer"
    PAPER = "paper"


class State(StrEnum):
    """A wave is planned, then open, then closed; never back."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """One answer to "where do you live" that results are given for."""

    code: int
    name: Words
    weighting_area: str
    """Id of the area whose census count includes its residents (Nanhai → wendeng)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginCell:
    """One cell of a margin: levels in the order of the margin's variables, and its residents."""

    levels: tuple[str, ...]
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Known population totals the weights are raked to.

    `variables` name derived columns: "weighting_area", or ids of single-choice questions; levels are texts.
    """

    variables: tuple[str, ...]
    cells: tuple[MarginCell, ...]
    source: Words
    assumption: Words | None = None
    """What the totals rest on beyond the source; every output says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A mean of items, answered by whoever answered at least `answered` of them."""

    id: str
    label: Words
    items: tuple[str, ...]
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassMark:
    """A threshold the bureau is held to, answered by the interval: meets, can't tell, fails."""

    measure: str
    share: float
    source: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPlan:
    """What will be computed and how, fixed before the wave opens."""

    headline: str
    """Id of the item or index shown first."""
    satisfied_five_point: tuple[int, ...] = (4, 5)
    satisfied_score: tuple[int, ...] = (8, 9, 10)
    indices: tuple[Index, ...]
    confidence_level: float = 0.95
    smallest_cell: int = 30
    outside_margins: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """(question, codes) whose respondents no margin counts (foreign nationals …): reported apart, never inside."""
    pass_marks: tuple[PassMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the invited sample is drawn, in words for the method note and in the terms of the design."""

    description: Words
    strata: Words
    primary_sampling_unit: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMarks:
    """Marks a government survey form carries; shown empty when empty, never invented."""

    form_number: str = ""
    made_by: str = ""
    approval_number: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One wave as planned."""

    id: str
    year: int
    title: Words
    questionnaire: str
    """Content hash of the published questionnaire version."""
    opens: date
    closes: date
    asked_by: Words
    contact: Words
    results_published: Words
    """When and where results will be seen, for the receipt page."""
    simulated: bool
    district_question: str
    districts: tuple[District, ...]
    margins: tuple[Margin, ...]
    sampling: Sampling
    analysis: AnalysisPlan
    marks: FormMarks = FormMarks()
