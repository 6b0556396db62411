"""What all pages of the respondent's side share: their blueprint, the reader's language and look, and how one is made.

No session, no token, no cookie but the language somebody chose.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, make_response, render_template, request, url_for
from flask import Response as Reply

from survey.language import COLON, LANGUAGES, NAMES, preferred
from survey.storage.records import StoredWave
from survey.storage.waves import newest_wave, wave_to_answer
from survey.web.house import house
from survey.web.respond.look import Look, look_of
from survey.web.respond.page.script import around_it

LANGUAGE = f"<any({', '.join(LANGUAGES)}):language>"
"""The part of an address that says its language."""
REMEMBERED = "language"
"""Name of the cookie that remembers a chosen language."""
_WITH_ADDRESS = ("receipt", "withdrawal", "enter", "invitation", "no_network")
"""Pages that have an address of their own in every language."""

_SMALL = 1000
"""Bytes that are not worth compressing."""

blueprint = Blueprint("respond", __name__)


@blueprint.url_value_preprocessor
def _read_address(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.language = (values or {}).get("language") or reader_language()
    g.look = look_of(request.args.get("look"))


@blueprint.before_request
def _refuse_nul() -> None:
    """No name of ours holds a NUL, and PostgreSQL can't even be asked for one."""
    named = (request.path, request.form.get("wave", ""), request.form.get("questionnaire", ""))
    if any("\0" in one for one in named):
        abort(400)


@blueprint.after_request
def _compress(reply: Reply) -> Reply:
    """Pages that are made for one visit only; others were compressed when they were made."""
    large = reply.mimetype == "text/html" and not reply.is_streamed and len(reply.get_data()) > _SMALL
    if large and not reply.content_encoding and request.accept_encodings.quality("gzip") > 0:
        reply.set_data(gzip.compress(reply.get_data(), 5, mtime=0))
        reply.content_encoding = "gzip"
        reply.vary.add("Accept-Encoding")
    return reply


def reader_language() -> str:
    """The language somebody chose before, else the browser's first that we speak."""
    remembered = request.cookies.get(REMEMBERED)
    return remembered if remembered in LANGUAGES else preferred(request.accept_languages.values())


def origin() -> str:
    """Where the survey is reached: as configured, else as the browser asked for it, so no page is kept under it."""
    config = house().config
    scheme = "https" if config.https else request.scheme
    return config.address or f"{scheme}://{request.host}"


def newest() -> StoredWave | None:
    """The wave that asks now, or the newest: who asks and whom to call stands at the foot of a page of no wave."""
    with house().sessions() as session:
        return wave_to_answer(session, house().today()) or newest_wave(session)


def page(name: str, status: int = 200, **shown: object) -> Reply:
    """The page that the template respond/`name` makes."""
    return make_response(rendered(name, **shown), status)


def rendered(name: str, **shown: object) -> str:
    """The text of that page; `here` among what is shown makes the addresses of its choices."""
    usual = {"languages": NAMES, "here": here, "said": _said, "colon": COLON[g.language]}
    return render_template(f"respond/{name}", **{**usual, **shown})


def _said() -> Mapping[str, Any]:
    return around_it(house().say(g.language))


def here(language: str, look: Look | None = None) -> str:
    """The address of this page in another language or look; of the questionnaire where the page has none."""
    has_one = request.endpoint in {f"{blueprint.name}.{name}" for name in _WITH_ADDRESS}
    endpoint = request.endpoint if has_one else f"{blueprint.name}.questionnaire"
    values = {**(request.view_args or {}), "language": language} if has_one else {"language": language}
    return url_for(endpoint or "", **values, look=(look or g.look).parameter)
