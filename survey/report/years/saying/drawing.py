"""Pictures and cells of a trend: from figures and tested changes to what is drawn and written."""

from __future__ import annotations

from dataclasses import dataclass

from survey.language import Say
from survey.language import say as speaking
from survey.report.figures import Figure, PlaceKind, Statistic
from survey.report.saying.charts import Bar, axis
from survey.report.saying.wording import figure_interval, figure_value, place_name, reason_text
from survey.report.years.saying.charts import Dot, LineChart, Step, change_chart, line_chart
from survey.report.years.saying.wording import (
    break_label,
    points,
    points_interval,
    verdict_name,
    verdict_sign,
    wave_name,
)
from survey.report.years.testing import Tested, Verdict
from survey.report.years.trends import Line, Trend

HIDDEN = "⊘"
HIGH, LESS_HIGH = 260, 210
"""Of the city's picture and of the districts', in CSS pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A change as a table writes it."""

    change: str
    interval: str
    sign: str
    words: str
    verdict: str


def cell(tested: Tested | None, statistic: Statistic, language: str, say: Say) -> Cell | None:
    """A tested change as a table writes it; None where nothing was compared."""
    if tested is None:
        return None
    return Cell(
        change=points(tested.difference.estimate, statistic, language),
        interval=points_interval(tested, statistic, language),
        sign=verdict_sign(tested.verdict),
        words=verdict_name(tested.verdict, say),
        verdict=tested.verdict.value,
    )


def place_chart(trend: Trend, line: Line, name: str, language: str, height: int | None = None) -> str:
    """One place over the waves as a picture with the id `name`; all districts on one axis, the city on its own."""
    city = line is trend.city
    high = height or (HIGH if city else LESS_HIGH)
    return line_chart(_line_chart(trend, line, name, language, high))


def figure_words(
    figure: Figure | None, statistic: Statistic, smallest: int, language: str, say: Say
) -> tuple[str, str]:
    """A figure and its interval as a table writes them; a hidden one as a sign and its reason."""
    if figure is None:
        return "—", ""
    if figure.estimate is None:
        reason = reason_text(figure.reason, smallest, say) if figure.reason else ""
        return HIDDEN, reason
    return figure_value(figure, statistic, language), figure_interval(figure, statistic, language)


def _factor(trend: Trend) -> float:
    return 100.0 if trend.statistic is Statistic.SHARE else 1.0


def _axis(trend: Trend, *, city: bool) -> tuple[float, float]:
    factor = _factor(trend)
    lines = (trend.city,) if city else trend.districts
    shown = [figure for line in lines for figure in line.figures if figure and figure.estimate is not None]

    def scaled(value: float | None) -> float | None:
        return None if value is None else factor * value

    return axis(
        [
            Bar(label="", shown="", value=scaled(one.estimate), low=scaled(one.low), high=scaled(one.high))
            for one in shown
        ]
    )


def _line_chart(trend: Trend, line: Line, name: str, language: str, height: int) -> LineChart:
    say, factor = speaking(language), _factor(trend)
    names = [wave_name(one, trend.waves) for one in trend.waves]
    smallest = trend.waves[-1].wave.analysis.smallest_cell
    dots, told = [], []
    for wave, figure in zip(names, line.figures, strict=True):
        value, interval = figure_words(figure, trend.statistic, smallest, language, say)
        told.append(f"{wave}: {value} ({interval})" if interval else f"{wave}: {value}")
        shown = figure is not None and figure.estimate is not None
        dots.append(
            Dot(
                label=wave,
                shown=value,
                value=factor * figure.estimate if figure and figure.estimate is not None else None,
                low=factor * figure.low if figure and shown and figure.low is not None else None,
                high=factor * figure.high if figure and shown and figure.high is not None else None,
            )
        )
    behind: tuple[float | None, ...] = ()
    if line is not trend.city:
        city = [figure.estimate if figure else None for figure in trend.city.figures]
        behind = tuple(None if value is None else factor * value for value in city)
    return LineChart(
        id=name,
        title=f"{trend.measure.label[language]} · {place_name(line.place, language, say)}",
        description="; ".join(told),
        dots=tuple(dots),
        gaps=tuple(break_label(one, say) for one in trend.links),
        behind=behind,
        axis=_axis(trend, city=line is trend.city),
        unit="%" if trend.statistic is Statistic.SHARE else "",
        height=height,
    )


def changes_chart(trend: Trend, names: tuple[str, ...], language: str, say: Say) -> str:
    """The last change of every place as a picture; empty where nothing was compared."""
    if not trend.links or not trend.links[-1].joins:
        return ""
    rows = [_step(trend, line, language, say) for line in trend.lines()]
    title = f"{trend.measure.label[language]} · {names[-2]}–{names[-1]}"
    return change_chart("changes", title, "; ".join(f"{row.label} {row.shown}" for row in rows), rows)


def _step(trend: Trend, line: Line, language: str, say: Say) -> Step:
    tested, factor = line.steps[-1], _factor(trend)
    label, whole = place_name(line.place, language, say), line.place.kind is PlaceKind.CITY
    own = cell(tested, trend.statistic, language, say)
    if tested is None or own is None:
        words = f"{HIDDEN} {say('not compared')}"
        return Step(label=label, shown=words, value=None, low=None, high=None, sure=False, whole=whole)
    ci = tested.difference.ci
    return Step(
        label=label,
        shown=f"{own.sign} {own.change} ({own.interval})".strip() if own.interval else own.change,
        value=factor * tested.difference.estimate,
        low=factor * ci[0] if ci else None,
        high=factor * ci[1] if ci else None,
        sure=tested.verdict is not Verdict.UNSURE,
        whole=whole,
    )
