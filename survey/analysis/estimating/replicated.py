"""Replicates of all domains of several items at once: weights are added up by answer and pair of unit and cell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.analysis.errors import DesignError
from survey.analysis.estimating.crossed import Crossed
from survey.analysis.estimating.results import Statistic
from survey.analysis.variance.rank import rank_of_pairs, weights_of_pairs

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
AT_ONCE = 30_000
"""Pairs whose replicate weights are laid out at a time."""


def rank_of_part(cross: Crossed, item: int, part: slice) -> int:
    """Rank of the replicate weights of those who answered an item.

    Parameters
    ----------
    cross : Crossed
        Of a design with replicates.
    item : int
        Which item.
    part : slice
        Which pairs of unit and cell.

    Returns
    -------
    int
        0 for nobody.
    """
    pairs, present = cross.ground.pairs, cross.present
    if pairs is None or present is None:
        return 0
    return rank_of_pairs(cross.ground.prepared.design, np.unique(pairs.code[part][present[part, item]]))


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
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for domain in range(cross.ground.domains):
            weights, present = _weights(cross, domain)
            for own, there, columns in zip(weights, present, cross.columns, strict=True):
                if there.all():
                    found.append(statistic(own, *columns).value.T)
                else:
                    found.append(statistic(own[there], *(column[there] for column in columns)).value.T)
    return np.stack(found).reshape(cross.ground.domains, len(cross.columns), *found[0].shape)


def _weights(cross: Crossed, domain: int) -> tuple[Floats, Flags]:
    """Replicate weights of every answer in a domain, shape (I, A, R), and which of them anybody gave."""
    design, pairs, shape = cross.ground.prepared.design, cross.ground.pairs, cross.sums.shape[1:]
    if pairs is None or cross.paired is None:
        raise DesignError("the design has no replicates")
    known, masses = pairs.code[pairs.of(domain)], cross.paired[pairs.of(domain)].reshape(-1, shape[0] * shape[1])
    weights = masses[:AT_ONCE].T @ weights_of_pairs(design, known[:AT_ONCE])
    for start in range(AT_ONCE, len(known), AT_ONCE):
        own = slice(start, start + AT_ONCE)
        weights += masses[own].T @ weights_of_pairs(design, known[own])
    return weights.reshape(*shape, -1), np.asarray(masses.any(axis=0)).reshape(shape)
