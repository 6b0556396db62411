"""Which cells of a margin may be told: those of few residents stay hidden, and nobody can work them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from survey.report.disclosure.counts import told_counts
from survey.report.disclosure.partition import LEAST_OPEN
from survey.report.estimating.weighting import MarginRow
from survey.report.frame import NOT_STATED

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One cell of a margin as it may be told; None for what may not."""

    row: MarginRow
    answers: int | None
    before: float | None
    target: float | None
    after: float | None


def told_rows(rows: Sequence[MarginRow]) -> tuple[ToldRow, ...]:
    """Each cell of the margins with what may be told of it.

    A cell of fewer than `LEAST_OPEN` residents is hidden. The cells that share all levels but the last add up to a
    count that is told elsewhere (answers by district), and so do those that share the last level (answers by age):
    where any cell is hidden, the smallest beside it are hidden with it until linear programming over these sums leaves
    `LEAST_OPEN` residents open in each. What a hidden cell is weighted to is told all the same, since it is a count
    of the population; only of residents who did not state a level it would tell how many they are.
    """
    margins: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        margins[row.variables].append(place)
    untold = {place for places in margins.values() for place in _untold([rows[place] for place in places], places)}
    return tuple(_told(row, place not in untold) for place, row in enumerate(rows))


def _told(row: MarginRow, counted: bool) -> ToldRow:
    weighted = counted or (NOT_STATED,) not in row.levels
    return ToldRow(
        row=row,
        answers=row.rows if counted else None,
        before=row.before if counted else None,
        target=row.target if weighted else None,
        after=row.after if weighted else None,
    )


def _untold(rows: Sequence[MarginRow], places: Sequence[int]) -> list[int]:
    """Which of the places of one margin's cells stay hidden."""
    blocks = _grouped([(row.levels[:-1],) for row in rows])
    sums = [*blocks, *(group for group in _grouped([row.levels[-1] for row in rows]) if len(group) > 1)]
    counts = np.array([row.rows for row in rows], dtype=np.float64)
    hidden = np.zeros(len(rows), dtype=np.bool_)
    for block in blocks:
        hidden[block] = [told is None for told in told_counts([rows[place].rows for place in block], LEAST_OPEN)]
    open_already = ~hidden
    while not open_already.all():
        place = int(np.flatnonzero(~open_already)[0])
        if _width(place, counts, hidden, sums) >= min(LEAST_OPEN, counts[place]) - 1e-6:
            open_already[place] = True
            continue
        near = [other for group in sums if place in group for other in group if not hidden[other]]
        others = near or np.flatnonzero(~hidden).tolist()
        if not others:
            break
        more = min(others, key=lambda other: counts[other])
        hidden[more], open_already[more] = True, False
    return [place for place, secret in zip(places, hidden, strict=True) if secret]


def _grouped(keys: Sequence[Iterable[object]]) -> list[list[int]]:
    """Places whose keys share a member, directly or through others: joined levels belong with each of theirs."""
    groups: list[tuple[set[object], list[int]]] = []
    for place, key in enumerate(keys):
        members, own = set(key), [place]
        for group in [one for one in groups if one[0] & members]:
            groups.remove(group)
            members |= group[0]
            own = [*group[1], *own]
        groups.append((members, own))
    return [own for _, own in groups]


def _width(place: int, counts: Floats, hidden: npt.NDArray[np.bool_], sums: Sequence[Sequence[int]]) -> float:
    """The span that the known sums leave to the count of one hidden cell."""
    places = np.flatnonzero(hidden)
    equations = np.array([np.isin(places, group).astype(np.float64) for group in sums])
    known = equations @ counts[places]
    aim = (places == place).astype(np.float64)
    low, high = (float(aim @ linprog(sign * aim, A_eq=equations, b_eq=known).x) for sign in (1, -1))
    return high - low
