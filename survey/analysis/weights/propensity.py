"""Non-response: weights of those who answered stand in for those who did not, class by class.

Classes are made of whole communities, never finer, so that a weight can't be traced to a person of the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design, Replicates
from survey.analysis.errors import DesignError, EmptyMarginError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseClass:
    """A class of whole communities.

    Attributes
    ----------
    communities : int
    invited, responded : float
        Sum of the design weights of the people sampled, and of those who answered.
    rate : float
        Weighted response rate.
    factor : float
        What the weights of those who answered are multiplied by.
    """

    communities: int
    invited: float
    responded: float
    rate: float
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseAdjusted:
    """A design whose weights stand for all who were sampled, and the classes that say how."""

    design: Design
    classes: tuple[ResponseClass, ...]


def classes_by_propensity(propensity: Floats, invited: Floats, count: int = 5) -> Ints:
    """Form classes of communities with like propensities.

    Parameters
    ----------
    propensity : ndarray of float, shape (C,)
        Modelled probability of response of each community (`models.response.response_propensities`).
    invited : ndarray of float, shape (C,)
        People sampled in each.
    count : int
        How many classes of about as many invitations; five take away most of the bias that the propensity
        explains (Cochran 1968).

    Returns
    -------
    ndarray of int, shape (C,)
        Class of each community, 0 for the lowest propensities. Communities with the same propensity share a
        class, so there can be fewer classes than asked for.

    Raises
    ------
    DesignError
        When `count` is under 1.
    """
    if count < 1:
        raise DesignError(f"response classes: {count} is no number of classes")
    values, place = np.unique(propensity, return_inverse=True)
    sizes = np.bincount(place, invited, len(values))
    middle = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    _, classes = np.unique(np.floor(middle * count), return_inverse=True)
    return np.asarray(classes[place], dtype=np.intp)


def adjust_for_response(
    design: Design, community: Ints, classes: Ints, invited: Floats, names: Sequence[str] = ()
) -> ResponseAdjusted:
    r"""Multiply the weights of those who answered by the inverse response rate of their class.

    Do this before calibration: its base weights are then these. Only counts of the people sampled are needed,
    so that nobody's answers have to be joined with an invitation.

    Parameters
    ----------
    design : Design
        Of the n rows that answered, with their design weights.
    community : ndarray of int, shape (n,)
        Community of each row, 0..C-1.
    classes : ndarray of int, shape (C,)
        Class of each community, 0..K-1: from `classes_by_propensity` or given.
    invited : ndarray of float, shape (C,)
        Sum of the design weights of all people sampled in each community.
    names : sequence of str, length C, optional
        Communities in words, for messages.

    Returns
    -------
    ResponseAdjusted
        The design, its weights adding to those of all who were sampled, and the classes.

    Raises
    ------
    DesignError
        When the design is calibrated already, or a community has more weight than was sampled.
    EmptyMarginError
        When hardly anybody of a class answered: naming its communities; join it to another.

    Notes
    -----
    :math:`f_k=\sum_{sampled}d/\sum_{answered}d` in class k, the weighting-class adjustment [1]_. The classes
    are taken as known in the variance, as usual; with replicates the factors are made again in each.

    References
    ----------
    .. [1] Oh, Scheuren (1983), in Incomplete Data in Sample Surveys 2, 143-184.
    """
    if design.controls is not None:
        raise DesignError("response classes: the design is calibrated already; adjust for response before")
    count = int(classes.max(initial=-1)) + 1
    own = classes[community]
    sampled = np.bincount(classes, invited, count).astype(np.float64)
    _check(design, community, invited, names)
    answered = np.bincount(own, design.weights, count)
    rows = np.bincount(own, design.numbers() * (design.weights > 0), count)
    few = np.flatnonzero((rows < FEWEST) & (sampled > 0))
    if len(few):
        there = [_named(names, place) for place in np.flatnonzero(classes == few[0]).tolist()]
        raise EmptyMarginError(
            f"response class {few[0]}: {rows[few[0]]:g} people answered for {sampled[few[0]]:.12g} sampled in "
            f"{len(there)} communities ({', '.join(there[:5])}), too few to stand for the others; join it to "
            "another class"
        )
    factor = np.divide(sampled, answered, out=np.ones(count), where=answered > 0)
    found = tuple(
        ResponseClass(
            communities=int((classes == k).sum()),
            invited=float(sampled[k]),
            responded=float(answered[k]),
            rate=float(answered[k] / sampled[k]) if sampled[k] > 0 else float("nan"),
            factor=float(factor[k]),
        )
        for k in range(count)
    )
    return ResponseAdjusted(design=_multiplied(design, own, factor, sampled), classes=found)


def _check(design: Design, community: Ints, invited: Floats, names: Sequence[str]) -> None:
    answered = np.bincount(community, design.weights, len(invited))
    over = np.flatnonzero(answered > invited * (1 + 1e-9))
    if len(over):
        name = _named(names, int(over[0]))
        raise DesignError(
            f"response classes: community {name} has answers with weight {answered[over[0]]:.12g} of only "
            f"{invited[over[0]]:.12g} sampled ({len(over)} communities)"
        )


def _named(names: Sequence[str], place: int) -> str:
    return names[place] if len(names) else str(place)


def _multiplied(design: Design, own: Ints, factor: Floats, sampled: Floats) -> Design:
    each = factor[own]
    weights = design.weights * each
    squares = None if design.squares is None else design.squares * np.square(each)
    replicates = design.replicates
    if replicates is not None:
        replicates = _in_replicates(design, replicates, own, factor, sampled)
    return replace(design, weights=weights, base=weights, squares=squares, replicates=replicates)


def _in_replicates(design: Design, replicates: Replicates, own: Ints, factor: Floats, sampled: Floats) -> Replicates:
    """Replicate factors by (sampling unit, class), so that each replicate meets the sampled weight again."""
    count = len(factor)
    pairs, unit = np.unique(replicates.unit * count + own, return_inverse=True)
    old = replicates.factors[pairs // count]
    mass = np.bincount(unit, None if replicates.whole else design.base)
    have = np.zeros((count, old.shape[1]))
    np.add.at(have, pairs % count, mass[:, None] * old)
    again = np.divide(sampled[:, None], have, out=np.zeros_like(have), where=have > 0)
    if not replicates.whole:
        again = again / factor[:, None]
    return replace(replicates, unit=unit.astype(np.intp), factors=old * again[pairs % count])
