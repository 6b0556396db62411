"""Items of a task or unit in words of the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.language import Say, format_share
from survey.language import say as speaking
from survey.report.figures import PlaceKind, Statistic
from survey.report.saying.pictures.tiles import short_name
from survey.report.saying.wording import figure_interval, figure_value, joined, place_name, reason_text, share_name
from survey.report.tasks.concerns import Concerns, Item, Spot
from survey.report.years.linking import Link
from survey.report.years.saying.wording import points, points_interval, verdict_sign
from survey.report.years.testing import Tested, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One comparison as a table writes it."""

    sign: str
    words: str
    change: str
    interval: str
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotLine:
    """One place of an item."""

    name: str
    kind: PlaceKind
    share: str
    interval: str
    remark: str
    against_city: Mark | None
    since_before: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """One item: where it is sure to be low or falling, in sentences, and the table by district."""

    id: str
    label: str
    text: str
    what: str
    tasks: tuple[int, ...]
    units: tuple[str, ...]
    findings: tuple[str, ...]
    """What is sure; empty where nothing is."""
    pass_mark: str
    uncompared: str
    """Why it is not compared with the wave before."""
    lines: tuple[SpotLine, ...]


def item_cards(items: Sequence[Item], concerns: Concerns, language: str) -> tuple[ItemCard, ...]:
    """Cards of some items: those with something sure to be low or falling first, in the order of asking."""
    say = speaking(language)
    ordered = sorted(items, key=lambda item: not item.pressing)
    return tuple(_card(item, concerns, language, say) for item in ordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """One item that is sure to be low or falling somewhere: in which places."""

    id: str
    label: str
    low: str
    """Places sure to be below the city; empty where there is none."""
    falling: str
    """Places where it is sure to have fallen; empty where there is none."""


def shorts(items: Sequence[Item], language: str) -> tuple[Short, ...]:
    """What a reader in a hurry needs of some items: those with something sure, each with its places."""
    say = speaking(language)

    def named(spots: Sequence[Spot]) -> str:
        return joined([short_name(place_name(spot.place, language, say)) for spot in spots], language)

    return tuple(
        Short(
            id=item.measure.id,
            label=item.measure.label[language],
            low=named([spot for spot in item.pressing if spot.low]),
            falling=named([spot for spot in item.pressing if spot.falling]),
        )
        for item in items
        if item.pressing
    )


def notes(concerns: Concerns, language: str) -> tuple[str, ...]:
    """What the marks on the pages of tasks and units promise."""
    say = speaking(language)
    level = concerns.level
    if not concerns.changes and not any(concerns.compared):
        return (say("Nothing could be compared: no item of this wave can be shown in two places or two years."),)
    told = [
        say(
            "Against the city a question has the mark of its own page. The headline and the indices were tested "
            "together (%(leading)s comparisons), and so were all other questions (%(others)s comparisons; Holm's "
            "method). If no district differed, the chance that one of these two sets marked anything would be at most "
            "%(risk)s."
        )
        % {
            "leading": concerns.compared[0],
            "others": concerns.compared[1],
            "risk": format_share(1 - level, language),
        },
        say(
            "Each interval covers %(level)s for its own difference alone; what is said to be shown passes the joint "
            "test."
        )
        % {"level": format_share(level, language)},
        say("What is not marked may differ all the same: a small difference may not be seen in samples of this size."),
        say(
            "Low means: below the share in the whole city. It is a view of residents, not a judgement of the work of a "
            "unit."
        ),
    ]
    if concerns.before is None:
        told.append(say("There is no earlier wave yet, so nothing can be said to fall."))
    else:
        told.insert(1, _changes(concerns, language, say))
    return tuple(told)


def _changes(concerns: Concerns, language: str, say: Say) -> str:
    return say(
        "%(count)s changes of these questions were tested together, on the pages of all tasks and units. If nothing "
        "had changed, the chance that any of these pages marked a change would be at most %(risk)s. The page of one "
        "question over the years tests its own changes alone, and can show one that has no mark here."
    ) % {"count": concerns.changes, "risk": format_share(1 - concerns.level, language)}


def _card(item: Item, concerns: Concerns, language: str, say: Say) -> ItemCard:
    measure = item.measure
    smallest = concerns.results.wave.analysis.smallest_cell
    return ItemCard(
        id=measure.id,
        label=measure.label[language],
        text=measure.text[language] if measure.text else "",
        what=share_name(measure, say),
        tasks=measure.links.tasks,
        units=measure.links.units,
        findings=tuple(words for spot in item.spots() for words in _findings(spot, concerns, language, say)),
        pass_mark=_pass_mark(item, language, say),
        uncompared=_uncompared(item, concerns, say),
        lines=tuple(_line(spot, smallest, language, say) for spot in item.spots()),
    )


def _findings(spot: Spot, concerns: Concerns, language: str, say: Say) -> list[str]:
    name, told = place_name(spot.place, language, say), []
    if spot.low and spot.against_city:
        told.append(
            say("%(place)s: the test shows it below the whole city, by %(change)s percentage points (%(interval)s).")
            % _values(name, spot.against_city, language)
        )
    if spot.falling and spot.since_before and concerns.before:
        told.append(
            say("%(place)s: the test shows a fall since %(year)s, by %(change)s percentage points (%(interval)s).")
            % {**_values(name, spot.since_before, language), "year": concerns.before.wave.year}
        )
    return told


def _values(name: str, tested: Tested, language: str) -> dict[str, str]:
    return {
        "place": name,
        "change": points(abs(tested.difference.estimate), Statistic.SHARE, language).lstrip("+"),
        "interval": points_interval(tested, Statistic.SHARE, language),
    }


def _pass_mark(item: Item, language: str, say: Say) -> str:
    if item.pass_mark is None or item.reached is None:
        return ""
    if item.city.share.low is None:
        return say("Whether the mark of %(mark)s is met is not judged: no interval can be shown.") % {
            "mark": format_share(item.pass_mark, language)
        }
    words = {
        "meets": say("The city meets the pass mark of %(mark)s."),
        "can't tell": say("It cannot be told whether the city meets the pass mark of %(mark)s."),
        "fails": say("The city is below the pass mark of %(mark)s: its whole interval lies below it."),
    }
    return words[item.reached] % {"mark": format_share(item.pass_mark, language)}


def _uncompared(item: Item, concerns: Concerns, say: Say) -> str:
    if concerns.before is None or (item.link and item.link.joins):
        return ""
    values = {"year": concerns.before.wave.year}
    if item.link is None:
        return say("%(year)s did not ask this: no change can be told.") % values
    if item.link is Link.RECOUNTED:
        return say("Other answers counted as satisfied in %(year)s: no change can be told.") % values
    return say("The wording changed since %(year)s: no change can be told.") % values


def _line(spot: Spot, smallest: int, language: str, say: Say) -> SpotLine:
    share = spot.share
    hidden = "" if share.shown or share.reason is None else reason_text(share.reason, smallest, say)
    return SpotLine(
        name=place_name(spot.place, language, say),
        kind=spot.place.kind,
        share=figure_value(share, Statistic.SHARE, language) if share.shown else "⊘",
        interval=figure_interval(share, Statistic.SHARE, language),
        remark=hidden,
        against_city=_mark(spot.against_city, (say("above the city"), say("below the city")), language, say),
        since_before=_mark(spot.since_before, (say("rose"), say("fell")), language, say),
    )


def _mark(tested: Tested | None, names: tuple[str, str], language: str, say: Say) -> Mark | None:
    if tested is None:
        return None
    words = {Verdict.HIGHER: names[0], Verdict.LOWER: names[1], Verdict.UNSURE: say("no difference shown")}
    return Mark(
        sign=verdict_sign(tested.verdict),
        words=words[tested.verdict],
        change=points(tested.difference.estimate, Statistic.SHARE, language),
        interval=points_interval(tested, Statistic.SHARE, language),
        sure=tested.verdict is not Verdict.UNSURE,
    )
