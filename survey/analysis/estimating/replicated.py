"""Replicates of all domains of several items at once: weights are added up by answer and pair of unit and cell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.analysis.estimating.crossed import Crossed
from survey.analysis.estimating.results import Statistic
from survey.analysis.sums import sums_by
from survey.analysis.variance.rank import pairs_of, rank_of_pairs, weights_of_pairs

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
AT_ONCE = 30_000
"""Pairs whose replicate weights are laid out at a time."""


def rank_of_part(cross: Crossed, there: Flags) -> int:
    """Rank of the replicate weights of some rows.

    Parameters
    ----------
    cross : Crossed
        Of G rows.
    there : ndarray of bool, shape (G,)
        Which of them.

    Returns
    -------
    int
        0 for none.
    """
    design = cross.ground.prepared.design
    return rank_of_pairs(design, np.unique(pairs_of(design)[cross.ground.rows[there]]))


def values_of_replicates(cross: Crossed, statistic: Statistic) -> Floats:
    """The statistic in every replicate.

    Parameters
    ----------
    cross : Crossed
        D domains, I items.
    statistic : callable
        ``(weights, *columns) -> Linear`` with k values, `batched`.

    Returns
    -------
    ndarray of float, shape (D, I, R, k)
        NaN where a replicate has nobody.
    """
    found, items = [], range(len(cross.tables))
    with np.errstate(divide="ignore", invalid="ignore"):
        for domain in range(cross.ground.domains):
            weights, present = _weights(cross, domain)
            for item in items:
                own, there, columns = weights[item], present[item], cross.tables[item].columns
                if not there.all():
                    own, columns = own[there], tuple(column[there] for column in columns)
                found.append(statistic(own, *columns).value.T)
    return np.stack(found).reshape(cross.ground.domains, len(items), *found[0].shape)


def _weights(cross: Crossed, domain: int) -> tuple[Floats, Flags]:
    """Replicate weights of every answer in a domain, shape (I, A, R), and which of them anybody gave."""
    design = cross.ground.prepared.design
    rows = np.flatnonzero(cross.ground.domain == domain)
    known, place = np.unique(pairs_of(design)[cross.ground.rows[rows]], return_inverse=True)
    masses = np.hstack([table.base[rows] for table in cross.tables if table.base is not None])
    masses = sums_by(place, masses, len(known))
    weights = masses[:AT_ONCE].T @ weights_of_pairs(design, known[:AT_ONCE])
    for start in range(AT_ONCE, len(known), AT_ONCE):
        own = slice(start, start + AT_ONCE)
        weights += masses[own].T @ weights_of_pairs(design, known[own])
    shape = cross.sums.shape[1:]
    return weights.reshape(*shape, -1), np.asarray(masses.any(axis=0)).reshape(shape)
