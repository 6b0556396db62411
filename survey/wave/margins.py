"""Margins that weights can be raked to: every respondent has one cell in each, and their totals agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from math import isclose

from survey.questionnaire.errors import Message, Problem
from survey.questionnaire.model import Question, SingleChoice
from survey.questionnaire.routing import codes
from survey.wave.model import Margin, Wave

AREA = "weighting_area"
"""The margin variable that is derived from the district."""

SAME_TOTAL = 1e-6
"""Relative difference up to which two totals are the same: what rounding in a file of counts can make."""


def margins(wave: Wave, questions: Mapping[str, Question]) -> Iterator[Problem]:
    """What is wrong with the margins of a wave."""
    if not wave.margins:
        yield Problem("margin", Message("is missing: results are weighted to at least one"))
    sound = True
    for position, margin in enumerate(wave.margins, start=1):
        found = [*_margin(f"margin {position}", margin, wave, questions)]
        sound = sound and not found
        yield from found
    if sound:
        yield from _totals(wave.margins)


def _margin(place: str, margin: Margin, wave: Wave, questions: Mapping[str, Question]) -> Iterator[Problem]:
    if not margin.variables:
        yield Problem(f"{place} › variables", Message("is empty"))
    unknown = [*_unknown(f"{place} › variables", margin, questions)]
    yield from unknown
    if not unknown:
        yield from _cells(place, margin, [_levels(variable, wave, questions) for variable in margin.variables])


def _unknown(place: str, margin: Margin, questions: Mapping[str, Question]) -> Iterator[Problem]:
    for variable in margin.variables:
        if variable == AREA:
            continue
        if variable not in questions:
            words = Message('"%(variable)s" is neither weighting_area nor a question', variable=variable)
            yield Problem(place, words)
        elif not isinstance(questions[variable], SingleChoice):
            yield Problem(place, Message('question "%(question)s" is no single choice', question=variable))


def _levels(variable: str, wave: Wave, questions: Mapping[str, Question]) -> list[str]:
    """The levels a respondent inside the margins can have."""
    if variable == AREA:
        return list(dict.fromkeys(district.weighting_area for district in wave.districts))
    question = questions[variable]
    outside = {code for name, chosen in wave.analysis.outside_margins if name == variable for code in chosen}
    return [str(code) for code in codes(question) if code not in question.ends_if and code not in outside]


def _cells(place: str, margin: Margin, levels: list[list[str]]) -> Iterator[Problem]:
    wanted = dict.fromkeys(product(*levels))
    for cell, times in Counter(cell.levels for cell in margin.cells).items():
        told = " × ".join(cell) or "–"
        if times > 1:
            yield Problem(f"{place} › cell {told}", Message("stands twice"))
        if cell not in wanted:
            words = Message("is no combination of %(variables)s", variables=" × ".join(margin.variables))
            yield Problem(f"{place} › cell {told}", words)
    held = {cell.levels for cell in margin.cells}
    for missing in (cell for cell in wanted if cell not in held):
        yield Problem(f"{place} › cells", Message("%(cell)s is missing", cell=" × ".join(missing)))
    for one in margin.cells:
        if one.total <= 0:
            words = Message("%(total)s is not above 0", total=f"{one.total:g}")
            yield Problem(f"{place} › cell {' × '.join(one.levels)} › total", words)


def _totals(every: tuple[Margin, ...]) -> Iterator[Problem]:
    """Totals that contradict each other: of the whole, and of each level of what two margins share."""
    for later in range(1, len(every)):
        for earlier in range(later):
            yield from _same_totals(later, earlier, every)


def _same_totals(later: int, earlier: int, every: tuple[Margin, ...]) -> Iterator[Problem]:
    shared = tuple(variable for variable in every[earlier].variables if variable in every[later].variables)
    ours, theirs = _collapsed(every[later], shared), _collapsed(every[earlier], shared)
    for levels, total in ours.items():
        if not isclose(total, theirs[levels], rel_tol=SAME_TOTAL):
            told = Message(
                "%(cells)s: %(total)s residents, but margin %(margin)s has %(other)s",
                cells=" × ".join(levels) or Message("all cells"),
                total=f"{total:,.1f}",
                margin=earlier + 1,
                other=f"{theirs[levels]:,.1f}",
            )
            yield Problem(f"margin {later + 1} › cells", told)


def _collapsed(margin: Margin, variables: tuple[str, ...]) -> Mapping[tuple[str, ...], float]:
    """The margin's totals by fewer variables."""
    where = [margin.variables.index(variable) for variable in variables]
    totals: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for cell in margin.cells:
        totals[tuple(cell.levels[i] for i in where)] += cell.total
    return totals
