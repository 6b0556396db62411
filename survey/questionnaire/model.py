"""What is asked, as frozen data.

A `Questionnaire` is sections of questions. Its kinds are types, so that mypy names every ``match`` that forgot one.
Nothing here knows how a question is drawn, stored or analysed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import ClassVar

LANGUAGES = ("zh", "en", "ko")

Answer = int | float | str | tuple[int, ...]
"""One answer: a code, a number, a text, or the codes of a multiple choice. Negative codes are `Missing`."""

Answers = Mapping[str, Answer]
"""Question id → answer. A write-in text stands under `write_in_id(question)`."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in every language the survey speaks."""

    zh: str
    en: str
    ko: str

    def __getitem__(self, language: str) -> str:
        if language not in LANGUAGES:
            raise KeyError(language)
        return str(getattr(self, language))


class Missing(IntEnum):
    """Why there is no answer. The first two are said by the respondent, the others found by the server."""

    DONT_KNOW = -1
    PREFER_NOT_TO_SAY = -2
    NOT_ASKED = -3
    LEFT_BLANK = -4


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Holds when the answer to `question` is one of `any_of` (for a multiple choice: contains one of them)."""

    question: str
    any_of: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a list."""

    code: int
    label: Words
    exclusive: bool = False
    """Rules out every other choice ("none of these")."""
    write_in: bool = False
    """Opens a short text field."""
    when: tuple[int, ...] = ()
    """Offered only when the answer to the question's `filter_by` is one of these; empty: always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where a result leads: dimension of the check-up, numbers of the plan's tasks, ids of responsible units."""

    dimension: int | None = None
    tasks: tuple[int, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every question has."""

    id: str
    text: Words
    label: Words
    """Variable label: a few words for tables and exports."""
    links: Links = Links()
    missing: tuple[Missing, ...] = (Missing.DONT_KNOW, Missing.PREFER_NOT_TO_SAY)
    """Which ways of not answering are offered."""
    ask_if: tuple[Condition, ...] = ()
    """All must hold."""
    ends_if: tuple[int, ...] = ()
    """Answers that screen the respondent out."""
    optional: bool = False
    """May be left blank without a word."""
    sensitive: bool = False
    """Asks for consent of its own first."""
    quasi_identifier: bool = False
    """Combined with others it could point to one person."""
    comparable_with: tuple[str, ...] = ()
    """Versions that worded it otherwise and whose answers may be joined with these all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a scale, in words."""

    code: int
    label: Words


class Direction(StrEnum):
    """What a five-point scale measures."""

    SATISFACTION = "satisfaction"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class FivePoint(Asked):
    """Five named degrees of satisfaction or agreement, 1 worst to 5 best."""

    kind: ClassVar[str] = "five_point"

    direction: Direction
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Asked):
    """Whole numbers from `low` to `high` with words at both ends."""

    kind: ClassVar[str] = "score"

    low: int = 0
    high: int = 10
    low_label: Words
    high_label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(Asked):
    """One of a list."""

    kind: ClassVar[str] = "single"

    options: tuple[Option, ...]
    filter_by: str | None = None
    """The question whose answer decides which options are offered (`Option.when`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Asked):
    """Some of a list, at most `most`."""

    kind: ClassVar[str] = "multiple"

    options: tuple[Option, ...]
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Asked):
    """A whole number within bounds, with its unit in words."""

    kind: ClassVar[str] = "number"

    low: int
    high: int
    unit: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenText(Asked):
    """The respondent's own words."""

    kind: ClassVar[str] = "text"

    longest: int = 500


Question = FivePoint | Score | SingleChoice | MultipleChoice | Number | OpenText

WRITE_IN_LONGEST = 100  # characters


class SectionKind(StrEnum):
    """What a section is for. An aspect's five-point questions make one index."""

    SCREENING = "screening"
    BACKGROUND = "background"
    OUTCOME = "outcome"
    ASPECT = "aspect"
    SURVEY = "survey"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions that belong together."""

    id: str
    kind: SectionKind
    title: Words
    questions: tuple[Question, ...]
    introduction: Words | None = None
    aspect: Words | None = None
    """The plan's own term for what the section measures (城市安全性 …)."""
    ask_if: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What is said before, between and after the questions."""

    introduction: Words
    privacy: Words
    consent: Words
    sensitive: Words
    open_text: Words
    screened_out: Words
    thanks: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """One version of what is asked."""

    id: str
    version: str
    title: Words
    notices: Notices
    missing_labels: Mapping[Missing, Words]
    sections: tuple[Section, ...]

    def __hash__(self) -> int:
        return hash((self.id, self.version))  # Cheap, so that what is worked out once can be kept by questionnaire.

    def questions(self) -> Iterator[Question]:
        """Every question in the order of asking."""
        for section in self.sections:
            yield from section.questions

    def question(self, question_id: str) -> Question:
        """The question with this id; KeyError when there is none."""
        found = {question.id: question for question in self.questions()}
        return found[question_id]


def write_in_id(question_id: str) -> str:
    """Under which id the text of a write-in option stands in the answers."""
    return f"{question_id}_other"
