"""Two pictures as SVG: a line over the waves with intervals and breaks, and changes around zero.

Drawn as the dot-and-interval plot is (survey/report/saying/charts.py): per cent across, fixed text sizes, no colour
that says anything. A sure change is a filled mark, any other a hollow one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

TOP, FOOT = 28, 30
BREAK = 20
"""Room over the picture for the words of a break."""
HEAD = 30
ROW, LINE, SECOND = 62, 42, 20
PHONE = 350
"""Narrowest width a row is drawn for, in CSS pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One wave of a line: what stands over it, and the estimate with its interval (or None where it is hidden)."""

    label: str
    shown: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """A line over the waves.

    `gaps` says for each step between two waves what is written at a break; empty where the line goes on, None where
    it goes on over a change of wording that is declared comparable.
    """

    id: str
    title: str
    description: str
    dots: tuple[Dot, ...]
    gaps: tuple[str | None, ...]
    behind: tuple[float | None, ...] = ()
    """Values of a second line behind it: the city behind a district."""
    axis: tuple[float, float]
    unit: str
    height: int = 250

    @property
    def top(self) -> int:
        """Where the axis ends above."""
        return TOP + BREAK if any(self.gaps) else TOP


def line_chart(chart: LineChart) -> str:
    """The picture as an SVG element with title and description; safe to put into a page."""
    parts = [*_open(chart.id, chart.title, chart.description, chart.height), *_grid(chart)]
    parts.extend(_joined(chart, chart.behind, 'stroke-width="1.5" stroke-opacity="0.6" stroke-dasharray="2 4"'))
    parts.extend(_breaks(chart))
    parts.extend(_joined(chart, [dot.value for dot in chart.dots], 'stroke-width="2.5"'))
    for place, dot in enumerate(chart.dots):
        parts.extend(_dot(chart, place, dot))
    return "".join([*parts, "</svg>"])


def _open(name: str, title: str, description: str, height: int) -> Iterator[str]:
    yield (
        f'<svg class="dots" xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-text" overflow="visible" font-size="15" fill="currentColor">'
    )
    yield f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>'


def _x(chart: LineChart, place: float) -> str:
    return f"{6 + 94 * (place + 0.5) / len(chart.dots):.2f}%"


def _y(chart: LineChart, value: float) -> float:
    low, high = chart.axis
    room = chart.height - chart.top - FOOT
    return round(chart.top + room * (high - value) / (high - low), 1)


def _grid(chart: LineChart) -> Iterator[str]:
    low, high = chart.axis
    step = 10 if high - low <= 50 else 20
    for value in range(math.ceil(low / step) * step, math.floor(high) + 1, step):
        y = _y(chart, value)
        yield (
            f'<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="currentColor" stroke-opacity="0.16"/>'
            f'<text x="0" y="{y - 3}" font-size="13" fill-opacity="0.8">{value}{chart.unit}</text>'
        )
    for place, dot in enumerate(chart.dots):
        yield f'<text x="{_x(chart, place)}" y="{chart.height - 8}" text-anchor="middle">{escape(dot.label)}</text>'


def _breaks(chart: LineChart) -> Iterator[str]:
    for place, words in enumerate(chart.gaps):
        if words:
            x = _x(chart, place + 0.5)
            yield (
                f'<line x1="{x}" x2="{x}" y1="20" y2="{chart.height - FOOT}" stroke="currentColor" '
                'stroke-width="2" stroke-dasharray="7 5"/>'
                f'<text x="{x}" y="14" text-anchor="middle" font-size="13" class="halo">{escape(words)}</text>'
            )


def _joined(chart: LineChart, values: Sequence[float | None], stroke: str) -> Iterator[str]:
    for place, (first, second) in enumerate(pairwise(values)):
        if first is not None and second is not None and not chart.gaps[place]:
            yield (
                f'<line x1="{_x(chart, place)}" x2="{_x(chart, place + 1)}" y1="{_y(chart, first)}" '
                f'y2="{_y(chart, second)}" stroke="currentColor" {stroke}/>'
            )


def _dot(chart: LineChart, place: int, dot: Dot) -> Iterator[str]:
    x = _x(chart, place)
    if dot.value is None:
        foot = chart.height - FOOT - 8
        yield f'<text x="{x}" y="{foot}" text-anchor="middle" class="halo">{escape(dot.shown)}</text>'
        return
    y, top = _y(chart, dot.value), _y(chart, dot.value)
    if dot.low is not None and dot.high is not None:
        low, top = _y(chart, dot.low), _y(chart, dot.high)
        yield f'<line x1="{x}" x2="{x}" y1="{top}" y2="{low}" stroke="currentColor" stroke-width="2"/>'
        for end in (top, low):
            yield (
                f'<svg x="{x}" y="{end}" width="1" height="1" overflow="visible">'
                '<line x1="-6" x2="6" y1="0" y2="0" stroke="currentColor" stroke-width="2"/></svg>'
            )
    yield f'<svg x="{x}" y="{y}" width="1" height="1" overflow="visible"><circle r="6" class="mark"/></svg>'
    yield (
        f'<text x="{x}" y="{top - 7}" text-anchor="middle" font-weight="600" class="halo">{escape(dot.shown)}</text>'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change: its label, the numbers in words, the change with its interval, and whether it is sure."""

    label: str
    shown: str
    value: float | None
    low: float | None
    high: float | None
    sure: bool
    whole: bool = False


def change_chart(name: str, title: str, description: str, steps: Sequence[Step]) -> str:
    """Changes around zero, one row each, as an SVG element; safe to put into a page."""
    drawn = [abs(v) for one in steps for v in (one.value, one.low, one.high) if v is not None]
    reach = max(10.0, 5.0 * math.ceil(max(drawn, default=0.0) / 5.0))
    height = HEAD + sum(_height(one) for one in steps) + 8
    mark = 5 if reach <= 10 else 10
    parts = list(_open(name, title, description, height))
    for value in range(-int(reach // mark) * mark, int(reach) + 1, mark):
        x, strong = _across(value, reach), value == 0
        anchor = "start" if value == -reach else "end" if value == reach else "middle"
        written = f"+{value}" if value > 0 else str(value).replace("-", "−")
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="22" y2="{height}" stroke="currentColor" '
            f'stroke-opacity="{0.8 if strong else 0.16}" stroke-width="{2 if strong else 1}"/>'
            f'<text x="{x}" y="14" text-anchor="{anchor}" font-size="13">{written}</text>'
        )
    top = HEAD
    for one in steps:
        parts.extend(_step(one, top, reach))
        top += _height(one)
    return "".join([*parts, "</svg>"])


def _height(one: Step) -> int:
    return ROW if one.value is None or _fits(one) else ROW + SECOND


def _fits(one: Step) -> bool:
    """Whether label and numbers stand side by side on a phone; Chinese and Korean signs are as wide as high."""
    return sum(15.5 if ord(sign) > 0x2E7F else 8.7 for sign in one.label + one.shown) < PHONE


def _across(value: float, reach: float) -> str:
    return f"{50 + 50 * value / reach:.2f}%"


def _step(one: Step, top: int, reach: float) -> Iterator[str]:
    weight = "700" if one.whole else "600"
    yield f'<line x1="0" x2="100%" y1="{top}" y2="{top}" stroke="currentColor" stroke-opacity="0.25"/>'
    yield f'<text x="0" y="{top + 18}" font-weight="{weight}" class="halo">{escape(one.label)}</text>'
    y = top + LINE
    if one.value is None:
        yield f'<text x="0" y="{y}" class="halo">{escape(one.shown)}</text>'
        return
    lower = 0 if _fits(one) else SECOND
    y += lower
    yield f'<text x="100%" y="{top + 18 + lower}" text-anchor="end" class="halo">{escape(one.shown)}</text>'
    if one.low is not None and one.high is not None:
        low, high = _across(one.low, reach), _across(one.high, reach)
        yield f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="currentColor" stroke-width="3"/>'
    shape = '<path d="M0 -9 L9 0 L0 9 L-9 0 Z" class="{0}"/>' if one.whole else '<circle r="7" class="{0}"/>'
    drawn = shape.format("mark" if one.sure else "hollow")
    yield f'<svg x="{_across(one.value, reach)}" y="{y}" width="1" height="1" overflow="visible">{drawn}</svg>'
