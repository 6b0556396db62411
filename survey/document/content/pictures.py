"""The figures of a report: the same dot-and-interval plots as on the pages, with the same in words."""

from __future__ import annotations

from collections.abc import Iterable

from survey.document.content.context import Context
from survey.document.model import Picture
from survey.report.figures import Finding, Statistic
from survey.report.saying.charts import Bar, Chart, beside
from survey.report.saying.pages.overview import tiles
from survey.report.saying.pages.rows import bar
from survey.report.saying.pages.sentences import standing_of, standing_text
from survey.report.saying.wording import place_name, share_name


def by_district(finding: Finding, context: Context) -> Picture:
    """One measure's share in the city, in each district, and outside the census counts."""
    bars = [bar(row, context.results, Statistic.SHARE, context.language) for row in finding.rows()]
    caption = context.say("%(what)s: %(share)s, by district, with %(level)s interval") % {
        "what": context.label(finding),
        "share": share_name(finding.measure, context.say),
        "level": context.level,
    }
    return _picture(caption, bars, context)


def by_measure(findings: Iterable[Finding], context: Context) -> Picture:
    """The shares of several measures in the report's place."""
    bars = [
        bar(context.row(finding), context.results, Statistic.SHARE, context.language, context.label(finding))
        for finding in findings
    ]
    caption = context.say("Indices: share satisfied or in agreement, %(place)s, with %(level)s interval") % {
        "place": context.place(),
        "level": context.level,
    }
    return _picture(caption, bars, context)


def by_tile(finding: Finding, context: Context) -> Picture:
    """One measure's districts as tiles, roughly where they lie, each beside the city."""
    say = context.say
    own = [one for one in context.family.compared if one.finding.measure.id == finding.measure.id]
    caption = say("%(what)s: %(share)s, by district, with %(level)s interval") % {
        "what": context.label(finding),
        "share": share_name(finding.measure, say),
        "level": context.level,
    }
    words = "; ".join(
        f"{place_name(row.place, context.language, say)} "
        f"{bar(row, context.results, Statistic.SHARE, context.language).shown} "
        f"{standing_text(standing_of(row, own), say)}".strip()
        for row in finding.districts
    )
    return Picture(
        label=context.numbering.figure(),
        caption=f"{caption} ({say('Districts as tiles')})",
        alternative=f"{caption}. {words}",
        svg=tiles(finding, context.results, own, context.language, say),
    )


def _picture(caption: str, bars: list[Bar], context: Context) -> Picture:
    label = context.numbering.figure()
    words = "; ".join(f"{one.label} {one.shown}" for one in bars)
    chart = Chart(id=f"figure-{len(caption)}", title=caption, description=words, bars=tuple(bars), unit="%")
    return Picture(label=label, caption=caption, alternative=f"{caption}. {words}", svg=beside(chart))
