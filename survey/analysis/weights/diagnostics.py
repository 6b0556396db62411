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
    cv2 : float
        Squared coefficient of variation.
    kish_deff, n_eff : float
        1 + cv2, and rows ÷ that (Kish 1992).
    g_min, g_max : float
        Ratio of final to base weight.
    """

    sum: float
    min: float
    max: float
    cv2: float
    kish_deff: float
    n_eff: float
    g_min: float
    g_max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One population total: sum of the weights before, after, and target."""

    name: str
    before: float
    after: float
    target: float

    @property
    def misfit(self) -> float:
        """Relative distance of `after` from the target."""
        return abs(self.after - self.target) / max(abs(self.target), 1e-300)

    @property
    def difference(self) -> float:
        """Standardised difference of the share before weighting from the target's, NaN for numbers."""
        return self.before / self.target - 1 if self.target else float("nan")


def spread(design: Design) -> Spread:
    """Spread of the final weights of a design, grouped or raw."""
    n, size = float(design.numbers().sum()), float(design.weights.sum())
    kish = float(n * design.squared().sum() / size**2) if size > 0 else float("nan")
    single = design.weights / design.numbers()
    used = design.base > 0
    ratio = design.weights[used] / design.base[used] if used.any() else np.array([np.nan])
    return Spread(
        sum=size,
        min=float(single.min(initial=np.inf)),
        max=float(single.max(initial=-np.inf)),
        cv2=kish - 1,
        kish_deff=kish,
        n_eff=n / kish,
        g_min=float(ratio.min()),
        g_max=float(ratio.max()),
    )


def controls_table(design: Design) -> list[Control]:
    """Every calibration total before and after; empty for a design without calibration."""
    controls = design.controls
    if controls is None:
        return []
    before = controls.sums(design.base) @ controls.covariates
    after = controls.sums(design.weights) @ controls.covariates
    return [
        Control(name=name, before=float(b), after=float(a), target=float(t))
        for name, b, a, t in zip(controls.names, before, after, controls.targets, strict=True)
    ]


def extremes(design: Design, count: int = EXTREMES) -> list[tuple[int, float]]:
    """Rows (0..n-1) with the largest weights, largest first."""
    order = np.argsort(-design.weights, kind="stable")[:count]
    return [(int(row), float(design.weights[row])) for row in order]
