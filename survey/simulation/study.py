"""One survey of the simulated city after the other, each estimated: do the intervals hold the truth?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design, design_of
from survey.analysis.weights.rake import Margin as Raked
from survey.analysis.weights.rake import rake
from survey.simulation.city.population import City, cells, margins
from survey.simulation.response import answers_invited
from survey.simulation.sample import Plan, draw
from survey.wave.model import Margin

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The invited who answered: `row` in the city, and the design before and after raking to the city's margins.

    Rows outside the margins stay in the design, in a cell of their own that keeps its weight.
    """

    row: Ints
    drawn: Design
    raked: Design


@dataclass(frozen=True, slots=True)
class Study:
    """Draws surveys of one city; the margins are counted once."""

    city: City
    plan: Plan
    margins: tuple[Margin, ...]
    """What a census of the city would count."""
    cells: tuple[Ints, ...]
    """For every margin the cell of each adult, the last one for those outside the margins."""

    @classmethod
    def of(cls, city: City, plan: Plan) -> Study:
        """A study of `city` with samples of `plan`."""
        counted = margins(city)
        inside = [np.where(city.inside, cells(city, margin), len(margin.cells)) for margin in counted]
        return cls(city, plan, counted, tuple(inside))

    def survey(self, generator: np.random.Generator) -> Answered:
        """One sample, those of it who answered, and their weights."""
        sample = draw(self.city, self.plan, generator)
        answered = answers_invited(self.city, sample.row, generator)
        row = sample.row[answered]
        drawn = design_of(
            sample.design_weight[answered],
            sample.stratum[answered],
            [sample.psu[answered]],
            single="adjust",
        )
        pairs = zip(self.margins, self.cells, strict=True)
        return Answered(row=row, drawn=drawn, raked=rake(drawn, [_target(m, cell[row], drawn) for m, cell in pairs]))


def _target(margin: Margin, cell: Ints, drawn: Design) -> Raked:
    """What the rows (their cells, shape (n,)) are raked to: the census, and for the outside what they weigh.

    A cell nobody answered in is counted with its neighbour, as in the results of a wave.
    """
    outside = drawn.weights[cell == len(margin.cells)].sum()
    totals = np.array([*(one.total for one in margin.cells), outside])
    rows = np.bincount(cell, minlength=len(totals))
    for empty in np.flatnonzero((rows == 0) & (totals > 0)):
        neighbour = _neighbour(margin, int(empty), rows)
        totals[neighbour] += totals[empty]
        totals[empty] = 0.0
    return Raked(
        name=" × ".join(margin.variables),
        code=cell,
        totals=totals,
        levels=(*(" × ".join(one.levels) for one in margin.cells), "outside the margins"),
    )


def _neighbour(margin: Margin, empty: int, rows: Ints) -> int:
    """The nearest cell with rows that differs in the last variable alone."""
    before = margin.cells[empty].levels[:-1]
    reached = [n for n, cell in enumerate(margin.cells) if cell.levels[:-1] == before and rows[n]]
    return min(reached, key=lambda number: abs(number - empty))
