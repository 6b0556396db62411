"""Where the parts of a questionnaire stand, in the words the reader of the file uses too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey.questionnaire.errors import Problem
from survey.questionnaire.model import Condition, Question, Questionnaire, Section


@dataclass(frozen=True, slots=True)
class Placed:
    """A question in its section."""

    section: Section
    question: Question

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that must hold before it is asked: the section's conditions and its own."""
        return (*self.section.ask_if, *self.question.ask_if)

    def problem(self, part: str, message: str) -> Problem:
        """What is wrong with a part of it."""
        return Problem(f'{section_place(self.section)} › question "{self.question.id}" › {part}', message)


def placed(questionnaire: Questionnaire) -> Iterator[Placed]:
    """Every question with its section, in the order of asking."""
    for section in questionnaire.sections:
        for question in section.questions:
            yield Placed(section, question)


def section_place(section: Section) -> str:
    """The place of a section."""
    return f'section "{section.id}"'
