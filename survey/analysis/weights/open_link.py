"""Open-link samples: a model in place of a sampling design, labelled as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design, design_of
from survey.analysis.errors import DesignError, NotConvergedError
from survey.analysis.weights.rake import Margin, rake

Floats = npt.NDArray[np.float64]
MOST_STEPS = 100

LABEL = "open_link.model_based"
ASSUMPTIONS = (
    "open_link.assumption.everyone_could_take_part",
    "open_link.assumption.taking_part_depends_on_the_margins_only",
    "open_link.assumption.one_answer_per_person",
    "open_link.assumption.margins_are_right",
    "open_link.assumption.answers_independent",
)
WITH_REFERENCE = "open_link.assumption.reference_sample_is_a_probability_sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBased:
    """A design that rests on a model of who takes part, not on a drawn sample.

    Attributes
    ----------
    design : Design
        Raked pseudo-weights; every row its own sampling unit. `estimate` treats it as any other.
    label : str
        Key of the text that every table and chart of it carries.
    assumptions : tuple of str
        Keys of the texts to print with it: what must hold for its intervals to mean anything.
    """

    design: Design
    label: str
    assumptions: tuple[str, ...]


def model_based(
    margins: Sequence[Margin], pseudo_weights: Floats | None = None, tolerance: float = 1e-10
) -> ModelBased:
    """Quasi-randomisation and raking for people who came by an open link.

    Parameters
    ----------
    margins : sequence of Margin
        Population totals and the level of each of the n rows.
    pseudo_weights : ndarray of float, shape (n,), optional
        From `participation_weights`, when there is a reference sample; otherwise all take part alike within
        the margins.
    tolerance : float
        Largest relative misfit of a margin.

    Returns
    -------
    ModelBased

    Raises
    ------
    DesignError
        Without a margin; raking's own errors otherwise.

    References
    ----------
    .. [1] Elliott, Valliant (2017), Statist. Sci. 32, 249-264.
    """
    if not margins:
        raise DesignError("open link: without margins nothing says whom the answers stand for")
    rows = len(margins[0].code)
    size = float(margins[0].totals.sum())
    weights = np.full(rows, size / max(rows, 1)) if pseudo_weights is None else pseudo_weights
    more = () if pseudo_weights is None else (WITH_REFERENCE,)
    return ModelBased(
        design=rake(design_of(weights), margins, tolerance), label=LABEL, assumptions=(*ASSUMPTIONS, *more)
    )


def participation_weights(volunteers: Floats, reference: Floats, reference_weights: Floats) -> Floats:
    r"""Inverse probabilities of taking part, learned beside a probability sample.

    Parameters
    ----------
    volunteers : ndarray of float, shape (n, k)
        What both samples know of people (with the intercept), for those who came by the link.
    reference : ndarray of float, shape (m, k)
        The same for the probability sample.
    reference_weights : ndarray of float, shape (m,)
        Its weights.

    Returns
    -------
    ndarray of float, shape (n,)
        :math:`1/\hat\pi_i`.

    Raises
    ------
    NotConvergedError
        When no logistic model of taking part fits, as when volunteers have a property nobody in the
        reference sample has.

    Notes
    -----
    Pseudo-likelihood of a logistic :math:`\pi`: solves
    :math:`\sum_{volunteers}x=\sum_{reference}d\,\pi(x)x` [1]_ by Newton's method.

    References
    ----------
    .. [1] Chen, Li, Wu (2020), J. Amer. Statist. Assoc. 115, 2011-2021.
    """
    wanted = volunteers.sum(axis=0)
    start = len(volunteers) / reference_weights.sum()
    if not 0 < start < 1:
        raise NotConvergedError(f"open link: {len(volunteers)} answers for a population of {reference_weights.sum():g}")
    intercept, *_ = np.linalg.lstsq(reference, np.full(len(reference), np.log(start / (1 - start))), rcond=None)
    value = np.asarray(intercept, dtype=np.float64)
    for _ in range(MOST_STEPS):
        share = 1 / (1 + np.exp(-np.clip(reference @ value, -500, 500)))
        slope = reference.T @ (reference * (reference_weights * share * (1 - share))[:, None])
        try:
            step = np.linalg.solve(slope, wanted - reference.T @ (reference_weights * share))
        except np.linalg.LinAlgError:
            break
        value = value + step
        if not np.isfinite(value).all():
            break
        if np.max(np.abs(step)) <= 1e-12 * max(1.0, float(np.max(np.abs(value)))):
            return np.asarray(1 + np.exp(-(volunteers @ value)), dtype=np.float64)
    raise NotConvergedError("open link: no model of taking part fits both samples; use fewer or coarser variables")
