"""What respondents wrote in their own words, for the bureau to read: texts alone, joined to nothing.

Never part of the microdata or of anything published: a text beside an age and a street is a person.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from survey.language import say as saying
from survey.questionnaire.model import MultipleChoice, OpenText, Question, Questionnaire, SingleChoice, write_in_id
from survey.report.writing.sheets import Value, neutral
from survey.wave.response import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAnswers:
    """A table of texts: question and text, in the order of the alphabet, which says nothing of who came when."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def open_answers(responses: Iterable[Response], questionnaire: Questionnaire, language: str) -> OpenAnswers:
    """Every open answer and write-in of a wave, of both samples, with the variable label of its question."""
    say = saying(language)
    written = {key: question.label[language] for question in questionnaire.questions() for key in _keys(question)}
    places = {key: place for place, key in enumerate(written)}
    found = sorted(
        (places[key], text)
        for response in responses
        for key, text in response.answers.items()
        if key in written and isinstance(text, str) and text.strip()
    )
    labels = tuple(written.values())
    return OpenAnswers(heads=(say("Question"), say("Text")), rows=tuple((labels[place], text) for place, text in found))


def open_answers_csv(table: OpenAnswers) -> bytes:
    """The texts as CSV with a byte order mark; cells that begin like a formula are neutralised."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.heads)
    writer.writerows([neutral(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _keys(question: Question) -> tuple[str, ...]:
    match question:
        case OpenText():
            return (question.id,)
        case SingleChoice() | MultipleChoice() if any(option.write_in for option in question.options):
            return (write_in_id(question.id),)
        case _:
            return ()
