"""The headline and the indices by groups of residents and by how they answered, across the page."""

from __future__ import annotations

from survey.document.content.context import Context
from survey.document.model import Chapter, Column, Group, Line, Paragraph, Table
from survey.report.detail.breakdowns import by_groups
from survey.report.detail.closely import modes_of
from survey.report.detail.groups import groupings
from survey.report.figures import Statistic
from survey.report.saying.pages.sentences import mix_sentence
from survey.report.saying.wording import place_name


def groups(context: Context) -> Chapter:
    """The chapter: the shares of every group, in one table."""
    say, language, cells, results = context.say, context.language, context.cells(), context.results
    findings = (results.findings[0], *context.indices())
    lines: list[Line | Group] = [
        Line(
            cells=(say("Whole city"), *(cells.stacked(one.city, Statistic.SHARE) for one in findings)),
            strong=True,
        )
    ]
    for grouping in groupings(results.wave, results.questionnaire):
        found = by_groups(context.sample, findings, (grouping,))
        lines.append(Group(text=grouping.label[language]))
        for rows in zip(*(one.rows for one in found), strict=True):
            if any(row.share.n for row in rows):
                name = place_name(rows[0].place, language, say)
                lines.append(Line(cells=(name, *(cells.stacked(row, Statistic.SHARE) for row in rows))))
    width = 0.82 / len(findings)
    table = Table(
        label=context.numbering.table(),
        caption=say("%(what)s by group, with %(level)s interval")
        % {"what": say("Share satisfied or in agreement"), "level": context.level},
        columns=(
            Column(head=say("Group"), width=0.18, number=False),
            *(Column(head=context.label(finding), width=width) for finding in findings),
        ),
        lines=tuple(lines),
        notes=(*cells.notes(), say("Groups were not tested against each other.")),
    )
    mix = mix_sentence(modes_of(context.sample), language, say)
    return context.numbering.chapter(
        say("Groups of residents and ways of answering"), Paragraph(text=mix), table, wide=True
    )
