"""The waves, a wave at a glance, every measure of it, and each measure by district."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey.questionnaire.plan import city_plan
from survey.report.detail.closely import Looked, family_of, is_leading, look_closely, modes_of
from survey.report.detail.comparisons import StandsOut
from survey.report.detail.definitions import pass_marks
from survey.report.figures import Finding
from survey.report.saying import notes
from survey.report.saying.page import margins_table, measure_page
from survey.report.saying.pages.closer import closer
from survey.report.saying.pages.overview import overview
from survey.report.saying.response import response_texts
from survey.storage.answers.fieldwork import invitations_of
from survey.storage.waves import all_waves
from survey.web.desk.door import members_only
from survey.web.desk.page import page
from survey.web.house import house
from survey.web.respond.common import reader_language
from survey.web.results.shown import Shown, blueprint, results_page, shown
from survey.web.wanted import answered


@blueprint.get("/results")
def anywhere() -> ResponseReturnValue:
    """To the results in the reader's language."""
    return redirect(url_for(".start", language=reader_language()))


@blueprint.get("/<language>/results")
@members_only
def start(language: str) -> ResponseReturnValue:
    """All waves; when there is only one, that wave."""
    with house().sessions() as session:
        waves = all_waves(session)
        if len(waves) == 1:
            return redirect(url_for(".wave", language=language, wave_id=waves[0].wave.id))
        counts = {one.wave.id: answered(session, one) for one in waves}
    return page("results/waves.html", waves=waves, counts=counts)


@blueprint.get("/<language>/results/<wave_id>")
@members_only
def wave(language: str, wave_id: str) -> ResponseReturnValue:
    """The wave at a glance; `?measure=` leads to one measure."""
    chosen = request.args.get("measure")
    if chosen:
        sample = request.args.get("sample")
        return redirect(url_for(".measure", language=language, wave_id=wave_id, measure_id=chosen, sample=sample))

    def make(found: Shown) -> ResponseReturnValue:
        results = found.sample.results
        told = overview(
            results,
            _family(found, leading=True),
            pass_marks(results.findings, results.wave.analysis.pass_marks),
            found.kept(("modes",), lambda: modes_of(found.sample)),
            language,
        )
        head = results.findings[0]
        return results_page(
            "results/overview.html", found, finding=head, page=measure_page(results, head, language), told=told
        )

    return shown(wave_id, make)


@blueprint.get("/<language>/results/<wave_id>/all")
@members_only
def everything(language: str, wave_id: str) -> ResponseReturnValue:
    """Every question and index with its figure for the city."""

    def make(found: Shown) -> ResponseReturnValue:
        results = found.sample.results
        return results_page("results/all.html", found, page=measure_page(results, results.findings[0], language))

    return shown(wave_id, make)


@blueprint.get("/<language>/results/<wave_id>/method")
@members_only
def method(language: str, wave_id: str) -> ResponseReturnValue:
    """How everything was computed, with the margins before and after raking."""

    def make(found: Shown) -> ResponseReturnValue:
        results, say = found.sample.results, house().say(language)
        with house().sessions() as session:
            invitations = invitations_of(session, wave_id)
        return results_page(
            "results/method.html",
            found,
            response=response_texts(results, invitations, language, say),
            margins=margins_table(results, language),
            margins_notes=notes.untold_cells(results, say),
        )

    return shown(wave_id, make)


@blueprint.get("/<language>/results/<wave_id>/<measure_id>")
@members_only
def measure(language: str, wave_id: str, measure_id: str) -> ResponseReturnValue:
    """One measure by district."""

    def make(found: Shown) -> ResponseReturnValue:
        finding, results = found.finding(measure_id), found.sample.results
        looked = found.kept(("closely", measure_id), lambda: _looked(found, finding))
        return results_page(
            "results/measure.html",
            found,
            finding=finding,
            page=measure_page(results, finding, language),
            told=closer(results, looked, language),
            plan=city_plan(),
        )

    return shown(wave_id, make)


def _looked(found: Shown, finding: Finding) -> Looked:
    return look_closely(found.sample, finding, _family(found, is_leading(found.sample.results, finding)))


def _family(found: Shown, leading: bool) -> StandsOut:
    return found.kept(("family", str(leading)), lambda: family_of(found.sample, leading))
