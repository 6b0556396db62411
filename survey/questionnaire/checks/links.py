"""Everything that is referred to exists, and earlier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.questionnaire.checks.places import Placed, placed, section_place
from survey.questionnaire.errors import Problem
from survey.questionnaire.model import (
    Condition,
    Option,
    Question,
    Questionnaire,
    SingleChoice,
)
from survey.questionnaire.plan import Plan
from survey.questionnaire.routing import codes


def links(questionnaire: Questionnaire, plan: Plan) -> Iterator[Problem]:
    """Dangling references: to other questions and their codes, and to the city's plan."""
    everything: dict[str, Question] = {}
    for one in placed(questionnaire):
        everything.setdefault(one.question.id, one.question)
    earlier: dict[str, Question] = {}
    for section in questionnaire.sections:
        for position, condition in enumerate(section.ask_if, start=1):
            for part, message in _condition(condition, earlier, everything):
                yield Problem(f"{section_place(section)} › ask_if {position} › {part}", message)
        for question in section.questions:
            one = Placed(section, question)
            yield from _conditions(one, earlier, everything)
            yield from _filter(one, earlier, everything)
            yield from _plan(one, plan)
            earlier.setdefault(question.id, question)


def _conditions(one: Placed, earlier: Mapping[str, Question], everything: Mapping[str, Question]) -> Iterator[Problem]:
    for position, condition in enumerate(one.question.ask_if, start=1):
        for part, message in _condition(condition, earlier, everything):
            yield one.problem(f"ask_if {position} › {part}", message)


def _condition(
    condition: Condition, earlier: Mapping[str, Question], everything: Mapping[str, Question]
) -> Iterator[tuple[str, str]]:
    name = condition.question
    if name not in earlier:
        yield "question", _not_earlier(name, everything)
        return
    asked = earlier[name]
    if not codes(asked):
        yield "question", f'question "{name}" has no codes to ask for: its kind is {asked.kind}'
        return
    possible = {*codes(asked), *map(int, asked.missing)}
    for code in condition.any_of:
        if code not in possible:
            yield "any_of", f'{code} is no answer to question "{name}"'
        elif code in asked.ends_if:
            yield "any_of", f'{code} to question "{name}" ends the interview, so nothing can be asked after it'


def _not_earlier(name: str, everything: Mapping[str, Question]) -> str:
    if name in everything:
        return f'question "{name}" does not come earlier'
    return f'there is no question "{name}"'


def _filter(one: Placed, earlier: Mapping[str, Question], everything: Mapping[str, Question]) -> Iterator[Problem]:
    if not isinstance(one.question, SingleChoice):
        return
    name, filtered = one.question.filter_by, [option for option in one.question.options if option.when]
    deciding = earlier.get(name) if name else None
    if name is None:
        for option in filtered:
            yield one.problem(f"option {option.code} › when", "needs filter_by, the question it looks at")
    elif deciding is None:
        yield one.problem("filter_by", _not_earlier(name, everything))
    elif not isinstance(deciding, SingleChoice):
        yield one.problem("filter_by", f'question "{name}" is no single choice')
    else:
        yield from _filtered(one, filtered, deciding)


def _filtered(one: Placed, filtered: list[Option], deciding: SingleChoice) -> Iterator[Problem]:
    if not filtered:
        yield one.problem("filter_by", "no option says when it is offered")
    for option in filtered:
        for code in option.when:
            if code not in codes(deciding):
                yield one.problem(f"option {option.code} › when", f'{code} is no option of question "{deciding.id}"')
            elif code in deciding.ends_if:
                yield one.problem(
                    f"option {option.code} › when", f'{code} to question "{deciding.id}" ends the interview'
                )


def _plan(one: Placed, plan: Plan) -> Iterator[Problem]:
    named = one.question.links
    if named.dimension is not None and named.dimension not in {known.number for known in plan.dimensions}:
        yield one.problem("dimension", f"the plan has no dimension {named.dimension}")
    tasks, units = {known.number for known in plan.tasks}, {known.id for known in plan.units}
    for task in named.tasks:
        if task not in tasks:
            yield one.problem("tasks", f"the plan has no task {task}")
    for unit in named.units:
        if unit not in units:
            yield one.problem("units", f'the plan has no unit "{unit}"')
