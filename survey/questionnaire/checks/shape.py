"""Each question is whole in itself: scale balanced, options told apart, bounds in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import assert_never

from survey.questionnaire.checks.places import Placed, placed
from survey.questionnaire.errors import Problem
from survey.questionnaire.model import (
    FivePoint,
    MultipleChoice,
    Number,
    OpenText,
    Option,
    Questionnaire,
    Score,
    SectionKind,
    SingleChoice,
)
from survey.questionnaire.notation.scales import same_words
from survey.questionnaire.routing import codes


def shape(questionnaire: Questionnaire) -> Iterator[Problem]:
    """What is wrong inside single questions."""
    for one in placed(questionnaire):
        yield from _of_kind(one)
        yield from _ends(one)
        if one.question.optional and one.section.kind is SectionKind.SCREENING:
            yield one.problem("optional", "a screening question cannot be optional: who is asked depends on it")


def _of_kind(one: Placed) -> Iterator[Problem]:
    match one.question:
        case FivePoint() | Score():
            pass  # Scales are declared once, and checked where they are.
        case Number(low=low, high=high):
            yield from _bounds(one, low, high)
        case SingleChoice(options=options):
            yield from _options(one, options)
            yield from _not_exclusive(one, options)
        case MultipleChoice(options=options, most=most):
            yield from _options(one, options)
            yield from _most(one, options, most)
        case OpenText(longest=longest):
            yield from _longest(one, longest)
        case _:
            assert_never(one.question)


def _bounds(one: Placed, low: int, high: int) -> Iterator[Problem]:
    if low < 0:
        yield one.problem("low", f"{low} is below 0, where the codes for missing answers are")
    if low >= high:
        yield one.problem("high", f"{high} is not above low ({low})")


def _longest(one: Placed, longest: int) -> Iterator[Problem]:
    if longest < 1:
        yield one.problem("longest", f"must be at least 1, not {longest}")


def _not_exclusive(one: Placed, options: tuple[Option, ...]) -> Iterator[Problem]:
    for option in options:
        if option.exclusive:
            yield one.problem(f"option {option.code}", "exclusive means nothing in a single choice")


def _options(one: Placed, options: tuple[Option, ...]) -> Iterator[Problem]:
    if len(options) < 2:
        yield one.problem("options", f"a choice needs at least two, and has {len(options)}")
    for code, times in Counter(option.code for option in options).items():
        if times > 1:
            yield one.problem(f"option {code}", "the code stands twice")
        if code < 0:
            yield one.problem(f"option {code}", "codes below 0 are kept for missing answers")
    writing = [option.code for option in options if option.write_in]
    if len(writing) > 1:
        yield one.problem("options", f"only one can open a write-in field, not {', '.join(map(str, writing))}")
    for told in same_words(option.label for option in options):
        yield one.problem("options", told)


def _most(one: Placed, options: tuple[Option, ...], most: int | None) -> Iterator[Problem]:
    combinable = sum(not option.exclusive for option in options)
    if options and combinable < 2:
        yield one.problem("options", "nothing can be combined: at least two options must not be exclusive")
    elif most is not None and most > combinable:
        yield one.problem("most", f"{most} is more than the {combinable} options that can be chosen together")
    if most is not None and most < 2:
        yield one.problem("most", f"{most} makes it a single choice")


def _ends(one: Placed) -> Iterator[Problem]:
    question = one.question
    possible = {*codes(question), *map(int, question.missing)}
    for code in question.ends_if:
        if code not in possible:
            yield one.problem("ends_if", f"{code} is no answer to this question")
    if codes(question) and set(codes(question)) <= set(question.ends_if):
        yield one.problem("ends_if", "every answer ends the interview")
