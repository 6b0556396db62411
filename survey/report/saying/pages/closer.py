"""What the page of one measure shows beside its figures: definitions, marks, ranks, and what the tests show."""

from __future__ import annotations

from dataclasses import dataclass, replace

from survey.language import Say, format_share
from survey.language import say as speaking
from survey.questionnaire.model import FivePoint
from survey.report.detail.closely import Looked
from survey.report.detail.comparisons import StandsOut
from survey.report.detail.definitions import Defined, Definition, Definitions, simple_interval, verdict
from survey.report.estimating.measures import Measure
from survey.report.figures import Figure, Finding, Results, Statistic
from survey.report.saying.pages.overview import tiles
from survey.report.saying.pages.rows import simple_text
from survey.report.saying.pages.sentences import (
    mix_sentence,
    rank_lines,
    standing_of,
    standing_text,
    sure_note,
    sure_sentences,
    verdict_text,
)
from survey.report.saying.wording import counted_text, figure_interval, figure_value, place_name, reason_text


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionLine:
    """One way of counting: its name, the city's figure, interval, and what a simple random sample would claim."""

    name: str
    value: str
    interval: str
    simple: str
    frozen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closer:
    """All of it."""

    definitions: tuple[DefinitionLine, ...]
    bands: tuple[DefinitionLine, ...]
    tiles: str
    sure: tuple[str, ...]
    sure_note: str
    standings: tuple[tuple[str, str], ...]
    """(district, beside the city)."""
    ranks: tuple[tuple[str, str], ...]
    mix: str
    marks: tuple[tuple[str, tuple[tuple[str, str, str, str], ...], str], ...]
    """(mark, (place, share, interval, answer) …, source)."""


def closer(results: Results, looked: Looked, language: str) -> Closer:
    """All of it in `language`."""
    say, finding = speaking(language), looked.finding
    own = [one for one in looked.family.compared if one.finding is finding]
    alone = StandsOut(compared=tuple(own), measures=1, level=looked.family.level)
    return Closer(
        definitions=_definitions(finding, looked.definitions, results, language),
        bands=_bands(finding.measure, looked.definitions, results, language),
        tiles=tiles(finding, results, own, language, say),
        sure=sure_sentences(alone, language, say),
        sure_note=sure_note(looked.family if own else alone, language, say),
        standings=tuple(
            (place_name(row.place, language, say), standing_text(standing_of(row, own), say) or "—")
            for row in finding.districts
        ),
        ranks=rank_lines(looked.ranked, language, say),
        mix=mix_sentence(looked.mix, language, say),
        marks=_marks(finding, results, language, say),
    )


def _definitions(finding: Finding, told: Definitions, results: Results, language: str) -> tuple[DefinitionLine, ...]:
    if not told.defined:
        return ()
    say, measure, score = speaking(language), finding.measure, finding.city.score
    frozen = _line(
        say("Frozen definition: %(what)s") % {"what": counted_text(measure, say)},
        finding.city.share,
        Statistic.SHARE,
        results,
        language,
        frozen=True,
    )
    others = [_line(_name(one, measure, say), one.city, Statistic.SHARE, results, language) for one in told.defined]
    return (frozen, *others, _line(say("Mean, 0–100"), score, Statistic.SCORE, results, language))


def _name(one: Defined, measure: Measure, say: Say) -> str:
    values = {"low": f"{one.at_least:g}", "high": measure.high}
    if one.definition is Definition.TOP_TWO:
        return say("Share of answers %(low)s–%(high)s") % values
    if measure.high == 10:
        return say("Share of answers %(low)s–%(high)s (a bare pass counts too)") % values
    return say("Share of answers %(low)s–%(high)s (the middle counts too)") % values


def _bands(measure: Measure, told: Definitions, results: Results, language: str) -> tuple[DefinitionLine, ...]:
    question = results.questionnaire.question(measure.items[0])
    names = {point.code: point.label[language] for point in question.points} if isinstance(question, FivePoint) else {}
    found = []
    for band in reversed(told.bands):
        name = f"{band.low} {names[band.low]}" if band.low in names else f"{band.low}–{band.high}"
        line = _line(name, band.share, Statistic.SHARE, results, language)
        found.append(line if band.at_most is None else replace(line, value=f"≤{format_share(band.at_most, language)}"))
    return tuple(found)


def _line(
    name: str, figure: Figure, statistic: Statistic, results: Results, language: str, frozen: bool = False
) -> DefinitionLine:
    why, say = figure.reason, speaking(language)
    hidden = reason_text(why, results.wave.analysis.smallest_cell, say) if why and not figure.shown else "—"
    return DefinitionLine(
        name=name,
        value=figure_value(figure, statistic, language),
        interval=figure_interval(figure, statistic, language) or hidden,
        simple=(simple_text(figure, statistic, language) or "—") if simple_interval(figure, statistic) else "—",
        frozen=frozen,
    )


def _marks(
    finding: Finding, results: Results, language: str, say: Say
) -> tuple[tuple[str, tuple[tuple[str, str, str, str], ...], str], ...]:
    return tuple(
        (
            format_share(mark.share, language),
            tuple(
                (
                    place_name(row.place, language, say),
                    figure_value(row.share, Statistic.SHARE, language),
                    figure_interval(row.share, Statistic.SHARE, language) or "—",
                    verdict_text(verdict(row.share, mark.share), say) if row.share.shown else "—",
                )
                for row in (finding.city, *finding.districts)
            ),
            mark.source[language],
        )
        for mark in results.wave.analysis.pass_marks
        if mark.measure == finding.measure.id
    )
