"""Scales as they are written in a definition file: declared once, used by many questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from survey.questionnaire.model import LANGUAGES, Direction, Point, Words
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


def same_words(labels: Iterable[Words]) -> Iterator[str]:
    """Labels that respondents of one language cannot tell apart."""
    every = tuple(labels)
    for language in LANGUAGES:
        count = Counter(label[language] for label in every if label[language])
        yield from (f'the {language} label "{label}" stands {n} times' for label, n in count.items() if n > 1)


def _five_point(table: Table) -> FivePointScale:
    direction = table.choice("direction", Direction) or Direction.SATISFACTION
    points = tuple(_point(one) for one in table.tables("points", "point", "code"))
    held = [point.code for point in points]
    if held != [1, 2, 3, 4, 5]:
        told = ", ".join(map(str, held)) or "none"
        table.problem("points", f"unbalanced: 1 to 5 are needed, two below the middle and two above, not {told}")
    for told in same_words(point.label for point in points):
        table.problem("points", told)
    return FivePointScale(direction=direction, points=points)


def _point(table: Table) -> Point:
    point = Point(code=table.integer("code"), label=table.words("label"))
    table.finish()
    return point


def _score(table: Table) -> ScoreScale:
    scale = ScoreScale(
        low=table.integer("low"),
        high=table.integer("high"),
        low_label=table.words("low_label"),
        high_label=table.words("high_label"),
    )
    if scale.low < 0:
        table.problem("low", f"{scale.low} is below 0, where the codes for missing answers are")
    if table.has("low") and table.has("high") and scale.low >= scale.high:
        table.problem("high", f"{scale.high} is not above low ({scale.low})")
    return scale
