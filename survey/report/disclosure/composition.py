"""Which cells of a margin may be told: those of few residents stay hidden, and nobody can work them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from survey.report.disclosure.partition import LEAST_OPEN
from survey.report.estimating.weighting import MarginRow


def told_rows(rows: Sequence[MarginRow]) -> tuple[tuple[MarginRow, bool], ...]:
    """Each cell of the margins, and whether its count and shares may be told.

    A cell of fewer than `LEAST_OPEN` residents is hidden. The cells that share all levels but the last add up to a
    count that is told elsewhere: where any of them is hidden, the next smallest are hidden with it until two cells and
    `LEAST_OPEN` residents are left open.
    """
    blocks: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        blocks[(row.variables, row.levels[:-1])].append(place)
    hidden: set[int] = set()
    for block in blocks.values():
        hidden.update(_hidden([rows[place].rows for place in block], block))
    return tuple((row, place not in hidden) for place, row in enumerate(rows))


def _hidden(counts: list[int], places: list[int]) -> list[int]:
    by_size = sorted(zip(counts, places, strict=True))
    chosen = [place for count, place in by_size if count < LEAST_OPEN]
    while chosen and len(chosen) < len(by_size) and not _is_open(by_size[: len(chosen)]):
        chosen.append(by_size[len(chosen)][1])
    return chosen


def _is_open(hidden: list[tuple[int, int]]) -> bool:
    return len(hidden) > 1 and sum(count for count, _ in hidden) >= LEAST_OPEN
