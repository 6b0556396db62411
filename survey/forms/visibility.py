"""Routing without a script: a style sheet made from the published rules shows a question once it is to be asked.

Browsers that know ``:has()`` follow it; in others every question shows, with a line that says when to answer it
(`only_if`). The server routes again in either case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from survey.forms.names import YES, element, has_write_in, input_of, sensitive_consent
from survey.questionnaire.model import (
    Condition,
    MultipleChoice,
    Question,
    Questionnaire,
    Section,
    SingleChoice,
)
from survey.questionnaire.routing import codes


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition in the respondent's words."""

    question: str
    choices: tuple[str, ...]


def question_element(question_id: str) -> str:
    """Id of the element that holds a question."""
    return f"q-{question_id}"


def section_element(section_id: str) -> str:
    """Id of the element that holds a section."""
    return f"s-{section_id}"


def only_if(questionnaire: Questionnaire, conditions: tuple[Condition, ...], language: str) -> tuple[Reason, ...]:
    """The conditions of a question or section in words, for browsers that can't hide it."""
    return tuple(
        Reason(asked.label[language], tuple(label_of(asked, code, questionnaire, language) for code in one.any_of))
        for one in conditions
        for asked in (questionnaire.question(one.question),)
    )


def label_of(question: Question, code: int, questionnaire: Questionnaire, language: str) -> str:
    """What a code of `question` is called."""
    if isinstance(question, SingleChoice | MultipleChoice):
        for option in question.options:
            if option.code == code:
                return option.label[language]
    for point in getattr(question, "points", ()):
        if point.code == code:
            return str(point.label[language])
    for way, words in questionnaire.missing_labels.items():
        if way == code:
            return words[language]
    return str(code)


@lru_cache(maxsize=32)
def visibility_style(questionnaire: Questionnaire) -> str:
    """The style sheet; it rules pages whose root has the class ``plain``, which the script takes away."""
    rules = "".join(rule for section in questionnaire.sections for rule in _section(questionnaire, section))
    return "@supports selector(:has(*)){.plain .only-if{display:none}" + rules + "}"


def _section(questionnaire: Questionnaire, section: Section) -> Iterator[str]:
    if section.ask_if:
        yield from _shown_if(section_element(section.id), _needs(questionnaire, section.ask_if))
    for question in section.questions:
        place = question_element(question.id)
        needs = _needs(questionnaire, (*section.ask_if, *question.ask_if))
        if question.ask_if:
            yield from _shown_if(place, needs)
        if question.ends_if:
            yield from _ends(section, question, needs)
        if isinstance(question, SingleChoice) and question.filter_by:
            yield from _filtered(questionnaire, question, question.filter_by)
        yield from _opened(question)


def _needs(questionnaire: Questionnaire, conditions: tuple[Condition, ...]) -> dict[Condition, Question]:
    """The conditions and those of the questions they look at: an answer off the path decides nothing."""
    found: dict[Condition, Question] = {}
    for one in conditions:
        for section in questionnaire.sections:
            for question in section.questions:
                if question.id == one.question:
                    found |= _needs(questionnaire, (*section.ask_if, *question.ask_if))
                    found[one] = question
    return found


def _form(needs: dict[Condition, Question]) -> str:
    held = "".join(f":has({_checked(question, one.any_of)})" for one, question in needs.items())
    return f".plain form{held}"


def _checked(question: Question, any_of: tuple[int, ...]) -> str:
    return ",".join(f"#{input_of(question, code)}:checked" for code in any_of)


def _shown_if(place: str, needs: dict[Condition, Question]) -> Iterator[str]:
    yield f".plain #{place}{{display:none}}{_form(needs)} #{place}{{display:block}}"


def _ends(section: Section, question: Question, needs: dict[Condition, Question]) -> Iterator[str]:
    ended = f"{_form(needs)}:has({_checked(question, question.ends_if)})"
    place = question_element(question.id)
    yield f"{ended} #{place} .stop{{display:block}}"
    yield f"{ended} #{place}~*,{ended} #{section_element(section.id)}~*{{display:none!important}}"


def _filtered(questionnaire: Questionnaire, question: SingleChoice, filter_by: str) -> Iterator[str]:
    place = question_element(question.id)
    yield f".plain #{place} .offered{{display:none}}"
    earlier = questionnaire.question(filter_by)
    for when in dict.fromkeys(option.when for option in question.options if option.when):
        shown = f"#{place} .{offered_class(when)}"
        yield f".plain form:has({_checked(earlier, when)}) {shown}{{display:block}}"
    if all(option.when for option in question.options):
        answered = tuple(code for code in codes(earlier) if any(code in option.when for option in question.options))
        yield f".plain form:not(:has({_checked(earlier, answered)})) #{place}{{display:none}}"


def offered_class(when: tuple[int, ...]) -> str:
    """Class of the choices that are offered under the same condition."""
    return "offered-" + "-".join(str(code) for code in when)


def _opened(question: Question) -> Iterator[str]:
    place = question_element(question.id)
    if has_write_in(question) and isinstance(question, SingleChoice | MultipleChoice):
        opening = tuple(option.code for option in question.options if option.write_in)
        yield f".plain #{place} .write-in{{display:none}}"
        yield f".plain #{place}:has({_checked(question, opening)}) .write-in{{display:block}}"
    if question.sensitive:
        yes = element(sensitive_consent(question.id), YES)
        yield f".plain #{place} .consented{{display:none}}"
        yield f".plain #{place}:has(#{yes}:checked) .consented{{display:block}}"
