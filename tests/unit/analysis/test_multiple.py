"""Adjusted p values against R's p.adjust."""

import numpy as np
import pytest

from survey.analysis.errors import AnalysisError
from survey.analysis.multiple import adjusted

P = np.array([0.0004, 0.011, 0.03, 0.2, 0.013])
R = {  # p.adjust(c(.0004, .011, .03, .2, .013), method)
    "holm": [0.002, 0.044, 0.060, 0.200, 0.044],
    "bonferroni": [0.002, 0.055, 0.15, 1.0, 0.065],
    "fdr_bh": [0.002, 0.0216666666666667, 0.0375, 0.2, 0.0216666666666667],
    "fdr_by": [0.00456666666666667, 0.0494722222222222, 0.085625, 0.456666666666667, 0.0494722222222222],
}


@pytest.mark.parametrize("method", R)
def test_agrees_with_r_and_leaves_gaps_alone(method):
    assert adjusted(P, method) == pytest.approx(R[method], rel=1e-12)
    with_gap = adjusted(np.array([P[0], np.nan, *P[1:]]), method)
    assert with_gap == pytest.approx([R[method][0], np.nan, *R[method][1:]], rel=1e-12, nan_ok=True)


def test_nothing_tested_gives_nothing_and_an_unknown_method_is_refused():
    assert adjusted(np.array([])).size == 0
    assert np.isnan(adjusted(np.array([np.nan]))).all()
    with pytest.raises(AnalysisError, match="no method 'tukey'"):
        adjusted(P, "tukey")
