"""The pages' style sheets and scripts: few requests, compressed once, and never asked for again.

An address holds a hash of the content. A changed file has a new address, so browsers may keep the old one for good.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for

_STATIC = Path(__file__).parent / "static"
_TAGS = {"zh": "zh-Hans", "en": "en", "ko": "ko"}
_PARTS = {
    "respond.js": (
        "respond/routing.js",
        "respond/draft.js",
        "respond/answers.js",
        "respond/look.js",
        "respond/paradata.js",
        "respond/furniture.js",
        "speech.js",
        "offline/sending.js",
        "offline/install.js",
        "offline/outbox.js",
        "offline/notes.js",
        "offline/waiting.js",
        "respond/shown.js",
        "respond/screens.js",
    ),
    "worker.js": ("offline/sending.js", "offline/worker.js"),
    "wave.svg": ("offline/wave.svg",),
    "wave-192.png": ("offline/wave-192.png",),
    "wave-512.png": ("offline/wave-512.png",),
}
"""Files that are given out as one, in this order."""
_FOR_GOOD = "public, max-age=31536000, immutable"

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class _Asset:
    plain: bytes
    zipped: bytes
    digest: str


def asset(name: str) -> str:
    """The address of the style sheet or script `name` as it is now."""
    return url_for("assets.give", digest=_read(name).digest, name=name)


def script(name: str) -> bytes:
    """The text of a script that has an address of its own."""
    return _read(name).plain


def language_tag(language: str) -> str:
    """What stands in a page's `lang` attribute."""
    return _TAGS[language]


def register(app: Flask) -> None:
    """Give the files out, and let templates call `asset` and `language_tag`."""
    app.register_blueprint(blueprint)
    app.add_template_global(asset)
    app.add_template_global(language_tag)


@blueprint.get("/assets/<digest>/<name>")
def give(digest: str, name: str) -> Response:
    """A file; under the address of an older one too, for a page that was opened before the program changed."""
    if name not in _PARTS and not (_STATIC / name).is_file():
        abort(404)
    found = _read(name)
    zipped = request.accept_encodings.quality("gzip") > 0
    reply = Response(found.zipped if zipped else found.plain, mimetype=mimetypes.guess_type(name)[0])
    if zipped:
        reply.headers["Content-Encoding"] = "gzip"
    reply.vary.add("Accept-Encoding")
    reply.headers["Cache-Control"] = _FOR_GOOD if digest == found.digest else "no-cache"
    return reply


@cache
def _read(name: str) -> _Asset:
    plain = b"".join((_STATIC / part).read_bytes() for part in _PARTS.get(name, (name,)))
    return _Asset(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:12])
