"""Which answers a questionnaire accepts, and the complete record of one interview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import assert_never
from unicodedata import category

from survey.questionnaire.model import (
    WRITE_IN_LONGEST,
    Answer,
    Answers,
    FivePoint,
    Missing,
    MultipleChoice,
    Number,
    OpenText,
    Question,
    Questionnaire,
    Score,
    SingleChoice,
    write_in_id,
)
from survey.questionnaire.routing import codes, offered, path, required


class Reason(StrEnum):
    """Why an answer is not accepted; the words for it come from the interface's catalogues."""

    REQUIRED = "required"
    """Left blank, where only an answer lets the interview go on."""
    WRONG_KIND = "wrong_kind"
    """A text where a code belongs, a fraction where a whole number belongs, and the like."""
    OUTSIDE_SCALE = "outside_scale"
    """No code of the scale or list, and no way of not answering this question offers."""
    NOT_OFFERED = "not_offered"
    """On the list, but not for this respondent (a street of another district)."""
    EXCLUSIVE = "exclusive"
    """An exclusive option, "don't know" or "prefer not to say" chosen together with something else."""
    TOO_MANY = "too_many"
    OUT_OF_BOUNDS = "out_of_bounds"
    TOO_LONG = "too_long"
    UNKNOWN_QUESTION = "unknown_question"
    """The questionnaire has no such question."""


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """One answer that is not accepted. `question_id` is a write-in's own id when its text is what is wrong."""

    question_id: str
    reason: Reason


def check_answers(questionnaire: Questionnaire, answers: Answers) -> tuple[AnswerProblem, ...]:
    """Everything that is wrong with the answers on the path, in the order of asking.

    Answers to known questions off the path are no problem: `completed` drops them.
    """
    known = _known(questionnaire)
    asked = path(questionnaire, answers).asked
    given = {name: answers[name] for name in asked if name in answers}
    problems = []
    for name in asked:
        one = known.questions[name]
        answer = _tidy(answers.get(name))
        if answer is None:
            if one.required:
                problems.append(AnswerProblem(name, Reason.REQUIRED))
            continue
        reason = _reason(one, answer, given)
        if reason:
            problems.append(AnswerProblem(name, reason))
        if one.write_in is not None and _chosen(answer, one.write_in):
            problems += _write_in_problems(write_in_id(name), answers)
    unknown = answers.keys() - known.ids
    return (*problems, *(AnswerProblem(name, Reason.UNKNOWN_QUESTION) for name in sorted(unknown)))


def completed(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """One answer for every question: what was answered on the path, `NOT_ASKED` off it, `LEFT_BLANK` where nothing is.

    Write-in texts stay where their option is chosen. Everything else is dropped. The codes of a multiple choice come
    in ascending order, texts without what cannot be seen or stored. Completing twice changes nothing.
    """
    asked = frozenset(path(questionnaire, answers).asked)
    record: dict[str, Answer] = {}
    for name, one in _known(questionnaire).questions.items():
        if name not in asked:
            record[name] = int(Missing.NOT_ASKED)
            continue
        answer = _tidy(answers.get(name))
        record[name] = int(Missing.LEFT_BLANK) if answer is None else answer
        if one.write_in is not None and _chosen(answer, one.write_in):
            text = _tidy(answers.get(write_in_id(name)))
            if text is not None:
                record[write_in_id(name)] = text
    return record


@dataclass(frozen=True, slots=True)
class _Accepted:
    """What is worked out once for a question."""

    question: Question
    codes: frozenset[int]
    missing: frozenset[int]
    alone: frozenset[int]
    """What cannot be chosen together with anything else."""
    write_in: int | None
    required: bool


@dataclass(frozen=True, slots=True)
class _Known:
    questions: Mapping[str, _Accepted]
    ids: frozenset[str]
    """Ids that answers may have, those of write-ins included."""


@lru_cache(maxsize=32)
def _known(questionnaire: Questionnaire) -> _Known:
    questions = {
        question.id: _accepted(question, required(section, question))
        for section in questionnaire.sections
        for question in section.questions
    }
    write_ins = (write_in_id(name) for name, one in questions.items() if one.write_in is not None)
    return _Known(questions, frozenset((*questions, *write_ins)))


def _accepted(question: Question, is_required: bool) -> _Accepted:
    options = question.options if isinstance(question, SingleChoice | MultipleChoice) else ()
    missing = frozenset(map(int, question.missing))
    return _Accepted(
        question=question,
        codes=frozenset(codes(question)),
        missing=missing,
        alone=missing | {option.code for option in options if option.exclusive},
        write_in=next((option.code for option in options if option.write_in), None),
        required=is_required,
    )


def _tidy(answer: Answer | None) -> Answer | None:
    """The answer in its one form; None when there is none."""
    match answer:
        case str():
            return _seen(answer) or None
        case (Missing.DONT_KNOW | Missing.PREFER_NOT_TO_SAY as only,):
            return int(only)
        case tuple() if all(isinstance(code, int) for code in answer):
            return tuple(sorted(set(answer))) or None
        case Missing.NOT_ASKED | Missing.LEFT_BLANK:
            return None
        case Missing():
            return int(answer)
        case _:
            return answer


def _seen(text: str) -> str:
    """The text without control characters and halves of characters, which no database keeps and nobody reads."""
    return "".join(c for c in text if c in "\n\t" or category(c) not in ("Cc", "Cs")).strip()


def _chosen(answer: Answer | None, code: int) -> bool:
    return code in answer if isinstance(answer, tuple) else answer == code


def _reason(one: _Accepted, answer: Answer, given: Answers) -> Reason | None:
    question = one.question
    if type(answer) is int and answer < 0:
        return None if answer in one.missing else Reason.OUTSIDE_SCALE
    match question:
        case FivePoint() | Score() | SingleChoice():
            return _one_code(one, answer, given)
        case MultipleChoice():
            return _some_codes(one, question, answer)
        case Number(low=low, high=high):
            if type(answer) is not int:
                return Reason.WRONG_KIND
            return None if low <= answer <= high else Reason.OUT_OF_BOUNDS
        case OpenText(longest=longest):
            return _text(answer, longest)
        case _:
            assert_never(question)


def _one_code(one: _Accepted, answer: Answer, given: Answers) -> Reason | None:
    if type(answer) is not int:
        return Reason.WRONG_KIND
    if answer not in one.codes:
        return Reason.OUTSIDE_SCALE
    match one.question:
        case SingleChoice(filter_by=str()) if all(o.code != answer for o in offered(one.question, given)):
            return Reason.NOT_OFFERED
        case _:
            return None


def _some_codes(one: _Accepted, question: MultipleChoice, answer: Answer) -> Reason | None:
    if not isinstance(answer, tuple) or not all(type(code) is int for code in answer):
        return Reason.WRONG_KIND
    if not one.codes.issuperset(code for code in answer if code not in one.missing):
        return Reason.OUTSIDE_SCALE
    if len(answer) > 1 and not one.alone.isdisjoint(answer):
        return Reason.EXCLUSIVE
    return Reason.TOO_MANY if question.most is not None and len(answer) > question.most else None


def _text(answer: Answer, longest: int) -> Reason | None:
    if not isinstance(answer, str):
        return Reason.WRONG_KIND
    return Reason.TOO_LONG if len(answer) > longest else None


def _write_in_problems(name: str, answers: Answers) -> Iterator[AnswerProblem]:
    text = _tidy(answers.get(name))
    reason = None if text is None else _text(text, WRITE_IN_LONGEST)
    if reason:
        yield AnswerProblem(name, reason)
