"""Who answered: counts by mode, language and district, never crossed with an answer."""

from __future__ import annotations

from collections import Counter

from survey.document.content.context import Context
from survey.document.model import Block, Column, Group, Line, Paragraph, Table
from survey.language import NAMES, Say, format_number, format_share
from survey.wave.model import Mode


def blocks(context: Context) -> tuple[Block, ...]:
    """The number of respondents and how they came about."""
    say, frame = context.say, context.sample.frame
    text = say("%(count)s eligible residents answered. Shares here are of the answers, without weights.") % {
        "count": format_number(frame.rows, context.language)
    }
    modes = Counter(frame.mode.tolist())
    languages = Counter(frame.language.tolist())
    districts = Counter(frame.district.tolist())
    known = {district.code: district.name[context.language] for district in frame.wave.districts}
    lines: list[Line | Group] = [Group(text=say("How they answered"))]
    lines += [_line(mode_name(mode, say), modes[mode.value], context) for mode in Mode if modes[mode.value]]
    lines.append(Group(text=say("In which language")))
    lines += [_line(name, languages[code], context) for code, name in NAMES.items() if languages[code]]
    lines.append(Group(text=say("Where they live")))
    lines += [_line(name, districts[code], context) for code, name in known.items()]
    unknown = sum(count for code, count in districts.items() if code not in known)
    if unknown:
        lines.append(_line(say("not stated"), unknown, context))
    table = Table(
        label=context.numbering.table(),
        caption=say("Respondents by mode, language and district"),
        columns=(
            Column(head=say("Respondents"), width=0.6, number=False),
            Column(head=say("Answers"), width=0.2),
            Column(head=say("Share of the answers"), width=0.2),
        ),
        lines=tuple(lines),
    )
    return Paragraph(text=text), table


def mode_name(mode: Mode, say: Say) -> str:
    """How an answer was given, in words."""
    match mode:
        case Mode.PHONE:
            return say("By themselves, on a phone")
        case Mode.WEB:
            return say("By themselves, on a larger screen")
        case Mode.INTERVIEWER:
            return say("To an interviewer")
        case Mode.PAPER:
            return say("On paper")


def _line(name: str, count: int, context: Context) -> Line:
    return Line(
        cells=(
            name,
            format_number(count, context.language),
            format_share(count / context.sample.frame.rows, context.language, 1),
        )
    )
