"""What the bureau sees: the waves, the figures of a wave by measure and district, the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.language import Say, format_date, format_number
from survey.questionnaire.plan import city_plan
from survey.report.errors import NoAnswers, UnknownMeasure, WeightingImpossible
from survey.report.figures import Finding
from survey.report.results import Sample
from survey.report.saying.page import measure_page
from survey.report.saying.wording import sample_name
from survey.report.writing.microdata import microdata_csv, microdata_xlsx
from survey.report.writing.tables import results_csv, results_xlsx
from survey.storage.errors import UnknownWave
from survey.storage.records import StoredWave
from survey.storage.responses import response_counts
from survey.storage.waves import all_waves, find_wave
from survey.wave.model import Channel, State
from survey.web.computed import memory
from survey.web.desk import address_in, members_only, sign_out_form
from survey.web.house import house
from survey.web.respond import reader_language

blueprint = Blueprint("results", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES: Mapping[tuple[str, str], tuple[str, Callable[[Sample, str], bytes]]] = {
    ("results", "csv"): ("text/csv; charset=utf-8", lambda one, language: results_csv(one.results, language)),
    ("results", "xlsx"): (_XLSX, lambda one, language: results_xlsx(one.results, language)),
    ("microdata", "csv"): (
        "text/csv; charset=utf-8",
        lambda one, language: microdata_csv(one.frame, one.results, language),
    ),
    ("microdata", "xlsx"): (_XLSX, lambda one, language: microdata_xlsx(one.frame, one.results, language)),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The wave and sample an address names, and how many responses each sample has."""

    stored: StoredWave
    channel: Channel
    counts: Mapping[Channel, int]


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
        counts = {one.wave.id: _counts(session, one.wave.id) for one in waves}
    return _page("results/waves.html", waves=waves, counts=counts)


@blueprint.get("/<language>/results/<wave_id>")
@members_only
def wave(language: str, wave_id: str) -> ResponseReturnValue:
    """The wave's headline and all measures; `?measure=` leads to one of them."""
    chosen = request.args.get("measure")
    if chosen:
        sample = request.args.get("sample")
        return redirect(url_for(".measure", language=language, wave_id=wave_id, measure_id=chosen, sample=sample))
    return _measure(language, wave_id, None)


@blueprint.get("/<language>/results/<wave_id>/<measure_id>")
@members_only
def measure(language: str, wave_id: str, measure_id: str) -> ResponseReturnValue:
    """One measure by district."""
    return _measure(language, wave_id, measure_id)


@blueprint.get("/<language>/results/<wave_id>/download/<what>.<ending>")
@members_only
def download(language: str, wave_id: str, what: str, ending: str) -> ResponseReturnValue:
    """A file of all measures, or the weighted microdata."""
    if (what, ending) not in _FILES:
        return _problem("unknown_file", 404)
    content_type, write = _FILES[what, ending]
    found = _find(wave_id)
    if not isinstance(found, Shown):
        return found
    computed = _computed(found, 404)
    if not isinstance(computed, Sample):
        return computed
    name = f"{found.stored.wave.id}-{found.channel.value}-{what}-{language}.{ending}"
    response = Response(write(computed, language), content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _measure(language: str, wave_id: str, measure_id: str | None) -> ResponseReturnValue:
    found = _find(wave_id)
    if not isinstance(found, Shown):
        return found
    computed = _computed(found)
    if not isinstance(computed, Sample):
        return computed
    findings = computed.results.findings
    try:
        finding = findings[0] if measure_id is None else _finding(findings, measure_id)
    except UnknownMeasure:
        return _problem("unknown_measure", 404, found)
    page = measure_page(computed.results, finding, language)
    return _page(
        "results/measure.html",
        shown=found,
        results=computed.results,
        finding=finding,
        page=page,
        plan=city_plan(),
        whole=measure_id is None,
    )


def _finding(findings: tuple[Finding, ...], measure_id: str) -> Finding:
    for finding in findings:
        if finding.measure.id == measure_id:
            return finding
    raise UnknownMeasure(measure_id)


def _find(wave_id: str) -> Shown | ResponseReturnValue:
    sample = request.args.get("sample") or Channel.INVITED.value
    if sample not in tuple(Channel):
        abort(404)
    with house().sessions() as session:
        try:
            stored = find_wave(session, wave_id)
        except UnknownWave:
            return _problem("unknown_wave", 404)
        return Shown(stored, Channel(sample), _counts(session, wave_id))


def _computed(shown: Shown, without: int = 200) -> Sample | ResponseReturnValue:
    """The sample's results, or the page that says why there are none, with the status `without`."""
    with house().sessions() as session:
        try:
            return memory().get(session, shown.stored, shown.channel)
        except NoAnswers:
            return _problem("no_answers", without, shown)
        except WeightingImpossible as problem:
            return _problem("weighting", without, shown, str(problem))


def _counts(session: Session, wave_id: str) -> dict[Channel, int]:
    counts = dict.fromkeys(Channel, 0)
    for count in response_counts(session, wave_id):
        counts[count.channel] += count.responses
    return counts


def _problem(kind: str, status: int, shown: Shown | None = None, detail: str = "") -> ResponseReturnValue:
    return _page("results/problem.html", kind=kind, shown=shown, detail=detail), status


def _page(template: str, **values: object) -> str:
    say = house().say(g.language)
    return render_template(
        template,
        sign_out=sign_out_form(),
        address_in=address_in,
        language=g.language,
        Channel=Channel,
        format_date=format_date,
        format_number=format_number,
        sample_name=partial(sample_name, say=say),
        state_name=partial(_state_name, say=say),
        **values,
    )


def _state_name(state: State, say: Say) -> str:
    match state:
        case State.PLANNED:
            return say("planned")
        case State.OPEN:
            return say("open")
        case State.CLOSED:
            return say("closed")
