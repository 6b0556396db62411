"""Replicates of all domains at once: weights are added up by domain, answer and pair of unit and calibration cell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.analysis.errors import DesignError
from survey.analysis.estimating.crossed import SMALL, SPARSE, Crossed
from survey.analysis.estimating.results import Statistic
from survey.analysis.variance.rank import pairs_of, rank_of_pairs, weights_of_pairs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


def _place(cross: Crossed) -> tuple[Ints, Ints, Floats]:
    """Pairs of unit and cell there are, which of them each row has, and their replicate weights."""
    design = cross.prepared.design
    found = weights_of_pairs(design)
    if found is None:
        raise DesignError("the design has no replicates")
    known, table = found
    own = pairs_of(design)[cross.rows]
    if known[-1] > SPARSE * len(own) + SMALL:
        return known, np.searchsorted(known, own), table
    place = np.zeros(known[-1] + 1, dtype=np.intp)
    place[known] = np.arange(len(known))
    return known, place[own], table


def ranks(cross: Crossed, weighty: Flags) -> Floats:
    """Rank of the replicate weights of each domain.

    Parameters
    ----------
    cross : Crossed
        D domains, m rows.
    weighty : ndarray of bool, shape (m,)
        Rows whose weight is not 0.

    Returns
    -------
    ndarray of float, shape (D,)
        0 for domains without such rows.
    """
    known, place, _ = _place(cross)
    key = (cross.domain * len(known) + place)[weighty]
    inside = np.bincount(key, minlength=cross.domains * len(known)).reshape(cross.domains, -1) > 0
    return np.array([rank_of_pairs(cross.prepared.design, known[there]) for there in inside], dtype=float)


def values_of_replicates(cross: Crossed, statistic: Statistic) -> list[Floats]:
    """The statistic in every replicate.

    Parameters
    ----------
    cross : Crossed
        D domains.
    statistic : callable
        ``(weights, *columns) -> Linear`` with k values, `batched`.

    Returns
    -------
    list of ndarray of float, each of shape (R, k)
        For each domain.
    """
    design = cross.prepared.design
    known, place, table = _place(cross)
    whole = design.replicates is not None and design.replicates.whole
    masses = cross.by(place, len(known), None if whole else design.base[cross.rows])
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for mass in masses:
            used = np.flatnonzero(mass.any(axis=0))
            there = mass.any(axis=1)
            low, high = (used[0], used[-1] + 1) if len(used) else (0, 0)
            weights = mass[there, low:high] @ table[low:high]
            found.append(statistic(weights, *(column[there] for column in cross.columns)).value.T)
    return found
