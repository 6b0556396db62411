"""Who is asked what: the same published rules for the server and for the script on the phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, assert_never

from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import (
    WRITE_IN_LONGEST,
    Answer,
    Answers,
    Condition,
    FivePoint,
    MultipleChoice,
    Number,
    OpenText,
    Option,
    Question,
    Questionnaire,
    Score,
    Section,
    SectionKind,
    SingleChoice,
)


@dataclass(frozen=True, slots=True)
class Path:
    """The questions a respondent is asked, in order, and the one whose answer ended the interview."""

    asked: tuple[str, ...]
    screened_out_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What decides whether a question is asked and whether its answer is the last."""

    id: str
    needs: tuple[tuple[str, frozenset[int]], ...]
    offered_to: tuple[str, frozenset[int]] | None
    ends: frozenset[int]


def path(questionnaire: Questionnaire, answers: Answers) -> Path:
    """The path these answers lead along.

    A question is asked when all conditions of its section and its own hold and, where its options depend on an
    earlier answer, at least one is offered. Answers to questions off the path decide nothing.
    """
    asked: list[str] = []
    given: dict[str, Answer] = {}
    for step in _steps(questionnaire):
        if not all(_holds(given.get(question), any_of) for question, any_of in step.needs):
            continue
        if step.offered_to and not _holds(given.get(step.offered_to[0]), step.offered_to[1]):
            continue
        asked.append(step.id)
        if step.id in answers:
            given[step.id] = answers[step.id]
            if _holds(given[step.id], step.ends):
                return Path(tuple(asked), step.id)
    return Path(tuple(asked), None)


def codes(question: Question) -> tuple[int, ...]:
    """The codes a respondent may choose from, without the ways of not answering; none for numbers and texts."""
    match question:
        case FivePoint(points=points):
            return tuple(point.code for point in points)
        case Score(low=low, high=high):
            return tuple(range(low, high + 1))
        case SingleChoice(options=options) | MultipleChoice(options=options):
            return tuple(option.code for option in options)
        case Number() | OpenText():
            return ()
        case _:
            assert_never(question)


def offered(question: Question, answers: Answers) -> tuple[Option, ...]:
    """The options this respondent may choose from; none for a question without options."""
    match question:
        case SingleChoice(filter_by=str(earlier)):
            given = answers.get(earlier)
            return tuple(option for option in question.options if not option.when or given in option.when)
        case SingleChoice() | MultipleChoice():
            return question.options
        case _:
            return ()


def required(section: Section, question: Question) -> bool:
    """Whether it may not be left blank: screening only, for a resident may decline anything else."""
    return section.kind is SectionKind.SCREENING and not question.optional


@lru_cache(maxsize=32)
def rules(questionnaire: Questionnaire) -> Mapping[str, Any]:
    """Everything the phone's script needs to route and to validate, as plain JSON values.

    ``questions`` stand in the order of asking; what does not apply to a question is left out. ``ask_if`` holds the
    conditions of the section too; ``when`` gives for an option's code the answers to ``filter_by`` it is offered to.
    """
    return {
        "questionnaire": questionnaire.id,
        "version": questionnaire.version,
        "hash": content_hash(questionnaire),
        "questions": [_rule(section, question) for section in questionnaire.sections for question in section.questions],
    }


def _holds(given: Answer | None, any_of: frozenset[int]) -> bool:
    if isinstance(given, tuple):
        return not any_of.isdisjoint(given)
    return given in any_of


@lru_cache(maxsize=32)
def _steps(questionnaire: Questionnaire) -> tuple[_Step, ...]:
    return tuple(
        _Step(
            id=question.id,
            needs=tuple((one.question, frozenset(one.any_of)) for one in (*section.ask_if, *question.ask_if)),
            offered_to=_offered_to(question),
            ends=frozenset(question.ends_if),
        )
        for section in questionnaire.sections
        for question in section.questions
    )


def _offered_to(question: Question) -> tuple[str, frozenset[int]] | None:
    match question:
        case SingleChoice(filter_by=str(earlier), options=options) if all(option.when for option in options):
            return earlier, frozenset(code for option in options for code in option.when)
        case _:
            return None


def _rule(section: Section, question: Question) -> Mapping[str, Any]:
    rule = {
        "codes": list(codes(question)),
        "missing": [int(way) for way in question.missing],
        "required": required(section, question),
        "optional": question.optional,
        "sensitive": question.sensitive,
        "ask_if": [_condition(one) for one in (*section.ask_if, *question.ask_if)],
        "ends_if": list(question.ends_if),
        **_rule_of_kind(question),
    }
    kept = {key: value for key, value in rule.items() if value not in (None, False, [], {})}
    return {"id": question.id, "section": section.id, "kind": question.kind, **kept}


def _rule_of_kind(question: Question) -> Mapping[str, Any]:
    match question:
        case SingleChoice(options=options, filter_by=filter_by):
            when = {str(option.code): list(option.when) for option in options if option.when}
            return {"filter_by": filter_by, "when": when, **_write_in(options)}
        case MultipleChoice(options=options, most=most):
            exclusive = [option.code for option in options if option.exclusive]
            return {"exclusive": exclusive, "most": most, **_write_in(options)}
        case Number(low=low, high=high):
            return {"bounds": [low, high]}
        case OpenText(longest=longest):
            return {"longest": longest}
        case _:
            return {}


def _write_in(options: tuple[Option, ...]) -> Mapping[str, Any]:
    opening = [option.code for option in options if option.write_in]
    return {"write_in": opening, "longest": WRITE_IN_LONGEST} if opening else {}


def _condition(condition: Condition) -> Mapping[str, Any]:
    return {"question": condition.question, "any_of": list(condition.any_of)}
