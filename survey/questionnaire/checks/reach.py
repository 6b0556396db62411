"""Every question can be asked of somebody.

What must be true before a question is asked is a set of allowed answers for each question it depends on, directly or
through others. Conditions limit one question each; `filter_by` ties a question to one earlier question, so that the
ties form a forest, and on a forest it is enough that each question narrows the one that decides over it (directional
arc consistency decides a tree-structured constraint problem: Freuder 1982, J. ACM 29, 24-32). So what is refused can
never be asked, and what passes can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from survey.questionnaire.checks.places import Placed, section_place
from survey.questionnaire.errors import Problem
from survey.questionnaire.model import Condition, MultipleChoice, Questionnaire, SingleChoice


def reach(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Contradictory conditions, and questions and sections that nobody can ever be asked."""
    earlier: dict[str, Placed] = {}
    closed: set[str] = set()
    for section in questionnaire.sections:
        reason = _reason(section.ask_if, earlier, closed)
        if reason:
            yield Problem(f"{section_place(section)} › ask_if", reason)
        for question in section.questions:
            one = Placed(section, question)
            why_not = reason or _reason(one.conditions, earlier, closed, one)
            if why_not:
                closed.add(question.id)
            if why_not and not reason:
                yield one.problem("ask_if" if question.ask_if else "filter_by", why_not)
            if not why_not:
                yield from _options(one, earlier, closed)
            earlier.setdefault(question.id, one)


def _options(one: Placed, earlier: Mapping[str, Placed], closed: set[str]) -> Iterator[Problem]:
    match one.question:
        case SingleChoice(filter_by=str(deciding), options=options):
            for option in options:
                offered = Condition(question=deciding, any_of=option.when)
                if option.when and _reason((*one.conditions, offered), earlier, closed):
                    yield one.problem(f"option {option.code} › when", "can never be offered")
        case _:
            pass


def _reason(
    conditions: Iterable[Condition], earlier: Mapping[str, Placed], closed: set[str], one: Placed | None = None
) -> str | None:
    """Why the conditions can never hold together; None when they can, or when that is told elsewhere already."""
    known = [condition for condition in conditions if condition.question in earlier]
    if any(condition.question in closed for condition in known):
        return None
    direct = _Needs(earlier)
    for condition in known:
        direct.allow(condition.question, condition.any_of)
    if direct.impossible():
        return f'contradictory: no answer to question "{direct.impossible()}" meets all its conditions'
    needs = _Needs(earlier)
    for condition in known:
        needs.require(condition.question, condition.any_of)
    if one:
        needs.offer(one)
    needs.settle()
    name = needs.impossible()
    if name:
        return f'can never be asked: no answer to question "{name}" fits all that has to be answered before'
    return None


class _Needs:
    """Allowed answers of the questions that something depends on."""

    def __init__(self, earlier: Mapping[str, Placed]) -> None:
        self.earlier = earlier
        self.allowed: dict[str, frozenset[int]] = {}
        self.several: dict[str, list[frozenset[int]]] = {}

    def allow(self, name: str, any_of: Iterable[int]) -> None:
        """Only these answers to the question."""
        wanted = frozenset(any_of)
        if isinstance(self.earlier[name].question, MultipleChoice):
            self.several.setdefault(name, []).append(wanted)
        else:
            self.allowed[name] = self.allowed.get(name, wanted) & wanted

    def require(self, name: str, any_of: Iterable[int]) -> None:
        """The question is asked and answered so. (That no such answer ends the interview is checked with the links.)"""
        first = name not in self.allowed and name not in self.several
        self.allow(name, any_of)
        if first:
            self.ask(self.earlier[name])

    def ask(self, one: Placed) -> None:
        """The question is asked."""
        for condition in one.conditions:
            if condition.question in self.earlier:
                self.require(condition.question, condition.any_of)
        self.offer(one)

    def offer(self, one: Placed) -> None:
        """At least one of its options is offered."""
        match one.question:
            case SingleChoice(filter_by=str(deciding), options=options) if deciding in self.earlier:
                if all(option.when for option in options):
                    self.require(deciding, {code for option in options for code in option.when})
            case _:
                pass

    def settle(self) -> None:
        """Let the answers left of each filtered question narrow those of the question that decides."""
        before: object = None
        while before != self.allowed:
            before = dict(self.allowed)
            for name in tuple(self.allowed):
                self._tie(name)

    def _tie(self, name: str) -> None:
        question = self.earlier[name].question
        if not isinstance(question, SingleChoice) or not question.filter_by or question.filter_by not in self.earlier:
            return
        when = {option.code: frozenset(option.when) for option in question.options if option.when}
        left = self.allowed[name]
        if left and left <= when.keys():
            self.require(question.filter_by, frozenset[int]().union(*(when[code] for code in left)))

    def impossible(self) -> str | None:
        """A question that no answer is left for."""
        for name, allowed in self.allowed.items():
            if not allowed:
                return name
        for name, wanted in self.several.items():
            question = self.earlier[name].question
            if isinstance(question, MultipleChoice) and not _choosable(question, wanted):
                return name
        return None


def _choosable(question: MultipleChoice, wanted: list[frozenset[int]]) -> bool:
    """Whether one allowed choice contains a code of each set."""
    alone = {option.code for option in question.options if option.exclusive} | {int(way) for way in question.missing}
    most = question.most or len(question.options)
    return any(
        len(chosen) == 1 or (len(chosen) <= most and alone.isdisjoint(chosen)) for chosen in map(set, product(*wanted))
    )
