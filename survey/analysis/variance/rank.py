"""Rank of replicate weights: the degrees of freedom they leave."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design, Replicates
from survey.analysis.errors import DesignError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
TOLERANCE, ROUNDING = 1e-5, 1e-11
CHUNK, BLOCK = 16_000_000, 256
SPARSE = 64


def rank(design: Design, rows: Ints) -> int:
    """Rank of the replicate weights of some rows.

    Rows of one unit and one calibration cell have proportional weights: together they count as one row with the
    length of all such rows of the design. Ranks are kept with the replicates, and the rank
    of a part of known rows follows from how they depend on each other.

    Parameters
    ----------
    design : Design
        With replicates.
    rows : ndarray of int, shape (m,)
        Which of its rows.

    Returns
    -------
    int
        0 without replicates or rows.

    Notes
    -----
    Columns are taken in order, one left out when no more than a trace of it is new, as LINPACK's ``dqrdc2`` [1]_
    does in R's ``degf``.

    References
    ----------
    .. [1] Dongarra, Bunch, Moler, Stewart (1979), LINPACK Users' Guide, ch. 9.
    """
    if design.replicates is None or not len(rows):
        return 0
    return rank_of_pairs(design, _distinct(pairs_of(design)[rows]))


def rank_of_pairs(design: Design, pairs: Ints) -> int:
    """Rank of the replicate weights of some pairs of sampling unit and calibration cell.

    Parameters
    ----------
    design : Design
        With replicates.
    pairs : ndarray of int, shape (p,)
        Sorted distinct numbers from `pairs_of`.

    Returns
    -------
    int
        0 without replicates or pairs.
    """
    replicates = design.replicates
    if replicates is None or not len(pairs):
        return 0
    key = pairs.tobytes()
    if key not in replicates.memo:
        replicates.memo[key] = _found(design, replicates, pairs)
    return int(replicates.memo[key])


def pairs_of(design: Design) -> Ints:
    """Sampling unit of the replicates and calibration cell of every row as one number.

    Parameters
    ----------
    design : Design
        Of n rows, with replicates.

    Returns
    -------
    ndarray of int, shape (n,)
        Equal where the replicate weights are proportional.
    """
    replicates = design.replicates
    if replicates is None or replicates.ratios is None or design.controls is None:
        return np.zeros(design.rows, dtype=np.intp) if replicates is None else replicates.unit
    return replicates.unit * design.controls.cells + design.controls.cell


def weights_of_pairs(design: Design, pairs: Ints) -> Floats:
    """Replicate weights of pairs of sampling unit and calibration cell, per unit of base weight.

    Parameters
    ----------
    design : Design
        With R replicates.
    pairs : ndarray of int, shape (p,)
        Sorted distinct numbers from `pairs_of`.

    Returns
    -------
    ndarray of float, shape (p, R)
        Those of all pairs are kept with the replicates, unless they are very many.

    Raises
    ------
    DesignError
        The design has no replicates.
    """
    replicates = design.replicates
    if replicates is None:
        raise DesignError("the design has no replicates")
    if "weights" not in replicates.memo:
        known = _distinct(pairs_of(design))
        fits = known.size * replicates.factors.shape[1] <= CHUNK
        replicates.memo["weights"] = (known, _weights(replicates, known)) if fits else None
    if replicates.memo["weights"] is None or not len(pairs):
        return _weights(replicates, pairs)
    known, table = replicates.memo["weights"]
    place = np.searchsorted(known, pairs)
    together = place[-1] - place[0] + 1 == len(pairs)
    return np.asarray(table[place[0] : place[-1] + 1] if together else table[place])


def _distinct(codes: Ints) -> Ints:
    """Sorted distinct codes; counted where that is less work than sorting."""
    if int(codes.max()) > SPARSE * len(codes):
        return np.unique(codes)
    return np.flatnonzero(np.bincount(codes))


def _found(design: Design, replicates: Replicates, pairs: Ints) -> int:
    if "pairs" not in replicates.memo:
        known, place = np.unique(pairs_of(design), return_inverse=True)
        squares = np.square(design.base) if design.squares is None else design.squares
        lengths = np.ones(len(known)) if replicates.whole else np.sqrt(np.bincount(place, squares, len(known)))
        replicates.memo["pairs"] = known, lengths
    known, lengths = replicates.memo["pairs"]
    cells = 1 if replicates.ratios is None else len(replicates.ratios)
    wider = known[np.isin(known // cells, pairs // cells)]
    if len(pairs) < len(wider) <= 2 * replicates.factors.shape[1]:
        key = wider.tobytes()
        if key not in replicates.memo:
            replicates.memo[key] = _rank_of(replicates, wider, lengths[np.searchsorted(known, wider)])
        dependent = _dependencies(replicates, wider, key)
        free = len(wider) - int(replicates.memo[key])
        if dependent.shape[1] == free:
            gone = dependent[~np.isin(wider, pairs)]
            broken = int(np.linalg.matrix_rank(gone, tol=TOLERANCE)) if gone.size else 0
            return len(pairs) - free + broken
    return _rank_of(replicates, pairs, lengths[np.searchsorted(known, pairs)])


def _dependencies(replicates: Replicates, pairs: Ints, key: bytes) -> Floats:
    """Combinations of the rows of some pairs that are 0 in every replicate, shape (pairs, number of them).

    Those of a part of the rows are the combinations in which the others have no share, so that its rank needs no
    matrix of replicates.
    """
    kept = (key, "dependencies")
    if kept not in replicates.memo:
        rows = _weights(replicates, pairs)
        rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.finfo(float).tiny)
        axes, size, _ = np.linalg.svd(rows, full_matrices=len(rows) > rows.shape[1])
        replicates.memo[kept] = axes[:, np.count_nonzero(size > ROUNDING * size[0]) :]
    found: Floats = replicates.memo[kept]
    return found


def _rank_of(replicates: Replicates, pairs: Ints, lengths: Floats) -> int:
    width = replicates.factors.shape[1]
    step = max(1, CHUNK // width)
    upper: Floats = np.zeros((0, width))
    for start in range(0, len(pairs), step):
        own = slice(start, start + step)
        block = _weights(replicates, pairs[own]) * lengths[own, None]
        upper = block if len(pairs) <= step else np.asarray(np.linalg.qr(np.vstack([upper, block]), mode="r"))
    return _ordered_rank(upper)


def _weights(replicates: Replicates, pairs: Ints) -> Floats:
    if replicates.ratios is None:
        return replicates.factors[pairs]
    unit, cell = np.divmod(pairs, len(replicates.ratios))
    weights = replicates.factors[unit]
    for start in range(0, len(pairs), BLOCK):  # no second table of that size
        weights[start : start + BLOCK] *= replicates.ratios[cell[start : start + BLOCK]]
    return weights


def _ordered_rank(matrix: Floats) -> int:
    """Columns in order; one is left out when no more than a trace of it is new."""
    upper = np.asarray(np.linalg.qr(matrix, mode="r"))
    least = TOLERANCE * np.linalg.norm(matrix, axis=0)
    limit = len(upper)
    new = np.abs(np.diag(upper))
    poor = np.flatnonzero((new <= least[:limit]) | (new == 0))
    found = int(poor[0]) if len(poor) else limit
    left, least = upper[found:, found:], least[found:]
    while found < limit:
        lengths = np.linalg.norm(left, axis=0)
        good = np.flatnonzero((lengths > least) & (lengths > 0))
        if not len(good):
            break
        column = int(good[0])
        found += 1
        direction = left[:, column] / lengths[column]
        left, least = left[:, column + 1 :], least[column + 1 :]
        left = left - np.outer(direction, direction @ left)
    return found
