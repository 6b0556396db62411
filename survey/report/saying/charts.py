"""A dot-and-interval plot by district as SVG: one shape for page, report and print.

Positions across are per cent of the picture's width and text is in fixed sizes, so that the same picture is read on a
phone and on paper without being scaled. Every row carries its own label and numbers; nothing rests on colour. Where
there is room the names stand in a column of their own at the left and the numbers in one at the right; where there is
not, each row has both over its dot, a hairline above, and no line of the axis runs through them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

TOP, FOOT = 34, 12
NAMES, NUMBERS = 35.0, 78.0
"""Where the axis begins and ends beside the names and before the numbers, in per cent of the width."""
LETTERS = 22
"""Distance of two lines of letters, in CSS pixels."""
ROOM = 200
"""Width of the names' column at the least width with room, in CSS pixels; the page's style sheet knows that width."""
ROW, LINE, SECOND = 62, 40, 20
"""Without room: height of a row, where its dot lies, and how much taller it is whose label and numbers do not fit
side by side on a phone."""
PHONE = 350
"""Narrowest width the picture is drawn for, in CSS pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row: its label, the numbers in words, and the estimate with its interval on the chart's axis (or None)."""

    label: str
    shown: str
    value: float | None
    low: float | None
    high: float | None
    whole: bool = False
    """The city itself: drawn as a diamond, and as a line through all rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A dot-and-interval plot: rows from top to bottom, values from 0 to 100."""

    id: str
    title: str
    description: str
    bars: tuple[Bar, ...]
    unit: str
    """What stands after the numbers of the axis: "%" or ""."""


def dot_and_interval(chart: Chart) -> str:
    """The plot for a page, safe to put into it: in both shapes, of which the style sheet shows the one that fits."""
    return f'<div class="plot">{_stacked(chart)}{beside(replace(chart, id=f"{chart.id}-beside"))}</div>'


def beside(chart: Chart) -> str:
    """The plot with names at the left and numbers at the right, as an SVG element with title and description."""
    low, high = axis(chart.bars)
    names = [_lines(bar.label) for bar in chart.bars]
    heights = [LETTERS * max(2, len(lines)) for lines in names]
    parts = [*_open(chart, "beside", TOP + sum(heights) + FOOT), *_scale(chart, (NAMES, NUMBERS))]
    top = TOP
    for bar, lines, height in zip(chart.bars, names, heights, strict=True):
        y = top + height / 2
        parts.extend(_hairline(top))
        first = y + 5 - LETTERS * (len(lines) - 1) / 2
        parts.extend(
            f'<text x="0" y="{first + LETTERS * place:g}" font-weight="{_weight(bar)}">{escape(words)}</text>'
            for place, words in enumerate(lines)
        )
        if bar.value is None:
            parts.append(f'<text x="{NAMES}%" y="{y + 5:g}" fill-opacity="0.85">{escape(bar.shown)}</text>')
        else:
            parts.extend(_grid(chart, (NAMES, NUMBERS), (top + 2, top + height - 2)))
            parts.extend(_dot(bar, y, low, high, (NAMES, NUMBERS)))
            parts.append(f'<text x="100%" y="{y + 5:g}" text-anchor="end">{escape(bar.shown)}</text>')
        top += height
    return "".join([*parts, "</svg>"])


def _stacked(chart: Chart) -> str:
    """The plot with name and numbers of each row over its dot."""
    low, high = axis(chart.bars)
    parts = [*_open(chart, "stacked", TOP + sum(_height(bar) for bar in chart.bars) + FOOT), *_scale(chart, (0, 100))]
    top = TOP
    for bar in chart.bars:
        parts.extend(_hairline(top))
        parts.append(
            f'<text x="0" y="{top + 19}" font-size="{_size(bar.label):g}" font-weight="{_weight(bar)}">'
            f"{escape(bar.label)}</text>"
        )
        if bar.value is None:
            parts.append(f'<text x="0" y="{top + LINE}" fill-opacity="0.85">{escape(bar.shown)}</text>')
        else:
            lower = 0 if _fits(bar) else SECOND
            parts.append(f'<text x="100%" y="{top + 19 + lower}" text-anchor="end">{escape(bar.shown)}</text>')
            parts.extend(_grid(chart, (0, 100), (top + lower + 25, top + lower + ROW - 5)))
            parts.extend(_dot(bar, top + LINE + lower, low, high, (0, 100)))
        top += _height(bar)
    return "".join([*parts, "</svg>"])


def _open(chart: Chart, shape: str, height: float) -> list[str]:
    return [
        f'<svg class="dots {shape}" xmlns="http://www.w3.org/2000/svg" width="100%" height="{height:g}" role="img" '
        f'aria-labelledby="{chart.id}-title {chart.id}-text" overflow="visible" font-size="15" fill="currentColor">',
        f'<title id="{chart.id}-title">{escape(chart.title)}</title>',
        f'<desc id="{chart.id}-text">{escape(chart.description)}</desc>',
    ]


def axis(bars: Sequence[Bar]) -> tuple[float, float]:
    """Ends of the axis: tens around everything drawn, at least 30 apart, within 0–100."""
    drawn = [value for bar in bars for value in (bar.value, bar.low, bar.high) if value is not None]
    if not drawn:
        return 0.0, 100.0
    low = max(0.0, 10.0 * math.floor(min(drawn) / 10.0))
    high = min(100.0, 10.0 * math.ceil(max(drawn) / 10.0))
    while high - low < 30.0:
        low, high = max(0.0, low - 10.0), min(100.0, high + 10.0)
    return low, high


def _height(bar: Bar) -> int:
    return ROW if bar.value is None or _fits(bar) else ROW + SECOND


def _fits(bar: Bar) -> bool:
    """Whether label and numbers stand side by side on a phone; Chinese and Korean signs are as wide as high."""
    return _width(bar.label + bar.shown) < PHONE


def _width(words: str) -> float:
    return sum(15.5 if ord(sign) > 0x2E7F else 8.7 for sign in words)


def _size(words: str) -> float:
    """Letters of 15 pixels, or as small as it takes to fit on a phone."""
    return max(11.0, min(15.0, 15.0 * PHONE / max(_width(words), 1.0)))


def _weight(bar: Bar) -> int:
    return 700 if bar.whole else 600


def _lines(label: str) -> list[str]:
    """A label in lines that fit the names' column: broken at spaces and before brackets, else between signs."""
    lines = [""]
    for piece in re.split(r"(?<=\s)|(?=（)|(?<=、)", label):
        if lines[-1] and _width(lines[-1] + piece.rstrip()) > ROOM:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _at(value: float, low: float, high: float, ends: tuple[float, float]) -> str:
    return f"{ends[0] + (ends[1] - ends[0]) * (value - low) / (high - low):.2f}%"


def _marks(low: float, high: float) -> range:
    step = 10 if high - low <= 50 else 20
    return range(math.ceil(low / step) * step, math.floor(high) + 1, step)


def _scale(chart: Chart, ends: tuple[float, float]) -> list[str]:
    """The numbers of the axis."""
    low, high = axis(chart.bars)
    written = []
    for value in _marks(low, high):
        x = _at(value, low, high, ends)
        anchor = "start" if x == "0.00%" else "end" if x == "100.00%" else "middle"
        written.append(
            f'<text x="{x}" y="14" text-anchor="{anchor}" font-size="13" fill-opacity="0.8">{value}{chart.unit}</text>'
            f'<line x1="{x}" x2="{x}" y1="20" y2="26" stroke="currentColor" stroke-opacity="0.4"/>'
        )
    return written


def _grid(chart: Chart, ends: tuple[float, float], rows: tuple[float, float]) -> list[str]:
    """The lines of the axis and of the city in one row, where no words stand."""
    low, high = axis(chart.bars)
    places = [(float(value), 'stroke-opacity="0.16"') for value in _marks(low, high)]
    dotted = 'stroke-opacity="0.7" stroke-dasharray="2 4"'
    places += [(bar.value, dotted) for bar in chart.bars if bar.whole and bar.value is not None]
    return [
        f'<line x1="{x}" x2="{x}" y1="{rows[0]:g}" y2="{rows[1]:g}" stroke="currentColor" {look}/>'
        for value, look in places
        for x in [_at(value, low, high, ends)]
    ]


def _hairline(top: float) -> list[str]:
    return [f'<line x1="0" x2="100%" y1="{top:g}" y2="{top:g}" stroke="currentColor" stroke-opacity="0.25"/>']


def _dot(bar: Bar, y: float, low: float, high: float, ends: tuple[float, float]) -> list[str]:
    """The estimate with its interval; nothing where it is hidden."""
    if bar.value is None:
        return []
    parts = []
    if bar.low is not None and bar.high is not None:
        left, right = (_at(end, low, high, ends) for end in (bar.low, bar.high))
        parts.append(
            f'<line x1="{left}" x2="{right}" y1="{y:g}" y2="{y:g}" stroke="currentColor" stroke-width="3"/>'
            + "".join(
                f'<line x1="{x}" x2="{x}" y1="{y - 6:g}" y2="{y + 6:g}" stroke="currentColor" stroke-width="2"/>'
                for x in (left, right)
            )
        )
    shape = '<path d="M0 -10 L10 0 L0 10 L-10 0 Z" class="mark"/>' if bar.whole else '<circle r="7" class="mark"/>'
    x = _at(bar.value, low, high, ends)
    return [*parts, f'<svg x="{x}" y="{y:g}" width="1" height="1" overflow="visible">{shape}</svg>']
