"""Who answered: counts by mode, language and district, never crossed with an answer, under the rule of all counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from survey.document.content.context import Context
from survey.document.model import Block, Column, Group, Line, Paragraph, Table
from survey.language import NAMES, format_number, format_share
from survey.report.detail.closely import modes_of
from survey.report.detail.groups import MODE, find_grouping, groupings
from survey.report.disclosure.counts import told_counts
from survey.report.saying.pages.breakdowns import mix_table
from survey.report.saying.wording import count_text


def blocks(context: Context) -> tuple[Block, ...]:
    """The number of respondents and how they came about."""
    say, frame = context.say, context.sample.frame
    text = say("%(count)s eligible residents answered.") % {"count": format_number(frame.rows, context.language)}
    composition = _composition(context)
    return Paragraph(text=text), composition, *_modes(context)


def _composition(context: Context) -> Table:
    """Languages and districts, without weights; who did not state a district is the rest of them."""
    say, frame = context.say, context.sample.frame
    languages = Counter(frame.language.tolist())
    districts = Counter(frame.district.tolist())
    known = {district.code: district.name[context.language] for district in frame.wave.districts}
    unknown = sum(count for code, count in districts.items() if code not in known)
    lines: list[Line | Group] = [Group(text=say("In which language"))]
    lines += _lines([(name, languages[code]) for code, name in NAMES.items()], context)
    lines.append(Group(text=say("Where they live")))
    lines += _lines([*((name, districts[code]) for code, name in known.items()), (say("not stated"), unknown)], context)
    return Table(
        label=context.numbering.table(),
        caption=say("Respondents by language and district"),
        columns=(
            Column(head=say("Respondents"), width=0.6, number=False),
            Column(head=say("Answers"), width=0.2),
            Column(head=say("Share of the answers"), width=0.2),
        ),
        lines=tuple(lines),
        notes=(say("Without weights."), *_signs(lines, context)),
    )


def _lines(counts: list[tuple[str, int]], context: Context) -> list[Line]:
    smallest, language = context.results.wave.analysis.smallest_cell, context.language
    told = told_counts([count for _, count in counts], smallest)
    total = context.sample.frame.rows
    return [
        Line(cells=(name, count_text(count, smallest), "—"))
        if kept is None
        else Line(cells=(name, format_number(kept, language), format_share(kept / total, language, 1)))
        for (name, count), kept in zip(counts, told, strict=True)
        if count
    ]


def _modes(context: Context) -> Iterator[Table]:
    """How residents answered, by district: the same table as on the page, in the modes that occur."""
    say, results, language = context.say, context.results, context.language
    grouping = find_grouping(groupings(results.wave, results.questionnaire), MODE)
    mix = modes_of(context.sample)
    told = mix_table(mix, grouping, results, language)
    used = [place for place, count in enumerate(mix.counts.sum(axis=0)) if count]
    if not used:
        return
    lines = tuple(
        Line(cells=(name, *("\n".join(cells[place]) for place in used)), strong=number == len(told.rows) - 1)
        for number, (name, cells) in enumerate(told.rows)
    )
    yield Table(
        label=context.numbering.table(),
        caption=say("How residents answered: weighted share, and below it the answers"),
        columns=(
            Column(head=say("Place"), width=0.32, number=False),
            *(Column(head=told.heads[place], width=0.68 / len(used)) for place in used),
        ),
        lines=lines,
        notes=(say("Residents whom the margins count and who stated their district."), *_signs(lines, context)),
    )


def _signs(lines: Sequence[Line | Group], context: Context) -> tuple[str, ...]:
    """What the signs in place of a count mean, where one stands."""
    smallest = context.results.wave.analysis.smallest_cell
    cells = "\n".join(cell for line in lines if isinstance(line, Line) for cell in line.cells)
    if f"<{smallest}" not in cells and "⊘" not in cells:
        return ()
    return (
        context.say("<%(count)s: fewer than that. ⊘: not told, because it would give such a number away.")
        % {"count": smallest},
    )
