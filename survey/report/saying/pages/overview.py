"""The overview of a wave: headline, indices, districts, and what the tests show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.language import Say
from survey.language import say as speaking
from survey.report.detail.breakdowns import ModeMix
from survey.report.detail.comparisons import Standing, StandsOut
from survey.report.detail.definitions import Answered
from survey.report.figures import Finding, Results, Row, Statistic
from survey.report.saying.charts import Chart, dot_and_interval
from survey.report.saying.pages.rows import Line, bar, lines_of
from survey.report.saying.pages.sentences import (
    mark_sentence,
    mix_sentence,
    standing_of,
    standing_text,
    sure_note,
    sure_sentences,
)
from survey.report.saying.pictures.tiles import Tile, places, short_name, tile_picture
from survey.report.saying.wording import figure_interval, figure_value, place_name, reason_text


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """One measure's row for the city, with the address part of its own page."""

    id: str
    label: str
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the overview shows beside the headline's own page."""

    marks: tuple[tuple[str, str], ...]
    """(answer, where the mark comes from)."""
    indices: tuple[MeasureLine, ...]
    indices_chart: str
    tiles: str
    sure: tuple[str, ...]
    sure_note: str
    mix: str


def overview(results: Results, found: StandsOut, marks: Sequence[Answered], mix: ModeMix, language: str) -> Overview:
    """The overview in `language`."""
    say = speaking(language)
    head, *others = results.findings
    indices = [finding for finding in others if finding.measure.is_index]
    return Overview(
        marks=tuple((mark_sentence(one, language, say), one.mark.source[language]) for one in marks),
        indices=measure_lines(indices, results, language, say),
        indices_chart=measures_chart(indices, results, language, say),
        tiles=tiles(head, results, [one for one in found.compared if one.finding is head], language, say),
        sure=sure_sentences(found, language, say),
        sure_note=sure_note(found, language, say),
        mix=mix_sentence(mix, language, say),
    )


def measure_lines(findings: Sequence[Finding], results: Results, language: str, say: Say) -> tuple[MeasureLine, ...]:
    """The city's figures of several measures."""
    return tuple(
        MeasureLine(
            id=one.measure.id, label=one.measure.label[language], line=lines_of([one.city], results, language, say)[0]
        )
        for one in findings
    )


def measures_chart(findings: Sequence[Finding], results: Results, language: str, say: Say) -> str:
    """The city's shares of several measures as dots and intervals."""
    bars = tuple(bar(one.city, results, Statistic.SHARE, language, one.measure.label[language]) for one in findings)
    words = "; ".join(f"{one.label} {one.shown}" for one in bars)
    title = say("Indices: share of residents satisfied or in agreement, whole city")
    return dot_and_interval(Chart(id="chart-indices", title=title, description=words, bars=bars, unit="%"))


def tiles(finding: Finding, results: Results, standings: Sequence[Standing], language: str, say: Say) -> str:
    """The districts' shares of one measure as tiles."""
    drawn = [
        _tile(row, place, results, standing_of(row, standings), language)
        for row, place in zip(finding.districts, places(results.wave.districts), strict=True)
    ]
    words = "; ".join(
        f"{place_name(row.place, language, say)}: {tile.value} {tile.interval} {tile.remark}"
        for row, tile in zip(finding.districts, drawn, strict=True)
    )
    title = f"{finding.measure.label[language]} · {say('Districts as tiles')}"
    return tile_picture("city-tiles", title, words, drawn)


def _tile(row: Row, at: tuple[int, int], results: Results, standing: Standing | None, language: str) -> Tile:
    say = speaking(language)
    figure = row.share
    name = short_name(place_name(row.place, language, say))
    if figure.estimate is None:
        reason = reason_text(figure.reason, results.wave.analysis.smallest_cell, say) if figure.reason else ""
        return Tile(row=at[0], column=at[1], name=name, value="⊘", interval="", remark=reason, low=None, high=None)
    return Tile(
        row=at[0],
        column=at[1],
        name=name,
        value=figure_value(figure, Statistic.SHARE, language),
        interval=figure_interval(figure, Statistic.SHARE, language),
        remark=standing_text(standing, say),
        low=None if figure.low is None else 100 * figure.low,
        high=None if figure.high is None else 100 * figure.high,
    )
