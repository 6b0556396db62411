"""The years: one measure from wave to wave, and the evaluation of all of them (五年一评估)."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey.report.errors import WeightingImpossible
from survey.report.figures import Results, Statistic
from survey.report.results import Sample
from survey.report.saying.notes import foot
from survey.report.years.linking import finding_of
from survey.report.years.modes import held, mode_shares
from survey.report.years.saying.evaluation import evaluation_page, measure_groups
from survey.report.years.saying.pages import mode_table, trend_page
from survey.report.years.saying.wording import wave_name
from survey.report.years.trends import Trend, trends
from survey.web.desk.door import members_only
from survey.web.house import house
from survey.web.years.series import Series, page, with_series

blueprint = Blueprint("years", __name__)
FIXED = "fixed"


@blueprint.get("/<language>/years")
@members_only
@with_series
def evaluation(found: Series, language: str) -> ResponseReturnValue:
    """The headline, the aspects and pride over the years."""
    results = [sample.results for sample in found.samples]
    newest = results[-1]
    if len(results) < 2:
        return page("years/problem.html", kind="one_wave", series=found, newest=newest)
    plan = newest.wave.analysis
    asked = [(name, Statistic.SHARE) for name in (plan.headline, *(index.id for index in plan.indices))]
    done = found.once("evaluation", lambda: trends(results, asked, steps=False))
    return page(
        "years/evaluation.html",
        series=found,
        newest=newest,
        evaluation=evaluation_page(results, done, language),
        foot=foot(newest, language, house().say(language)),
    )


@blueprint.get("/<language>/years/choose")
@members_only
def choose(language: str) -> ResponseReturnValue:
    """From the form that picks a measure to its page."""
    chosen, wave, sample = (request.args.get(name) or None for name in ("measure", "wave", "sample"))
    if not chosen:
        return redirect(url_for(".evaluation", language=language, wave=wave, sample=sample))
    return redirect(url_for(".measure", language=language, measure_id=chosen, wave=wave, sample=sample))


@blueprint.get("/<language>/years/<measure_id>")
@members_only
@with_series
def measure(found: Series, language: str, measure_id: str) -> ResponseReturnValue:
    """One measure over the years: `?figure=score` shows the score, `?mix=fixed` holds the mix of modes."""
    statistic = Statistic.SCORE if request.args.get("figure") == Statistic.SCORE.value else Statistic.SHARE
    fixed = request.args.get("mix") == FIXED
    if not any(finding_of(sample.results, measure_id) for sample in found.samples):
        return page("years/problem.html", kind="unknown_measure", series=found, newest=found.newest.results), 404
    try:
        samples = _fixed(found, measure_id) if fixed else found.samples
    except WeightingImpossible:
        return page("years/problem.html", kind="no_mix", series=found, newest=found.newest.results), 200
    results = tuple(sample.results for sample in samples)
    done = found.once(("trend", measure_id, statistic, fixed), lambda: trends(results, [(measure_id, statistic)]))
    modes, rows, alike = mode_table(
        [mode_shares(sample) for sample in samples], [wave_name(one, results) for one in results], language
    )
    return page(
        "years/measure.html",
        series=found,
        newest=found.newest.results,
        trend=trend_page(done[0], language),
        measure=done[0].measure,
        unasked=_unasked(done[0], results),
        groups=measure_groups(found.newest.results, language),
        statistic=statistic.value,
        fixed=fixed,
        modes=modes,
        mode_rows=rows,
        alike=alike,
        foot=foot(found.newest.results, language, house().say(language)),
    )


def _unasked(trend: Trend, series: tuple[Results, ...]) -> list[str]:
    """The waves that did not ask a measure, by their ids: a trend may be older than what is computed anew."""
    asked = {one.wave.id for one in trend.waves}
    return [wave_name(one, series) for one in series if one.wave.id not in asked]


def _fixed(found: Series, measure_id: str) -> tuple[Sample, ...]:
    """The waves at a fixed mix of modes, weighted once for all measures; each measure is estimated when asked for."""
    weighted = found.once("held", lambda: held(found.samples))
    return found.once(("held", measure_id), lambda: tuple(one.sample((measure_id,)) for one in weighted))
