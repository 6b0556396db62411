"""The questions as they were asked, word for word, with the answers that count as satisfied."""

from __future__ import annotations

from itertools import groupby

from survey.document.content.context import Context
from survey.document.model import Chapter, Column, Group, Line, Paragraph, Points, Table
from survey.questionnaire.model import FivePoint, Question, Score
from survey.report.saying.wording import counted_text, joined


def questions(context: Context) -> Chapter:
    """The chapter with every question that is reported."""
    say, language = context.say, context.language
    titles = {section.id: section.title[language] for section in context.results.questionnaire.sections}
    lines: list[Line | Group] = []
    for section, findings in groupby(context.items(), key=lambda finding: finding.measure.section):
        lines.append(Group(text=titles[section]))
        for finding in findings:
            text = finding.measure.text
            lines.append(
                Line(
                    cells=(
                        context.label(finding),
                        text[language] if text else "",
                        counted_text(finding.measure, say),
                    )
                )
            )
    table = Table(
        label=context.numbering.table(),
        caption=say("Questions as asked"),
        columns=(
            Column(head=say("Question or index"), width=0.27, number=False),
            Column(head=say("Question as asked"), width=0.46, number=False),
            Column(head=say("What the share counts"), width=0.27, number=False),
        ),
        lines=tuple(lines),
    )
    introduction = say("Only questions on a scale are reported. Their answers, as offered:")
    return context.numbering.chapter(
        say("Questions as asked"), Paragraph(text=introduction), Points(items=_scales(context)), table
    )


def _scales(context: Context) -> tuple[str, ...]:
    asked = context.results.questionnaire
    reported = {finding.measure.id for finding in context.items()}
    scales = (_scale(question, context) for question in asked.questions() if question.id in reported)
    return tuple(dict.fromkeys(scale for scale in scales if scale))


def _scale(question: Question, context: Context) -> str:
    language = context.language
    match question:
        case FivePoint(points=points):
            return joined([f"{point.code} {point.label[language]}" for point in points], language)
        case Score(low=low, high=high, low_label=low_label, high_label=high_label):
            return f"{low} {low_label[language]} … {high} {high_label[language]}"
        case _:
            return ""
