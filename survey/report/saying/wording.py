"""Words of the results in the reader's language: places, reasons, headline sentence, names of margins."""

from __future__ import annotations

from collections.abc import Sequence

from survey.analysis import quality
from survey.language import Say, format_interval, format_number, format_share, format_share_interval
from survey.questionnaire.model import Questionnaire, SingleChoice
from survey.report.disclosure.counts import told_counts
from survey.report.estimating.measures import Measure
from survey.report.figures import Figure, Finding, Place, PlaceKind, Reason, Results, Row, Statistic
from survey.report.frame import AREA, NOT_STATED
from survey.wave.model import Channel, Wave

MOSTLY_ANSWERED = 0.95
"""Part of the residents who must have given an answer for a sentence to speak of residents without more ado."""
_JOIN = {"zh": "、", "en": ", ", "ko": ", "}


def joined(words: list[str] | tuple[str, ...], language: str) -> str:
    """Several words in a row, as the language lists them."""
    return _JOIN[language].join(words)


def place_name(place: Place, language: str, say: Say) -> str:
    """The name of a row."""
    if place.kind is PlaceKind.CITY:
        return say("Whole city")
    if place.name is None:
        return say("Outside the census counts")
    return place.name[language]


def sample_name(channel: Channel, say: Say) -> str:
    """Which sample a page or file shows."""
    if channel is Channel.INVITED:
        return say("Invited probability sample")
    return say("Open-link sample (model-based, not a probability sample)")


def reason_text(reason: Reason, smallest: int, say: Say) -> str:
    """Why a figure is hidden or shown with caution."""
    words = {
        Reason.NO_DATA: say("nobody answered"),
        Reason.NO_WEIGHT: say("nobody answered"),
        Reason.FEW: say("fewer than %(count)s answers"),
        Reason.ONE_UNIT: say("only one sampling unit"),
        Reason.NO_DF: say("too few sampling units"),
        Reason.FEW_EFFECTIVE: say("effective sample below 30"),
        Reason.WIDE: say("interval too wide to be useful"),
        Reason.WIDE_RELATIVE: say("interval too wide for so small a share"),
        Reason.LOW_DF: say("few sampling units"),
        Reason.EXTREME: say("everybody or nobody in the sample"),
        Reason.FIXED: say("fixed by the margins"),
        Reason.SMALL_SAMPLE: say("sample too small for this question"),
        Reason.COMPLEMENT: say("protects another hidden figure"),
        Reason.LEFT_OUT: say("too few answered: left out of the city"),
    }
    return words[reason].replace("%(count)s", str(max(smallest, quality.SMALLEST)))


def told_answers(rows: Sequence[Row], smallest: int) -> tuple[int | None, ...]:
    """How many answered in each place, None where it may not be told: how many of a few were asked, or answered, one
    question and not another would say something of them. Districts, and groups inside the margins, add up to the city.
    """
    parts = [row for row in rows if row.place.kind not in (PlaceKind.CITY, PlaceKind.OUTSIDE)]
    told = dict(zip(map(id, parts), told_counts([row.share.n for row in parts], smallest), strict=True))
    return tuple(told[id(row)] if id(row) in told else told_counts([row.share.n], smallest)[0] for row in rows)


def answers_texts(rows: Sequence[Row], smallest: int, language: str) -> tuple[str, ...]:
    """How many answered in each place, as it is written: "<30" for a few, a sign where it would give a few away."""
    return tuple(
        _answers_text(row.share, told, smallest, language)
        for row, told in zip(rows, told_answers(rows, smallest), strict=True)
    )


def _answers_text(figure: Figure, told: int | None, smallest: int, language: str) -> str:
    if figure.reason is Reason.LEFT_OUT:
        return "—"
    return count_text(figure.n, smallest) if told is None else format_number(told, language)


def count_text(count: int, smallest: int) -> str:
    """What stands in place of a count that is not told."""
    return f"<{smallest}" if count < smallest else "⊘"


def quality_text(figure: Figure, say: Say) -> str:
    """Whether a figure may be published, in a word."""
    match figure.quality.value:
        case "ok":
            return say("can be published")
        case "caution":
            return say("with caution")
        case _:
            return say("hidden")


def counted_text(measure: Measure, say: Say) -> str:
    """What the share of a measure counts."""
    if measure.at_least is not None:
        values = {"value": format_number(measure.at_least, "en"), "high": measure.high}
        if measure.agreement:
            return say("average agreement of at least %(value)s on the scale up to %(high)s") % values
        return say("average answer of at least %(value)s on the scale up to %(high)s") % values
    low, high = min(measure.satisfied), max(measure.satisfied)
    codes = {"codes": f"{low}–{high}" if low < high else str(low), "high": measure.high}
    if measure.agreement:
        return say("agree: answers %(codes)s on the scale up to %(high)s") % codes
    return say("satisfied: answers %(codes)s on the scale up to %(high)s") % codes


def share_name(measure: Measure, say: Say) -> str:
    """The name of a measure's share, for heads of columns and charts."""
    return say("Share who agree") if measure.agreement else say("Share satisfied")


def figure_value(figure: Figure, statistic: Statistic, language: str) -> str:
    """The estimate as it is written: shares without decimals, scores with one; a dash when it is hidden."""
    if figure.estimate is None:
        return "—"
    if statistic is Statistic.SHARE:
        return format_share(figure.estimate, language)
    return format_number(figure.estimate, language, 1)


def figure_interval(figure: Figure, statistic: Statistic, language: str) -> str:
    """The interval as it is written; empty when there is none."""
    if figure.low is None or figure.high is None:
        return ""
    if statistic is Statistic.SHARE:
        return format_share_interval(figure.low, figure.high, language)
    return format_interval(figure.low, figure.high, language, 1)


def headline(finding: Finding, figure: Figure, results: Results, language: str, say: Say) -> str:
    """The finding for a place in one sentence that says no more than the interval does, and of whom."""
    if figure.estimate is None:
        return say("No figure for the city can be shown.")
    if figure.low is None or figure.high is None:
        return say("In this sample %(share)s; no interval can be given.") % {
            "share": figure_value(figure, Statistic.SHARE, language)
        }
    words = {
        "tenths": round(10 * figure.estimate),
        "whom": whom(finding, results, say),
        "low": format_share(figure.low, language),
        "high": format_share(figure.high, language),
    }
    agreement = finding.measure.agreement
    if words["tenths"] in (0, 10):
        return _nearly(bool(words["tenths"]), agreement, say) % words
    if agreement:
        return say("About %(tenths)s in 10 %(whom)s agree, between %(low)s and %(high)s.") % words
    return say("About %(tenths)s in 10 %(whom)s are satisfied, between %(low)s and %(high)s.") % words


def _nearly(everybody: bool, agreement: bool, say: Say) -> str:
    if everybody:
        if agreement:
            return say("Nearly all %(whom)s agree, between %(low)s and %(high)s.")
        return say("Nearly all %(whom)s are satisfied, between %(low)s and %(high)s.")
    if agreement:
        return say("Hardly any %(whom)s agree, between %(low)s and %(high)s.")
    return say("Hardly any %(whom)s are satisfied, between %(low)s and %(high)s.")


def whom(finding: Finding, results: Results, say: Say) -> str:
    """Of whom a measure tells: of all residents, of those who were asked, or of those who gave an answer."""
    for section in results.questionnaire.sections:
        for question in section.questions:
            if question.id in finding.measure.items and (section.ask_if or question.ask_if):
                return say("residents who were asked")
    everybody = results.respondents - results.outside
    if finding.city.share.n < MOSTLY_ANSWERED * everybody:
        return say("residents who gave an answer")
    return say("residents")


def variable_name(variable: str, questionnaire: Questionnaire, language: str, say: Say) -> str:
    """The name of a margin's variable."""
    if variable == AREA:
        return say("Weighting area")
    return questionnaire.question(variable).label[language]


def level_name(variable: str, level: str, wave: Wave, questionnaire: Questionnaire, language: str, say: Say) -> str:
    """The name of a level of a margin's variable: an area by its districts, a code by its label."""
    if level == NOT_STATED:
        return say("not stated")
    if variable == AREA:
        names = [district.name[language] for district in wave.districts if district.weighting_area == level]
        return joined(names, language) or level
    question = questionnaire.question(variable)
    if isinstance(question, SingleChoice):
        return next((option.label[language] for option in question.options if str(option.code) == level), level)
    return level
