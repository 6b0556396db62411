"""The plots of the pages made ready for paper: a fixed width, lengths instead of per cent, colours of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass

WIDTH = 1000
"""Of a plot in its own units."""
_LARGER = 19 / 15
"""Letters on paper against letters on a page: on 140 mm the usual ones are 7.5 points high."""

# English is set in the Korean fonts: in the Chinese ones an apostrophe is as wide as a Chinese letter.
FAMILIES = {
    "zh": '"Noto Sans CJK SC", "Noto Sans SC", sans-serif',
    "en": '"Noto Sans CJK KR", "Noto Sans", sans-serif',
    "ko": '"Noto Sans CJK KR", "Noto Sans KR", sans-serif',
}
_SEA, _PAPER, _INK = "#0A5A86", "#FFFFFF", "#16212B"
_ACROSS = re.compile(r'\b(x|x1|x2|width)="(-?[\d.]+)%"')
_LETTERS = re.compile(r'font-size="([\d.]+)"')
_SIZE = re.compile(r'width="100%" height="(\d+)"')


@dataclass(frozen=True, slots=True)
class Printed:
    """A plot with its size in its own units."""

    svg: str
    width: int
    height: int


def printed(svg: str, language: str) -> Printed:
    """The plot for paper; `svg` is what `beside` gave."""
    size = _SIZE.search(svg)
    if size is None:
        raise ValueError("not a plot of ours: its size is missing")
    height = int(size[1])
    style = (
        f"<style>svg{{font-family:{FAMILIES[language]};color:{_INK}}}"
        f".mark{{fill:{_SEA};stroke:{_PAPER};stroke-width:2px}}"
        f".hollow{{fill:{_PAPER};stroke:{_INK};stroke-width:2px}}.on-mark{{fill:{_PAPER}}}"
        f".solid{{fill:{_SEA}}}</style>"
    )
    fixed = svg.replace(size[0], f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"', 1)
    fixed = _ACROSS.sub(lambda found: f'{found[1]}="{float(found[2]) * WIDTH / 100:g}"', fixed)
    fixed = _LETTERS.sub(lambda found: f'font-size="{_LARGER * float(found[1]):.1f}"', fixed)
    start = fixed.index(">") + 1
    return Printed(fixed[:start] + style + fixed[start:], WIDTH, height)
