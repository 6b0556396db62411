"""What lets a browser keep the questionnaire for the time without a network: its worker and its manifest."""

from __future__ import annotations

from flask import Response as Reply
from flask import jsonify, url_for

from survey.web.assets import asset, language_tag, script
from survey.web.house import house
from survey.web.respond.common import LANGUAGE, blueprint, page

SEA, PAPER = "#0a5a86", "#ffffff"
"""Colours of look.md: the bar above the installed questionnaire, and what shows before it."""
ICON_SIZES = (192, 512)
"""Widths of the icons in pixels."""


@blueprint.get("/sw.js")
def worker() -> Reply:
    """The script that answers in the network's place; asked for again by the browser itself, so never kept."""
    return Reply(script("worker.js"), mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get(f"/{LANGUAGE}/manifest.webmanifest")
def manifest(language: str) -> Reply:
    """How the questionnaire is called and looks once it is installed, in each language."""
    say = house().say(language)
    start = url_for(".questionnaire", language=language)
    reply = jsonify(
        id=start,
        name=say("Resident survey of Weihai"),
        short_name=say("Weihai survey"),
        lang=language_tag(language),
        dir="ltr",
        start_url=start,
        scope="/",
        display="standalone",
        theme_color=SEA,
        background_color=PAPER,
        icons=[_icon(size) for size in ICON_SIZES]
        + [{"src": asset("wave.svg"), "type": "image/svg+xml", "sizes": "any"}],
    )
    reply.mimetype = "application/manifest+json"
    reply.headers["Cache-Control"] = "no-cache"
    return reply


@blueprint.get(f"/{LANGUAGE}/no-network")
def no_network(language: str) -> Reply:
    """What the worker shows where it kept nothing that fits; a browser keeps it beforehand."""
    return page("no_network.html")


def _icon(size: int) -> dict[str, str]:
    return {
        "src": asset(f"wave-{size}.png"),
        "type": "image/png",
        "sizes": f"{size}x{size}",
        "purpose": "any maskable",
    }
