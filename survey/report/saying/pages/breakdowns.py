"""One measure by groups, by mode or by street, and several measures by one grouping, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.language import Say, format_number, format_share, format_share_interval
from survey.language import say as speaking
from survey.report.detail.breakdowns import Breakdown, ModeMix
from survey.report.detail.groups import Grouping
from survey.report.detail.streets import Street, Streets
from survey.report.disclosure.counts import hidden_counts, told_counts
from survey.report.figures import Results, Statistic
from survey.report.saying.charts import Chart, dot_and_interval
from survey.report.saying.pages.rows import Line, bar, lines_of
from survey.report.saying.wording import (
    answers_texts,
    count_text,
    figure_interval,
    figure_value,
    place_name,
    reason_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    """One measure by one grouping: a picture and its rows, the city first."""

    id: str
    title: str
    chart: str
    lines: tuple[Line, ...]


def group_table(found: Breakdown, results: Results, language: str, by_measure: bool = False) -> GroupTable:
    """A breakdown, under the grouping's name or (`by_measure`) under the measure's."""
    say = speaking(language)
    measure, grouping = found.finding.measure, found.grouping
    rows = (found.city, *found.rows)
    bars = tuple(bar(row, results, Statistic.SHARE, language) for row in rows)
    words = "; ".join(f"{one.label} {one.shown}" for one in bars)
    title = measure.label[language] if by_measure else grouping.label[language]
    chart = Chart(
        id=f"chart-{measure.id}-{grouping.id}",
        title=f"{measure.label[language]} · {grouping.label[language]}",
        description=words,
        bars=bars,
        unit="%",
    )
    return GroupTable(
        id=measure.id if by_measure else grouping.id,
        title=title,
        chart=dot_and_interval(chart),
        lines=lines_of(rows, results, language, say),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetLine:
    """One street: the direct estimate, and the small-area one."""

    name: str
    n: str
    direct: str
    direct_interval: str
    reason: str
    modelled: str
    modelled_interval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetTable:
    """The streets of one district."""

    name: str
    district: str
    lines: tuple[StreetLine, ...]


def street_tables(found: Streets, results: Results, language: str) -> tuple[StreetTable, ...]:
    """Every district with its streets."""
    say = speaking(language)
    return tuple(
        StreetTable(
            name=place_name(row.place, language, say),
            district=" ".join(
                part
                for part in (
                    figure_value(row.share, Statistic.SHARE, language),
                    figure_interval(row.share, Statistic.SHARE, language),
                )
                if part
            ),
            lines=_streets(streets, results, language, say),
        )
        for row, streets in found.districts
    )


def _streets(found: Sequence[Street], results: Results, language: str, say: Say) -> tuple[StreetLine, ...]:
    answers = answers_texts([one.row for one in found], results.wave.analysis.smallest_cell, language)
    return tuple(_street(one, own, results, language, say) for one, own in zip(found, answers, strict=True))


def _street(street: Street, answers: str, results: Results, language: str, say: Say) -> StreetLine:
    figure, modelled = street.row.share, street.modelled
    hidden = figure.estimate is None and figure.reason is not None
    return StreetLine(
        name=place_name(street.row.place, language, say),
        n=answers,
        direct=figure_value(figure, Statistic.SHARE, language),
        direct_interval=figure_interval(figure, Statistic.SHARE, language) or "—",
        reason=reason_text(figure.reason, results.wave.analysis.smallest_cell, say)
        if hidden and figure.reason is not None
        else "",
        modelled="—" if modelled is None else format_share(modelled.estimate, language),
        modelled_interval="—" if modelled is None else format_share_interval(modelled.low, modelled.high, language),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MixTable:
    """How residents answered: heads are the modes; rows the districts, then the city."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """(place, (share, answers) of each mode); answers that are too few are not told."""


def mix_table(mix: ModeMix, modes: Grouping, results: Results, language: str) -> MixTable:
    """Modes by district: weighted shares, and answers where they are enough."""
    say = speaking(language)
    smallest = results.wave.analysis.smallest_cell
    sums = mix.counts.sum(axis=0)
    names = (*(district.name[language] for district in results.wave.districts), say("Whole city"))
    counts = np.vstack([mix.counts, sums])
    of_all = [told is None for told in told_counts(sums.tolist(), smallest)]
    secret = np.vstack([hidden_counts(mix.counts, smallest), of_all])
    shares = np.where(counts.sum(axis=1, keepdims=True) < smallest, np.nan, mix.shares)
    return MixTable(
        heads=_names(modes, language),
        rows=tuple(
            (
                name,
                tuple(
                    _mode_cell(float(share), int(count), bool(too_few), smallest, language)
                    for share, count, too_few in zip(shares[place], counts[place], secret[place], strict=True)
                ),
            )
            for place, name in enumerate(names)
        ),
    )


def _mode_cell(share: float, count: int, secret: bool, smallest: int, language: str) -> tuple[str, str]:
    if secret:
        return "—", count_text(count, smallest)
    return format_share(share, language) if np.isfinite(share) else "—", format_number(count, language)


def _names(modes: Grouping, language: str) -> tuple[str, ...]:
    return tuple(level.name[language] for level in modes.levels)


def several(found: Sequence[Breakdown], results: Results, language: str) -> tuple[GroupTable, ...]:
    """Several measures by one grouping."""
    return tuple(group_table(one, results, language, by_measure=True) for one in found)
