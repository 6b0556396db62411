"""The wave's margins made to fit the sample: who stated nothing, who is outside, which cells nobody is in.

Rules (docs/decisions/0003-weighting-of-the-wave.md says why):

- A resident outside the margins (`Frame.inside` false) forms a cell of their own whose total is what the design weights
  give it, so that raking leaves their weight alone and no row is dropped from the design.
- Who did not state a variable of a margin forms a cell of their own within the levels they did state. Its total is the
  population of those levels times the cell's design-weighted share; the census counts of the stated cells are scaled
  by the rest. The residents who stated nothing thus weigh as much as in the draw, and the others are raked.
- A cell of the population that nobody is in, or only a handful that would weigh too much (`sparse`), is joined to the
  neighbour before it (the first to the one after it) within the same levels of the other variables, and named.
- An area that nobody, or only such a handful, answered in is left out of every margin and named: the city's figures
  then stand for the other areas. The rows stay in the design, as those of residents outside the margins do.
- A level that nobody in any area has (a wave without women) is named as left out, too: no weighting can make up for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from survey.analysis.codes import codes_of
from survey.report.errors import WeightingImpossible
from survey.report.estimating.sparse import areas_of, too_few
from survey.report.frame import AREA, NOT_STATED, Frame, Texts
from survey.wave.model import Margin

Key = tuple[str, ...]
Places = np.ndarray[tuple[int], np.dtype[np.intp]]
OUTSIDE: Key = ("outside",)


class Fitting(StrEnum):
    """What was done to a margin so that the sample could be raked to it."""

    COLLAPSED = "collapsed"
    UNCOVERED = "uncovered"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One thing done: the levels concerned (of the variables before the last), those joined, how many rows."""

    kind: Fitting
    variables: tuple[str, ...]
    levels: Key
    into: Key = ()
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a margin as it is raked to: one or several census levels of its last variable."""

    stated: Key
    """Levels of the variables before the last, then NOT_STATED or the first of `joined`."""
    joined: tuple[str, ...]
    """The last variable's levels that were taken together; empty for who did not state it or is outside."""
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A margin fitted to the sample: `cell` gives each row's position in `cells`, shape (n,)."""

    variables: tuple[str, ...]
    cells: tuple[Cell, ...]
    cell: Places


def targets(frame: Frame) -> tuple[tuple[Target, ...], tuple[Adjustment, ...]]:
    """The wave's margins fitted to the sample, and what had to be done for it.

    Raises
    ------
    WeightingImpossible
        Nobody stated a district whose area the margins count.
    """
    areas, reached = set(areas_of(frame.wave.margins)), set(frame.area[frame.inside].tolist())
    missed = sorted(areas - reached)
    if areas and len(missed) == len(areas):
        raise WeightingImpossible(
            f"none of the {int(frame.inside.sum())} residents stated a district whose weighting_area the margins count"
        )
    done = [Adjustment(kind=Fitting.UNCOVERED, variables=(AREA,), levels=(area,)) for area in missed]
    fitted = []
    for margin in frame.wave.margins:
        target, adjustments = _fit(margin, frame, set(missed))
        fitted.append(target)
        done.extend(adjustments)
    return tuple(fitted), tuple(done)


def levels(frame: Frame, variable: str) -> Texts:
    """Level of each row on a margin's variable, shape (n,): an area or a code as text; NOT_STATED without one."""
    if variable == AREA:
        return frame.area
    codes = frame.codes[variable]
    return np.where(codes >= 0, codes.astype(np.str_), NOT_STATED).astype(np.str_)


def _fit(margin: Margin, frame: Frame, missed: set[str]) -> tuple[Target, list[Adjustment]]:
    population = {cell.levels: cell.total for cell in margin.cells if not missed.intersection(cell.levels)}
    keys, place = _row_keys(margin, frame, population)
    base = dict(zip(keys, np.bincount(place, frame.base_weight, len(keys)).tolist(), strict=True))
    rows = dict(zip(keys, np.bincount(place, minlength=len(keys)).tolist(), strict=True))
    scaled = _scaled(population, base)
    cells: list[Cell] = []
    done: list[Adjustment] = [*_nowhere(margin.variables[-1], rows, population)]
    for before in dict.fromkeys(key[:-1] for key in population):
        own = {key: total for key, total in scaled.items() if key[:-1] == before and key in population}
        joined, collapsed = _cells(own, base, rows, margin.variables)
        cells.extend(joined)
        done.extend(collapsed)
    for key in [*(key for key in scaled if key not in population), OUTSIDE]:
        if key in rows:
            total = base[OUTSIDE] if key == OUTSIDE else scaled[key]
            cells.append(Cell(stated=key, joined=(), total=total))
    done.extend(_not_stated(margin.variables, rows, population))
    position = {
        (*cell.stated[:-1], level) if cell.joined else cell.stated: number
        for number, cell in enumerate(cells)
        for level in (cell.joined or ("",))
    }
    cell = np.array([position[key] for key in keys], dtype=np.intp)[place]
    return Target(variables=margin.variables, cells=tuple(cells), cell=cell), done


def _row_keys(margin: Margin, frame: Frame, population: Mapping[Key, float]) -> tuple[list[Key], Places]:
    """The cells that somebody is in, as the rows come into them, and which of these each row is in, shape (n,).

    Known levels as far as they go, then NOT_STATED; OUTSIDE for who the margins do not count.
    """
    columns = [levels(frame, variable) for variable in margin.variables]
    known = {key[:depth] for key in population for depth in range(len(margin.variables) + 1)}

    def key(row: int) -> Key:
        stated = tuple(str(column[row]) for column in columns)
        if not frame.inside[row]:
            return OUTSIDE
        if stated in population:
            return stated
        depth = max(depth for depth in range(len(stated)) if stated[:depth] in known)
        return (*stated[:depth], NOT_STATED)

    _, first, alike = np.unique(codes_of(frame.inside, *columns)[0], return_index=True, return_inverse=True)
    found = [key(row) for row in first.tolist()]
    keys = list(dict.fromkeys(found[one] for one in np.argsort(first).tolist()))
    return keys, np.array([keys.index(one) for one in found], dtype=np.intp)[alike]


def _scaled(population: Mapping[Key, float], base: Mapping[Key, float]) -> dict[Key, float]:
    """Totals of the census cells and of the not-stated cells: together the census, shared by the design weights."""
    totals = dict(population)
    unstated = sorted((key for key in base if key != OUTSIDE and key[-1] == NOT_STATED), key=len)
    for key in unstated:
        before = key[:-1]
        among = [other for other in totals if other[: len(before)] == before]
        weight = sum(w for other, w in base.items() if other != OUTSIDE and other[: len(before)] == before)
        share = base[key] / weight
        total = sum(totals[other] for other in among)
        totals.update({other: totals[other] * (1 - share) for other in among})
        totals[key] = total * share
    return totals


def _cells(
    own: Mapping[Key, float], base: Mapping[Key, float], rows: Mapping[Key, int], variables: tuple[str, ...]
) -> tuple[list[Cell], list[Adjustment]]:
    """The cells of a margin that share their levels before the last, and which of them had to be joined."""
    reached = [key for key in own if rows.get(key, 0)]
    if not reached:
        return [], []
    usual = sum(own.values()) / sum(base[key] for key in reached)

    def thin(group: list[Key]) -> bool:
        taken = [key for key in group if key in reached]
        return too_few(
            sum(rows[key] for key in taken), sum(own[key] for key in group), sum(base[key] for key in taken), usual
        )

    cells: list[Cell] = []
    done: list[Adjustment] = []
    for group in _joined(own, thin):
        names = tuple(key[-1] for key in group)
        cells.append(Cell(stated=group[0], joined=names, total=sum(own[key] for key in group)))
        if len(group) > 1:
            taken = sum(rows.get(key, 0) for key in group)
            levels = group[0][:-1]
            done.append(Adjustment(kind=Fitting.COLLAPSED, variables=variables, levels=levels, into=names, rows=taken))
    return cells, done


def _joined(own: Iterable[Key], thin: Callable[[list[Key]], bool]) -> list[list[Key]]:
    """Neighbouring cells of the population taken together until none is too thin to stand alone."""
    groups: list[list[Key]] = []
    for key in own:
        if groups and (thin([key]) or thin(groups[-1])):
            groups[-1].append(key)
        else:
            groups.append([key])
    while len(groups) > 1 and thin(groups[-1]):
        last = groups.pop()
        groups[-1].extend(last)
    return groups


def _nowhere(variable: str, rows: Mapping[Key, int], population: Mapping[Key, float]) -> Iterator[Adjustment]:
    """Levels of a margin's last variable that nobody in any area has."""
    for level in dict.fromkeys(key[-1] for key in population):
        if variable != AREA and not any(rows.get(key, 0) for key in population if key[-1] == level):
            yield Adjustment(kind=Fitting.UNCOVERED, variables=(variable,), levels=(level,))


def _not_stated(
    variables: tuple[str, ...], rows: Mapping[Key, int], population: Mapping[Key, float]
) -> list[Adjustment]:
    counts: dict[str, int] = {}
    for key, count in rows.items():
        if key != OUTSIDE and key not in population:
            variable = variables[len(key) - 1]
            counts[variable] = counts.get(variable, 0) + count
    return [
        Adjustment(kind=Fitting.NOT_STATED, variables=(variable,), levels=(), rows=count)
        for variable, count in counts.items()
    ]
