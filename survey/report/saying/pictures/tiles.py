"""The city as tiles: one square a district, roughly where it lies, as SVG.

A picture, not a map: no boundary of the three zones or of Nanhai is published. Value and uncertainty are words and a
bar: solid up to the interval's lower end, hatched from there to its upper end. Nothing rests on colour. Tiles stand at
per cents of the width and text in fixed sizes, as in the dot-and-interval plot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from survey.wave.model import District

COLUMNS, HEIGHT, GAP = 3, 140, 5
ROOM = 98.0
"""Pixels for words on a tile on a phone."""
PLACES = {
    ("high_tech_zone", 2): (0, 0),
    ("huancui", 1): (0, 1),
    ("economic_zone", 3): (0, 2),
    ("lingang_zone", 4): (1, 0),
    ("wendeng", 5): (1, 1),
    ("rongcheng", 7): (1, 2),
    ("rushan", 8): (2, 0),
    ("wendeng", 6): (2, 1),
}
"""Row from the north and column from the west of Weihai's districts, by weighting area and code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One district: its place, and what is written on it. Numbers are per cents; None where nothing is shown."""

    row: int
    column: int
    name: str
    value: str
    interval: str
    remark: str
    low: float | None
    high: float | None


def places(districts: Sequence[District]) -> tuple[tuple[int, int], ...]:
    """Row and column of each district: Weihai's as they lie, those of any other wave in their order."""
    known = [PLACES.get((district.weighting_area, district.code)) for district in districts]
    if None in known:
        return tuple(divmod(number, COLUMNS) for number in range(len(districts)))
    return tuple(place for place in known if place is not None)


def short_name(name: str) -> str:
    """A district's name without what stands in brackets or after a comma, for narrow places."""
    return re.split(r"\s*[（(，,]", name, maxsplit=1)[0]


def tile_picture(name: str, title: str, description: str, tiles: Sequence[Tile]) -> str:
    """The tiles as an SVG element with title and description; `name` makes its ids unique on a page."""
    rows = 1 + max((tile.row for tile in tiles), default=0)
    height = rows * (HEIGHT + GAP) - GAP
    hatch = f"{name}-hatch"
    return "".join(
        [
            f'<svg class="tiles" xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}" role="img" '
            f'aria-labelledby="{name}-title {name}-text" font-size="15" fill="currentColor">',
            f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>',
            f'<defs><pattern id="{hatch}" width="6" height="6" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="2.5" height="6" fill="currentColor"/></pattern></defs>',
            *[_tile(tile, hatch) for tile in tiles],
            "</svg>",
        ]
    )


def _tile(tile: Tile, hatch: str) -> str:
    """One tile. Lengths across are per cent of the whole picture, so that it can be printed at a fixed width too."""
    room = 100.0 / COLUMNS - 1.2
    left, top = tile.column * 100.0 / COLUMNS, tile.row * (HEIGHT + GAP)
    dashes = "" if tile.low is not None else ' stroke-dasharray="5 4"'

    def text(y: int, words: str, size: float, more: str = "") -> str:
        at = f'x="{left + 0.08 * room:.3f}%" y="{top + y}"'
        return f'<text {at} font-size="{size:g}"{more}>{words}</text>' if words else ""

    parts = [
        f'<rect x="{left + 0.2:.3f}%" y="{top + 1}" width="{room:.3f}%" height="{HEIGHT - 2}" rx="6" class="tile" '
        f'fill="none" stroke="currentColor" stroke-opacity="0.55" stroke-width="1.5"{dashes}/>',
        text(24, escape(tile.name), _size(tile.name, 15), ' font-weight="600"'),
        text(62, escape(tile.value), 30, ' font-weight="700"'),
        text(84, escape(tile.interval), 13),
    ]
    if tile.low is not None and tile.high is not None:
        ends = (left + 0.08 * room, 0.84 * room)
        parts += [text(104, escape(tile.remark), _size(tile.remark, 13)), _bar(tile.low, tile.high, ends, top, hatch)]
    else:
        parts += [text(84 + 15 * place, escape(words), 12) for place, words in enumerate(_lines(tile.remark))]
    return f"<g>{''.join(parts)}</g>"


def _size(words: str, usual: float) -> float:
    """Smaller letters where words would not fit a tile on a phone on one line."""
    return max(10.0, min(usual, ROOM / max(_width(words), 1.0)))


def _width(words: str) -> float:
    """About how wide words are, in heights of a letter."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.66 for sign in words)


def _lines(words: str) -> list[str]:
    """A reason in lines that fit a tile: broken between words, in Chinese between any signs."""
    pieces = re.findall(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+", words)
    lines = [""]
    for piece in pieces:
        if lines[-1] and 12 * _width((lines[-1] + piece).rstrip()) > ROOM:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _bar(low: float, high: float, ends: tuple[float, float], top: int, hatch: str) -> str:
    """From 0 to 100 over (left, width): solid to the lower end, hatched to the upper one."""
    left, width = ends
    start, end = left + width * low / 100, left + width * high / 100
    return (
        f'<rect x="{left:.3f}%" y="{top + 118}" width="{width:.3f}%" height="14" fill="none" stroke="currentColor"/>'
        f'<rect x="{left:.3f}%" y="{top + 118}" width="{start - left:.3f}%" height="14" class="solid"/>'
        f'<rect x="{start:.3f}%" y="{top + 118}" width="{end - start:.3f}%" height="14" fill="url(#{hatch})"/>'
    )
