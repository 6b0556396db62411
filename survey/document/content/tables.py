"""The tables of results: one measure by district, many measures in one place, all measures everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from survey.document.content.cells import Cells
from survey.document.content.context import Context
from survey.document.model import Column, Group, Line, Table
from survey.language import format_number
from survey.report.detail.comparisons import rank_ranges
from survey.report.figures import Finding, Place, PlaceKind, Statistic
from survey.report.saying.pages.sentences import rank_lines
from survey.report.saying.wording import counted_text, place_name, share_name

_SHARE, _SCORE = Statistic.SHARE, Statistic.SCORE


def by_district(finding: Finding, context: Context) -> Table:
    """One measure in the city, each district, and outside the census counts."""
    say, cells = context.say, context.cells()
    share = share_name(finding.measure, say)
    interval = say("%(level)s interval") % {"level": context.level}
    here = context.row(finding).place
    rows = tuple(finding.rows())
    lines = tuple(
        Line(
            cells=(
                place_name(row.place, context.language, say),
                *cells.pair(row, _SHARE),
                context.simple(row.share),
                *cells.pair(row, _SCORE),
                answers,
                _or_dash(row.share.deff, context, 2),
            ),
            strong=row.place.kind is PlaceKind.CITY or row.place == here,
            hidden=not row.share.shown,
        )
        for row, answers in zip(rows, context.answers(rows), strict=True)
    )
    return Table(
        label=context.numbering.table(),
        caption=say("%(what)s by district") % {"what": context.label(finding)},
        columns=(
            Column(head=say("Place"), width=0.21, number=False),
            Column(head=share, width=0.11),
            Column(head=interval, width=0.115),
            Column(head=say("As a simple random sample"), width=0.125),
            Column(head=say("Score 0–100"), width=0.115),
            Column(head=interval, width=0.145),
            Column(head=say("Answers"), width=0.09),
            Column(head=say("Design effect"), width=0.09),
        ),
        lines=lines,
        notes=(_counting([finding], context), *cells.notes()),
    )


def in_place(findings: Sequence[Finding], caption: str, context: Context) -> Table:
    """Several measures in the report's place; in a district's report the city stands beside it."""
    say, cells = context.say, context.cells()
    interval = say("%(level)s interval") % {"level": context.level}
    beside = context.district is not None
    columns = [
        Column(head=say("Question or index"), width=0.21 if beside else 0.29, number=False),
        Column(head=say("Share"), width=0.09 if beside else 0.1),
        Column(head=interval, width=0.12),
        Column(head=say("As a simple random sample"), width=0.13),
        Column(head=say("Score 0–100"), width=0.11),
        Column(head=interval, width=0.14),
        Column(head=say("Answers"), width=0.09 if beside else 0.11),
    ]
    if beside:
        columns.append(Column(head=say("Whole city: share"), width=0.11))
    lines: list[Line | Group] = []
    for finding in findings:
        city = (cells.stacked(finding.city, _SHARE),) if beside else ()
        hidden = not context.row(finding).share.shown
        lines.append(Line(cells=(*_figures(finding, context, cells), *city), hidden=hidden))
    return Table(
        label=context.numbering.table(),
        caption=caption,
        columns=tuple(columns),
        lines=tuple(lines),
        notes=(_counting(findings, context), *cells.notes()),
    )


def everywhere(statistic: Statistic, context: Context) -> Table:
    """Every measure in every place, grouped by section; the intervals stand below the estimates."""
    say, cells = context.say, context.cells()
    first = context.results.findings[0]
    places = tuple(row.place for row in first.rows())
    titles = {section.id: section.title[context.language] for section in context.results.questionnaire.sections}
    lines: list[Line | Group] = [Group(text=say("Indices"))]
    lines += [_across(finding, places, statistic, cells, context.label(finding)) for finding in context.indices()]
    for section, findings in groupby(context.items(), key=lambda finding: finding.measure.section):
        lines.append(Group(text=titles[section]))
        lines += [_across(finding, places, statistic, cells, context.label(finding)) for finding in findings]
    share = statistic is _SHARE
    name = say("Share satisfied or in agreement") if share else say("Score from 0 to 100")
    width = 0.8 / len(places)
    return Table(
        label=context.numbering.table(),
        caption=say("%(what)s, every question and index, with %(level)s interval")
        % {"what": name, "level": context.level},
        columns=(
            Column(head=say("Question or index"), width=0.2, number=False),
            *(Column(head=place_name(place, context.language, say), width=width) for place in places),
        ),
        lines=tuple(lines),
        notes=cells.notes(),
    )


def ranks(finding: Finding, context: Context) -> Table | None:
    """The ranges of ranks that hold together; None where two districts cannot be compared."""
    say = context.say
    lines = rank_lines(rank_ranges(context.sample, finding), context.language, say)
    if not lines:
        return None
    note = say(
        "1 is the highest share. All ranges hold together with %(level)s; districts in one line cannot be told apart. "
        "Hidden districts have no rank."
    )
    return Table(
        label=context.numbering.table(),
        caption=say("%(what)s, %(place)s") % {"what": context.label(finding), "place": say("Ranges of ranks")},
        columns=(
            Column(head=say("Rank between"), width=0.2, number=False),
            Column(head=say("Districts"), width=0.8, number=False),
        ),
        lines=tuple(Line(cells=line) for line in lines),
        notes=(
            note % {"level": context.level},
            say(
                "Tiles: roughly where the districts lie; not a map. Solid bar: up to the lower end of the interval; "
                "hatched: the interval."
            ),
        ),
    )


def _across(finding: Finding, places: Sequence[Place], statistic: Statistic, cells: Cells, label: str) -> Line:
    found = {row.place: row for row in (finding.city, *finding.districts, finding.outside)}
    return Line(cells=(label, *(cells.stacked(found[place], statistic) for place in places)))


def _figures(finding: Finding, context: Context, cells: Cells) -> tuple[str, ...]:
    row, rows = context.row(finding), tuple(finding.rows())
    return (
        context.label(finding),
        *cells.pair(row, _SHARE),
        context.simple(row.share),
        *cells.pair(row, _SCORE),
        dict(zip((one.place for one in rows), context.answers(rows), strict=True))[row.place],
    )


def _or_dash(value: float | None, context: Context, decimals: int) -> str:
    return "—" if value is None else format_number(value, context.language, decimals)


def _counting(findings: Iterable[Finding], context: Context) -> str:
    words = dict.fromkeys(counted_text(finding.measure, context.say) for finding in findings)
    return context.say("Share: %(counted)s.") % {"counted": "; ".join(words)}
