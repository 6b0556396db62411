"""Invitations: a code in an address or typed from a letter opens the wave, with what is known of its sampled unit."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyReply

from survey.codes import invitation_hash, read_code
from survey.storage.errors import UnknownInvitation
from survey.storage.invitations import find_invitation, invited_wave
from survey.storage.records import Invitation, StoredWave
from survey.storage.waves import find_wave
from survey.wave.model import State
from survey.web.house import house
from survey.web.respond.common import LANGUAGE, blueprint, newest, page
from survey.web.respond.interview import nothing_to_answer, received
from survey.web.respond.page.document import Invited, empty_page


@blueprint.get("/i")
@blueprint.get("/i/<code>")
@blueprint.get("/I")
@blueprint.get("/I/<code>")
def invited_to(code: str = "") -> AnyReply:
    """The short address of letters and QR codes: to the reader's language."""
    to = (
        url_for(".invitation", language=g.language, code=read_code(code) or code)
        if code
        else url_for(".enter", language=g.language)
    )
    reply = redirect(to)
    reply.vary.update(("Accept-Language", "Cookie"))
    return reply


@blueprint.get(f"/{LANGUAGE}/i")
def enter(language: str) -> AnyReply:
    """Where the code of a letter is typed."""
    typed = request.args.get("code", "").strip()
    if not typed:
        return page("invitation.html", typed="", problem="", stored=newest())
    code = read_code(typed)
    if code is None:
        return _no_code(typed)
    return redirect(url_for(".invitation", language=language, code=code, look=g.look.parameter), 303)


@blueprint.route(f"/{LANGUAGE}/i/<code>", methods=["GET", "POST"])
def invitation(language: str, code: str) -> AnyReply:
    """The questionnaire for the sampled unit of an invitation, and the answers sent with it."""
    known = read_code(code)
    if known is None:
        return _no_code(code)
    try:
        stored, found = _found(known)
    except UnknownInvitation:
        return _unknown(code)
    question = stored.wave.district_question
    invited = Invited(code=known, question=question, district=found.district, community=found.community)
    if request.method == "POST":
        return received(language, invited)
    if stored.state is not State.OPEN or not stored.wave.opens <= house().today() <= stored.wave.closes:
        return nothing_to_answer(stored)
    if found.used:
        return page("invitation_used.html", 410, stored=stored)
    with house().sessions() as session:
        asked = house().asked(session, stored.wave.questionnaire)
    return empty_page(stored, asked, language, g.look, invited)


def _found(code: str) -> tuple[StoredWave, Invitation]:
    hashed = invitation_hash(house().config.secret or "", code)
    with house().sessions() as session:
        wave_id = invited_wave(session, hashed)
        return find_wave(session, wave_id), find_invitation(session, wave_id, hashed)


def _no_code(typed: str) -> AnyReply:
    say = house().say(g.language)
    problem = say("This is not an invitation code. It has three groups of four letters and digits; please check it.")
    return page("invitation.html", 404, typed=typed, problem=problem, stored=newest())


def _unknown(typed: str) -> AnyReply:
    say = house().say(g.language)
    problem = say("We do not know this invitation code. Please compare it with your letter.")
    return page("invitation.html", 404, typed=typed, problem=problem, stored=newest())
