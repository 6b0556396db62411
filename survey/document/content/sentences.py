"""Findings as sentences that never say more than their interval does."""

from __future__ import annotations

from dataclasses import replace

from survey.document.content.context import Context
from survey.language import format_number, format_share
from survey.report.detail.definitions import verdict
from survey.report.figures import Figure, Finding, Statistic
from survey.report.saying.pages.sentences import sure_sentences
from survey.report.saying.wording import figure_interval, headline, reason_text
from survey.wave.model import PassMark


def finding_sentence(finding: Finding, context: Context) -> str:
    """One measure in the report's place: "Safety: about 5 in 10 residents are satisfied, between 47% and 51%."."""
    figure = context.row(finding).share
    if figure.estimate is None:
        reason = figure.reason
        words = reason_text(reason, context.results.wave.analysis.smallest_cell, context.say) if reason else ""
        return context.say("%(what)s: not shown (%(reason)s).") % {"what": context.label(finding), "reason": words}
    sentence = headline(finding, figure, context.results, context.language, context.say)
    return context.say("%(what)s: %(finding)s") % {"what": context.label(finding), "finding": sentence}


def key_findings(context: Context) -> tuple[str, ...]:
    """The headline, its pass mark, the indices, and how many figures are hidden."""
    findings = context.results.findings
    first = findings[0]
    words = [finding_sentence(first, context)]
    for mark in context.results.wave.analysis.pass_marks:
        words.extend(
            pass_sentence(mark, finding, context) for finding in findings if finding.measure.id == mark.measure
        )
    words.extend(finding_sentence(one, context) for one in findings[1:] if one.measure.is_index)
    words.extend(_hidden(context))
    return tuple(words)


def pass_sentence(mark: PassMark, finding: Finding, context: Context) -> str:
    """Whether a pass mark is met, as far as the interval tells."""
    figure = context.row(finding).share
    values = {
        "mark": format_share(mark.share, context.language),
        "what": context.label(finding),
        "interval": figure_interval(figure, Statistic.SHARE, context.language),
    }
    return _judged(figure, mark.share, context) % values + _space(context) + mark.source[context.language]


def _judged(figure: Figure, share: float, context: Context) -> str:
    say = context.say
    if figure.low is None or figure.high is None:
        return say("Mark of %(mark)s for “%(what)s”: cannot be judged, because no interval can be shown.")
    match verdict(figure, share):
        case "meets":
            return say("Mark of %(mark)s for “%(what)s”: met, for the whole interval (%(interval)s) reaches it.")
        case "fails":
            return say("Mark of %(mark)s for “%(what)s”: not met, for the whole interval (%(interval)s) lies below it.")
        case _:
            return say(
                "Mark of %(mark)s for “%(what)s”: cannot be told, for the interval (%(interval)s) lies on both sides."
            )


def _space(context: Context) -> str:
    return "" if context.language == "zh" else " "


def sure_findings(context: Context) -> tuple[str, ...]:
    """What the tests show of districts against the city: of all in the city's report, of its own in a district's."""
    family = context.family
    if context.district is not None:
        own = tuple(one for one in family.compared if one.district.place.code == context.district)
        family = replace(family, compared=own)
    return sure_sentences(family, context.language, context.say)


def _hidden(context: Context) -> list[str]:
    rows = [context.row(finding) for finding in context.results.findings]
    if context.district is None:
        rows = [row for finding in context.results.findings for row in finding.districts]
    figures = [figure for row in rows for figure in (row.share, row.score)]
    hidden = sum(not figure.shown for figure in figures)
    if not hidden:
        return []
    values = {
        "hidden": format_number(hidden, context.language),
        "all": format_number(len(figures), context.language),
    }
    if context.district is None:
        return [context.say("%(hidden)s of the %(all)s figures for districts are not shown; each says why.") % values]
    return [context.say("%(hidden)s of the %(all)s figures for this district are not shown; each says why.") % values]
