"""The respondent's side: the questionnaire in each language, the receipt, withdrawing.

No session, no token, no cookie but the language somebody chose. Nothing is kept before "send".
"""

from __future__ import annotations

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask import Response as Reply
from werkzeug.wrappers import Response as AnyReply

from survey.forms.questionnaire_form import QuestionnaireForm, answers
from survey.language import LANGUAGES, NAMES, format_date, preferred
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.routing import path
from survey.questionnaire.validation import completed
from survey.storage.errors import OtherQuestionnaire, WaveNotOpen
from survey.storage.records import Kept, StoredWave
from survey.storage.responses import fingerprint, is_kept, keep, withdraw
from survey.storage.waves import all_waves, find_wave, newest_wave, wave_to_answer
from survey.wave.model import Channel, State
from survey.wave.response import Response
from survey.web.house import house
from survey.web.look import Look, look_of
from survey.web.receipts import read_code, receipt_code, receipt_hash
from survey.web.respond_document import empty_page, filled_page, form_with
from survey.web.respond_submission import Envelope, envelope, what_is_wrong

blueprint = Blueprint("respond", __name__)
_LANGUAGE = f"<any({', '.join(LANGUAGES)}):language>"
_REMEMBERED = "language"
_A_YEAR = 365 * 24 * 3600


@blueprint.url_value_preprocessor
def _read_address(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.language = (values or {}).get("language") or reader_language()
    g.look = look_of(request.args.get("look"))


def reader_language() -> str:
    """The language somebody chose before, else the browser's first that we speak."""
    remembered = request.cookies.get(_REMEMBERED)
    return remembered if remembered in LANGUAGES else preferred(request.accept_languages.values())


@blueprint.get("/")
def start() -> AnyReply:
    """To the questionnaire in the reader's language."""
    reply = redirect(url_for(".questionnaire", language=g.language))
    reply.vary.update(("Accept-Language", "Cookie"))
    return reply


@blueprint.get(f"/{_LANGUAGE}")
def questionnaire(language: str) -> AnyReply:
    """The questionnaire of the wave that is open."""
    with house().sessions() as session:
        stored = wave_to_answer(session, house().today())
        if stored is None:
            return _nothing_to_answer(newest_wave(session))
        asked = house().asked(session, stored.wave.questionnaire)
    return empty_page(stored, asked, language, g.look)


@blueprint.post(f"/{_LANGUAGE}")
def receive(language: str) -> AnyReply:
    """Answers: to be kept, or carried into another language or look."""
    sent = envelope(request.form)
    with house().sessions() as session:
        asked = house().asked(session, sent.questionnaire)
    form = form_with(asked, language, request.form)
    if "switch" in request.form:
        return _remember(language, filled_page(_its_wave(sent), form, g.look, sent.submission_id))
    if path(asked, answers(form)).screened_out_by is not None:
        return _page("screened_out.html", stored=_its_wave(sent), asked=asked)
    wrong = what_is_wrong(form, house().say(language))
    if wrong.problems:
        return filled_page(_its_wave(sent), form, g.look, sent.submission_id, wrong)
    return _kept(_response(sent, form, asked))


def _its_wave(sent: Envelope) -> StoredWave:
    """The wave a submission belongs to, when it can still take it; `keep` looks at the same itself."""
    with house().sessions() as session:
        stored = find_wave(session, sent.wave)
    if stored.wave.questionnaire != sent.questionnaire:
        raise OtherQuestionnaire(f'Wave "{sent.wave}" asks another questionnaire.')
    if stored.state is not State.OPEN:
        raise WaveNotOpen(f'Wave "{sent.wave}" is {stored.state}.')
    return stored


@blueprint.get(f"/{_LANGUAGE}/receipt/<wave_id>/<code>")
def receipt(language: str, wave_id: str, code: str) -> AnyReply:
    """What a respondent keeps: the code, and what happens now."""
    known = read_code(code)
    if known is None:
        abort(404)
    with house().sessions() as session:
        stored = find_wave(session, wave_id)
        if not is_kept(session, wave_id, receipt_hash(house().config.secret or "", known)):
            return _page("no_receipt.html", 404)
        asked = house().asked(session, stored.wave.questionnaire)
    closes = format_date(stored.wave.closes, language) if stored.state is State.OPEN else ""
    return _page("receipt.html", stored=stored, asked=asked, code=known, closes=closes)


@blueprint.route(f"/{_LANGUAGE}/withdraw", methods=["GET", "POST"])
def withdrawal(language: str) -> AnyReply:
    """Take answers back with the receipt code, until their wave closes."""
    typed = request.form.get("code", "")
    if request.method == "GET":
        return _page("withdraw.html", typed=typed, problem="")
    say = house().say(language)
    code = read_code(typed)
    if code is None:
        problem = say("This is no receipt code. It has three groups of four letters and digits; please check it.")
        return _page("withdraw.html", 422, typed=typed, problem=problem)
    if not _withdrawn(code):
        problem = say("We hold no answers with this code that can be withdrawn.")
        return _page("withdraw.html", 404, typed=typed, problem=problem)
    return _page("withdrawn.html")


def _response(sent: Envelope, form: QuestionnaireForm, asked: Questionnaire) -> Response:
    return Response(
        submission_id=sent.submission_id,
        wave=sent.wave,
        questionnaire=sent.questionnaire,
        language=form.language,
        channel=Channel.OPEN,
        mode=sent.mode,
        answers=completed(asked, answers(form)),
    )


def _kept(response: Response) -> AnyReply:
    secret = house().config.secret or ""
    code = receipt_code(secret, response.submission_id, fingerprint(response))
    with house().sessions.begin() as session:
        kept = keep(session, response, receipt_hash(secret, code))
        if kept is Kept.CONFLICT:
            return _page("conflict.html", 409, stored=find_wave(session, response.wave), code=code)
    to = url_for(".receipt", language=g.language, wave_id=response.wave, code=code, look=g.look.parameter)
    return redirect(to, 303)


def _withdrawn(code: str) -> bool:
    hashed = receipt_hash(house().config.secret or "", code)
    with house().sessions.begin() as session:
        waves = [stored.wave.id for stored in all_waves(session) if stored.state is State.OPEN]
        return any([withdraw(session, wave_id, hashed) for wave_id in waves])


def _nothing_to_answer(stored: StoredWave | None) -> AnyReply:
    """No wave is open: it has closed (410), or it opens another day (404)."""
    if stored is None:
        return _page("no_wave.html", 404, opens=None)
    if stored.state is State.CLOSED or stored.wave.closes < house().today():
        return _page("closed.html", 410, stored=stored)
    coming = stored.wave.opens if stored.wave.opens > house().today() else None
    return _page("no_wave.html", 404, opens=coming and format_date(coming, g.language))


def _page(name: str, status: int = 200, **shown: object) -> AnyReply:
    return make_response(render_template(f"respond/{name}", languages=NAMES, here=here, **shown), status)


def here(language: str, look: Look | None = None) -> str:
    """The address of this page in another language or look; of the questionnaire where the page has none."""
    has_one = request.endpoint in (f"{blueprint.name}.receipt", f"{blueprint.name}.withdrawal")
    endpoint = request.endpoint if has_one else f"{blueprint.name}.questionnaire"
    values = {**(request.view_args or {}), "language": language} if has_one else {"language": language}
    return url_for(endpoint or "", **values, look=(look or g.look).parameter)


def _remember(language: str, reply: Reply) -> Reply:
    """The one thing kept in the browser by the server: which language somebody chose."""
    if request.form["switch"] in LANGUAGES:
        reply.set_cookie(
            _REMEMBERED, language, max_age=_A_YEAR, samesite="Lax", httponly=False, secure=house().config.https
        )
    return reply
