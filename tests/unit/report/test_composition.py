"""No cell of a margin tells of a handful of residents, nor can it be worked out from the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey.report.disclosure.composition import told_rows
from survey.report.disclosure.counts import count_bounds
from survey.report.disclosure.partition import LEAST_OPEN
from survey.report.estimating.weighting import MarginRow
from survey.report.frame import NOT_STATED


def rows(*counts, area="a"):
    return [
        MarginRow(variables=("area", "sex"), levels=((area,), (str(n),)), rows=count, before=0.1, target=0.1, after=0.1)
        for n, count in enumerate(counts)
    ]


def told(found):
    return [one.answers is not None for one in told_rows(found)]


def test_a_cell_of_few_takes_the_next_smallest_of_its_block_with_it() -> None:
    assert told(rows(100, 90, 1)) == [True, False, False]


def test_what_hides_in_one_block_hides_in_another_too_since_the_sums_over_blocks_are_told_elsewhere() -> None:
    found = told([*rows(100, 90, 80), *rows(50, 40, 2, area="b")])
    assert not found[5]
    assert not all(found[:3])


def test_margins_without_small_cells_are_told_whole() -> None:
    assert all(told([*rows(100, 90, 80), *rows(50, 40, 3, area="b")]))


def test_joined_levels_add_up_with_each_of_theirs() -> None:
    joined = MarginRow(
        variables=("area", "sex"), levels=(("c",), ("0", "1")), rows=2, before=0.1, target=0.1, after=0.1
    )
    alone = MarginRow(variables=("area", "sex"), levels=(("c",), ("2",)), rows=70, before=0.1, target=0.1, after=0.1)
    found = told([*rows(100, 90, 80), *rows(70, 60, 50, area="b"), joined, alone])
    assert found[6:] == [False, False]
    assert not all(found[:6])


@pytest.mark.parametrize("seed", range(8))
def test_no_small_cell_follows_from_the_sums_of_blocks_and_levels(seed: int) -> None:
    counts = np.random.default_rng(seed).poisson([[60, 30, 8, 4]], (5, 4))
    found = told([row for area, block in enumerate(counts) for row in rows(*map(int, block), area=str(area))])
    hidden = ~np.array(found).reshape(counts.shape)
    assert hidden[(counts > 0) & (counts < LEAST_OPEN)].all()
    low, high = count_bounds(counts, hidden)
    assert ((high - low)[hidden] >= np.minimum(counts, LEAST_OPEN)[hidden] - 1e-6).all()


def test_two_small_cells_that_leave_few_open_take_a_third() -> None:
    assert told(rows(100, 90, 1, 1)) == [True, False, False, False]


def test_the_population_of_a_hidden_cell_is_told_but_not_who_did_not_state_something() -> None:
    unstated = replace(rows(1)[0], levels=(("a",), (NOT_STATED,)))
    found = told_rows([*rows(100, 2), unstated])
    assert [one.answers for one in found] == [100, None, None]
    assert [one.before for one in found] == [0.1, None, None]
    assert [one.target for one in found] == [one.after for one in found] == [0.1, 0.1, None]
