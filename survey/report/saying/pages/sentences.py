"""Plain sentences that say exactly what a test or an interval says, never more."""

from __future__ import annotations

from collections.abc import Sequence

from survey.language import Say, format_number, format_share
from survey.report.detail.breakdowns import ModeMix
from survey.report.detail.comparisons import Ranked, Standing, StandsOut
from survey.report.detail.definitions import Answered
from survey.report.figures import Row
from survey.report.saying.pictures.tiles import short_name
from survey.report.saying.wording import joined, place_name

ALIKE = 0.05
"""Districts whose shares of every mode lie this near the city's count as answered by the same mix."""


def sure_sentences(found: StandsOut, language: str, say: Say) -> tuple[str, ...]:
    """One sentence for each measure in which the tests show that a district differs from the city."""
    words: list[str] = []
    for finding in dict.fromkeys(one.finding.measure.id for one in found.compared):
        own = [one for one in found.sure if one.finding.measure.id == finding]
        higher, lower = (
            joined([_short(one, language, say) for one in own if (one.difference > 0) is above], language)
            for above in (True, False)
        )
        if not own:
            continue
        if higher and lower:
            text = say(
                "%(measure)s: tests show a higher share than the whole city’s in %(higher)s; a lower one in %(lower)s."
            )
        elif higher:
            text = say("%(measure)s: tests show a higher share than the whole city’s in %(higher)s.")
        else:
            text = say("%(measure)s: tests show a lower share than the whole city’s in %(lower)s.")
        words.append(text % {"measure": own[0].finding.measure.label[language], "higher": higher, "lower": lower})
    return tuple(words)


def _short(standing: Standing, language: str, say: Say) -> str:
    return short_name(place_name(standing.district.place, language, say))


def sure_note(found: StandsOut, language: str, say: Say) -> str:
    """How many comparisons were made together, and what that is worth."""
    if not found.compared:
        return say("There are not two districts whose figures can be shown, so nothing can be compared.")
    values = {
        "sure": format_number(len(found.sure), language),
        "all": format_number(len(found.compared), language),
        "risk": format_share(1 - found.level, language),
    }
    if not found.sure:
        return (
            say(
                "%(all)s comparisons of a district with the city were tested together (Holm’s method). None of them "
                "shows a difference. That does not mean that the districts are alike."
            )
            % values
        )
    return (
        say(
            "%(all)s comparisons of a district with the city were tested together (Holm’s method), and %(sure)s of "
            "them show a difference: the risk that even one of these statements is false is at most %(risk)s. Where "
            "nothing is said, the tests show no difference; that does not mean that there is none."
        )
        % values
    )


def standing_text(standing: Standing | None, say: Say) -> str:
    """A district beside the city in two words."""
    if standing is None:
        return ""
    if not standing.differs:
        return say("= can’t tell")
    return say("▲ above city") if standing.difference > 0 else say("▼ below city")


def standing_of(row: Row, standings: Sequence[Standing]) -> Standing | None:
    """The comparison made for a district."""
    return next((one for one in standings if one.district.place == row.place), None)


def mark_sentence(answered: Answered, language: str, say: Say) -> str:
    """What the interval answers to a pass mark."""
    values = {"mark": format_share(answered.mark.share, language)}
    if answered.finding.city.share.low is None:
        return say("Whether the mark of %(mark)s is met is not judged: no interval can be shown.") % values
    match answered.verdict:
        case "meets":
            return say("Meets the mark of %(mark)s: the whole interval lies at or above it.") % values
        case "fails":
            return say("Fails the mark of %(mark)s: the whole interval lies below it.") % values
        case _:
            return say("Can’t tell whether the mark of %(mark)s is met: the interval holds it.") % values


def verdict_text(verdict: str, say: Say) -> str:
    """The answer to a pass mark in a word."""
    return {"meets": say("meets"), "fails": say("fails")}.get(verdict, say("can’t tell"))


def rank_lines(ranked: Sequence[Ranked], language: str, say: Say) -> tuple[tuple[str, str], ...]:
    """(range, districts) for every range of ranks."""
    return tuple(
        (
            format_number(one.best, language)
            if one.best == one.worst
            else f"{format_number(one.best, language)}–{format_number(one.worst, language)}",
            joined([place_name(row.place, language, say) for row in one.districts], language),
        )
        for one in ranked
    )


def mix_sentence(mix: ModeMix, language: str, say: Say) -> str:
    """Whether districts are compared at a fixed mix of modes; empty where there are not two of them."""
    if (mix.counts.sum(axis=1) > 0).sum() < 2:
        return ""
    if (mix.counts.sum(axis=0) > 0).sum() < 2:
        return say("All answers of this wave came in one way, so districts do not differ in that.")
    points = format_number(100 * mix.widest, language)
    if mix.widest > ALIKE:
        return say(
            "Districts are not compared at a fixed mix of modes: the share of one way of answering differs from the "
            "city’s by up to %(points)s points. Part of a difference can come from how residents answered."
        ) % {"points": points}
    return say("All districts answered by nearly the same mix of modes (within %(points)s points of the city’s).") % {
        "points": points
    }
