"""How an interview went, as the page's script tells it: read, bounded and made coarse before anything is kept."""

from __future__ import annotations

import json
import math
from typing import Any, TypeGuard

from flask import Response as Reply
from flask import abort, request

from survey.questionnaire.model import Questionnaire
from survey.storage.answers.reached import OPENED, SENDING, count_reached
from survey.storage.waves import find_wave
from survey.wave.response import SECONDS_STEP, Device, Paradata
from survey.web.house import house
from survey.web.respond.common import LANGUAGE, blueprint

LONGEST = 2000
"""Characters that the script's message may have."""
MOST_SECONDS = 600
"""More than ten minutes in one section are ten."""
MOST_BREAKS = 20
_OURS = "same-origin"
_MEDIUM, _WIDE = 600, 1024
"""From how many CSS pixels a screen is a tablet's, a computer's."""


@blueprint.post(f"/{LANGUAGE}/reached")
def arrived(language: str) -> Reply:
    """Count that somebody came to some sections for the first time: no cookie, no identifier, one number more each.

    Since nothing tells two reports apart, reloads and reports made by hand count too: these are upper bounds. Pages of
    others cannot make their visitors report.
    """
    if request.headers.get("Sec-Fetch-Site", _OURS) != _OURS:
        abort(400)
    wave_id, reached = request.form.get("wave", ""), set(request.form.getlist("place"))
    with house().sessions.begin() as session:
        asked = house().asked(session, find_wave(session, wave_id).wave.questionnaire)
        if not reached or not reached <= set(places(asked)):
            abort(400)
        count_reached(session, wave_id, reached)
    return Reply(status=204)


def places(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Where one can be in an interview, in order."""
    return (OPENED, *(section.id for section in questionnaire.sections), SENDING)


def read_paradata(text: str, questionnaire: Questionnaire) -> Paradata | None:
    """What the script sent, coarse; None when there is nothing that can be used: answers never fail because of it."""
    try:
        told = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not _number(told.get("width")):
        return None
    spent, known = told.get("seconds"), places(questionnaire)
    seconds = {
        place: _rounded(value)
        for place, value in (spent.items() if isinstance(spent, dict) else ())
        if place in known and _number(value)
    }
    breaks = told.get("breaks")
    times = min(int(breaks), MOST_BREAKS) if _number(breaks) else 0
    return Paradata(device=_device(told["width"]), seconds=seconds, breaks=times)


def _number(value: Any) -> TypeGuard[float]:
    return type(value) in (int, float) and math.isfinite(value) and value >= 0


def _rounded(seconds: float) -> int:
    return min(round(seconds / SECONDS_STEP) * SECONDS_STEP, MOST_SECONDS)


def _device(width: float) -> Device:
    if width < _MEDIUM:
        return Device.NARROW
    return Device.MEDIUM if width < _WIDE else Device.WIDE
