"""The chapters with results: of the city's report and of a district's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from survey.document.content import pictures, sentences, tables
from survey.document.content.context import Context
from survey.document.model import Block, Chapter, Paragraph, Points
from survey.report.figures import Finding, Statistic
from survey.report.saying.pages.sentences import sure_note


def key_findings(context: Context) -> Iterator[Chapter]:
    """What a reader with two minutes needs."""
    say = context.say
    reading = say(
        "Each range is a %(level)s interval: a sample drawn and weighted like this one covers the true share in about "
        "%(level)s of draws. Figures without their range should not be quoted."
    ) % {"level": context.level}
    yield context.numbering.chapter(
        say("Key findings"),
        *context.uncovered(),
        Points(items=sentences.key_findings(context)),
        Paragraph(text=reading),
    )
    yield _sure(context)


def _sure(context: Context) -> Chapter:
    """What the tests say."""
    say = context.say
    words = sentences.sure_findings(context)
    return context.numbering.section(
        say("Differences the tests show"),
        *((Points(items=words),) if words else ()),
        Paragraph(text=sure_note(context.family, context.language, say)),
    )


def overall(context: Context) -> Chapter:
    """The headline measure, by district."""
    say, headline = context.say, context.results.findings[0]
    return context.numbering.chapter(
        context.label(headline),
        *context.uncovered(),
        *_by_district(headline, context),
        Paragraph(
            text=say(
                "“As a simple random sample” stands in the tables beside the interval: what p ± 1.96·√(p(1 − p)/n) "
                "would claim. Most surveys print only this; it leaves out how the sample was drawn and weighted."
            )
        ),
    )


def ranked(context: Context) -> Chapter | None:
    """The districts beside the city and each other, as tiles and by ranks; None where two cannot be compared."""
    headline = context.results.findings[0]
    table = tables.ranks(headline, context)
    if table is None:
        return None
    return context.numbering.section(
        context.say("Ranges of ranks"),
        table,
        pictures.by_tile(headline, context),
    )


def indices(context: Context) -> Iterator[Chapter]:
    """The indices together; in the city's report each by district too."""
    say, findings = context.say, context.indices()
    if not findings:
        return
    introduction = say("An index puts together the questions of one aspect. The chapter on method says how.")
    caption = say("Indices, %(place)s") % {"place": context.place()}
    yield context.numbering.chapter(
        say("Aspects and indices"),
        Paragraph(text=introduction),
        pictures.by_measure(findings, context),
        tables.in_place(findings, caption, context),
    )
    if context.district is None:
        for finding in findings:
            yield context.numbering.section(context.label(finding), *_by_district(finding, context))


def items(context: Context) -> Iterator[Chapter]:
    """Every single question in the report's place, section by section."""
    say = context.say
    titles = {section.id: section.title[context.language] for section in context.results.questionnaire.sections}
    introduction = say("One table for each part of the questionnaire.")
    yield context.numbering.chapter(say("Single questions"), Paragraph(text=introduction))
    for section, group in groupby(context.items(), key=lambda finding: finding.measure.section):
        caption = say("%(what)s, %(place)s") % {"what": titles[section], "place": context.place()}
        yield context.numbering.section(titles[section], tables.in_place(tuple(group), caption, context))


def districts(context: Context) -> Chapter:
    """Every measure in every district, across the page."""
    return context.numbering.chapter(
        context.say("All figures by district"),
        tables.everywhere(Statistic.SHARE, context),
        tables.everywhere(Statistic.SCORE, context),
        wide=True,
    )


def _by_district(finding: Finding, context: Context) -> tuple[Block, ...]:
    return (
        Paragraph(text=sentences.finding_sentence(finding, context)),
        pictures.by_district(finding, context),
        tables.by_district(finding, context),
    )
