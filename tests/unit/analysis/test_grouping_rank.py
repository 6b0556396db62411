"""Degrees of freedom of replicates: the rank of the rows' weights, whatever way it was found."""

from __future__ import annotations

import numpy as np
import pytest

from survey.analysis.design import Design, design_of
from survey.analysis.variance import rank
from survey.analysis.variance.bootstrap import rao_wu
from survey.analysis.variance.replicates import replicate_weights
from survey.analysis.weights.rake import Margin, rake


def raked(seed: int, rows: int, replicates: int) -> Design:
    """Six strata of four places, raked to two margins in each replicate."""
    generator = np.random.default_rng(seed)
    psu = generator.integers(0, 24, rows)
    psu[:24] = np.arange(24)
    weights = generator.uniform(1, 30, rows)
    margins = []
    for name, levels in (("sex", 2), ("age", 3)):
        code = generator.integers(0, levels, rows)
        totals = np.full(levels, weights.sum() / levels)
        margins.append(Margin(name=name, code=code, totals=totals, levels=tuple(map(str, range(levels)))))
    return rake(rao_wu(design_of(weights, psu // 4, [psu]), replicates, seed), margins)


def by_columns(weights: np.ndarray) -> int:
    """LINPACK's way in the open: a column counts when more than 1e-5 of its length is new."""
    basis: list[np.ndarray] = []
    for column in weights.T:
        left = column.copy()
        for _ in range(2):
            for direction in basis:
                left -= direction * (direction @ left)
        length = np.linalg.norm(left)
        if length > 1e-5 * np.linalg.norm(column):
            basis.append(left / length)
    return len(basis)


@pytest.mark.parametrize("replicates", [40, 200])
@pytest.mark.parametrize("seed", range(4))
def test_the_rank_is_that_of_the_weights_of_the_rows(seed: int, replicates: int) -> None:
    design = raked(seed, 260, replicates)
    every = np.arange(design.rows)
    for part in (every, every[::2], every[::7], every[:30]):
        assert rank.rank(design, part) == by_columns(replicate_weights(design, part))


def test_a_rank_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    design = raked(1, 260, 50)
    every = np.arange(design.rows)
    first = rank.rank(design, every)

    def never(*arguments: object) -> int:
        raise AssertionError(arguments)

    monkeypatch.setattr(rank, "_rank_of", never)
    assert rank.rank(design, every) == first
