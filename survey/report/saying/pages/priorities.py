"""Strengths and weaknesses in words and as a picture."""

from __future__ import annotations

from dataclasses import dataclass

from survey.language import Say, format_change, format_interval, format_number, format_share
from survey.language import say as speaking
from survey.report.detail.priorities import Against, Priorities, Priority, Zone
from survey.report.figures import Statistic
from survey.report.saying.pictures.scatter import Point, Scatter, scatter
from survey.report.saying.wording import figure_interval, figure_value, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityLine:
    """One index: importance and satisfaction, each also against the average, and its zone."""

    number: int
    id: str
    label: str
    importance: str
    importance_interval: str
    importance_against: str
    score: str
    score_interval: str
    score_against: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrioritiesPage:
    """Picture, sentences, rows, and how it was computed."""

    chart: str
    sentences: tuple[str, ...]
    lines: tuple[PriorityLine, ...]
    method: tuple[str, ...]


def priorities_page(found: Priorities, language: str) -> PrioritiesPage:
    """The page in `language`."""
    say = speaking(language)
    return PrioritiesPage(
        chart=_chart(found, language, say),
        sentences=_sentences(found, language, say),
        lines=tuple(_line(number, one, language, say) for number, one in enumerate(found.placed, start=1)),
        method=_method(found, language, say),
    )


def zone_name(zone: Zone, say: Say) -> str:
    """A zone in a few words."""
    return {
        Zone.IMPROVE: say("important, less satisfied: improve first"),
        Zone.KEEP: say("important, more satisfied: keep"),
        Zone.WATCH: say("less important, less satisfied"),
        Zone.FINE: say("less important, more satisfied"),
        Zone.OPEN: say("not distinguishable"),
    }[zone]


def _sentences(found: Priorities, language: str, say: Say) -> tuple[str, ...]:
    def names(zone: Zone) -> str:
        return joined([one.finding.measure.label[language] for one in found.placed if one.zone is zone], language)

    texts = {
        Zone.IMPROVE: say("Shown to be more important than average and below the average score: %(names)s."),
        Zone.KEEP: say("Shown to be more important than average and above the average score: %(names)s."),
        Zone.WATCH: say("Shown to be less important than average and below the average score: %(names)s."),
        Zone.FINE: say("Shown to be less important than average and above the average score: %(names)s."),
    }
    words = [text % {"names": names(zone)} for zone, text in texts.items() if names(zone)]
    above = [one for one in found.placed if one.zone is Zone.OPEN and one.satisfaction.side > 0]
    below = [one for one in found.placed if one.zone is Zone.OPEN and one.satisfaction.side < 0]
    for some, text in (
        (
            above,
            say("Shown to be above the average score, importance not distinguishable from the average: %(names)s."),
        ),
        (
            below,
            say("Shown to be below the average score, importance not distinguishable from the average: %(names)s."),
        ),
    ):
        own = [one.finding.measure.label[language] for one in some if one.importance.side == 0]
        if own:
            words.append(text % {"names": joined(own, language)})
    if not words:
        words.append(say("No index can be told from the average in importance or satisfaction."))
    return tuple(words)


def _line(number: int, one: Priority, language: str, say: Say) -> PriorityLine:
    score, ci = one.finding.city.score, one.driver.ci
    return PriorityLine(
        number=number,
        id=one.finding.measure.id,
        label=one.finding.measure.label[language],
        importance=format_number(one.driver.coefficient, language, 2),
        importance_interval="—" if ci is None else format_interval(*ci, language, 2),
        importance_against=_against(one.importance, language, say, 2),
        score=figure_value(score, Statistic.SCORE, language),
        score_interval=figure_interval(score, Statistic.SCORE, language) or "—",
        score_against=_against(one.satisfaction, language, say, 2),
        zone=zone_name(one.zone, say),
    )


def _against(one: Against, language: str, say: Say, decimals: int) -> str:
    ends = f"{format_change(one.low, language, decimals)} … {format_change(one.high, language, decimals)}"
    word = {1: say("above"), -1: say("below"), 0: say("not distinguishable")}[one.side]
    return f"{word} ({ends})"


def _chart(found: Priorities, language: str, say: Say) -> str:
    points = tuple(
        Point(
            number=number,
            across=(one.importance.estimate, one.importance.low, one.importance.high),
            up=(one.satisfaction.estimate, one.satisfaction.low, one.satisfaction.high),
            sure=one.zone is not Zone.OPEN,
        )
        for number, one in enumerate(found.placed, start=1)
    )
    words = "; ".join(
        f"{number} {one.finding.measure.label[language]}: {zone_name(one.zone, say)}"
        for number, one in enumerate(found.placed, start=1)
    )
    return scatter(
        Scatter(
            id="priorities",
            title=say("Importance and satisfaction of the indices"),
            description=words,
            across=say("more important"),
            up=say("more satisfied"),
            corners=(say("fine"), say("keep"), say("watch"), say("improve first")),
            zone=say("hatched: not distinguishable"),
            points=points,
        )
    )


def _method(found: Priorities, language: str, say: Say) -> tuple[str, ...]:
    values = {
        "n": format_number(found.n, language),
        "df": format_number(found.df, language),
        "level": format_share(found.level, language),
        "count": len(found.placed),
    }
    words = [
        say(
            "Importance: standardised coefficient of the index in a weighted linear regression of the overall score on "
            "all indices together (standard deviations per standard deviation). It tells what goes together with "
            "overall satisfaction, not what causes it."
        ),
        say(
            "%(n)s residents answered everything the regression needs; %(df)s degrees of freedom; variances follow the "
            "design and the raking (linearised)."
        )
        % values,
        say(
            "Against the average: the index less the mean of all %(count)s indices, in both directions, with intervals "
            "that hold all together with %(level)s (Bonferroni over twice %(count)s)."
        )
        % values,
    ]
    if found.left_out:
        names = joined([one.measure.label[language] for one in found.left_out], language)
        words.append(
            say("Left out, because not everybody was asked or the figure is hidden: %(names)s.") % {"names": names}
        )
    return tuple(words)
