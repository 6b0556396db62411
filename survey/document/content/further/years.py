"""The headline and the indices over the years, where there are earlier waves: as on the page of the evaluation."""

from __future__ import annotations

from survey.document.content.context import Context
from survey.document.model import Chapter, Column, Line, Picture, Points, Table
from survey.report.figures import Statistic
from survey.report.saying.wording import figure_interval, figure_value, share_name
from survey.report.years.saying.drawing import Cell, cell, figure_words, place_chart
from survey.report.years.saying.wording import break_sentences, family_notes, sentence, wave_name
from survey.report.years.trends import Line as PlaceLine
from survey.report.years.trends import Trend, trends


def years(context: Context) -> Chapter | None:
    """The chapter; None where there is no earlier wave."""
    say, language = context.say, context.language
    series = tuple(sample.results for sample in (*context.earlier, context.sample))
    if len(series) < 2:
        return None
    findings = (context.results.findings[0], *context.indices())
    found = trends(series, [(one.measure.id, Statistic.SHARE) for one in findings], steps=False)
    caption = say("%(what)s over the years, %(place)s") % {
        "what": say("Share satisfied or in agreement"),
        "place": context.place(),
    }
    waves = {one.wave.id: wave_name(one, series) for one in series}
    breaks = dict.fromkeys(words for trend in found for words in break_sentences(trend, say))
    return context.numbering.chapter(
        say("Over the years"),
        Points(items=tuple(_told(trend, context) for trend in found)),
        _picture(found[0], context),
        Table(
            label=context.numbering.table(),
            caption=caption,
            columns=(
                Column(head=say("Question or index"), width=0.24, number=False),
                *(Column(head=name, width=0.58 / len(waves)) for name in waves.values()),
                Column(head=say("Change in percentage points"), width=0.18),
            ),
            lines=tuple(_line(trend, tuple(waves), context) for trend in found),
            notes=(
                *breaks,
                say("The mix of modes is as answered; each question's page can hold it fixed."),
                *family_notes(found[0].tests, series[-1], language, say),
            ),
        ),
    )


def _place(trend: Trend, context: Context) -> PlaceLine:
    """The report's place in a trend."""
    return next(line for line in trend.lines() if line.place.code == context.district)


def _told(trend: Trend, context: Context) -> str:
    names = [wave_name(one, trend.waves) for one in trend.waves]
    whole, last = _place(trend, context).whole, len(names) - 1
    if trend.since == last:
        told = context.say("Nothing can be compared with %(wave)s.") % {"wave": names[-1]}
    else:
        told = sentence(whole, (names[trend.since], names[-1]), trend.statistic, context.language, context.say)
    return context.say("%(what)s: %(finding)s") % {"what": trend.measure.label[context.language], "finding": told}


def _line(trend: Trend, waves: tuple[str, ...], context: Context) -> Line:
    line, say = _place(trend, context), context.say
    smallest = context.results.wave.analysis.smallest_cell
    known = {one.wave.id: figure for one, figure in zip(trend.waves, line.figures, strict=True)}
    shown = []
    for wave in waves:
        value, interval = figure_words(known.get(wave), trend.statistic, smallest, context.language, say)
        shown.append(f"{value}\n{interval}" if interval else value)
    change = cell(line.whole, trend.statistic, context.language, say)
    return Line(cells=(trend.measure.label[context.language], *shown, _change(change)))


def _change(change: Cell | None) -> str:
    if change is None:
        return "—"
    value = f"{change.sign} {change.change}".strip()
    return f"{value}\n{change.interval}" if change.interval else value


def _picture(trend: Trend, context: Context) -> Picture:
    line, language = _place(trend, context), context.language
    caption = context.say("%(what)s: %(share)s over the years, %(place)s") % {
        "what": trend.measure.label[language],
        "share": share_name(trend.measure, context.say),
        "place": context.place(),
    }
    told = [
        f"{wave_name(one, trend.waves)}: {figure_value(figure, trend.statistic, language)} "
        f"({figure_interval(figure, trend.statistic, language)})"
        for one, figure in zip(trend.waves, line.figures, strict=True)
        if figure and figure.shown
    ]
    return Picture(
        label=context.numbering.figure(),
        caption=caption,
        alternative=f"{caption}. {'; '.join(told)}",
        svg=place_chart(trend, line, "years", language),
    )
