"""Addresses of the static files, by content: a changed file has a new address, so browsers may keep the old one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

_STATIC = Path(__file__).parent / "static"
_TAGS = {"zh": "zh-Hans", "en": "en", "ko": "ko"}


def asset(name: str) -> str:
    """The address of `name` in static/, with a part of its content's hash."""
    return url_for("static", filename=name, v=_content_hash(name))


def language_tag(language: str) -> str:
    """What stands in a page's `lang` attribute."""
    return _TAGS[language]


def register(app: Flask) -> None:
    """Let templates call `asset` and `language_tag`."""
    app.add_template_global(asset)
    app.add_template_global(language_tag)


@cache
def _content_hash(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
