"""The headline counted by other customary definitions, as on its page."""

from __future__ import annotations

from survey.document.content.context import Context
from survey.document.model import Chapter, Column, Group, Line, Table
from survey.report.detail.closely import look_closely
from survey.report.saying.pages.closer import DefinitionLine, closer


def counting(context: Context) -> Chapter | None:
    """The section; None where the city's figure is hidden."""
    say, headline = context.say, context.results.findings[0]
    told = closer(context.results, look_closely(context.sample, headline, context.family), context.language)
    if not told.definitions:
        return None
    lines: list[Line | Group] = [_line(one) for one in told.definitions]
    lines.append(Group(text=say("In five bands")))
    lines += [_line(one) for one in told.bands]
    interval = say("%(level)s interval") % {"level": context.level}
    table = Table(
        label=context.numbering.table(),
        caption=say("%(what)s by other definitions, whole city") % {"what": context.label(headline)},
        columns=(
            Column(head=say("Way of counting"), width=0.46, number=False),
            Column(head=say("Whole city"), width=0.14),
            Column(head=interval, width=0.2),
            Column(head=say("As a simple random sample"), width=0.2),
        ),
        lines=tuple(lines),
        notes=(
            say(
                "The definition was frozen before the wave opened. The others are customary elsewhere; they stand here "
                "so that nobody has to ask what they would give."
            ),
        ),
    )
    return context.numbering.section(say("Other definitions"), table, fresh=True)


def _line(one: DefinitionLine) -> Line:
    return Line(cells=(one.name, one.value, one.interval, one.simple), strong=one.frozen)
