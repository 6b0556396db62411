"""Adjusted p values, which hold for many tests together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import false_discovery_control

from survey.analysis.errors import AnalysisError

Floats = npt.NDArray[np.float64]
METHODS = ("holm", "bonferroni", "fdr_bh", "fdr_by")


def adjusted(p: Floats, method: str = "holm") -> Floats:
    r"""Adjust p values for their number.

    Parameters
    ----------
    p : ndarray of float, shape (m,)
        NaN where there was no test.
    method : {"holm", "bonferroni", "fdr_bh", "fdr_by"}
        Holm [1]_ and Bonferroni keep the chance of any false claim, Benjamini's methods the share of false claims.

    Returns
    -------
    ndarray of float, shape (m,)
        Each to be held against the chance (or share) of false claims of all; NaN stays NaN.

    Raises
    ------
    AnalysisError
        When there is no such method.

    Notes
    -----
    Holm, with the p values in ascending order: :math:`\tilde p_i = \max_{j \le i} \min(1, (m - j + 1) p_j)`. Written
    out here because statsmodels' ``multipletests`` collects the garbage of the whole process at every call.

    References
    ----------
    .. [1] Holm (1979), Scand. J. Statist. 6, 65-70.
    """
    if method not in METHODS:
        raise AnalysisError(f"comparisons: there is no method {method!r}; there are {', '.join(METHODS)}")
    done = np.full(p.shape, np.nan)
    known = np.isfinite(p)
    tested = p[known]
    if method == "holm":
        order = np.argsort(tested)
        steps = np.maximum.accumulate(np.arange(tested.size, 0, -1) * tested[order])
        own = np.empty_like(tested)
        own[order] = np.minimum(steps, 1.0)
    elif method == "bonferroni":
        own = np.minimum(tested.size * tested, 1.0)
    else:
        own = false_discovery_control(tested, method="by" if method == "fdr_by" else "bh") if tested.size else tested
    done[known] = own
    return done
