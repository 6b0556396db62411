"""Stages of sampling: which units were drawn, in which strata, out of how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.errors import DesignError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of sampling.

    Attributes
    ----------
    unit : ndarray of int, shape (n,)
        Sampling unit of each row, 0..U-1.
    stratum : ndarray of int, shape (U,)
        Stratum each unit was drawn in, 0..H-1; at later stages, the unit of the stage before.
    sampled, population, share : ndarray of float, shape (H,)
        Units drawn, units there are (infinite without finite population), and the product of the
        sampling fractions of the stages before.
    names : tuple of str, length H
        Strata in words, for messages.
    """

    unit: Ints
    stratum: Ints
    sampled: Floats
    population: Floats
    share: Floats
    names: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.stratum)

    @property
    def fraction(self) -> Floats:
        """Share of each stratum that was drawn, shape (H,)."""
        return self.sampled / self.population


def stages_of(
    strata: npt.NDArray[np.generic] | None,
    clusters: Sequence[npt.NDArray[np.generic]],
    fpc: Sequence[Floats],
    rows: int,
) -> tuple[Stage, ...]:
    """All stages of sampling.

    Parameters
    ----------
    strata : ndarray, shape (n,), or None
        Stratum labels; None is one stratum.
    clusters : sequence of ndarray, each of shape (n,)
        Labels of the sampling units, outermost stage first; none: each row is its own unit.
    fpc : sequence of ndarray of float, each of shape (n,)
        Units the population has at each stage.
    rows : int
        Number of rows n.

    Returns
    -------
    tuple of Stage
        Outermost first; ends at a stage taken as a census within a census.

    Raises
    ------
    DesignError
        fpc that differs within a stratum, or is under the number of units sampled.
    """
    names: tuple[str, ...] = ()
    if strata is None:
        within = np.zeros(rows, dtype=np.intp)
    else:
        levels, within = np.unique(strata, return_inverse=True)
        names = tuple(str(level) for level in levels)
    units = list(clusters) or [np.arange(rows)]
    share = np.ones(int(within.max(initial=-1)) + 1)
    stages: list[Stage] = []
    for number, labels in enumerate(units):
        limit = fpc[number] if number < len(fpc) else None
        stage = _stage(within, labels, limit, share, names)
        stages.append(stage)
        within, names = stage.unit, ()
        share = (share * stage.fraction)[stage.stratum]
        if not share.any():
            break
    return tuple(stages)


def _stage(
    within: Ints,
    labels: npt.NDArray[np.generic],
    limit: Floats | None,
    share: Floats,
    names: tuple[str, ...],
) -> Stage:
    unit, count = codes_of(within, labels)
    stratum = np.zeros(count, dtype=np.intp)
    stratum[unit] = within
    sampled = np.bincount(stratum, minlength=len(share)).astype(float)
    population = np.full(len(share), np.inf)
    if limit is not None:
        population[within] = limit
        if not np.array_equal(population[within], limit):
            wrong = np.flatnonzero(population[within] != limit)
            raise DesignError(
                f"fpc differs within a stratum or unit ({len(wrong)} rows, the first is row {wrong[0] + 1})"
            )
        few = np.flatnonzero(population < sampled)
        if len(few):
            h = few[0]
            where = f"stratum {names[h]}" if names else "a stratum"
            raise DesignError(
                f"fpc: {where} has {sampled[h]:g} units in the sample ({(within == h).sum()} rows) "
                f"and only {population[h]:g} in the population"
            )
    return Stage(unit=unit, stratum=stratum, sampled=sampled, population=population, share=share, names=names)
