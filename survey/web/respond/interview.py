"""The interview: the questionnaire in each language, and what was answered. Nothing is kept before "send"."""

from __future__ import annotations

from flask import Response as Reply
from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyReply

from survey.codes import invitation_hash
from survey.forms.questionnaire_form import answers
from survey.forms.visibility import question_element
from survey.language import LANGUAGES, Say, format_date
from survey.questionnaire.model import Answers, Questionnaire
from survey.questionnaire.routing import path
from survey.questionnaire.validation import completed
from survey.storage.answers.responses import fingerprint, keep
from survey.storage.errors import InvitationUsed, OtherQuestionnaire, UnknownInvitation, WaveNotOpen
from survey.storage.invitations import keep_invited
from survey.storage.records import Kept, StoredWave
from survey.storage.waves import find_wave, newest_wave, wave_to_answer
from survey.wave.model import Channel, State
from survey.wave.response import Response
from survey.web.house import house
from survey.web.respond.common import LANGUAGE, REMEMBERED, blueprint, page
from survey.web.respond.page.document import Invited, Problem, Shown, Wrong, empty_page, filled_page, form_with
from survey.web.respond.paradata import read_paradata
from survey.web.respond.receipt import other_answers
from survey.web.respond.receipts import receipt_code, receipt_hash
from survey.web.respond.submission import Envelope, envelope, what_is_wrong

_A_YEAR = 365 * 24 * 3600


@blueprint.get("/")
def start() -> AnyReply:
    """To the questionnaire in the reader's language."""
    reply = redirect(url_for(".questionnaire", language=g.language))
    reply.vary.update(("Accept-Language", "Cookie"))
    return reply


@blueprint.get(f"/<any({', '.join(one.upper() for one in LANGUAGES)}):capitals>")
@blueprint.get(f"/<any({', '.join(one.upper() for one in LANGUAGES)}):capitals>/<any(I, i):_letter>/<code>")
def in_capitals(capitals: str, code: str = "", _letter: str = "") -> AnyReply:
    """An address that was typed in capitals."""
    if code:
        return redirect(url_for(".invitation", language=capitals.lower(), code=code))
    return redirect(url_for(".questionnaire", language=capitals.lower()))


@blueprint.get(f"/{LANGUAGE}")
def questionnaire(language: str) -> AnyReply:
    """The questionnaire of the wave that is open."""
    with house().sessions() as session:
        stored = wave_to_answer(session, house().today())
        if stored is None:
            return nothing_to_answer(newest_wave(session))
        asked = house().asked(session, stored.wave.questionnaire)
    return empty_page(stored, asked, language, g.look)


@blueprint.post(f"/{LANGUAGE}")
def receive(language: str) -> AnyReply:
    """Answers: to be kept, or carried into another language or look."""
    return received(language, None)


def received(language: str, invited: Invited | None) -> AnyReply:
    """What becomes of the answers that were sent, with an invitation or without."""
    sent = envelope(request.form)
    with house().sessions() as session:
        asked = house().asked(session, sent.questionnaire)
    form = form_with(asked, language, request.form)
    if invited and invited.question in form:
        form[invited.question].data = invited.district
    if "switch" in request.form:
        return _remember(language, filled_page(_shown(sent, invited), form))
    given = answers(form)
    if path(asked, given).screened_out_by is not None:
        return page("screened_out.html", stored=_its_wave(sent), asked=asked)
    wrong = what_is_wrong(form, given, house().say(language))
    if wrong.problems:
        return filled_page(_shown(sent, invited), form, wrong)
    try:
        return _kept(_response(sent, language, given, asked), invited)
    except (UnknownInvitation, InvitationUsed):
        return filled_page(_shown(sent, None), form, _without_invitation(_its_wave(sent), house().say(language)))


def _shown(sent: Envelope, invited: Invited | None) -> Shown:
    return Shown(_its_wave(sent), g.look, sent.submission_id, invited)


def _its_wave(sent: Envelope) -> StoredWave:
    """The wave a submission belongs to, when it can still take it; `keep` looks at the same itself."""
    with house().sessions() as session:
        stored = find_wave(session, sent.wave)
    if stored.wave.questionnaire != sent.questionnaire:
        raise OtherQuestionnaire(f'Wave "{sent.wave}" asks another questionnaire.')
    if stored.state is not State.OPEN:
        raise WaveNotOpen(f'Wave "{sent.wave}" is {stored.state}.')
    return stored


def _without_invitation(stored: StoredWave, say: Say) -> Wrong:
    """Somebody answered with this invitation before: nothing is lost, the answers may come by the open link."""
    text = say(
        "This invitation was used before. You can still send your answers without it: please check the district."
    )
    place = question_element(stored.wave.district_question)
    return Wrong(problems=(Problem(place, text),), questions={stored.wave.district_question: text}, status=409)


def _response(sent: Envelope, language: str, given: Answers, asked: Questionnaire) -> Response:
    return Response(
        submission_id=sent.submission_id,
        wave=sent.wave,
        questionnaire=sent.questionnaire,
        language=language,
        channel=Channel.OPEN,
        mode=sent.mode,
        answers=completed(asked, given),
        paradata=read_paradata(request.form.get("paradata", ""), asked),
    )


def _kept(response: Response, invited: Invited | None) -> AnyReply:
    secret = house().config.secret or ""
    code = receipt_code(secret, response.submission_id, fingerprint(response))
    receipt = receipt_hash(secret, code)
    with house().sessions.begin() as session:
        if invited:
            kept = keep_invited(session, response, receipt, invitation_hash(secret, invited.code))
        else:
            kept = keep(session, response, receipt)
        if kept is Kept.CONFLICT:
            return other_answers(find_wave(session, response.wave), code, 409)
    to = url_for(".receipt", language=g.language, wave_id=response.wave, code=code, look=g.look.parameter)
    return redirect(to, 303)


def nothing_to_answer(stored: StoredWave | None) -> AnyReply:
    """No wave is open: it has closed (410), or it opens another day (404)."""
    if stored is None:
        return page("no_wave.html", 404, opens=None)
    if stored.state is State.CLOSED or stored.wave.closes < house().today():
        return page("closed.html", 410, stored=stored)
    coming = stored.wave.opens if stored.wave.opens > house().today() else None
    return page("no_wave.html", 404, opens=coming and format_date(coming, g.language))


def _remember(language: str, reply: Reply) -> Reply:
    """The one thing kept in the browser by the server: which language somebody chose."""
    if request.form["switch"] in LANGUAGES:
        reply.set_cookie(
            REMEMBERED, language, max_age=_A_YEAR, samesite="Lax", httponly=False, secure=house().config.https
        )
    return reply
