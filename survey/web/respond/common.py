"""What all pages of the respondent's side share: their blueprint, the reader's language and look, and how one is made.

No session, no token, no cookie but the language somebody chose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, make_response, render_template, request, url_for
from flask import Response as Reply

from survey.language import LANGUAGES, NAMES, preferred
from survey.web.house import house
from survey.web.respond.look import Look, look_of
from survey.web.respond.script import around_it

LANGUAGE = f"<any({', '.join(LANGUAGES)}):language>"
"""The part of an address that says its language."""
REMEMBERED = "language"
"""Name of the cookie that remembers a chosen language."""
_WITH_ADDRESS = ("receipt", "withdrawal", "enter", "invitation", "no_network")
"""Pages that have an address of their own in every language."""

blueprint = Blueprint("respond", __name__)


@blueprint.url_value_preprocessor
def _read_address(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.language = (values or {}).get("language") or reader_language()
    g.look = look_of(request.args.get("look"))


def reader_language() -> str:
    """The language somebody chose before, else the browser's first that we speak."""
    remembered = request.cookies.get(REMEMBERED)
    return remembered if remembered in LANGUAGES else preferred(request.accept_languages.values())


def origin() -> str:
    """Where the survey is reached: as configured, else as the browser asked for it, so no page is kept under it."""
    config = house().config
    scheme = "https" if config.https else request.scheme
    return config.address or f"{scheme}://{request.host}"


def page(name: str, status: int = 200, **shown: object) -> Reply:
    """The page that the template respond/`name` makes."""
    return make_response(rendered(name, **shown), status)


def rendered(name: str, **shown: object) -> str:
    """The text of that page; `here` among what is shown makes the addresses of its choices."""
    return render_template(f"respond/{name}", **{"languages": NAMES, "here": here, "said": _said, **shown})


def _said() -> Mapping[str, Any]:
    return around_it(house().say(g.language))


def here(language: str, look: Look | None = None) -> str:
    """The address of this page in another language or look; of the questionnaire where the page has none."""
    has_one = request.endpoint in {f"{blueprint.name}.{name}" for name in _WITH_ADDRESS}
    endpoint = request.endpoint if has_one else f"{blueprint.name}.questionnaire"
    values = {**(request.view_args or {}), "language": language} if has_one else {"language": language}
    return url_for(endpoint or "", **values, look=(look or g.look).parameter)
