"""The receipt of answers, and taking them back with its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Response as Reply
from flask import abort, g, request, url_for

from survey.codes import read_code
from survey.language import format_date
from survey.questionnaire.model import Questionnaire
from survey.storage.answers.withdrawals import is_counted, is_kept, is_withdrawn, withdraw
from survey.storage.records import StoredWave
from survey.storage.waves import all_waves, find_wave
from survey.wave.model import State
from survey.web.house import house
from survey.web.respond.common import LANGUAGE, blueprint, newest, page, rendered
from survey.web.respond.look import Look
from survey.web.respond.page.slots import SlottedPage
from survey.web.respond.receipts import receipt_hash

_CODE = "slot-of-receipt"


@blueprint.get(f"/{LANGUAGE}/receipt/<wave_id>/<code>")
def receipt(language: str, wave_id: str, code: str) -> Reply:
    """What a respondent keeps: the code, and what happens now."""
    known = read_code(code)
    if known is None:
        abort(404)
    with house().sessions() as session:
        stored = find_wave(session, wave_id)
        hashed = receipt_hash(house().config.secret or "", known)
        if not is_kept(session, wave_id, hashed):
            gone = is_withdrawn(session, wave_id, hashed)
            return page("withdrawn.html", 410) if gone else page("no_receipt.html", 404)
        if not is_counted(session, wave_id, hashed):
            return other_answers(stored, known, 200)
        asked = house().asked(session, stored.wave.questionnaire)
    return Reply(_receipt(stored, asked).plain({_CODE: known}), mimetype="text/html")


def other_answers(stored: StoredWave, code: str, status: int) -> Reply:
    """The receipt of answers that differ from those that came first under their submission's id: kept, not counted."""
    return page("conflict.html", status, stored=stored, code=code, here=_here(stored, code))


def _receipt(stored: StoredWave, asked: Questionnaire) -> SlottedPage:
    """The page of every receipt of a wave, made once."""
    closes = format_date(stored.wave.closes, g.language) if stored.state is State.OPEN else ""
    key = ("receipt", stored.wave.id, closes, g.language, g.look)
    made = house().documents.get(key)
    if made is None:
        text = rendered("receipt.html", here=_here(stored), stored=stored, asked=asked, code=_CODE, closes=closes)
        made = house().documents[key] = SlottedPage(text, (_CODE,))
    return cast(SlottedPage, made)


def _here(stored: StoredWave, code: str = _CODE) -> Callable[..., str]:
    def address(language: str, look: Look | None = None) -> str:
        parameter = (look or g.look).parameter
        return url_for(".receipt", language=language, wave_id=stored.wave.id, code=code, look=parameter)

    return address


@blueprint.route(f"/{LANGUAGE}/withdraw", methods=["GET", "POST"])
def withdrawal(language: str) -> Reply:
    """Take answers back with the receipt code, until their wave closes."""
    typed = request.form.get("code", "")
    if request.method == "GET":
        return page("withdraw.html", typed=typed, problem="", stored=newest())
    say = house().say(language)
    code = read_code(typed)
    if code is None:
        problem = say("This is not a receipt code. It has three groups of four letters and digits; please check it.")
        return page("withdraw.html", 422, typed=typed, problem=problem, stored=newest())
    hashed = receipt_hash(house().config.secret or "", code)
    if _withdrawn(hashed):
        return page("withdrawn.html")
    if _too_late(hashed):
        problem = say("The survey has closed. Its answers are being counted and can no longer be withdrawn.")
        return page("withdraw.html", 410, typed=typed, problem=problem, stored=newest())
    problem = say("We hold no answers with this code that can be withdrawn.")
    return page("withdraw.html", 404, typed=typed, problem=problem, stored=newest())


def _withdrawn(hashed: str) -> bool:
    with house().sessions.begin() as session:
        waves = [stored.wave.id for stored in all_waves(session) if stored.state is State.OPEN]
        return any([withdraw(session, wave_id, hashed) for wave_id in waves])


def _too_late(hashed: str) -> bool:
    with house().sessions() as session:
        waves = [stored.wave.id for stored in all_waves(session) if stored.state is State.CLOSED]
        return any(is_kept(session, wave_id, hashed) for wave_id in waves)
