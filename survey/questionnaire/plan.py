"""The city's plan the survey serves: check-up dimensions, sections, tasks and the units responsible for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from survey.questionnaire.errors import DefinitionError, Problem
from survey.questionnaire.model import Words
from survey.questionnaire.notation.table import Table, document

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One dimension of the city check-up; its scope as the plan words it (Chinese only)."""

    number: int
    name: Words
    scope_zh: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSection:
    """One chapter of the plan, numbered as the plan does (二, 三 …)."""

    number: str
    name: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A body responsible for tasks, or named by the plan."""

    id: str
    kind: str
    name: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One numbered task; targets are quoted from the plan (Chinese only)."""

    number: int
    section: str
    title: Words
    units: tuple[str, ...]
    dimension: int
    dimension_fit: str
    """`named` where the dimension's own scope names the subject, `judged` where we decided."""
    also: tuple[int, ...] = ()
    """Further dimensions it bears on."""
    targets_zh: tuple[str, ...] = ()
    and_others: bool = False
    """The plan ends the list of units with 等."""
    role: str = "responsible"
    """`responsible` or, where the plan says 牵头单位, `lead`."""
    not_asked: Words | None = None
    """Why no question covers the task, where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole plan."""

    dimensions: tuple[Dimension, ...]
    sections: tuple[PlanSection, ...]
    units: tuple[Unit, ...]
    tasks: tuple[Task, ...]

    def dimension(self, number: int) -> Dimension:
        """The dimension with this number; KeyError when there is none."""
        return _only((d for d in self.dimensions if d.number == number), number)

    def unit(self, unit_id: str) -> Unit:
        """The unit with this id; KeyError when there is none."""
        return _only((u for u in self.units if u.id == unit_id), unit_id)

    def task(self, number: int) -> Task:
        """The task with this number; KeyError when there is none."""
        return _only((t for t in self.tasks if t.number == number), number)


@cache
def city_plan() -> Plan:
    """The plan shipped with the package (definitions/plan.toml)."""
    return read_plan(files("survey.questionnaire").joinpath("definitions/plan.toml").read_text("utf-8"))


def read_plan(text: str) -> Plan:
    """The plan written in TOML: ``[[dimension]]``, ``[[section]]``, ``[[unit]]``, ``[[task]]``; DefinitionError."""
    whole = document(text)
    plan = Plan(
        dimensions=tuple(_dimension(t) for t in whole.tables("dimension", "dimension", "number")),
        sections=tuple(_section(t) for t in whole.tables("section", "section", "number")),
        units=tuple(_unit(t) for t in whole.tables("unit", "unit")),
        tasks=tuple(_task(t) for t in whole.tables("task", "task", "number")),
    )
    whole.finish()
    problems = [*whole.problems, *_loose_ends(plan)]
    if problems:
        raise DefinitionError(problems)
    return plan


def _only(found: Iterator[_Part], key: object) -> _Part:
    for one in found:
        return one
    raise KeyError(key)


def _dimension(table: Table) -> Dimension:
    one = Dimension(
        number=table.integer("number"),
        name=table.words("name"),
        scope_zh=table.text("scope_zh"),
        units=table.texts("units"),
    )
    table.finish()
    return one


def _section(table: Table) -> PlanSection:
    one = PlanSection(number=table.text("number"), name=table.words("name"))
    table.finish()
    return one


def _unit(table: Table) -> Unit:
    one = Unit(id=table.id(), kind=table.text("kind"), name=table.words("name"))
    table.finish()
    return one


def _task(table: Table) -> Task:
    one = Task(
        number=table.integer("number"),
        section=table.text("section"),
        title=table.words("title"),
        units=table.texts("units"),
        dimension=table.integer("dimension"),
        dimension_fit=table.text("dimension_fit"),
        also=table.integers("also", ()),
        targets_zh=table.texts("targets_zh", ()),
        and_others=table.flag("and_others"),
        role=table.text("role", "responsible"),
        not_asked=table.words_if_any("not_asked"),
    )
    table.finish()
    return one


def _loose_ends(plan: Plan) -> list[Problem]:
    dimensions = [d.number for d in plan.dimensions]
    sections = [s.number for s in plan.sections]
    units = [u.id for u in plan.units]
    tasks = [t.number for t in plan.tasks]
    problems = [
        *_twice("dimension", dimensions),
        *_twice("section", sections),
        *_twice("unit", units),
        *_twice("task", tasks),
    ]
    for dimension in plan.dimensions:
        place = f"dimension {dimension.number} › units"
        problems += [Problem(place, f"{unit} is not in the plan") for unit in dimension.units if unit not in units]
    for task in plan.tasks:
        place = f"task {task.number}"
        wanted: list[tuple[str, Sequence[object], Sequence[object]]] = [
            ("dimension", dimensions, [task.dimension]),
            ("also", dimensions, task.also),
            ("section", sections, [task.section]),
            ("units", units, task.units),
        ]
        for key, known, named in wanted:
            problems += [Problem(f"{place} › {key}", f"{one} is not in the plan") for one in named if one not in known]
    return problems


def _twice(noun: str, keys: Sequence[object]) -> list[Problem]:
    return [Problem(f"{noun} {key}", "stands twice") for key in dict.fromkeys(keys) if keys.count(key) > 1]
