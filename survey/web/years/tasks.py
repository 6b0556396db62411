"""From result to task: what residents say about each task of the plan and to each responsible unit."""

from __future__ import annotations

from functools import partial

from flask import Blueprint
from flask.typing import ResponseReturnValue

from survey.questionnaire.plan import Plan, city_plan
from survey.report.detail.closely import family_of
from survey.report.detail.comparisons import StandsOut
from survey.report.saying.notes import foot
from survey.report.tasks.concerns import Concerns, Item, concerns
from survey.report.tasks.saying import item_cards, notes, shorts
from survey.web.computed import memory
from survey.web.desk.door import members_only
from survey.web.house import house
from survey.web.years.series import Series, page, with_series

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/<language>/tasks")
@members_only
@with_series
def tasks(found: Series, language: str) -> ResponseReturnValue:
    """Every task of the plan: how many items concern it and where they are sure to be low or falling."""
    known = _concerns(found)
    return page(
        "tasks/tasks.html",
        **_frame(found, known, language),
        pressing={task.number: _pressing(known.of_task(task.number)) for task in city_plan().tasks},
        items={task.number: len(known.of_task(task.number)) for task in city_plan().tasks},
    )


@blueprint.get("/<language>/tasks/<number>")
@members_only
@with_series
def task(found: Series, language: str, number: str) -> ResponseReturnValue:
    """One task: its units, its targets, and its items by district."""
    plan = city_plan()
    chosen = next((one for one in plan.tasks if str(one.number) == number), None)
    if chosen is None:
        return page("years/problem.html", kind="unknown_task", series=found, newest=found.newest.results), 404
    known = _concerns(found)
    return page(
        "tasks/task.html",
        **_frame(found, known, language),
        task=chosen,
        **_items(known.of_task(chosen.number), known, language),
    )


@blueprint.get("/<language>/units")
@members_only
@with_series
def units(found: Series, language: str) -> ResponseReturnValue:
    """Every responsible unit: its tasks, how many items it should read, and where they are low or falling."""
    known, plan = _concerns(found), city_plan()
    return page(
        "tasks/units.html",
        **_frame(found, known, language),
        pressing={unit.id: _pressing(known.of_unit(unit.id)) for unit in plan.units},
        items={unit.id: len(known.of_unit(unit.id)) for unit in plan.units},
        tasks={unit.id: [one for one in plan.tasks if unit.id in one.units] for unit in plan.units},
    )


@blueprint.get("/<language>/units/<unit_id>")
@members_only
@with_series
def unit(found: Series, language: str, unit_id: str) -> ResponseReturnValue:
    """One unit: the items it should read by district, and its tasks, those that nobody is asked about too."""
    plan = city_plan()
    chosen = next((one for one in plan.units if one.id == unit_id), None)
    if chosen is None:
        return page("years/problem.html", kind="unknown_unit", series=found, newest=found.newest.results), 404
    known = _concerns(found)
    return page(
        "tasks/unit.html",
        **_frame(found, known, language),
        unit=chosen,
        **_items(known.of_unit(unit_id), known, language),
        tasks=[one for one in plan.tasks if unit_id in one.units],
        items={one.number: len(known.of_task(one.number)) for one in plan.tasks},
    )


def _concerns(found: Series) -> Concerns:
    sample = found.newest

    def families() -> tuple[StandsOut, ...]:
        """The comparisons that the pages of the wave show, made once for both."""
        return tuple(
            memory().detail(sample, ("family", str(leading)), partial(family_of, sample, leading))
            for leading in (True, False)
        )

    return found.once("concerns", lambda: concerns(found.samples, families()))


def _items(items: tuple[Item, ...], known: Concerns, language: str) -> dict[str, object]:
    """The items of one task or unit: what is sure of them in short, then each with its table."""
    return {"shorts": shorts(items, language), "cards": item_cards(items, known, language)}


def _pressing(items: tuple[Item, ...]) -> int:
    """How many items are sure to be low or falling somewhere."""
    return sum(1 for item in items if item.pressing)


def _frame(found: Series, known: Concerns, language: str) -> dict[str, object]:
    plan: Plan = city_plan()
    return {
        "series": found,
        "newest": known.results,
        "before": known.before,
        "plan": plan,
        "otherwise": {task.number: known.asked_otherwise(task.number) for task in plan.tasks},
        "notes": notes(known, language),
        "foot": foot(known.results, language, house().say(language)),
    }
