"""`create_app`: the one place where the parts meet."""

from __future__ import annotations

import os
from pathlib import Path

from babel.support import Translations
from flask import Flask, g

from survey.config import Config, ConfigurationError
from survey.language import FALLBACK
from survey.storage.database import connect, sessions
from survey.web import assets, errors, headers, respond, results
from survey.web.desk import door as desk
from survey.web.desk import exports, fieldwork, intake, reports
from survey.web.house import House, house
from survey.web.years import pages as years
from survey.web.years import tasks

_WEB = Path(__file__).parent / "web"


def create_app(config: Config | None = None) -> Flask:
    """The WSGI application for `config`, by default that of the environment.

    Raises
    ------
    ConfigurationError
        Without a secret: sessions and receipts could be forged. With the pseudo-language in the environment, where a
        server that others reach has its settings: only a `config` may ask for it.
    """
    if config is None:
        config = Config.from_environment(os.environ)
        if config.pseudo:
            raise ConfigurationError(
                "SURVEY_PSEUDO is for development: only `survey serve` on a loopback address shows that language."
            )
    if not config.secret:
        raise ConfigurationError(
            "SURVEY_SECRET is not set. A server needs a long random secret; "
            "`survey serve` makes one of its own on a loopback address only."
        )
    app = Flask(__name__, template_folder=str(_WEB / "templates"), static_folder=str(_WEB / "static"))
    app.config.update(
        SECRET_KEY=config.secret,
        MAX_CONTENT_LENGTH=config.largest_body,
        MAX_FORM_MEMORY_SIZE=config.largest_body,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.https,
        WTF_I18N_ENABLED=False,
    )
    app.url_map.strict_slashes = False  # An address that was typed from a letter may end in one.
    engine = connect(config.database)
    app.extensions["survey"] = House(config, engine, sessions(engine))
    _speak(app)
    for part in (respond, desk, results, reports, exports, fieldwork, intake, tasks, years):
        app.register_blueprint(part.blueprint)
    for part in (assets, headers, errors):
        part.register(app)
    return app


def _speak(app: Flask) -> None:
    """Templates say English texts in the language of the page (`g.language`)."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _texts().gettext(text),
        lambda one, many, count: _texts().ngettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _texts() -> Translations:
    return house().texts(g.get("language", FALLBACK))
