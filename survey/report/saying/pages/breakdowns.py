"""One measure by groups, by mode or by street, and several measures by one grouping, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.language import Say, format_number, format_share, format_share_interval
from survey.language import say as speaking
from survey.report.detail.breakdowns import Breakdown, ModeMix
from survey.report.detail.groups import Grouping
from survey.report.detail.streets import Street, Streets
from survey.report.disclosure.counts import hidden_counts
from survey.report.figures import Results, Statistic
from survey.report.saying.charts import Chart, dot_and_interval
from survey.report.saying.pages.rows import Line, bar, line
from survey.report.saying.wording import figure_interval, figure_value, place_name, reason_text


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
        lines=tuple(line(row, results, language, say) for row in rows),
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
            lines=tuple(_street(street, results, language, say) for street in streets),
        )
        for row, streets in found.districts
    )


def _street(street: Street, results: Results, language: str, say: Say) -> StreetLine:
    figure, modelled = street.row.share, street.modelled
    hidden = figure.estimate is None and figure.reason is not None
    return StreetLine(
        name=place_name(street.row.place, language, say),
        n=format_number(figure.n, language),
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
    hidden = hidden_counts(mix.counts, smallest)
    names = [district.name[language] for district in results.wave.districts]
    rows = [
        (
            name,
            tuple(
                ("—", _few(int(count), smallest))
                if secret
                else (_share(share, language), format_number(count, language))
                for share, count, secret in zip(shares, counts, secrets, strict=True)
            ),
        )
        for name, shares, counts, secrets in zip(names, mix.shares[:-1], mix.counts, hidden, strict=True)
    ]
    whole = tuple(
        (_share(share, language), format_number(count, language))
        for share, count in zip(mix.shares[-1], mix.counts.sum(axis=0), strict=True)
    )
    return MixTable(heads=_names(modes, language), rows=(*rows, (say("Whole city"), whole)))


def _names(modes: Grouping, language: str) -> tuple[str, ...]:
    return tuple(level.name[language] for level in modes.levels)


def _few(count: int, smallest: int) -> str:
    return f"<{smallest}" if count < smallest else "⊘"


def _share(share: float, language: str) -> str:
    return format_share(share, language) if share == share else "—"


def several(found: Sequence[Breakdown], results: Results, language: str) -> tuple[GroupTable, ...]:
    """Several measures by one grouping."""
    return tuple(group_table(one, results, language, by_measure=True) for one in found)
