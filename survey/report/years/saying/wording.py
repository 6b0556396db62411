"""Words of changes over the years: they never say more than the test does."""

from __future__ import annotations

from survey.language import Say, format_change, format_share
from survey.report.figures import Results, Statistic
from survey.report.years.linking import Link
from survey.report.years.modes import MODES
from survey.report.years.testing import Tested, Verdict
from survey.report.years.trends import Trend
from survey.wave.model import Channel, Mode

_TO = {"zh": " 至 ", "en": " to ", "ko": " ~ "}


def wave_name(results: Results, series: tuple[Results, ...]) -> str:
    """The year of a wave, with its id where two waves were in one year."""
    twice = sum(one.wave.year == results.wave.year for one in series) > 1
    return f"{results.wave.year} ({results.wave.id})" if twice else str(results.wave.year)


def points(value: float, statistic: Statistic, language: str) -> str:
    """A signed change in points: of the share in per cent without decimals, of the score with one."""
    if statistic is Statistic.SHARE:
        return format_change(100 * value, language)
    return format_change(value, language, 1)


def unit(statistic: Statistic, say: Say) -> str:
    """What a change is counted in."""
    return say("percentage points") if statistic is Statistic.SHARE else say("points")


def points_interval(tested: Tested, statistic: Statistic, language: str) -> str:
    """The interval of a change as it is written; empty when there is none."""
    ci = tested.difference.ci
    if ci is None:
        return ""
    return _TO[language].join(points(end, statistic, language) for end in ci)


def verdict_name(verdict: Verdict, say: Say) -> str:
    """What may be said of a change, in a word or two."""
    match verdict:
        case Verdict.HIGHER:
            return say("rose")
        case Verdict.LOWER:
            return say("fell")
        case Verdict.UNSURE:
            return say("no change shown")


def verdict_sign(verdict: Verdict) -> str:
    """The sign of a verdict, for tables; none where nothing is sure."""
    return {Verdict.HIGHER: "▲", Verdict.LOWER: "▼", Verdict.UNSURE: ""}[verdict]


def sentence(tested: Tested | None, span: tuple[str, str], statistic: Statistic, language: str, say: Say) -> str:
    """One change in a sentence."""
    values = {"before": span[0], "after": span[1]}
    if tested is None:
        return say("%(before)s to %(after)s: not compared.") % values
    interval = points_interval(tested, statistic, language)
    values |= {"interval": interval, "unit": unit(statistic, say)}
    values["change"] = points(abs(tested.difference.estimate), statistic, language).lstrip("+")
    if tested.verdict is Verdict.UNSURE or not interval:
        if not interval:
            return say("%(before)s to %(after)s: no interval can be given, so nothing is said.") % values
        return say("%(before)s to %(after)s: no change shown (%(interval)s %(unit)s).") % values
    if tested.verdict is Verdict.HIGHER:
        return say("%(before)s to %(after)s: up by %(change)s %(unit)s (%(interval)s).") % values
    return say("%(before)s to %(after)s: down by %(change)s %(unit)s (%(interval)s).") % values


def break_label(link: Link, say: Say) -> str | None:
    """What stands at a step of the line: nothing, None for a declared change of wording, or the words of the break."""
    match link:
        case Link.SAME:
            return ""
        case Link.DECLARED:
            return None
        case Link.REWORDED:
            return say("new wording")
        case Link.RECOMPOSED:
            return say("other items")
        case Link.RECOUNTED:
            return say("counted otherwise")


def break_sentences(trend: Trend, say: Say) -> tuple[str, ...]:
    """Every change of wording or definition on the way, and what it means for the line."""
    told = []
    names = [wave_name(one, trend.waves) for one in trend.waves]
    for place, link in enumerate(trend.links):
        values = {"before": names[place], "after": names[place + 1]}
        match link:
            case Link.SAME:
                continue
            case Link.DECLARED:
                text = say(
                    "Between %(before)s and %(after)s the wording changed; the questionnaire declares the answers "
                    "comparable, so the line goes on."
                )
            case Link.REWORDED:
                text = say(
                    "Between %(before)s and %(after)s the wording changed, and the questionnaire does not declare the "
                    "answers comparable: the line is broken and nothing is compared across the break."
                )
            case Link.RECOMPOSED:
                text = say("Between %(before)s and %(after)s the index was made of other items: the line is broken.")
            case Link.RECOUNTED:
                text = say(
                    "Between %(before)s and %(after)s other answers counted as satisfied: the line of the share is "
                    "broken; see the score instead."
                )
        told.append(text % values)
    return tuple(told)


def family_notes(tests: int, newest: Results, language: str, say: Say) -> tuple[str, ...]:
    """What the marks on a page of changes promise."""
    level = newest.wave.analysis.confidence_level
    return (
        say(
            "%(count)s comparisons were tested together (Holm's method). If nothing had changed anywhere, the chance "
            "that this page called anything a change would be at most %(risk)s."
        )
        % {"count": tests, "risk": format_share(1 - level, language)},
        say(
            "Each interval covers %(level)s for its own change alone; whether a change is shown rests on the joint "
            "test, so even an interval without 0 can stand beside “no change shown”."
        )
        % {"level": format_share(level, language)},
        say(
            "“No change shown” does not mean that nothing changed: a small change may not be seen in samples of this "
            "size."
        ),
        _independent(newest.channel, say),
    )


def _independent(channel: Channel, say: Say) -> str:
    if channel is Channel.OPEN:
        return say(
            "The open-link samples were not drawn: the tests hold only if who comes by the link differs from year to "
            "year by chance alone."
        )
    return say(
        "The waves count as independent samples: communities and residents are drawn anew for each. If the same "
        "communities were visited again, the intervals would be wider than they need to be, not narrower."
    )


def mode_name(mode: Mode, say: Say) -> str:
    """How answers were given."""
    return {
        Mode.PHONE: say("On a phone"),
        Mode.WEB: say("On a computer"),
        Mode.INTERVIEWER: say("To an interviewer"),
        Mode.PAPER: say("On paper"),
    }[mode]


def mode_names(say: Say) -> tuple[str, ...]:
    """All modes in the order of `MODES`."""
    return tuple(mode_name(mode, say) for mode in MODES)
