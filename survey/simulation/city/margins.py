"""From margins to people: joint counts that meet a wave's margins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.simulation.city.communities import apportion
from survey.wave.model import Margin, Wave

Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

AREA = "weighting_area"
SWEEPS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Joint counts of the margins' variables, one row a combination.

    Attributes
    ----------
    area : ndarray of str, shape (C,)
        Weighting area.
    codes : mapping of str to ndarray of int, shape (C,)
        Code of every other variable, by question id.
    count : ndarray of int, shape (C,)
        Adults.
    """

    area: npt.NDArray[np.str_]
    codes: Mapping[str, Codes]
    count: npt.NDArray[np.int64]


def joint(wave: Wave, adults: int | None = None) -> Cells:
    """Counts of all combinations of the margins' variables that meet every margin.

    Iterative proportional fitting from equal cells: given the margins, the variables are independent. Fractions
    are rounded by largest remainders, so a margin is met to within a few people.

    Parameters
    ----------
    wave : Wave
        Its margins; each area and level must stand in one of them.
    adults : int, optional
        Scale to this many adults; by default as many as the margins count.
    """
    levels = {
        variable: list(
            dict.fromkeys(
                cell.levels[margin.variables.index(variable)]
                for margin in wave.margins
                if variable in margin.variables
                for cell in margin.cells
            )
        )
        for variable in dict.fromkeys(v for margin in wave.margins for v in margin.variables)
    }
    targets = [_target(margin, levels) for margin in wave.margins]
    table = np.ones([len(named) for named in levels.values()])
    for _ in range(SWEEPS):
        for target in targets:
            others = tuple(axis for axis, size in enumerate(target.shape) if size == 1)
            table = table * (target / table.sum(axis=others, keepdims=True))
    count = apportion(table.ravel(), round(table.sum()) if adults is None else adults)
    index = np.indices(table.shape).reshape(table.ndim, -1)
    named = {name: np.array(levels[name])[index[axis]] for axis, name in enumerate(levels)}
    area = named.pop(AREA)
    return Cells(area=area, codes={name: column.astype(np.int32) for name, column in named.items()}, count=count)


def _target(margin: Margin, levels: Mapping[str, list[str]]) -> Floats:
    """Totals of a margin with an axis of length 1 for every variable it does not have."""
    target = np.zeros([len(named) if name in margin.variables else 1 for name, named in levels.items()])
    for cell in margin.cells:
        level = dict(zip(margin.variables, cell.levels, strict=True))
        target[tuple(levels[name].index(level[name]) if name in level else 0 for name in levels)] = cell.total
    return target
