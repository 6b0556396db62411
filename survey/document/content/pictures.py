"""The figures of a report: the same dot-and-interval plots as on the pages, with the same in words."""

from __future__ import annotations

from collections.abc import Iterable

from survey.document.content.context import Context
from survey.document.model import Picture
from survey.report.figures import Figure, Finding, PlaceKind, Statistic
from survey.report.saying.charts import Bar, Chart, dot_and_interval
from survey.report.saying.wording import figure_interval, figure_value, place_name, reason_text, share_name


def by_district(finding: Finding, context: Context) -> Picture:
    """One measure's share in the city, in each district, and outside the census counts."""
    rows = tuple(finding.rows())
    bars = [
        bar(
            place_name(row.place, context.language, context.say),
            row.share,
            context,
            row.place.kind is PlaceKind.CITY,
        )
        for row in rows
    ]
    caption = context.say("%(what)s: %(share)s, by district, with %(level)s interval") % {
        "what": context.label(finding),
        "share": share_name(finding.measure, context.say),
        "level": context.level,
    }
    return _picture(caption, bars, context)


def by_measure(findings: Iterable[Finding], context: Context) -> Picture:
    """The shares of several measures in the report's place."""
    bars = [bar(context.label(finding), context.row(finding).share, context) for finding in findings]
    caption = context.say("Indices: share satisfied or in agreement, %(place)s, with %(level)s interval") % {
        "place": context.place(),
        "level": context.level,
    }
    return _picture(caption, bars, context)


def bar(label: str, figure: Figure, context: Context, whole: bool = False) -> Bar:
    """A row of the plot; a hidden figure shows its reason."""
    if figure.estimate is None:
        smallest = context.results.wave.analysis.smallest_cell
        reason = reason_text(figure.reason, smallest, context.say) if figure.reason else ""
        return Bar(label=label, shown=f"⊘ {reason}", value=None, low=None, high=None, whole=whole)
    value = figure_value(figure, Statistic.SHARE, context.language)
    interval = figure_interval(figure, Statistic.SHARE, context.language)
    return Bar(
        label=label,
        shown=f"{value} ({interval})" if interval else value,
        value=100 * figure.estimate,
        low=None if figure.low is None else 100 * figure.low,
        high=None if figure.high is None else 100 * figure.high,
        whole=whole,
    )


def _picture(caption: str, bars: list[Bar], context: Context) -> Picture:
    label = context.numbering.figure()
    words = "; ".join(f"{one.label} {one.shown}" for one in bars)
    chart = Chart(id=f"figure-{len(caption)}", title=caption, description=words, bars=tuple(bars), unit="%")
    return Picture(label=label, caption=caption, alternative=f"{caption}. {words}", svg=dot_and_interval(chart))
