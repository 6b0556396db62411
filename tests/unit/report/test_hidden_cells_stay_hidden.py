"""Somebody who has everything that is published of a sample tries to work out what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import linprog
from small_city import questionnaire, response, sample, wave

from survey.language import say
from survey.report.detail.breakdowns import breakdown
from survey.report.detail.groups import groupings
from survey.report.disclosure.counts import count_bounds, hidden_counts
from survey.report.disclosure.partition import LEAST_OPEN, Part, bounds, hidden_with, protected
from survey.report.estimating.suppression import Estimated, part_of, secret
from survey.report.figures import Figure, Finding, Quality, Row
from survey.report.results import Sample, domains, examine
from survey.report.saying.pages.rows import lines_of
from survey.report.saying.wording import answers_texts, told_answers
from survey.wave.model import Channel, Mode
from survey.wave.response import Response

Floats = npt.NDArray[np.float64]
SATISFIED = np.array([0.0, 0.0, 0.0, 1.0, 1.0])
SCORE = np.array([0.0, 25.0, 50.0, 75.0, 100.0])
SIZES = (
    {1: 300, 2: 200, 3: 25, 4: 150},
    {1: 300, 2: 9, 3: 80, 4: 70},
    {1: 260, 2: 31, 3: 2, 4: 28},
    {1: 120, 2: 40, 3: 1, 4: 1},
    {1: 45, 2: 12},
)


@dataclass(frozen=True)
class Cell:
    """A row of a published table, with what an outsider may know of it: residents and answers."""

    row: Row
    size: float
    n: int


def mixed(seed: int, sizes: dict[int, int]) -> list[Response]:
    """A sample in which few answered on paper and few are old."""
    chance = np.random.default_rng(seed)
    modes = list(Mode)
    return [
        replace(
            one,
            mode=modes[chance.choice(4, p=[0.6, 0.05, 0.3, 0.05])],
            answers={**one.answers, "age_group": int(chance.choice([1, 2, 3], p=[0.5, 0.45, 0.05]))},
        )
        for one in sample(seed, sizes)
    ]


def tables(one: Sample, finding: Finding) -> list[list[Cell]]:
    """Every table published of a measure: by district, by each grouping, by mode."""
    known = np.isfinite(finding.measure.raw(one.frame))
    weights = one.results.weighting.weights
    _, district = domains(one.frame)

    def cells(rows: tuple[Row, ...], code: npt.NDArray[np.intp], inside: list[int]) -> list[Cell]:
        masks = [(code == place) & known for place in inside]
        return [
            Cell(rows[place], float(weights[mask].sum()), int(mask.sum()))
            for place, mask in zip(inside, masks, strict=True)
        ]

    found = [cells(finding.districts, district, list(range(len(finding.districts))))]
    for grouping in groupings(one.results.wave, one.results.questionnaire):
        rows = breakdown(one, finding, grouping).rows
        inside = [place for place, level in enumerate(grouping.levels) if not level.outside]
        found.append(cells(rows, grouping.codes(one.frame), inside))
    return found


class Knowledge:
    """What an outsider can write down: equations over how many residents of each cell gave each of five answers."""

    def __init__(self, blocks: int) -> None:
        self.blocks, self.left, self.right = blocks, list[Floats](), list[float]()

    def say(self, block: int, row: Floats, value: float) -> None:
        """Something about one cell."""
        whole = np.zeros(self.blocks * 5)
        whole[block * 5 : block * 5 + 5] = row
        self.left.append(whole)
        self.right.append(value)

    def say_shown(self, block: int, row: Row, size: float) -> None:
        """A cell's residents, and its figures where they are shown."""
        self.say(block, np.ones(5), size)
        if row.share.estimate is not None:
            self.say(block, SATISFIED, size * row.share.estimate)
        if row.score.estimate is not None:
            self.say(block, SCORE, size * row.score.estimate)

    def say_adds_up(self, start: int, stop: int) -> None:
        """The cells of a table are together the city, which is block 0."""
        for answer in range(5):
            row = np.zeros(self.blocks * 5)
            row[[number * 5 + answer for number in range(start, stop)]] = 1.0
            row[answer] = -1.0
            self.left.append(row)
            self.right.append(0.0)

    def width(self, block: int, values: Floats, total: float) -> float:
        """The span linear programming leaves to a cell's mean of `values`."""
        aim = np.zeros(self.blocks * 5)
        aim[block * 5 : block * 5 + 5] = values
        known = {"A_eq": np.array(self.left), "b_eq": np.array(self.right) / total}
        ends = [linprog(sign * aim, **known) for sign in (1, -1)]
        assert [end.status for end in ends] == [0, 0]
        return float(aim @ ends[1].x - aim @ ends[0].x)


def widths(one: Sample, finding: Finding) -> list[tuple[Cell, str, float]]:
    """For every hidden figure the span that is left open, as a part of its whole range.

    Known are all cells' sizes, the city's figures, and whatever is shown, exactly and unrounded; all tables add to
    the same city.
    """
    every = tables(one, finding)
    answered = np.isfinite(finding.measure.raw(one.frame)) & one.frame.inside
    total = float(one.results.weighting.weights[answered].sum())
    known = Knowledge(sum(len(cells) + 1 for cells in every) + 1)
    known.say_shown(0, finding.city, total)
    places: list[tuple[int, Cell]] = []
    block = 1
    for cells in every:
        start = block
        for block, cell in enumerate(cells, start):
            known.say_shown(block, cell.row, cell.size)
            places.append((block, cell))
        rest = start + len(cells)  # who is in none of them
        known.say(rest, np.ones(5), max(total - sum(cell.size for cell in cells), 0.0))
        known.say_adds_up(start, rest + 1)
        block = rest + 1
    return [
        (cell, name, known.width(block, values, total) * total / cell.size)
        for block, cell in places
        for name, values in (("share", SATISFIED), ("score", SCORE / 100))
        if getattr(cell.row, name).estimate is None and cell.n
    ]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_no_hidden_figure_follows_from_all_tables_of_a_measure(seed: int, sizes: dict[int, int]) -> None:
    one = examine(mixed(seed, sizes), wave(), questionnaire(), Channel.INVITED, "plan")
    hidden = 0
    for measure in ("a", "proud"):
        finding = next(found for found in one.results.findings if found.measure.id == measure)
        for cell, name, width in widths(one, finding):
            hidden += 1
            least = 1.0 if name == "share" else 0.5  # shares and scores bound each other: some scores fall away
            assert width * cell.n >= least * min(LEAST_OPEN, cell.n) * 0.999
    assert hidden


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_subtracting_what_is_shown_from_the_city_never_leaves_one_cell(sizes: dict[int, int]) -> None:
    one = examine(mixed(4, sizes), wave(), questionnaire(), Channel.INVITED, "plan")
    for finding in one.results.findings:
        for cells in tables(one, finding):
            for name in ("share", "score"):
                hidden = [cell for cell in cells if cell.n and getattr(cell.row, name).estimate is None]
                of_city = getattr(finding.city, name).n
                undivided = of_city - sum(cell.n for cell in cells)
                if getattr(finding.city, name).estimate is not None:
                    assert len(hidden) != 1 or undivided > 0


def test_who_no_margin_counts_cannot_be_told_from_the_city() -> None:
    abroad = [replace(response(5000 + n, residence=5, a=1), submission_id=f"k{n}") for n in range(12)]
    one = examine([*sample(), *abroad], wave(), questionnaire(), Channel.INVITED, "plan")
    finding = next(found for found in one.results.findings if found.measure.id == "a")
    residence = next(group for group in groupings(wave(), questionnaire()) if group.id == "residence")
    _, outside = breakdown(one, finding, residence).rows
    assert outside.share.n == finding.outside.share.n == 12
    assert not outside.share.shown
    assert not finding.outside.share.shown
    assert finding.city.share.n == len(sample())


# ---- the rules themselves


def part(value: float, n: int) -> Part:
    return Part(value=value, size=float(n), n=n)


def test_bounds_are_those_of_linear_programming() -> None:
    chance = np.random.default_rng(5)
    for _ in range(40):
        parts = [Part(value=float(chance.uniform()), size=float(chance.uniform(1, 9)), n=50) for _ in range(5)]
        sizes, values = (np.array([getattr(one, name) for one in parts]) for name in ("size", "value"))
        rest, hidden = float(chance.uniform(0, 2)), np.array([True, True, False, True, False])
        total = float(sizes.sum()) + rest
        whole = Part(value=float((sizes @ values + rest * chance.uniform()) / total), size=total, n=260)
        low, high = bounds(whole, parts, hidden)
        known = whole.size * whole.value - float((sizes * values)[~hidden].sum())
        free = [*sizes[hidden], rest]
        for place, number in enumerate(np.flatnonzero(hidden)):
            aim = np.eye(4)[place]
            ends = [linprog(sign * aim, A_eq=[free], b_eq=[known], bounds=(0, 1)).x[place] for sign in (1, -1)]
            assert (low[number], high[number]) == pytest.approx(tuple(ends), abs=1e-7)


def test_a_whole_in_which_everybody_is_satisfied_cannot_hide_a_part() -> None:
    parts = [part(1.0, 12), part(1.0, 300), part(1.0, 200)]
    assert hidden_with(part(1.0, 512), parts, np.array([True, False, False])) is None


def test_nothing_is_hidden_where_nothing_has_to_be() -> None:
    parts = [part(0.5, 100), part(0.7, 200)]
    hidden = np.array([False, False])
    assert protected(part(0.6, 300), parts, hidden)
    assert hidden_with(part(0.6, 300), parts, hidden).tolist() == [False, False]  # type: ignore[union-attr]


def test_small_counts_cannot_be_had_from_the_sums_of_rows_and_columns() -> None:
    chance = np.random.default_rng(6)
    for _ in range(12):
        counts = chance.poisson([[90, 20, 40, 9]], (8, 4))
        hidden = hidden_counts(counts, 30)
        assert hidden[(counts > 0) & (counts < 30)].all()
        low, high = count_bounds(counts, hidden)
        assert (high - low)[hidden & (counts > 0)].min() >= min(LEAST_OPEN, counts[hidden & (counts > 0)].min()) - 1e-6


def test_a_table_without_small_counts_is_shown_whole() -> None:
    assert not hidden_counts(np.full((3, 4), 50), 30).any()


@pytest.mark.parametrize("seed", range(20))
def test_what_is_secret_stays_so_when_everything_else_is_known(seed: int) -> None:
    chance = np.random.default_rng(seed)
    parts = [estimated(float(chance.uniform()), int(n)) for n in chance.integers(1, 120, size=9)]
    whole = estimated(float(np.average([p.share.estimate for p in parts], weights=[p.size for p in parts])), 1)
    whole = replace(whole, size=sum(p.size for p in parts))
    flags = np.array(secret(whole, parts, 30))
    assert all(flags[place] for place, one in enumerate(parts) if one.share.n < 30)
    assert protected(part_of(whole, "share"), [part_of(one, "share") for one in parts], flags)
    assert not flags.all() or min(one.share.n for one in parts) < 30


def estimated(value: float, n: int) -> Estimated:
    def figure(number: float) -> Figure:
        return Figure(
            estimate=number, se=0.1, low=None, high=None, n=n, n_eff=n, df=9, deff=1.0, quality=Quality.OK, reason=None
        )

    return Estimated(share=figure(value), score=figure(100 * value), size=float(n))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_how_many_of_a_few_answered_cannot_be_subtracted_from_the_city(sizes: dict[int, int]) -> None:
    one = examine(mixed(4, sizes), wave(), questionnaire(), Channel.INVITED, "plan")
    for finding in one.results.findings:
        districts = [row.share.n for row in finding.districts]
        told = told_answers((finding.city, *finding.districts), 30)[1:]
        assert all(kept is None for kept, count in zip(told, districts, strict=True) if 0 < count < 30)
        assert all(kept in (None, count) for kept, count in zip(told, districts, strict=True))
        left = finding.city.share.n - sum(count for count in told if count is not None)
        untold = [count for kept, count in zip(told, districts, strict=True) if kept is None]
        assert not untold or len(untold) == sum(count > 0 for count in districts) or (len(untold) > 1 and left > 3)


def test_a_few_are_told_as_fewer_than_the_smallest_cell_and_what_gives_them_away_by_a_sign() -> None:
    one = examine(sample(sizes={1: 160, 2: 90, 3: 12, 4: 70}), wave(), questionnaire(), Channel.INVITED, "plan")
    finding = one.results.findings[0]
    assert answers_texts(tuple(finding.rows()), 30, "en") == ("332", "160", "90", "<30", "⊘")
    lines = lines_of(tuple(finding.rows()), one.results, "en", say("en"))
    assert [line.n for line in lines] == ["332", "160", "90", "<30", "⊘"]
    assert not any("12" in part for line in lines if line.name == "West" for what in line.opened for part in what)
