"""Scales as they are written in a definition file: declared once, used by many questions."""

from __future__ import annotations

from dataclasses import dataclass

from survey.questionnaire.model import Direction, Point, Words
from survey.questionnaire.notation.table import Table

_UNSAID = Words("", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FivePointScale:
    """Points shared by five-point questions."""

    direction: Direction = Direction.SATISFACTION
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreScale:
    """Bounds and end words shared by score questions."""

    low: int = 0
    high: int = 10
    low_label: Words = _UNSAID
    high_label: Words = _UNSAID


Scale = FivePointScale | ScoreScale


def scales(table: Table) -> dict[str, Scale]:
    """Every ``[[scale]]`` of the file by its id."""
    found: dict[str, Scale] = {}
    for one in table.tables("scale", "scale"):
        name = one.id()
        scale = _five_point(one) if one.has("points") or one.has("direction") else _score(one)
        one.finish()
        if name in found:
            one.problem("id", "stands twice")
        found.setdefault(name, scale)
    return found


def _five_point(table: Table) -> FivePointScale:
    direction = table.choice("direction", Direction) or Direction.SATISFACTION
    if not table.has("points"):
        table.problem("points", "is missing: five points are needed")
    return FivePointScale(direction=direction, points=_points(table))


def _points(table: Table) -> tuple[Point, ...]:
    points = []
    for one in table.tables("points", "point", "code"):
        points.append(Point(code=one.integer("code"), label=one.words("label")))
        one.finish()
    return tuple(points)


def _score(table: Table) -> ScoreScale:
    return ScoreScale(
        low=table.integer("low"),
        high=table.integer("high"),
        low_label=table.words("low_label"),
        high_label=table.words("high_label"),
    )
