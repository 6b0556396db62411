"""A dot-and-interval plot by district as SVG: one shape for page, report and print.

Positions across are per cent of the picture's width and text is in fixed sizes, so that the same picture is read on a
phone and on paper without being scaled. Every row carries its own label and numbers; nothing rests on colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ROW, TOP, FOOT, LINE = 58, 34, 12, 40
SECOND = 20
"""How much taller a row is whose label and numbers do not fit side by side on a phone."""
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
    """The plot as an SVG element with title and description; safe to put into a page."""
    low, high = axis(chart.bars)
    height = TOP + sum(_height(bar) for bar in chart.bars) + FOOT
    parts = [
        f'<svg class="dots" xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}" role="img" '
        f'aria-labelledby="{chart.id}-title {chart.id}-text" overflow="visible" font-size="15" fill="currentColor">',
        f'<title id="{chart.id}-title">{escape(chart.title)}</title>',
        f'<desc id="{chart.id}-text">{escape(chart.description)}</desc>',
        *_grid(low, high, height, chart.unit),
        *_reference(chart.bars, low, high, height),
    ]
    top = TOP
    for bar in chart.bars:
        parts.extend(_row(bar, top, low, high))
        top += _height(bar)
    parts.append("</svg>")
    return "".join(parts)


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


def _at(value: float, low: float, high: float) -> str:
    return f"{100.0 * (value - low) / (high - low):.2f}%"


def _grid(low: float, high: float, height: int, unit: str) -> list[str]:
    step = 10 if high - low <= 50 else 20
    marks = []
    for value in range(math.ceil(low / step) * step, math.floor(high) + 1, step):
        x = _at(value, low, high)
        anchor = "start" if value == low else "end" if value == high else "middle"
        marks.append(
            f'<line x1="{x}" x2="{x}" y1="22" y2="{height - FOOT}" stroke="currentColor" stroke-opacity="0.16"/>'
            f'<text x="{x}" y="14" text-anchor="{anchor}" font-size="13" fill-opacity="0.8">{value}{unit}</text>'
        )
    return marks


def _reference(bars: Sequence[Bar], low: float, high: float, height: int) -> list[str]:
    return [
        f'<line x1="{_at(bar.value, low, high)}" x2="{_at(bar.value, low, high)}" y1="22" y2="{height - FOOT}" '
        'stroke="currentColor" stroke-opacity="0.7" stroke-dasharray="2 4"/>'
        for bar in bars
        if bar.whole and bar.value is not None
    ]


def _row(bar: Bar, top: int, low: float, high: float) -> list[str]:
    weight = "700" if bar.whole else "600"
    parts = [
        f'<text x="0" y="{top + 18}" font-size="{_size(bar.label):g}" font-weight="{weight}" class="halo">'
        f"{escape(bar.label)}</text>"
    ]
    y = top + LINE
    if bar.value is None:
        parts.append(f'<text x="0" y="{y}" fill-opacity="0.85" class="halo">{escape(bar.shown)}</text>')
        return parts
    lower = 0 if _fits(bar) else SECOND
    parts.append(f'<text x="100%" y="{top + 18 + lower}" text-anchor="end" class="halo">{escape(bar.shown)}</text>')
    y += lower
    if bar.low is not None and bar.high is not None:
        ends = (_at(bar.low, low, high), _at(bar.high, low, high))
        parts.append(
            f'<line x1="{ends[0]}" x2="{ends[1]}" y1="{y}" y2="{y}" stroke="currentColor" stroke-width="3"/>'
            + "".join(
                f'<line x1="{x}" x2="{x}" y1="{y - 6}" y2="{y + 6}" stroke="currentColor" stroke-width="2"/>'
                for x in ends
            )
        )
    shape = '<path d="M0 -10 L10 0 L0 10 L-10 0 Z" class="mark"/>' if bar.whole else '<circle r="7" class="mark"/>'
    parts.append(f'<svg x="{_at(bar.value, low, high)}" y="{y}" width="1" height="1" overflow="visible">{shape}</svg>')
    return parts
