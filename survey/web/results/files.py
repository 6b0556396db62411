"""The files of a wave: tables of all measures, and the page that leads to them, to reports and to microdata."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response
from flask.typing import ResponseReturnValue

from survey.report.results import Sample
from survey.report.writing.tables import results_csv, results_xlsx
from survey.web.desk.door import members_only
from survey.web.results.shown import Shown, blueprint, problem, results_page, shown

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES: Mapping[tuple[str, str], tuple[str, Callable[[Sample, str], bytes]]] = {
    ("results", "csv"): ("text/csv; charset=utf-8", lambda one, language: results_csv(one.results, language)),
    ("results", "xlsx"): (_XLSX, lambda one, language: results_xlsx(one.results, language)),
}


@blueprint.get("/<language>/results/<wave_id>/files")
@members_only
def files(language: str, wave_id: str) -> ResponseReturnValue:
    """What can be downloaded of a wave."""
    return shown(wave_id, lambda found: results_page("results/files.html", found))


@blueprint.get("/<language>/results/<wave_id>/download/<what>.<ending>")
@members_only
def download(language: str, wave_id: str, what: str, ending: str) -> ResponseReturnValue:
    """A file of all measures."""
    if (what, ending) not in _FILES:
        return problem("unknown_file", 404)
    content_type, write = _FILES[what, ending]

    def make(found: Shown) -> ResponseReturnValue:
        name = f"{found.stored.wave.id}-{found.channel.value}-{what}-{language}.{ending}"
        response = Response(write(found.sample, language), content_type=content_type)
        response.headers.set("Content-Disposition", "attachment", filename=name)
        return response

    return shown(wave_id, make, 404)
