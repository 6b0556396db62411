"""From result to task: where questions are sure to be low or falling, and whose task that is."""

from __future__ import annotations

from survey.document.content.context import Context
from survey.document.model import Chapter, Column, Line, Paragraph, Table
from survey.language import format_number
from survey.questionnaire.plan import city_plan
from survey.report.saying.wording import joined
from survey.report.tasks.concerns import Concerns, Item, concerns
from survey.report.tasks.saying import SpotLine, item_cards, notes, shorts


def tasks(context: Context) -> Chapter | None:
    """The chapter; None where no question leads to a task or unit of the plan."""
    say = context.say
    known = concerns((*context.earlier, context.sample), (context.family, context.others))
    if not known.items:
        return None
    items = tuple(item for item in known.items if _pressing(item, context))
    values = {
        "count": format_number(len(items), context.language),
        "all": format_number(len(known.items), context.language),
        "place": context.place(),
    }
    if context.district is None:
        told = say("%(count)s of %(all)s questions are shown to be low or falling somewhere.") % values
    else:
        told = say("%(place)s: %(count)s of %(all)s questions are shown to be low or falling.") % values
    tables = (_table(items, known, context),) if items else ()
    return context.numbering.chapter(say("Tasks of the plan and responsible units"), Paragraph(text=told), *tables)


def _pressing(item: Item, context: Context) -> bool:
    return any(context.district in (None, spot.place.code) for spot in item.pressing)


def _table(items: tuple[Item, ...], known: Concerns, context: Context) -> Table:
    say, before = context.say, known.before
    city = context.district is None
    low = say("Below the city in") if city else say("Against the city, percentage points")
    since = before.wave.year if before else ""
    fell = say("Fell since %(year)s in") if city else say("Since %(year)s, percentage points")
    heads = [low, *((fell % {"year": since},) if before else ())]
    places = _in_places(items, context) if city else _in_district(items, known, context)
    width = 0.32 / len(heads)
    return Table(
        label=context.numbering.table(),
        caption=say("Questions shown to be low or falling, with tasks and units, %(place)s")
        % {"place": context.place()},
        columns=(
            Column(head=say("Question or index"), width=0.18, number=False),
            *(Column(head=head, width=width, number=not city) for head in heads),
            Column(head=say("Tasks"), width=0.09, number=False),
            Column(head=say("Responsible units"), width=0.41, number=False),
        ),
        lines=tuple(
            Line(cells=(context.label_of(item.measure), *where[: len(heads)], *_whose(item, context)))
            for item, where in zip(items, places, strict=True)
        ),
        notes=notes(known, context.language),
    )


def _in_places(items: tuple[Item, ...], context: Context) -> list[tuple[str, ...]]:
    return [(one.low or "—", one.falling or "—") for one in shorts(items, context.language)]


def _in_district(items: tuple[Item, ...], known: Concerns, context: Context) -> list[tuple[str, ...]]:
    cards = {card.id: card for card in item_cards(items, known, context.language)}
    found = []
    for item in items:
        place = next(n for n, spot in enumerate(item.spots()) if spot.place.code == context.district)
        found.append(_marks(cards[item.measure.id].lines[place]))
    return found


def _marks(line: SpotLine) -> tuple[str, ...]:
    return tuple(
        "—" if mark is None else f"{mark.sign} {mark.change}\n{mark.interval}".strip()
        for mark in (line.against_city, line.since_before)
    )


def _whose(item: Item, context: Context) -> tuple[str, str]:
    plan, links = city_plan(), item.measure.links
    numbers = joined([str(number) for number in links.tasks], context.language)
    return numbers or "—", joined([plan.unit(unit).name[context.language] for unit in links.units], context.language)
