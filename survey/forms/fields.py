"""One WTForms field for each kind of question.

The fields read and keep what was sent; what is valid is decided by `survey.questionnaire.validation` alone, so that
page, script, interviewer and import are judged by the same rules. A code that is no number is kept as it came, for the
validation to refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, assert_never

from wtforms import Field, RadioField, SelectMultipleField, StringField

from survey.forms.names import element
from survey.questionnaire.model import (
    FivePoint,
    Missing,
    MultipleChoice,
    Number,
    OpenText,
    Option,
    Question,
    Score,
    SingleChoice,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One choice as a page shows it."""

    id: str
    code: int
    label: str
    checked: bool
    exclusive: bool = False
    write_in: bool = False
    end: str = ""
    """What this end of a scale means, for readers who hear the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Choices that are offered together: always, or after one of `when` was chosen elsewhere."""

    when: tuple[int, ...]
    rows: tuple[Row, ...]


def code_or_text(value: str) -> int | str:
    """The whole number that was sent, or the text itself when it is none."""
    try:
        return int(value)
    except ValueError:
        return value


def field_for(question: Question, language: str) -> Field:
    """The field that asks `question`, unbound."""
    text = question.text[language]
    match question:
        case FivePoint() | Score() | SingleChoice():
            return CodeField(text, question=question, language=language)
        case MultipleChoice():
            return CodesField(text, question=question, language=language)
        case Number() | OpenText():
            return StringField(text)
    assert_never(question)


class _Shown:
    """Rows of a question with codes."""

    data: Any
    question: Question
    language: str

    def groups(self) -> Iterator[Rows]:
        """The choices in order, those offered under the same condition together."""
        for when, rows in groupby(self._rows(), key=lambda pair: pair[0]):
            yield Rows(when=when, rows=tuple(row for _, row in rows))

    def _rows(self) -> Iterator[tuple[tuple[int, ...], Row]]:
        match self.question:
            case Score() as score:
                ends = {score.low: score.low_label[self.language], score.high: score.high_label[self.language]}
                for code in range(score.low, score.high + 1):
                    yield (), self._row(code, str(code), end=ends.get(code, ""))
            case FivePoint(points=points):
                for point in points:
                    yield (), self._row(point.code, point.label[self.language])
            case SingleChoice(options=options) | MultipleChoice(options=options):
                for option in options:
                    yield option.when, self._option(option)

    def _option(self, option: Option) -> Row:
        return self._row(option.code, option.label[self.language], exclusive=option.exclusive, write_in=option.write_in)

    def _row(self, code: int, label: str, **more: Any) -> Row:
        return Row(id=element(self.question.id, code), code=code, label=label, checked=code in self._chosen(), **more)

    def _chosen(self) -> tuple[int | str, ...]:
        if self.data is None:
            return ()
        return tuple(self.data) if isinstance(self.data, list) else (self.data,)


class CodeField(_Shown, RadioField):  # type: ignore[misc]
    """One code of a scale or list, or a code for not answering."""

    def __init__(self, *arguments: Any, question: Question, language: str, **more: Any) -> None:
        super().__init__(*arguments, choices=[], coerce=code_or_text, validate_choice=False, **more)
        self.question, self.language = question, language


class CodesField(_Shown, SelectMultipleField):  # type: ignore[misc]
    """Some codes of a list, or a code for not answering."""

    def __init__(self, *arguments: Any, question: Question, language: str, **more: Any) -> None:
        super().__init__(*arguments, choices=[], coerce=code_or_text, validate_choice=False, **more)
        self.question, self.language = question, language


def missing_rows(question: Question, labels: dict[Missing, str], name: str, chosen: tuple[Any, ...]) -> tuple[Row, ...]:
    """The ways of not answering that `question` offers."""
    return tuple(
        Row(id=element(name, int(way)), code=int(way), label=labels[way], checked=int(way) in chosen, exclusive=True)
        for way in question.missing
    )
