"""The method chapter, made from the wave and its results.

It answers what England's Regulator of Social Housing asks of published tenant satisfaction measures (Tenant Survey
Requirements: sample size, timing, collection methods, sample method, representativeness, weighting, contractors,
exclusions, shortfalls, incentives, other issues) and the disclosure items of the American Association for Public
Opinion Research (Code of Professional Ethics and Practices, III.A, 2021). What the wave does not record is left free to
be filled in, never invented.
"""

from __future__ import annotations

from survey.document.content import answers
from survey.document.content.context import Context
from survey.document.model import Block, Chapter, Column, Facts, Line, Paragraph, Points, Table
from survey.language import format_date, format_number
from survey.report.saying import notes
from survey.report.saying.page import margins_table
from survey.report.saying.response import response_texts
from survey.report.saying.wording import joined, variable_name


def method(context: Context) -> tuple[Chapter, ...]:
    """The chapter and its sections."""
    say, number = context.say, context.numbering
    groups = notes.method(context.results, context.language, say)
    return (
        number.chapter(say("Method"), Paragraph(text=_about(context))),
        number.section(say("Who asked, and when"), _who(context)),
        number.section(say("Who answered"), *answers.blocks(context)),
        *(number.section(heading, Points(items=sentences)) for heading, sentences in groups),
        number.section(say("Representativeness"), *_margins(context)),
        number.section(say("Exclusions and what was missed"), Points(items=_missed(context))),
        number.section(say("Limits"), Points(items=_limits(context))),
    )


def _about(context: Context) -> str:
    return context.say(
        "This chapter is made from the wave's definition and its answers. What the wave does not record is left free."
    )


def _who(context: Context) -> Facts:
    say, wave, language = context.say, context.results.wave, context.language
    questionnaire = context.results.questionnaire
    return Facts(
        rows=(
            (say("Commissioned by"), wave.asked_by[language]),
            (say("Fieldwork carried out by (contractor)"), ""),
            (say("Contact"), wave.contact[language]),
            (say("Opened"), format_date(wave.opens, language)),
            (say("Closes"), format_date(wave.closes, language)),
            (say("Questionnaire"), f"{questionnaire.title[language]} ({questionnaire.id} {questionnaire.version})"),
            (say("Population"), _population(context)),
            (say("Incentives to take part"), ""),
            (say("Planned sample size, and why it was missed if it was"), ""),
            (say("Results computed"), context.results.computed.strftime("%Y-%m-%d %H:%M UTC")),
        )
    )


def _population(context: Context) -> str:
    margins = context.results.wave.margins
    if not margins:
        return ""
    total = sum(cell.total for cell in margins[0].cells)
    return context.say("%(count)s adult residents in %(districts)s districts and zones, by the counts weighted to") % {
        "count": format_number(total, context.language),
        "districts": format_number(len(context.results.wave.districts), context.language),
    }


def _margins(context: Context) -> tuple[Block, ...]:
    say, language, results = context.say, context.language, context.results
    text = say(
        "The table sets the sample beside the population: the share of each cell before raking (by the design "
        "weights), in the population, and after raking."
    )
    rows = tuple(Line(cells=cells) for cells in margins_table(results, language))
    heads = (say("Answers"), say("Before raking"), say("Target"), say("After raking"))
    table = Table(
        label=context.numbering.table(),
        caption=say("Margins before and after raking"),
        columns=(
            Column(head=say("Cell"), width=0.48, number=False),
            *(Column(head=head, width=0.13) for head in heads),
        ),
        lines=rows,
        notes=notes.untold_cells(results, say),
    )
    return Paragraph(text=text), table


def _missed(context: Context) -> tuple[str, ...]:
    say, language, results = context.say, context.language, context.results
    counts = (
        (results.ineligible, say("%(count)s who are not eligible were screened out.")),
        (results.outside, say("%(count)s residents answered whom no margin counts; they are reported apart.")),
    )
    words = [
        *(text % {"count": format_number(count, language)} for count, text in counts if count),
        *notes.adjustments(results, language, say),
        *response_texts(results, context.invitations, language, say),
    ]
    return tuple(words)


def _limits(context: Context) -> tuple[str, ...]:
    say, language, results = context.say, context.language, context.results
    variables = dict.fromkeys(variable for margin in results.wave.margins for variable in margin.variables)
    names = joined([variable_name(one, results.questionnaire, language, say) for one in variables], language)
    words = [
        say(
            "Residents who did not answer may think otherwise than those who did. Weighting corrects for this only as "
            "far as it goes with: %(variables)s."
        )
        % {"variables": names},
        say("Intervals cover the chance of the draw, not mistakes in understanding, answering or recording."),
        say("Answers on a screen, on paper and to an interviewer can differ; the figures do not correct for that."),
        say(
            "Overlapping intervals do not show that two places are equal, and one difference among many can look large "
            "by chance. Only the differences that the tests show and the ranges of rank account for that."
        ),
    ]
    if results.wave.simulated:
        words.insert(0, notes.simulated(say))
    return tuple(words)
