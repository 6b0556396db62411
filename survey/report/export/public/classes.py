"""Classes of rows that look alike, levels joined so that they grow, and answers withheld where they stay small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Groups = tuple[tuple[int, ...], ...]
"""Codes that became one level, the lowest first; a level is called by its lowest code."""


@dataclass(frozen=True, slots=True)
class Withholding:
    """For each loose variable the rows whose answer is withheld, shape (n, variables)."""

    withheld: Mask


def classes(columns: Sequence[Integers], rows: int) -> tuple[Integers, Integers]:
    """Class of each row (equal in all columns), shape (n,), and how many rows its class has, shape (n,)."""
    if not columns:
        return np.zeros(rows, dtype=np.int64), np.full(rows, rows, dtype=np.int64)
    _, code, count = np.unique(np.column_stack(columns), axis=0, return_inverse=True, return_counts=True)
    code = code.ravel()
    return code.astype(np.int64), count[code].astype(np.int64)


def recoded(column: Integers, groups: Groups) -> Integers:
    """Every code replaced by the lowest of its group; codes below 0 stay."""
    to = {code: group[0] for group in groups for code in group}
    return np.array([to.get(int(code), int(code)) for code in column], dtype=np.int64)


def levels(column: Integers) -> Groups:
    """Each code that occurs as a group of its own."""
    return tuple((int(code),) for code in np.unique(column[column >= 0]))


def coarsened(column: Integers, most: int) -> Groups:
    """Neighbouring codes joined until at most `most` groups are left, always the two that are fewest together."""
    groups = levels(column)
    while len(groups) > most:
        counts = [int(np.isin(column, group).sum()) for group in groups]
        place = min(range(len(groups) - 1), key=lambda i: counts[i] + counts[i + 1])
        groups = _joined(groups, place)
    return groups


def large_enough(fixed: Sequence[Integers], joinable: Sequence[Integers], k: int, tolerated: float) -> list[Groups]:
    """Groups of each joinable column, so that few rows are left in classes below `k`.

    Parameters
    ----------
    fixed
        Columns that stay as they are, each of shape (n,).
    joinable
        Columns whose neighbouring codes may be joined, for everybody alike.
    k
        Smallest class.
    tolerated
        Share of the rows that may stay in smaller classes beside those that no joining would help.

    Notes
    -----
    Each step joins the pair of neighbours, of whichever column, that leaves the fewest rows in small classes. A column
    loses its last two levels, and with them everything it says, only when no other can be joined.
    """
    found = [levels(column) for column in joinable]
    everything: list[Groups] = [(tuple(code for group in groups for code in group),) for groups in found]
    allowed = _small(fixed, joinable, everything, k) + tolerated * len(fixed[0])
    while _small(fixed, joinable, found, k) > allowed:
        steps = list(_steps(found, 3)) or list(_steps(found, 2))
        if not steps:
            break
        found = min(steps, key=lambda step: _small(fixed, joinable, step, k))
    return found


def withhold(fixed: Sequence[Integers], loose: Sequence[Sequence[Integers]], k: int) -> Withholding:
    """Answers to withhold so that every row has at least `k` - 1 others that look like it.

    Parameters
    ----------
    fixed
        Columns that are never withheld; their classes have at least `k` rows.
    loose
        Variables (each of one or several columns, withheld together) of which as few as possible are withheld.

    Notes
    -----
    A withheld answer is a value of its own, so that a class is what anybody sees. Patterns with fewer withheld
    variables are tried first, and of equally many the one that saves most rows. Who is left joins the smallest class
    around, whose rows then withhold everything too.
    """
    rows, width = len(fixed[0]), len(loose)
    withheld = np.zeros((rows, width), dtype=np.bool_)
    safe = np.zeros(rows, dtype=np.bool_)
    for size in range(width + 1):
        patterns = list(combinations(range(width), size))
        while patterns:
            saved = [_saves(pattern, fixed, loose, ~safe, k) for pattern in patterns]
            best = max(range(len(patterns)), key=lambda i: int(saved[i].sum()))
            if not saved[best].any():
                break
            for variable in patterns[best]:
                withheld[saved[best], variable] = True
            safe |= saved[best]
            patterns.pop(best)
    _pull(fixed, loose, withheld, safe, k)
    return Withholding(withheld)


def _steps(found: list[Groups], at_least: int) -> Iterator[list[Groups]]:
    for column, groups in enumerate(found):
        for place in range(len(groups) - 1 if len(groups) >= at_least else 0):
            yield [*found[:column], _joined(groups, place), *found[column + 1 :]]


def _joined(groups: Groups, place: int) -> Groups:
    return (*groups[:place], groups[place] + groups[place + 1], *groups[place + 2 :])


def _small(fixed: Sequence[Integers], joinable: Sequence[Integers], found: list[Groups], k: int) -> int:
    joined = [recoded(column, groups) for column, groups in zip(joinable, found, strict=True)]
    _, count = classes([*fixed, *joined], len(fixed[0]))
    return int((count < k).sum())


def _saves(
    pattern: tuple[int, ...], fixed: Sequence[Integers], loose: Sequence[Sequence[Integers]], among: Mask, k: int
) -> Mask:
    """The rows of `among` that are in a class of at least `k` once the variables of the pattern are withheld."""
    kept = [column for place, variable in enumerate(loose) if place not in pattern for column in variable]
    saved = np.zeros(len(among), dtype=np.bool_)
    if among.any():
        _, count = classes([column[among] for column in (*fixed, *kept)], int(among.sum()))
        saved[among] = count >= k
    return saved


def _pull(fixed: Sequence[Integers], loose: Sequence[Sequence[Integers]], withheld: Mask, safe: Mask, k: int) -> None:
    """Give whoever is still alone the company of whole classes, in place."""
    home, _ = classes(fixed, len(safe))
    for cell in np.unique(home[~safe]):
        here = home == cell
        withheld[here & ~safe] = True
        while 0 < (bare := here & withheld.all(axis=1)).sum() < k:
            seen = [np.where(withheld[:, place], -1, column) for place, v in enumerate(loose) for column in v]
            code, _ = classes([*seen, *withheld.T.astype(np.int64)], len(safe))
            others = np.flatnonzero(here & ~bare)
            sizes = np.bincount(code[here])
            smallest = code[others[np.argmin(sizes[code[others]])]]
            withheld[here & (code == smallest)] = True
