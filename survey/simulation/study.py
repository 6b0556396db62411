"""One survey of the simulated city after the other, each estimated: do the intervals hold the truth?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design, codes_of, design_of
from survey.analysis.weights.rake import Margin, rake
from survey.simulation.city.population import City, levels
from survey.simulation.response import answers_invited
from survey.simulation.sample import Plan, draw

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

OUTSIDE = "outside the margins"


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
    cells: tuple[tuple[str, npt.NDArray[np.intp], Floats], ...]
    """For every margin its name, the cell of each adult, and the adults in each cell."""

    @classmethod
    def of(cls, city: City, plan: Plan) -> Study:
        """A study of `city` with samples of `plan`."""
        cells = []
        for margin in city.wave.margins:
            codes, count = codes_of(*[levels(city, variable) for variable in margin.variables])
            cell = np.where(city.inside, codes, count)
            cells.append((" × ".join(margin.variables), cell, np.bincount(cell, minlength=count + 1).astype(float)))
        return cls(city, plan, tuple(cells))

    def survey(self, generator: np.random.Generator) -> Answered:
        """One sample, those of it who answered, and their weights."""
        sample = draw(self.city, self.plan, generator)
        answered = answers_invited(self.city, sample.row, generator)
        row = sample.row[answered]
        drawn = design_of(
            sample.design_weight[answered],
            np.array(sample.stratum)[answered],
            [np.array(sample.psu)[answered]],
            single="adjust",
        )
        return Answered(
            row=row, drawn=drawn, raked=rake(drawn, [self._margin(row, drawn, *cell) for cell in self.cells])
        )

    @staticmethod
    def _margin(row: Ints, drawn: Design, name: str, cell: npt.NDArray[np.intp], totals: Floats) -> Margin:
        code = cell[row]
        reached = np.bincount(code, drawn.weights, len(totals))
        wanted = np.append(totals[:-1], reached[-1])
        return Margin(
            name=name,
            code=code,
            totals=wanted,
            levels=(*(f"cell {number}" for number in range(len(totals) - 1)), OUTSIDE),
        )
