"""No cell of a margin tells of a handful of residents, nor can it be worked out from the others."""

from __future__ import annotations

from survey.report.disclosure.composition import told_rows
from survey.report.estimating.weighting import MarginRow


def rows(*counts, area="a"):
    return [
        MarginRow(variables=("area", "sex"), levels=((area,), (str(n),)), rows=count, before=0.1, target=0.1, after=0.1)
        for n, count in enumerate(counts)
    ]


def told(found):
    return [shown for _, shown in told_rows(found)]


def test_a_cell_of_few_takes_the_next_smallest_of_its_block_with_it() -> None:
    assert told(rows(100, 90, 1)) == [True, False, False]


def test_a_block_without_small_cells_is_told_and_no_other_block_suffers() -> None:
    assert told([*rows(100, 90, 80), *rows(50, 40, 2, area="b")]) == [True, True, True, True, False, False]


def test_two_small_cells_that_leave_few_open_take_a_third() -> None:
    assert told(rows(100, 90, 1, 1)) == [True, False, False, False]
