"""What a statistic gives, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """A statistic and its linearisation.

    Attributes
    ----------
    value : ndarray of float, shape (k,)
        The estimate; shape (k, R) when the weights came as a matrix of R replicates.
    scores : ndarray of float, shape (n, k)
        Influence of each row per unit of weight: the estimate varies like the total of weight · score.
    """

    value: Floats
    scores: Floats


Statistic = Callable[..., Linear]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Estimates of D domains, k values each.

    Attributes
    ----------
    value : ndarray of float, shape (D, k)
        NaN where nobody answered or all weights are 0.
    variance : ndarray of float, shape (D, k)
        Design-based variances; NaN where there is no estimate or `failed` tells why.
    covariance : ndarray of float, shape (D·k, D·k), optional
        Domain by domain, when `joint` was asked for.
    degrees : callable () -> ndarray of float, shape (D,)
        Finds `df`; with replicates that takes longer than all the rest, so it is done when asked for.
    whole_df : float
        The same for all domains together, when `joint` was asked for.
    n : ndarray of float, shape (D,)
        Raw rows that answered.
    units : ndarray of float, shape (D,)
        First-stage units with members.
    size : ndarray of float, shape (D,)
        Sum of the weights of the rows that answered.
    kish : ndarray of float, shape (D,)
        Design effect of the unequal weights alone, n Σw² / (Σw)².
    simple : ndarray of float, shape (D, k)
        Variance under simple random sampling of n with replacement.
    failed : tuple of str or None, length D
        Why a domain has no variance.
    replicates : tuple of ndarray or None, length D
        Values of each replicate, shape (R, k), when the design has them.
    """

    value: Floats
    variance: Floats
    covariance: Floats | None
    degrees: Callable[[], Floats]
    whole_df: float
    n: Floats
    units: Floats
    size: Floats
    kish: Floats
    simple: Floats
    failed: tuple[str | None, ...]
    replicates: tuple[Floats | None, ...]

    @cached_property
    def df(self) -> Floats:
        """Sampling units less strata with members, or the rank of the replicate weights less 1; shape (D,)."""
        return self.degrees()

    @property
    def se(self) -> Floats:
        """Standard errors, shape (D, k)."""
        return np.sqrt(self.variance)
