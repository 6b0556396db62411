"""Non-response: classes of communities with similar response, and weights that make up for those who did not answer.

Classes are never finer than a community, so that a weight can't be traced to a person of the frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.analysis.controls import sums_by
from survey.analysis.design import Design
from survey.analysis.errors import EmptyMarginError, NotConvergedError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Response by class.

    Attributes
    ----------
    invited, answered : ndarray of float, shape (C,)
        People of the sample, and those of them who answered.
    rate : ndarray of float, shape (C,)
        Weighted response rate.
    """

    invited: Floats
    answered: Floats
    rate: Floats

    @property
    def factor(self) -> Floats:
        """What the design weights of a class are multiplied with, shape (C,)."""
        return 1 / self.rate


def propensity_classes(features: Floats, answered: Flags, weights: Floats, community: Ints, classes: int = 5) -> Ints:
    r"""Group communities by how likely their people were to answer.

    Parameters
    ----------
    features : ndarray of float, shape (n, p)
        What the frame knows of everybody in the sample, without intercept.
    answered : ndarray of bool, shape (n,)
    weights : ndarray of float, shape (n,)
        Design weights.
    community : ndarray of int, shape (n,)
        Community of each, 0..K-1.
    classes : int
        How many classes to form at most.

    Returns
    -------
    ndarray of int, shape (K,)
        Class of each community, 0 the least likely to answer.

    Raises
    ------
    NotConvergedError
        A feature tells answering from not answering without error.

    Notes
    -----
    Weighted logistic regression, predictions averaged by community, communities cut at the quantiles of these
    averages so that classes hold about equally many people [1]_.

    References
    ----------
    .. [1] Little (1986), Int. Statist. Rev. 54, 139-157.
    """
    from statsmodels.genmod.families import Binomial  # seconds to load, and only this needs it
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationError

    matrix = np.column_stack([np.ones(len(features)), features])
    scaled = weights / weights.mean()
    try:
        model = GLM(answered.astype(float), matrix, family=Binomial(), freq_weights=scaled).fit()
    except PerfectSeparationError as problem:
        raise NotConvergedError("response: a feature tells who answered without error") from problem
    if not model.converged:
        raise NotConvergedError("response: the logistic model of response did not converge")
    count = int(community.max(initial=-1)) + 1
    people = np.maximum(sums_by(community, np.ones(len(community)), count), 1.0)
    chance = sums_by(community, np.asarray(model.fittedvalues, dtype=float), count) / people
    order = np.argsort(chance, kind="stable")
    before = np.cumsum(people[order]) - people[order] / 2
    code = np.empty(count, dtype=np.intp)
    code[order] = np.minimum((before / people.sum() * classes).astype(np.intp), classes - 1)
    return np.asarray(np.unique(code, return_inverse=True)[1])


def response(code: Ints, answered: Flags, weights: Floats, names: tuple[str, ...] = ()) -> Response:
    """Weighted response rate of every class.

    Parameters
    ----------
    code : ndarray of int, shape (n,)
        Class of everybody in the sample, 0..C-1.
    answered : ndarray of bool, shape (n,)
    weights : ndarray of float, shape (n,)
        Design weights.
    names : tuple of str, length C
        Classes in words, for messages.

    Raises
    ------
    EmptyMarginError
        A class in which hardly anybody answered; names it and the counts.
    """
    count = int(code.max(initial=-1)) + 1
    invited = sums_by(code, np.ones(len(code)), count)
    done = sums_by(code, answered.astype(float), count)
    few = np.flatnonzero((done < FEWEST) & (invited > 0))
    if len(few):
        name = names[few[0]] if names else f"number {few[0] + 1}"
        raise EmptyMarginError(
            f"response class {name}: {done[few[0]]:g} of {invited[few[0]]:g} people answered, too few to stand "
            "for the others; join it to another class"
        )
    rate = sums_by(code, weights * answered, count) / np.maximum(sums_by(code, weights, count), 1e-300)
    return Response(invited=invited, answered=done, rate=np.where(invited > 0, rate, 1.0))


def adjust_for_response(design: Design, code: Ints, found: Response) -> Design:
    """Let those who answered stand for those of their class who did not.

    Parameters
    ----------
    design : Design
        Of those who answered, before calibration.
    code : ndarray of int, shape (n,)
        Class of each row.
    found : Response

    Returns
    -------
    Design
        Its base weights are the adjusted ones, so that calibration starts from them.
    """
    weights = design.weights * found.factor[code]
    squares = None if design.squares is None else design.squares * np.square(found.factor[code])
    return replace(design, weights=weights, base=weights, squares=squares)
