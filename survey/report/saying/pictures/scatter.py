"""Importance and satisfaction against their averages: numbered points with an interval in both directions, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_X = Callable[[float], str]
_Y = Callable[[float], float]
HEIGHT, LEFT, RIGHT, TOP, FOOT = 460, 4.0, 97.0, 30, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One numbered point: (estimate, low, high) across and upwards, both less the average."""

    number: int
    across: tuple[float, float, float]
    up: tuple[float, float, float]
    sure: bool
    """Filled; hollow where one of the intervals holds the average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """The picture's words and points; `corners` are top left, top right, bottom left, bottom right."""

    id: str
    title: str
    description: str
    across: str
    up: str
    corners: tuple[str, str, str, str]
    zone: str
    points: tuple[Point, ...]


def scatter(one: Scatter) -> str:
    """The picture as an SVG element with title and description."""
    x_end = 1.08 * max([abs(end) for point in one.points for end in point.across], default=1.0)
    y_end = 1.08 * max([abs(end) for point in one.points for end in point.up], default=1.0)

    def x(value: float) -> str:
        return f"{LEFT + (RIGHT - LEFT) * (value / x_end + 1) / 2:.2f}%"

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - FOOT) * (1 - value / y_end) / 2

    hatch = f"{one.id}-hatch"
    across, up = _usual([point.across for point in one.points]), _usual([point.up for point in one.points])
    return "".join(
        [
            f'<svg class="scatter" xmlns="http://www.w3.org/2000/svg" width="100%" height="{HEIGHT}" role="img" '
            f'aria-labelledby="{one.id}-title {one.id}-text" font-size="14" fill="currentColor">',
            f'<title id="{one.id}-title">{escape(one.title)}</title>'
            f'<desc id="{one.id}-text">{escape(one.description)}</desc>',
            f'<defs><pattern id="{hatch}" width="8" height="8" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="1" height="8" fill="currentColor" fill-opacity="0.35"/>'
            "</pattern></defs>",
            _zone(x, y, across, up, hatch),
            _frame(one, x, y),
            *[_point(point, x, y) for point in one.points],
            "</svg>",
        ]
    )


def _usual(values: Sequence[tuple[float, float, float]]) -> float:
    """The middle one of the intervals' half widths: how far from the average a point must usually lie."""
    halves = sorted((high - low) / 2 for _, low, high in values)
    return halves[len(halves) // 2] if halves else 0.0


def _zone(x: _X, y: _Y, across: float, up: float, hatch: str) -> str:
    left, right = x(-across), x(across)
    width = float(right[:-1]) - float(left[:-1])
    return (
        f'<rect x="{left}" y="{TOP}" width="{width:.2f}%" height="{HEIGHT - TOP - FOOT}" fill="url(#{hatch})"/>'
        f'<rect x="{LEFT}%" y="{y(up):.1f}" width="{RIGHT - LEFT}%" height="{y(-up) - y(up):.1f}" '
        f'fill="url(#{hatch})"/>'
    )


def _frame(one: Scatter, x: _X, y: _Y) -> str:
    bottom = HEIGHT - FOOT
    ends = ((LEFT + 0.5, "start", TOP + 16), (RIGHT - 0.5, "end", TOP + 16), (LEFT + 0.5, "start", bottom - 8),
            (RIGHT - 0.5, "end", bottom - 8))  # fmt: skip
    corners = "".join(
        f'<text x="{at}%" y="{height}" text-anchor="{anchor}" font-weight="600" class="halo">{escape(words)}</text>'
        for words, (at, anchor, height) in zip(one.corners, ends, strict=True)
    )
    return (
        f'<rect x="{LEFT}%" y="{TOP}" width="{RIGHT - LEFT}%" height="{bottom - TOP}" fill="none" '
        'stroke="currentColor" stroke-opacity="0.5"/>'
        f'<line x1="{x(0)}" x2="{x(0)}" y1="{TOP}" y2="{bottom}" stroke="currentColor" stroke-dasharray="3 3"/>'
        f'<line x1="{LEFT}%" x2="{RIGHT}%" y1="{y(0):.1f}" y2="{y(0):.1f}" stroke="currentColor" '
        'stroke-dasharray="3 3"/>'
        f"{corners}"
        f'<text x="{LEFT}%" y="18">↑ {escape(one.up)}</text>'
        f'<text x="{RIGHT}%" y="{HEIGHT - 14}" text-anchor="end">{escape(one.across)} →</text>'
        f'<text x="{LEFT}%" y="{HEIGHT - 14}" font-size="13">{escape(one.zone)}</text>'
    )


def _point(point: Point, x: _X, y: _Y) -> str:
    (px, left, right), (py, low, high) = point.across, point.up
    shade = ("mark", "on-mark") if point.sure else ("hollow", "")
    return (
        f'<line x1="{x(left)}" x2="{x(right)}" y1="{y(py):.1f}" y2="{y(py):.1f}" stroke="currentColor" '
        'stroke-width="1.5" stroke-opacity="0.7"/>'
        f'<line x1="{x(px)}" x2="{x(px)}" y1="{y(low):.1f}" y2="{y(high):.1f}" stroke="currentColor" '
        'stroke-width="1.5" stroke-opacity="0.7"/>'
        f'<svg x="{x(px)}" y="{y(py):.1f}" width="1" height="1" overflow="visible">'
        f'<circle r="12" class="{shade[0]}"/><text y="5" text-anchor="middle" font-weight="700" '
        f'class="{shade[1]}">{point.number}</text></svg>'
    )
