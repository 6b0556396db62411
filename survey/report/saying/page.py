"""One measure as a page shows it: everything in words and numbers of the reader's language, nothing left to compute."""

from __future__ import annotations

from dataclasses import dataclass

from survey.language import Say, format_number, format_share
from survey.language import say as speaking
from survey.report.disclosure.composition import told_rows
from survey.report.figures import Finding, Results, Statistic
from survey.report.saying import notes
from survey.report.saying.charts import Chart, dot_and_interval
from survey.report.saying.pages.rows import Line, bar, lines_of, simple_text
from survey.report.saying.wording import (
    counted_text,
    figure_interval,
    figure_value,
    headline,
    share_name,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """One measure in the list of all measures: its figures for the city."""

    id: str
    label: str
    share: str
    interval: str
    simple: str
    score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePage:
    """What the page of a measure shows."""

    label: str
    text: str
    counted: str
    share_name: str
    headline: str
    city: Line
    raw: str
    share_chart: str
    score_chart: str
    lines: tuple[Line, ...]
    groups: tuple[tuple[str, tuple[Short, ...]], ...]
    """All measures of the wave under their headings: indices first, then sections in the order of asking."""
    foot: tuple[str, ...]
    method: tuple[tuple[str, tuple[str, ...]], ...]
    computed: str
    level: str
    """Of the intervals."""


def measure_page(results: Results, finding: Finding, language: str) -> MeasurePage:
    """The page of one finding in `language`."""
    say = speaking(language)
    measure = finding.measure
    lines = lines_of(tuple(finding.rows()), results, language, say)
    return MeasurePage(
        label=measure.label[language],
        text=measure.text[language] if measure.text else "",
        counted=counted_text(measure, say),
        share_name=share_name(measure, say),
        headline=headline(finding, finding.city.share, results, language, say),
        city=lines[0],
        raw=_raw(finding, language, say),
        share_chart=_chart(results, finding, Statistic.SHARE, language, say),
        score_chart=_chart(results, finding, Statistic.SCORE, language, say),
        lines=lines,
        groups=_groups(results, language, say),
        foot=notes.foot(results, language, say),
        method=notes.method(results, language, say),
        computed=results.computed.strftime("%Y-%m-%d %H:%M UTC"),
        level=format_share(results.wave.analysis.confidence_level, language),
    )


def _raw(finding: Finding, language: str, say: Say) -> str:
    score = finding.city.score.estimate
    if score is None:
        return ""
    measure = finding.measure
    return say("mean %(mean)s on the scale from %(low)s to %(high)s") % {
        "mean": format_number(measure.to_raw(score), language, 2),
        "low": measure.low,
        "high": measure.high,
    }


def _groups(results: Results, language: str, say: Say) -> tuple[tuple[str, tuple[Short, ...]], ...]:
    indices = [finding for finding in results.findings if finding.measure.is_index]
    groups = [(say("Indices"), indices)]
    for section in results.questionnaire.sections:
        items = [one for one in results.findings if one.measure.section == section.id and not one.measure.is_index]
        groups.append((section.title[language], items))
    return tuple((title, tuple(_short(one, language) for one in findings)) for title, findings in groups if findings)


def _short(finding: Finding, language: str) -> Short:
    measure, city = finding.measure, finding.city
    return Short(
        id=measure.id,
        label=measure.label[language],
        share=figure_value(city.share, Statistic.SHARE, language),
        interval=figure_interval(city.share, Statistic.SHARE, language),
        simple=simple_text(city.share, Statistic.SHARE, language),
        score=figure_value(city.score, Statistic.SCORE, language),
    )


def _chart(results: Results, finding: Finding, statistic: Statistic, language: str, say: Say) -> str:
    measure = finding.measure
    share = statistic is Statistic.SHARE
    bars = tuple(bar(row, results, statistic, language) for row in finding.rows())
    name = share_name(measure, say) if share else say("Score from 0 to 100")
    chart = Chart(
        id=f"chart-{statistic.value}",
        title=f"{measure.label[language]} · {name}",
        description="; ".join(f"{bar.label} {bar.shown}" for bar in bars),
        bars=bars,
        unit="%" if share else "",
    )
    return dot_and_interval(chart)


def margins_table(results: Results, language: str) -> tuple[tuple[str, ...], ...]:
    """Every cell of the margins: its name, answers, share before raking, target, share after; what is not told: "—"."""
    say = speaking(language)
    return tuple(
        (
            notes.margin_row_name(told.row, results, language, say),
            "—" if told.answers is None else format_number(told.answers, language),
            *("—" if one is None else format_share(one, language, 2) for one in (told.before, told.target, told.after)),
        )
        for told in told_rows(results.weighting.margins)
    )
