"""Distances between new and old weights: how the ratio follows from the linear predictor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from survey.analysis.errors import InfeasibleError

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float]
FREE: Bounds = (-np.inf, np.inf)
LARGEST = 500.0
Distance = Callable[[Floats, Bounds], tuple[Floats, Floats]]


def linear(u: Floats, bounds: Bounds) -> tuple[Floats, Floats]:
    """Ratio 1 + u, cut at the bounds, and its derivative.

    Parameters
    ----------
    u : ndarray of float, shape (C,)
        Linear predictor x'λ of each cell.
    bounds : (float, float)
        Lowest and highest ratio.

    Returns
    -------
    ratio : ndarray of float, shape (C,)
        New to old weight.
    slope : ndarray of float, shape (C,)
        Its derivative, 0 at a bound.
    """
    ratio = 1.0 + u
    inside = (ratio > bounds[0]) & (ratio < bounds[1])
    return np.clip(ratio, *bounds), inside.astype(float)


def raking(u: Floats, bounds: Bounds) -> tuple[Floats, Floats]:
    """Ratio exp(u), cut at the bounds, and its derivative.

    Parameters
    ----------
    u : ndarray of float, shape (C,)
        Linear predictor x'λ of each cell.
    bounds : (float, float)
        Lowest and highest ratio.

    Returns
    -------
    ratio : ndarray of float, shape (C,)
        New to old weight.
    slope : ndarray of float, shape (C,)
        Its derivative, 0 at a bound.
    """
    ratio = np.exp(np.clip(u, -LARGEST, LARGEST))
    inside = (ratio > bounds[0]) & (ratio < bounds[1])
    return np.clip(ratio, *bounds), np.where(inside, ratio, 0.0)


def logit(u: Floats, bounds: Bounds) -> tuple[Floats, Floats]:
    r"""A logistic curve between the bounds, and its derivative.

    Parameters
    ----------
    u : ndarray of float, shape (C,)
        Linear predictor x'λ of each cell.
    bounds : (float, float)
        Lowest and highest ratio.

    Returns
    -------
    ratio : ndarray of float, shape (C,)
        New to old weight.
    slope : ndarray of float, shape (C,)
        Its derivative.

    Notes
    -----
    :math:`\frac{L(U-1)+U(1-L)e^{Au}}{U-1+(1-L)e^{Au}}` with :math:`A=\frac{U-L}{(1-L)(U-1)}`: case 6 of Deville and
    Särndal [1]_.

    References
    ----------
    .. [1] Deville, Särndal (1992), J. Amer. Statist. Assoc. 87, 376-382.
    """
    low, high = bounds
    slope = (high - low) / ((high - 1) * (1 - low))
    grown = np.exp(np.clip(slope * u, -LARGEST, LARGEST))
    below = high - 1 + (1 - low) * grown
    ratio = (low * (high - 1) + high * (1 - low) * grown) / below
    return ratio, slope * grown * (high - low) * (1 - low) * (high - 1) / below / below


DISTANCES: dict[str, Distance] = {"linear": linear, "raking": raking, "logit": logit}


def checked(distance: str, bounds: Bounds | None) -> Bounds:
    """Bounds that go with a distance.

    Parameters
    ----------
    distance : {"linear", "raking", "logit"}
        Name of the distance.
    bounds : (float, float), optional
        Lowest and highest ratio of new to old weight.

    Returns
    -------
    (float, float)
        Infinite where there are none.

    Raises
    ------
    InfeasibleError
        Bounds that do not hold 1 between them, or logit without bounds.
    """
    if bounds is None:
        if distance == "logit":
            raise InfeasibleError("bounds: logit needs [low, high] with low < 1 < high")
        return FREE
    if not bounds[0] < 1 < bounds[1]:
        raise InfeasibleError(f"bounds: {bounds[0]:g} and {bounds[1]:g} must hold 1 between them")
    if distance == "logit" and not all(np.isfinite(bounds)):
        raise InfeasibleError("bounds: logit needs finite bounds")
    return bounds
