"""What we made up about the city, all in one place: no figure here was measured.

The margins of the wave say how many adults there are by area, sex and age; everything else about the simulated
city is an assumption. Tables by answer follow the codes 1, 2, … of the question they name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """How a choice about the respondent is spread: a row of shares for each code of the question it depends on."""

    depends_on: str | None = None
    shares: Table = ((),)
    """By code of `depends_on` from 1 on (one row without it), by option from 1 on. Of a multiple choice: how likely
    each option is picked; an exclusive option is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where people live."""

    community_size: float = 900.0
    """Mean number of adults of a simulated community."""
    size_spread: float = 0.4
    """Standard deviation of the logarithm of community sizes."""
    largest: float = 2.5
    """No community is larger than so many times the mean: larger ones are split before a sample is drawn."""
    street_to_town: float = 3.0
    """How many times as many people an urban subdistrict has as a town, on average."""
    within_area: Mapping[int, float] = field(default_factory=lambda: {6: 0.03})
    """District → share of its weighting area's adults, where an area holds more than one (no count is published)."""
    only_streets: Mapping[int, tuple[int, ...]] = field(default_factory=lambda: {6: (371003108,)})
    """District → streets its residents live in, where the questionnaire offers more (which towns belong to
    Nanhai was not confirmed)."""
    older_in_towns: float = 0.8
    """How strongly age decides whether somebody lives in a town; 0: not at all."""
    outside: tuple[tuple[int, float], ...] = ((4, 0.0005), (5, 0.008), (6, 0.003))
    """Residence code → residents outside the census margins per adult inside them."""
    inside: tuple[tuple[int, float], ...] = ((1, 0.80), (2, 0.08), (3, 0.12))
    """Residence code → share of the adults the margins count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feelings:
    """What moves opinions, on a scale where one person's answers vary by about 1."""

    district: float = 0.22
    """Standard deviation of the districts' effect, drawn for each section."""
    item: float = 0.25
    community: float = 0.22
    """Standard deviation of the communities' effect: an intra-class correlation of about 0.06."""
    person: float = 0.50
    """Standard deviation of what one person brings to every answer."""
    residual: float = 0.70
    groups: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: {"age_group": (-0.45, -0.30, 0.0, 0.20, 0.35, 0.45), "sex": (0.05, -0.05)}
    )
    """Question → effect of its codes from 1 on."""
    shifts: Mapping[tuple[str, int | None], float] = field(default_factory=dict)
    """(section or question, district or None for everywhere) → how much better all there think of it than otherwise.
    So a year can differ from another by what is known."""
    straight_lining: float = 0.03
    """Share of people who give every item of a section the same answer."""
    dont_know: float = 0.03
    prefer_not: float = 0.006
    open_text: float = 0.15
    """Share who write something where they may."""
    left_blank: float = 0.004
    left_blank_optional: float = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnout:
    """Who answers when invited, who comes by the open link, and how."""

    intercept: float = -0.25
    groups: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: {"age_group": (-0.90, -0.45, 0.10, 0.50, 0.60, 0.05), "sex": (-0.15, 0.15)}
    )
    """Question → effect of its codes from 1 on, on the logit of responding."""
    person_open: float = -0.6
    """How much more often dissatisfied people follow the open link (logarithm, per unit of the person's effect)."""
    groups_open: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: {"age_group": (0.9, 0.7, 0.0, -0.6, -1.1, -2.2), "sex": (-0.1, 0.1)}
    )
    outside_open: float = 2.0
    """How much more often people outside the margins follow the open link (logarithm)."""
    modes: Table = (
        (0.78, 0.14, 0.07, 0.01),
        (0.70, 0.16, 0.12, 0.02),
        (0.58, 0.12, 0.25, 0.05),
        (0.42, 0.07, 0.40, 0.11),
        (0.28, 0.04, 0.52, 0.16),
        (0.12, 0.02, 0.68, 0.18),
    )
    """Code of the age question from 1 on, by phone, web, interviewer, paper."""
    languages: Mapping[int, tuple[float, float, float]] = field(
        default_factory=lambda: {4: (0.85, 0.15, 0.0), 5: (0.05, 0.10, 0.85), 6: (0.15, 0.83, 0.02)}
    )
    """Residence code → zh, en, ko; everybody else answers in zh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Everything made up."""

    age_question: str = "age_group"
    places: Places = Places()
    feelings: Feelings = Feelings()
    turnout: Turnout = Turnout()
    background: Mapping[str, Background] = field(default_factory=lambda: BACKGROUND)


BACKGROUND: Mapping[str, Background] = {
    "years_here": Background(
        depends_on="residence_status",
        shares=(
            (0.01, 0.03, 0.06, 0.12, 0.78),
            (0.07, 0.22, 0.24, 0.27, 0.20),
            (0.08, 0.26, 0.26, 0.25, 0.15),
            (0.15, 0.40, 0.25, 0.15, 0.05),
            (0.12, 0.36, 0.25, 0.20, 0.07),
            (0.25, 0.45, 0.18, 0.10, 0.02),
        ),
    ),
    "education": Background(
        depends_on="age_group",
        shares=(
            (0.00, 0.01, 0.14, 0.25, 0.28, 0.32),
            (0.00, 0.03, 0.35, 0.22, 0.20, 0.20),
            (0.01, 0.14, 0.50, 0.22, 0.08, 0.05),
            (0.02, 0.30, 0.45, 0.18, 0.03, 0.02),
            (0.05, 0.40, 0.38, 0.13, 0.02, 0.02),
            (0.20, 0.50, 0.20, 0.07, 0.02, 0.01),
        ),
    ),
    "housing": Background(shares=((0.22, 0.38, 0.09, 0.03, 0.05, 0.21, 0.02),)),
    "household_needs": Background(
        depends_on="age_group",
        shares=((0.30, 0.04), (0.28, 0.05), (0.40, 0.06), (1.00, 0.08), (1.00, 0.12), (1.00, 0.22)),
    ),
}
