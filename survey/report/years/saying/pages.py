"""One measure over the years as a page shows it: words, numbers and pictures, nothing left to compute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey.language import Say, format_share
from survey.language import say as speaking
from survey.report.figures import PlaceKind, Statistic
from survey.report.saying.wording import place_name, share_name
from survey.report.years.modes import ModeShares, alike
from survey.report.years.saying.drawing import Cell, cell, changes_chart, figure_words, place_chart
from survey.report.years.saying.wording import break_sentences, family_notes, mode_names, sentence, unit, wave_name
from survey.report.years.testing import Verdict
from survey.report.years.trends import Line, Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTrend:
    """One place: its picture, its sentence, its figures and changes."""

    name: str
    kind: PlaceKind
    sentence: str
    chart: str
    figures: tuple[tuple[str, str], ...]
    """Value (or why it is hidden) and interval in each wave."""
    steps: tuple[Cell | None, ...]
    whole: Cell | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPage:
    """What the page of a trend shows."""

    label: str
    text: str
    what: str
    """Name of what is shown: share satisfied, or score."""
    unit: str
    """What a change is counted in."""
    waves: tuple[str, ...]
    city: PlaceTrend
    districts: tuple[PlaceTrend, ...]
    sentences: tuple[str, ...]
    """The finding for the city: last change, then since the first comparable wave."""
    sure: tuple[str, ...]
    """Names of districts with a sure last change, with it."""
    breaks: tuple[str, ...]
    broken: bool
    """Whether the line is broken somewhere."""
    steps: tuple[str, ...]
    """Heads of the changes: "2025–2026"."""
    since: str
    """Head of the change since the first comparable wave; empty when it is the last step itself."""
    change_chart: str
    notes: tuple[str, ...]
    level: str

    def places(self) -> tuple[PlaceTrend, ...]:
        """The city, then its districts."""
        return (self.city, *self.districts)


def trend_page(trend: Trend, language: str) -> TrendPage:
    """The page of one trend in `language`."""
    say = speaking(language)
    names = tuple(wave_name(one, trend.waves) for one in trend.waves)
    places = [_place(trend, number, line, language, say) for number, line in enumerate(trend.lines())]
    measure, last = trend.measure, len(names) - 1
    span = (names[trend.since], names[-1])
    whole = trend.since < last - 1
    share = trend.statistic is Statistic.SHARE
    city = trend.city
    told = []
    if last and trend.links[-1].joins:
        told.append(sentence(city.steps[-1], (names[-2], names[-1]), trend.statistic, language, say))
    if whole:
        told.append(sentence(city.whole, span, trend.statistic, language, say))
    return TrendPage(
        label=measure.label[language],
        text=measure.text[language] if measure.text else "",
        what=share_name(measure, say) if share else say("Score from 0 to 100"),
        unit=unit(trend.statistic, say),
        waves=names,
        city=places[0],
        districts=tuple(places[1:]),
        sentences=tuple(told),
        sure=tuple(
            f"{place.name}: {place.steps[-1].words} {place.steps[-1].change} ({place.steps[-1].interval})"
            for place in places[1:]
            if last and (cell := place.steps[-1]) and cell.verdict != Verdict.UNSURE.value
        ),
        breaks=break_sentences(trend, say),
        broken=not all(link.joins for link in trend.links),
        steps=tuple(f"{first}–{second}" for first, second in pairwise(names)),
        since="–".join(span) if whole else "",
        change_chart=changes_chart(trend, names, language, say),
        notes=family_notes(trend.tests, trend.waves[-1], language, say),
        level=format_share(trend.level, language),
    )


def mode_table(
    mixes: Sequence[ModeShares], names: Sequence[str], language: str
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...], bool]:
    """Shares of the modes by wave: heads, a row for each wave, and whether the mix is about the same in all."""
    rows = tuple(
        (name, tuple(format_share(share, language) for share in mix.shares))
        for name, mix in zip(names, mixes, strict=True)
    )
    return mode_names(speaking(language)), rows, alike(mixes)


def _place(trend: Trend, number: int, line: Line, language: str, say: Say) -> PlaceTrend:
    names = [wave_name(one, trend.waves) for one in trend.waves]
    smallest = trend.waves[-1].wave.analysis.smallest_cell
    last = line.steps[-1] if line.steps else None
    return PlaceTrend(
        name=place_name(line.place, language, say),
        kind=line.place.kind,
        sentence=sentence(last, (names[-2], names[-1]), trend.statistic, language, say) if line.steps else "",
        chart=place_chart(trend, line, f"trend-{number}", language),
        figures=tuple(figure_words(figure, trend.statistic, smallest, language, say) for figure in line.figures),
        steps=tuple(cell(one, trend.statistic, language, say) for one in line.steps),
        whole=cell(line.whole, trend.statistic, language, say),
    )
