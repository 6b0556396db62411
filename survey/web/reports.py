"""The reports of a wave, for the bureau to download: the city's and each district's, as PDF and as Word document."""

from __future__ import annotations

from threading import BoundedSemaphore

from flask import Blueprint, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from survey.document.compose import compose
from survey.document.errors import UnknownDistrict, WritingFailed
from survey.document.render import WRITERS, write_apart
from survey.report.errors import NoAnswers, WeightingImpossible
from survey.report.results import Sample
from survey.storage.errors import UnknownWave
from survey.storage.records import StoredWave
from survey.storage.waves import find_wave
from survey.wave.model import Channel
from survey.web.computed import memory
from survey.web.desk import address_in, members_only, sign_out_form
from survey.web.house import house

blueprint = Blueprint("reports", __name__)
_ONE_AT_A_TIME = BoundedSemaphore()
"""Laying out pages takes a processor and some hundred megabytes: a worker has one report written at a time."""
_WAIT = 60
_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/<language>/reports/<wave_id>")
@members_only
def wave(language: str, wave_id: str) -> ResponseReturnValue:
    """The list of a wave's reports."""
    stored = _find(wave_id)
    if stored is None:
        return _problem("unknown_wave", 404)
    return _page("reports/wave.html", stored=stored, channel=_channel(), endings=tuple(WRITERS))


@blueprint.get("/<language>/reports/<wave_id>/<place>.<ending>")
@members_only
def download(language: str, wave_id: str, place: str, ending: str) -> ResponseReturnValue:
    """One report; `place` is "city" or a district's code."""
    stored, channel = _find(wave_id), _channel()
    if stored is None:
        return _problem("unknown_wave", 404)
    if f".{ending}" not in WRITERS or channel is None:
        return _problem("unknown_report", 404, stored)
    district = None if place == "city" else int(place) if place.isdecimal() else -1
    computed = _computed(stored, channel)
    if not isinstance(computed, Sample):
        return computed
    try:
        content = _write(computed, district, language, f".{ending}")
    except UnknownDistrict:
        return _problem("unknown_report", 404, stored)
    except WritingFailed as problem:
        current_app.logger.error("report of %s: %s", wave_id, problem)
        return _problem("not_written", 503, stored)
    response = Response(content, content_type=_TYPES[f".{ending}"])
    name = f"{stored.wave.id}-{channel.value}-report-{place}-{language}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _write(sample: Sample, district: int | None, language: str, ending: str) -> bytes:
    document = compose(sample, district, language)
    if not _ONE_AT_A_TIME.acquire(timeout=_WAIT):
        raise WritingFailed(f"Other reports were being written for {_WAIT} seconds.")
    try:
        return write_apart(document, ending)
    finally:
        _ONE_AT_A_TIME.release()


def _channel() -> Channel | None:
    asked = request.args.get("sample") or Channel.INVITED.value
    return Channel(asked) if asked in tuple(Channel) else None


def _find(wave_id: str) -> StoredWave | None:
    with house().sessions() as session:
        try:
            return find_wave(session, wave_id)
        except UnknownWave:
            return None


def _computed(stored: StoredWave, channel: Channel) -> Sample | ResponseReturnValue:
    with house().sessions() as session:
        try:
            return memory().get(session, stored, channel)
        except NoAnswers:
            return _problem("no_answers", 404, stored)
        except WeightingImpossible as problem:
            current_app.logger.warning("report of %s: %s", stored.wave.id, problem)
            return _problem("weighting", 404, stored)


def _problem(kind: str, status: int, stored: StoredWave | None = None) -> ResponseReturnValue:
    return _page("reports/problem.html", kind=kind, stored=stored), status


def _page(template: str, **values: object) -> str:
    return render_template(
        template, sign_out=sign_out_form(), address_in=address_in, language=g.language, Channel=Channel, **values
    )
