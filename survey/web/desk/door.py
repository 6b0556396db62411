"""The desk: who may see results. One shared token for now, kept by whoever runs the server."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField

from survey.language import LANGUAGES
from survey.web.house import house
from survey.web.respond import reader_language

blueprint = Blueprint("desk", __name__)
KEY = "desk"
P = ParamSpec("P")


class SignInForm(FlaskForm):  # type: ignore[misc]
    """The token, pasted by somebody who has no link."""

    token = PasswordField()


class SignOutForm(FlaskForm):  # type: ignore[misc]
    """Only the CSRF token: nobody can be signed out by a foreign page."""


def signed_in() -> bool:
    """Whether this session was opened with the desk token that is valid now."""
    token, kept = house().config.desk_token, session.get(KEY)
    return bool(token) and isinstance(kept, str) and hmac.compare_digest(kept, _mark(token or ""))


def members_only(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Show `view` to the signed-in bureau; everybody else gets the sign-in page and status 401."""

    @wraps(view)
    def guarded(*arguments: P.args, **options: P.kwargs) -> ResponseReturnValue:
        language = (request.view_args or {}).get("language")
        g.language = language if language in LANGUAGES else reader_language()
        if not signed_in():
            return sign_in_page(401)
        if language is not None and language not in LANGUAGES:
            abort(404)
        return view(*arguments, **options)

    return guarded


def sign_in_page(status: int, wrong: bool = False) -> ResponseReturnValue:
    """The page that asks for the token, in the reader's language."""
    page = render_template(
        "desk/sign_in.html",
        form=SignInForm(formdata=None),
        wrong=wrong,
        closed=not house().config.desk_token,
        address_in=address_in,
    )
    return page, status


def address_in(language: str) -> str:
    """The address of the page that is shown, in another language; a token in it is dropped."""
    endpoint, values = request.endpoint, dict(request.view_args or {})
    if endpoint is None or "language" not in values:
        return url_for("desk.sign_in", language=language)
    if endpoint == "desk.sign_in_with_form":
        return url_for("desk.sign_in", language=language)
    return url_for(endpoint, **{**request.args, **values, "language": language})


@blueprint.get("/sign-in")
def sign_in_link() -> ResponseReturnValue:
    """The link that `survey serve` prints; without a token, the page that asks for one."""
    given = request.args.get("token")
    g.language = reader_language()
    return sign_in_page(200) if given is None else _sign_in(given)


@blueprint.get("/<language>/sign-in")
def sign_in(language: str) -> ResponseReturnValue:
    """The page that asks for the token."""
    _speak(language)
    return sign_in_page(200)


@blueprint.post("/<language>/sign-in")
def sign_in_with_form(language: str) -> ResponseReturnValue:
    """Sign in with a pasted token."""
    _speak(language)
    form = SignInForm()
    if not form.validate_on_submit():
        return sign_in_page(400)
    return _sign_in(form.token.data or "")


@blueprint.post("/<language>/sign-out")
def sign_out(language: str) -> ResponseReturnValue:
    """End the session."""
    _speak(language)
    if signed_in() and not SignOutForm().validate_on_submit():
        return sign_in_page(400)
    session.clear()
    return redirect(url_for(".sign_in", language=language), 303)


def sign_out_form() -> SignOutForm:
    """The form of the sign-out button on every page of the desk."""
    return SignOutForm(formdata=None)


def _speak(language: str) -> None:
    if language not in LANGUAGES:
        abort(404)
    g.language = language


def _sign_in(given: str) -> ResponseReturnValue:
    token = house().config.desk_token
    if not token or not hmac.compare_digest(_mark(given.strip()), _mark(token)):
        return sign_in_page(401, wrong=True)
    session.clear()
    session[KEY] = _mark(token)
    return redirect(url_for("results.start", language=g.language), 303)


def _mark(token: str) -> str:
    """What the signed cookie keeps: a fingerprint, so that it tells nothing and a new token ends all sessions."""
    return hashlib.sha256(b"desk:" + token.encode()).hexdigest()
