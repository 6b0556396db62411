"""The reports of a wave, for the bureau to download: the city's and each district's, as PDF and as Word document."""

from __future__ import annotations

from contextlib import suppress
from threading import BoundedSemaphore

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from survey.document.compose import compose
from survey.document.errors import UnknownDistrict, WritingFailed
from survey.document.model import Document
from survey.document.render import WRITERS, write_apart
from survey.report.errors import NoAnswers, WeightingImpossible
from survey.report.results import Sample
from survey.storage.answers.fieldwork import invitations_of
from survey.storage.lines import waves_before
from survey.web.computed import memory
from survey.web.desk.door import members_only
from survey.web.desk.page import page
from survey.web.house import house
from survey.web.wanted import Asked, wanted, why_nothing

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
    asked = _asked(wave_id)
    if not isinstance(asked, Asked):
        return asked
    return page("reports/wave.html", stored=asked.stored, channel=asked.channel, endings=tuple(WRITERS))


@blueprint.get("/<language>/reports/<wave_id>/<place>.<ending>")
@members_only
def download(language: str, wave_id: str, place: str, ending: str) -> ResponseReturnValue:
    """One report; `place` is "city" or a district's code."""
    asked = _asked(wave_id)
    if not isinstance(asked, Asked):
        return asked
    if f".{ending}" not in WRITERS:
        return _problem("unknown_report", 404, asked)
    district = None if place == "city" else int(place) if place.isdecimal() else -1
    computed = _computed(asked)
    if not isinstance(computed, Sample):
        return computed
    try:
        content = _write(compose(computed, district, language, *_beside(asked)), f".{ending}")
    except UnknownDistrict:
        return _problem("unknown_report", 404, asked)
    except WritingFailed as problem:
        current_app.logger.error("report of %s: %s", wave_id, problem)
        return _problem("not_written", 503, asked)
    response = Response(content, content_type=_TYPES[f".{ending}"])
    name = f"{wave_id}-{asked.channel.value}-report-{place}-{language}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _write(document: Document, ending: str) -> bytes:
    if not _ONE_AT_A_TIME.acquire(timeout=_WAIT):
        raise WritingFailed(f"Other reports were being written for {_WAIT} seconds.")
    try:
        return write_apart(document, ending)
    finally:
        _ONE_AT_A_TIME.release()


def _asked(wave_id: str) -> Asked | ResponseReturnValue:
    """The wave and sample of the address, or the page that says which of them does not exist."""
    asked = wanted(wave_id)
    return asked if isinstance(asked, Asked) else _problem(asked, 404)


def _computed(asked: Asked) -> Sample | ResponseReturnValue:
    with house().sessions() as session:
        try:
            return memory().get(session, asked.stored, asked.channel)
        except NoAnswers:
            return _problem(why_nothing(asked), 404, asked)
        except WeightingImpossible as problem:
            current_app.logger.warning("report of %s: %s", asked.stored.wave.id, problem)
            return _problem("weighting", 404, asked)


def _beside(asked: Asked) -> tuple[tuple[Sample, ...], int]:
    """The waves that stand before this one in its line, oldest first, without those that have no results; and how many
    invitations this one has.
    """
    found = []
    with house().sessions() as session:
        for one in waves_before(session, asked.stored.wave.id, house().asked):
            with suppress(NoAnswers, WeightingImpossible):
                found.append(memory().get(session, one, asked.channel))
        invitations = invitations_of(session, asked.stored.wave.id)
    return tuple(found), invitations


def _problem(kind: str, status: int, asked: Asked | None = None) -> ResponseReturnValue:
    return page("reports/problem.html", kind=kind, stored=asked and asked.stored), status
