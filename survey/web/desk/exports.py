"""The microdata of a wave for colleagues' tools, for the bureau to download."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from flask import Blueprint, Response, abort, request, send_file
from flask.typing import ResponseReturnValue

from survey.analysis.errors import AnalysisError
from survey.report.errors import NoAnswers, TooFewForPublic, WeightingImpossible
from survey.report.export.dataset import Dataset, dataset
from survey.report.export.public.file import SMALLEST_CLASS, public
from survey.report.export.write import FORMATS, write
from survey.report.results import Sample
from survey.storage.questionnaires import versions
from survey.web.computed import memory
from survey.web.desk.door import members_only
from survey.web.desk.page import page
from survey.web.house import house
from survey.web.wanted import Asked, wanted, why_nothing

blueprint = Blueprint("exports", __name__)
KINDS = ("confidential", "public")
MOST_REPLICATES = 500
_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".r": "text/plain",
    ".do": "text/plain",
    ".sps": "text/plain",
}


@blueprint.get("/<language>/exports/<wave_id>")
@members_only
def wave(language: str, wave_id: str) -> ResponseReturnValue:
    """Every file that can be had of a wave."""
    asked = _asked(wave_id)
    if not isinstance(asked, Asked):
        return asked
    return page("exports/wave.html", stored=asked.stored, channel=asked.channel, most=MOST_REPLICATES, k=SMALLEST_CLASS)


@blueprint.get("/<language>/exports/<wave_id>/<kind>.<ending>")
@members_only
def download(language: str, wave_id: str, kind: str, ending: str) -> ResponseReturnValue:
    """One file, made whole before its first byte leaves, so that its length is known and a broken download is seen."""
    asked = _asked(wave_id)
    if not isinstance(asked, Asked):
        return asked
    if kind not in KINDS or f".{ending}" not in FORMATS:
        return _problem("unknown_file", 404, asked)
    try:
        data = _data(asked, kind, language)
    except TooFewForPublic:
        return _problem("too_few_alike", 404, asked)
    except NoAnswers:
        return _problem(why_nothing(asked), 404, asked)
    except (WeightingImpossible, AnalysisError) as problem:
        return _problem("weighting", 404, asked, str(problem))
    return _sent(data, f"{wave_id}-{asked.channel.value}-{kind}-{language}.{ending}", f".{ending}")


def _asked(wave_id: str) -> Asked | ResponseReturnValue:
    """The wave and sample of the address, or the page that says which of them does not exist."""
    asked = wanted(wave_id)
    return asked if isinstance(asked, Asked) else _problem(asked, 404)


def _data(asked: Asked, kind: str, language: str) -> Dataset:
    with house().sessions() as session:
        sample: Sample = memory().get(session, asked.stored, asked.channel)
        known = versions(session, sample.frame.questionnaire.id)
    if kind == "public":
        return public(dataset(sample, language, published=known), np.random.default_rng())
    return dataset(sample, language, published=known, replicates=_replicates())


def _replicates() -> int:
    asked = request.args.get("replicates") or "0"
    if not (asked.isascii() and asked.isdigit() and int(asked[:5]) != 1 and int(asked[:5]) <= MOST_REPLICATES):
        abort(404)
    return int(asked)


def _sent(data: Dataset, name: str, ending: str) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name  # The scripts name the file beside them by it.
        write(data, path)
        size, file = path.stat().st_size, path.open("rb")
    # The name is gone, the open file stays until the response is closed: nothing is left behind by a broken download.
    content_type = _TYPES.get(ending, "application/octet-stream")
    response = send_file(file, content_type, as_attachment=True, download_name=name, etag=False)
    response.content_length = size
    return response


def _problem(kind: str, status: int, asked: Asked | None = None, detail: str = "") -> ResponseReturnValue:
    return page("exports/problem.html", kind=kind, stored=asked and asked.stored, detail=detail), status
