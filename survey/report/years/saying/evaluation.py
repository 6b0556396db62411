"""The evaluation over the years: headline, aspects and pride from the first comparable wave to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.language import Say
from survey.language import say as speaking
from survey.report.figures import Results
from survey.report.saying.wording import joined, place_name, share_name
from survey.report.years.saying.drawing import Cell, cell, place_chart
from survey.report.years.saying.wording import break_sentences, family_notes, sentence, wave_name
from survey.report.years.testing import Verdict
from survey.report.years.trends import Trend

FULL = 5
"""Waves of one evaluation (五年一评估)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One measure of the evaluation."""

    id: str
    label: str
    what: str
    span: str
    """From which wave to which it is compared; empty when it is not."""
    sentence: str
    chart: str
    breaks: tuple[str, ...]
    city: Cell | None
    districts: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the page of the evaluation shows."""

    first: str
    last: str
    waves: int
    full: bool
    """Whether five waves are there."""
    summary: tuple[str, ...]
    cards: tuple[Card, ...]
    places: tuple[str, ...]
    notes: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """All measures with a trend page, under their headings."""


def evaluation_page(series: Sequence[Results], trends: Sequence[Trend], language: str) -> Evaluation:
    """The evaluation of some waves (oldest first) in `language`."""
    say, waves = speaking(language), tuple(series)
    cards = tuple(_card(trend, language, say) for trend in trends)
    return Evaluation(
        first=wave_name(waves[0], waves),
        last=wave_name(waves[-1], waves),
        waves=len(waves),
        full=len(waves) >= FULL,
        summary=_summary(cards, language, say),
        cards=cards,
        places=tuple(place_name(line.place, language, say) for line in trends[0].lines()) if trends else (),
        notes=family_notes(trends[0].tests if trends else 0, series[-1], language, say),
        groups=measure_groups(series[-1], language),
    )


def measure_groups(results: Results, language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Id and label of every measure of a wave: indices first, then by section in the order of asking."""
    say = speaking(language)
    groups = [(say("Indices"), [one.measure for one in results.findings if one.measure.is_index])]
    for section in results.questionnaire.sections:
        own = [one.measure for one in results.findings if one.measure.section == section.id]
        groups.append((section.title[language], [measure for measure in own if not measure.is_index]))
    return tuple(
        (title, tuple((measure.id, measure.label[language]) for measure in found)) for title, found in groups if found
    )


def _card(trend: Trend, language: str, say: Say) -> Card:
    names = [wave_name(one, trend.waves) for one in trend.waves]
    span = (names[trend.since], names[-1])
    compared = trend.since < len(names) - 1
    return Card(
        id=trend.measure.id,
        label=trend.measure.label[language],
        what=share_name(trend.measure, say),
        span="–".join(span) if compared else "",
        sentence=sentence(trend.city.whole, span, trend.statistic, language, say)
        if compared
        else say("Nothing can be compared with %(wave)s.") % {"wave": names[-1]},
        chart=place_chart(trend, trend.city, f"line-{trend.measure.id}", language, 220),
        breaks=break_sentences(trend, say),
        city=cell(trend.city.whole, trend.statistic, language, say),
        districts=tuple(cell(line.whole, trend.statistic, language, say) for line in trend.districts),
    )


def _summary(cards: Sequence[Card], language: str, say: Say) -> tuple[str, ...]:
    """Which measures rose, fell or cannot be told for the whole city, each with its span where the line is broken."""

    def named(verdict: Verdict) -> list[str]:
        return [f"{card.label} ({card.span})" for card in cards if card.city and card.city.verdict == verdict.value]

    rose, fell, unsure = (named(verdict) for verdict in (Verdict.HIGHER, Verdict.LOWER, Verdict.UNSURE))
    told = []
    if rose:
        told.append(say("Rose in the whole city: %(measures)s.") % {"measures": joined(rose, language)})
    if fell:
        told.append(say("Fell in the whole city: %(measures)s.") % {"measures": joined(fell, language)})
    if unsure:
        told.append(say("No change shown in the whole city: %(measures)s.") % {"measures": joined(unsure, language)})
    return tuple(told)
