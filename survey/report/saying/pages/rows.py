"""One row of a table of results as it is written, with everything that opens when one asks how it was computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from survey.analysis.intervals import Share, chosen
from survey.language import COLON, Say, format_interval, format_number, format_share, format_share_interval
from survey.language import say as speaking
from survey.report.detail.definitions import simple_interval
from survey.report.figures import Figure, PlaceKind, Quality, Results, Row, Statistic
from survey.report.saying.charts import Bar
from survey.report.saying.wording import (
    answers_texts,
    figure_interval,
    figure_value,
    place_name,
    quality_text,
    reason_text,
)

_Tell = Callable[[Figure, Statistic, str], str]
SIGNS = {Quality.OK: "●", Quality.CAUTION: "◐", Quality.SUPPRESS: "⊘"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: share and score with their intervals, what a simple random sample would have claimed, and the rest."""

    name: str
    code: int | None
    kind: PlaceKind
    share: str
    share_interval: str
    simple: str
    score: str
    score_interval: str
    n: str
    quality: Quality
    sign: str
    remark: str
    opened: tuple[tuple[str, str, str], ...]
    """(what, of the share, of the score)."""


def lines_of(rows: Sequence[Row], results: Results, language: str, say: Say) -> tuple[Line, ...]:
    """The rows of one table as they are written: which counts may be told depends on all of them."""
    answers = answers_texts(rows, results.wave.analysis.smallest_cell, language)
    return tuple(_line(row, own, results, language, say) for row, own in zip(rows, answers, strict=True))


def _line(row: Row, answers: str, results: Results, language: str, say: Say) -> Line:
    share, score = row.share, row.score
    return Line(
        name=place_name(row.place, language, say),
        code=row.place.code,
        kind=row.place.kind,
        share=figure_value(share, Statistic.SHARE, language),
        share_interval=figure_interval(share, Statistic.SHARE, language),
        simple=simple_text(share, Statistic.SHARE, language),
        score=figure_value(score, Statistic.SCORE, language),
        score_interval=figure_interval(score, Statistic.SCORE, language),
        n=answers,
        quality=share.quality,
        sign=SIGNS[share.quality],
        remark=_remark(row, results, language, say),
        opened=_opened(row, answers, results, language, say),
    )


def bar(row: Row, results: Results, statistic: Statistic, language: str, label: str = "") -> Bar:
    """The same row in a dot-and-interval plot; `label` in place of the row's own name."""
    say = speaking(language)
    figure = row.figure(statistic)
    factor = 100.0 if statistic is Statistic.SHARE else 1.0
    whole = row.place.kind is PlaceKind.CITY and not label
    label = label or place_name(row.place, language, say)
    if figure.estimate is None:
        reason = reason_text(figure.reason, results.wave.analysis.smallest_cell, say) if figure.reason else ""
        return Bar(label=label, shown=f"⊘ {reason}", value=None, low=None, high=None, whole=whole)
    interval = figure_interval(figure, statistic, language)
    value = figure_value(figure, statistic, language)
    return Bar(
        label=label,
        shown=f"{value} ({interval})" if interval else value,
        value=factor * figure.estimate,
        low=None if figure.low is None else factor * figure.low,
        high=None if figure.high is None else factor * figure.high,
        whole=whole,
    )


def simple_text(figure: Figure, statistic: Statistic, language: str) -> str:
    """The interval a simple random sample of as many answers would have claimed; empty when nothing is shown."""
    claimed = simple_interval(figure, statistic)
    if claimed is None:
        return ""
    if statistic is Statistic.SHARE:
        return format_share_interval(*claimed, language)
    return format_interval(*claimed, language, 1)


def _remark(row: Row, results: Results, language: str, say: Say) -> str:
    smallest = results.wave.analysis.smallest_cell

    def words(figure: Figure) -> str:
        quality = quality_text(figure, say)
        return f"{quality}{COLON[language]}{reason_text(figure.reason, smallest, say)}" if figure.reason else quality

    share, score = words(row.share), words(row.score)
    if share == score:
        return share
    return say("Share %(share)s. Score %(score)s.") % {"share": share, "score": score}


def _opened(row: Row, answers: str, results: Results, language: str, say: Say) -> tuple[tuple[str, str, str], ...]:
    level = format_share(results.wave.analysis.confidence_level, language)

    def both(tell: _Tell) -> tuple[str, str]:
        return tell(row.share, Statistic.SHARE, language), tell(row.score, Statistic.SCORE, language)

    return (
        (say("Estimate"), *both(_exact)),
        (say("%(level)s interval") % {"level": level}, *both(_exact_interval)),
        (say("Kind of interval"), _kind(row.share, say), "t" if row.score.low is not None else "—"),
        (say("As a simple random sample"), *both(lambda *of: simple_text(*of) or "—")),
        (say("Standard error"), *both(_standard_error)),
        (say("Answers"), answers, answers),
        (say("Effective sample"), *both(lambda figure, _, speech: _number(figure.n_eff, speech, 0))),
        (say("Design effect"), *both(lambda figure, _, speech: _number(figure.deff, speech, 2))),
        (
            say("Degrees of freedom"),
            *both(lambda figure, _, speech: _number(figure.df if figure.shown else None, speech, 0)),
        ),
        (say("Quality"), *both(lambda figure, *_: quality_text(figure, say))),
    )


def _number(value: float | None, language: str, decimals: int) -> str:
    return "—" if value is None else format_number(value, language, decimals)


def _exact(figure: Figure, statistic: Statistic, language: str) -> str:
    if figure.estimate is None:
        return "—"
    if statistic is Statistic.SHARE:
        return format_share(figure.estimate, language, 1)
    return format_number(figure.estimate, language, 1)


def _exact_interval(figure: Figure, statistic: Statistic, language: str) -> str:
    if figure.low is None or figure.high is None:
        return "—"
    if statistic is Statistic.SHARE:
        return format_share_interval(figure.low, figure.high, language, 1)
    return format_interval(figure.low, figure.high, language, 1)


def _standard_error(figure: Figure, statistic: Statistic, language: str) -> str:
    if figure.se is None:
        return "—"
    return _number(figure.se * (100 if statistic is Statistic.SHARE else 1), language, 2)


def _kind(figure: Figure, say: Say) -> str:
    if figure.estimate is None or figure.low is None:
        return "—"
    share = Share(p=figure.estimate, se=0.0, n=float(figure.n), df=0.0, level=0.95, logit_se=0.0)
    return {"logit": say("logit"), "korn_graubard": "Korn–Graubard"}[chosen(share)]
