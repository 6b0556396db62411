"""Strengths and weaknesses: importance and satisfaction of the indices, as on their page."""

from __future__ import annotations

from survey.document.content.context import Context
from survey.document.model import Chapter, Column, Line, Picture, Points, Table
from survey.report.detail.priorities import priorities
from survey.report.saying.pages.priorities import priorities_page


def strengths(context: Context) -> Chapter | None:
    """The section; None where too few indices can be placed."""
    say, found = context.say, priorities(context.sample)
    if found is None:
        return None
    page = priorities_page(found, context.language)
    caption = say("Importance and satisfaction of the indices")
    words = "; ".join(f"{line.number} {line.label}: {line.zone}" for line in page.lines)
    table = Table(
        label=context.numbering.table(),
        caption=caption,
        columns=(
            Column(head=say("Index"), width=0.27, number=False),
            Column(head=say("Where it lies"), width=0.31, number=False),
            Column(head=say("Importance"), width=0.21),
            Column(head=say("Score 0–100"), width=0.21),
        ),
        lines=tuple(
            Line(
                cells=(
                    f"{line.number}  {line.label}",
                    line.zone,
                    f"{line.importance} ({line.importance_interval})",
                    f"{line.score} ({line.score_interval})",
                )
            )
            for line in page.lines
        ),
        notes=page.method,
    )
    return context.numbering.section(
        say("Strengths and weaknesses"),
        Points(items=page.sentences),
        Picture(label=context.numbering.figure(), caption=caption, alternative=f"{caption}. {words}", svg=page.chart),
        table,
    )
