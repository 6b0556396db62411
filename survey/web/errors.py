"""Every error as a page in the reader's language, with the right status; the one place that turns errors into HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, g, make_response, render_template, request, url_for
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Reply

from survey.language import LANGUAGES, NAMES
from survey.storage.errors import DatabaseUnusable, OtherQuestionnaire, UnknownQuestionnaire, UnknownWave, WaveNotOpen
from survey.storage.records import StoredWave
from survey.web.respond import reader_language
from survey.web.respond.common import newest
from survey.web.respond.look import Look, look_of
from survey.web.respond.submission import MalformedSubmission

_LOG = logging.getLogger(__name__)


def _(text: str) -> str:
    """Marks a text for the catalogues; it is said when the page is made."""
    return text


TEXTS: dict[int, tuple[str, str]] = {
    400: (
        _("This form could not be read"),
        _("What arrived is incomplete. Please open the survey again and send your answers once more."),
    ),
    404: (_("There is no such page"), _("Please check the address, or start from the survey's first page.")),
    405: (_("This page cannot be used like that"), _("Please start from the survey's first page.")),
    409: (
        _("The questions have changed"),
        _("Your answers belong to another version of the survey. Please open it again and answer the current one."),
    ),
    410: (
        _("The survey is closed"),
        _("These answers came after the closing date or before the opening date, and were not kept. Thank you."),
    ),
    413: (
        _("This is too much at once"),
        _("What was sent is larger than a questionnaire can be. Nothing was kept. Please shorten your own words."),
    ),
    500: (
        _("Something went wrong on our side"),
        _("It is not your fault. Nothing half-finished was kept. Please try again in a few minutes."),
    ),
    503: (
        _("The survey can't be reached for a moment"),
        _("Our database is not available. Please try again in a few minutes; your answers can be sent again."),
    ),
}
"""Status → what happened, and what to do now."""

_FAMILIES: tuple[tuple[type[Exception], int], ...] = (
    (MalformedSubmission, 400),
    (ParseException, 400),  # A body in chunks that the server below us finds broken while we read it.
    (UnknownWave, 404),
    (UnknownQuestionnaire, 409),
    (OtherQuestionnaire, 409),
    (WaveNotOpen, 410),
    (DatabaseUnusable, 503),
    (DatabaseError, 503),
)


DESK = ("results", "years", "tasks", "units", "exports", "reports", "import", "sign-in", "sign-out", "fieldwork")
"""First part of the addresses of the bureau's pages, after the language."""
_SENDING = ("respond.receive", "respond.invitation", "respond.withdrawal")


def register(app: Flask) -> None:
    """Answer errors of our families and of HTTP itself with a page."""
    for family, status in _FAMILIES:
        app.register_error_handler(family, _page_for(status))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _page_for(status: int) -> Callable[[Exception], Reply]:
    def page(problem: Exception) -> Reply:
        if status >= 500:
            _LOG.error("%s", problem.__class__.__name__, exc_info=problem)
        return error_page(status)

    return page


def _http(problem: HTTPException) -> Reply:
    if problem.response is not None or problem.code is None or problem.code < 400:
        return problem.get_response()  # A redirect, or a reply somebody has made already.
    reply = error_page(problem.code)
    if problem.code == 405:
        reply.headers["Allow"] = ", ".join(sorted(getattr(problem, "valid_methods", None) or ()))
    return reply


def _unforeseen(problem: Exception) -> Reply:
    _LOG.error("Unforeseen error in %s", request.endpoint, exc_info=problem)
    return error_page(500)


def error_page(status: int) -> Reply:
    """The page for `status`: what happened and what to do now, never how the program looks inside."""
    _choose_language()
    title, text = TEXTS.get(status) or TEXTS[500 if status >= 500 else 400]
    return make_response(
        render_template(
            "errors/error.html",
            status=status,
            title=title,
            text=text,
            languages=NAMES,
            here=_survey,
            again=_to_send_again() if status >= 500 else (),
            desk=_of_the_desk(),
            stored=_asking() if status < 500 else None,
        ),
        status,
    )


def _asking() -> StoredWave | None:
    """Who asks, if the database is there to say."""
    try:
        return newest()
    except (DatabaseUnusable, DatabaseError):
        return None


def _of_the_desk() -> bool:
    """Whether the address lies among the pages of the bureau, whose way on are its waves, not the questionnaire."""
    parts = request.path.strip("/").split("/")
    return any(part in DESK for part in parts[:2])


def _to_send_again() -> tuple[tuple[str, str], ...]:
    """What a respondent sent, for the page to hold: without a script no draft has it, and going back empties a form."""
    if request.method != "POST" or request.endpoint not in _SENDING:
        return ()
    try:
        return tuple(request.form.items(multi=True))
    except (ParseException, HTTPException):
        return ()


def _survey(language: str, look: Look | None = None) -> str:
    """Where an error's links lead: to the survey's first page, with the invitation where there is one."""
    parameter = (look or g.look).parameter
    if request.endpoint == "respond.invitation":
        return url_for(request.endpoint, language=language, code=(request.view_args or {})["code"], look=parameter)
    return url_for("respond.questionnaire", language=language, look=parameter)


def _choose_language() -> None:
    """The language of the address where it has one; the reader's otherwise."""
    first = request.path.strip("/").split("/")[0]
    g.language = first if first in LANGUAGES else g.get("language") or reader_language()
    g.look = look_of(request.args.get("look"))
