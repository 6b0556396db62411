"""What a weighting did: spread of the weights, margins before and after, who is extreme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design

Floats = npt.NDArray[np.float64]
EXTREMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How unequal weights are.

    Attributes
    ----------
    sum, min, max : float
        Of the final weights.
    cv, cv2 : float
        Coefficient of variation, and its square.
    kish_deff, n_eff : float
        1 + cv2, and rows ÷ that (Kish 1992).
    g_min, g_max : float
        Ratio of final to base weight.
    """

    sum: float
    min: float
    max: float
    cv: float
    cv2: float
    kish_deff: float
    n_eff: float
    g_min: float
    g_max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One population total: weighted total before, after, and target.

    Attributes
    ----------
    name : str
    before, after, target : float
    standardised_difference : float
        Of the share of a category before weighting from its target, (p - P) / √(P(1 - P)); NaN for numbers.
    """

    name: str
    before: float
    after: float
    target: float
    standardised_difference: float

    @property
    def misfit(self) -> float:
        """Relative distance of `after` from the target."""
        return abs(self.after - self.target) / max(abs(self.target), 1e-300)


def spread(design: Design) -> Spread:
    """Spread of the final weights.

    Parameters
    ----------
    design : Design
        Of rows or of groups.

    Returns
    -------
    Spread
        Of the weights of raw rows.

    Notes
    -----
    Design effect 1 + cv² of the weights [1]_.

    References
    ----------
    .. [1] Kish (1992), J. Official Statist. 8, 183-200.
    """
    n, size = float(design.numbers().sum()), float(design.weights.sum())
    kish = float(n * design.squared().sum() / size**2) if size > 0 else float("nan")
    single = design.weights / design.numbers()
    used = design.base > 0
    ratio = design.weights[used] / design.base[used] if used.any() else np.array([np.nan])
    return Spread(
        sum=size,
        min=float(single.min(initial=np.inf)),
        max=float(single.max(initial=-np.inf)),
        cv=float(np.sqrt(max(kish - 1, 0.0))),
        cv2=kish - 1,
        kish_deff=kish,
        n_eff=n / kish,
        g_min=float(ratio.min()),
        g_max=float(ratio.max()),
    )


def controls_table(design: Design) -> list[Control]:
    """Every calibration total before and after.

    Parameters
    ----------
    design : Design
        Calibrated or not.

    Returns
    -------
    list of Control
        One per total, in the order of the margins; empty for a design without calibration.
    """
    controls = design.controls
    if controls is None:
        return []
    before = controls.sums(design.base) @ controls.covariates
    after = controls.sums(design.weights) @ controls.covariates
    return [
        Control(
            name=name,
            before=float(before[k]),
            after=float(after[k]),
            target=float(controls.targets[k]),
            standardised_difference=_standardised(design, k, float(before[k])),
        )
        for k, name in enumerate(controls.names)
    ]


def _standardised(design: Design, k: int, before: float) -> float:
    controls = design.controls
    size, base = design.weights.sum(), design.base.sum()
    if controls is None or size <= 0 or base <= 0 or not np.isin(controls.covariates[:, k], (0, 1)).all():
        return float("nan")
    share, target = before / base, controls.targets[k] / size
    return float((share - target) / np.sqrt(target * (1 - target))) if 0 < target < 1 else float("nan")


def extremes(design: Design, count: int = EXTREMES) -> list[tuple[int, float]]:
    """Rows with the largest weights.

    Parameters
    ----------
    design : Design
        Of n rows.
    count : int
        How many to name.

    Returns
    -------
    list of (int, float)
        Row 0..n-1 and its weight, largest first.
    """
    order = np.argsort(-design.weights, kind="stable")[:count]
    return [(int(row), float(design.weights[row])) for row in order]
