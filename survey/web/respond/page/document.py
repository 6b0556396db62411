"""The questionnaire's page: one document for each wave, language and look, made once and given out with a fresh id.

An invitation's page has its code and community in slots too: one document for each district.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from flask import Response as Reply
from flask import g, render_template, request, url_for
from markupsafe import escape
from werkzeug.datastructures import MultiDict

from survey.forms.names import has_write_in
from survey.forms.questionnaire_form import QuestionnaireForm, form_class
from survey.forms.visibility import label_of, offered_class, only_if, visibility_style
from survey.language import COLON, NAMES
from survey.questionnaire.model import WRITE_IN_LONGEST, Condition, Questionnaire
from survey.questionnaire.routing import rules
from survey.storage.records import StoredWave
from survey.web.headers import content_security_policy
from survey.web.house import house
from survey.web.respond.common import origin
from survey.web.respond.look import Look
from survey.web.respond.page.script import DRAFT_DAYS, for_the_interview
from survey.web.respond.page.slots import SlottedPage

_SLOTS = _SUBMISSION, _CODE, _COMMUNITY, _ORIGIN = (
    "slot-of-submission",
    "slot-of-invitation",
    "slot-of-community",
    "slot-of-origin",
)


@dataclass(frozen=True, slots=True)
class Names:
    """What the templates ask about a questionnaire beyond its own fields."""

    questionnaire: Questionnaire
    language: str
    write_in_longest: int = WRITE_IN_LONGEST

    @property
    def colon(self) -> str:
        """What stands between a name and what it names."""
        return COLON[self.language]

    @property
    def notices(self) -> Any:
        """The notices of the questionnaire."""
        return self.questionnaire.notices

    def only_if(self, conditions: tuple[Condition, ...]) -> Any:
        """Conditions in words."""
        return only_if(self.questionnaire, conditions, self.language)

    def choices(self, question_id: str, codes: tuple[int, ...]) -> str:
        """The labels of some codes of a question."""
        asked = self.questionnaire.question(question_id)
        return " / ".join(label_of(asked, code, self.questionnaire, self.language) for code in codes)

    def label(self, question: Any, code: int) -> str:
        """What a code is called."""
        return label_of(question, code, self.questionnaire, self.language)

    def offered_class(self, when: tuple[int, ...]) -> str:
        """Class of choices offered together."""
        return offered_class(when)

    def has_write_in(self, question: Any) -> bool:
        """Whether a choice opens a text field."""
        return has_write_in(question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What the page shows of an invitation."""

    code: str
    question: str
    """The one that `district` answers."""
    district: int
    community: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of the questionnaire is made for."""

    stored: StoredWave
    look: Look
    submission_id: str
    invited: Invited | None = None
    origin: str = field(default_factory=origin)
    """Where the survey is reached: what leaves this server, to WeChat or a search engine, has whole addresses."""

    def address(self, language: str, look: Look | None = None) -> str:
        """Where this page stands in another language or look: an invitation comes along."""
        parameter = (look or self.look).parameter
        if self.invited is None:
            return url_for("respond.questionnaire", language=language, look=parameter)
        return url_for("respond.invitation", language=language, code=self.invited.code, look=parameter)


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary: where it leads and what it says."""

    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with a submission, for its page."""

    problems: tuple[Problem, ...] = ()
    questions: Mapping[str, str]
    consent: str = ""
    status: int = 422


NOTHING_WRONG = Wrong(questions={})


def empty_page(
    stored: StoredWave, questionnaire: Questionnaire, language: str, look: Look, invited: Invited | None = None
) -> Reply:
    """The questionnaire with nothing answered and an id of its own."""
    documents = house().documents
    key = (stored.wave.id, stored.wave.questionnaire, language, look, invited and invited.district)
    document = documents.get(key)
    if document is None:
        form = form_class(questionnaire, language)(formdata=None)
        slots = invited and replace(invited, code=_CODE, community=_COMMUNITY)
        shown = Shown(stored, look, _SUBMISSION, slots, house().config.address or _ORIGIN)
        document = documents[key] = SlottedPage(_page(shown, form), _SLOTS)
    values = {_SUBMISSION: str(uuid4()), _ORIGIN: str(escape(origin()))}
    if invited:
        values |= {_CODE: invited.code, _COMMUNITY: str(escape(invited.community))}
    zipped = request.accept_encodings.quality("gzip") > 0
    reply = Reply((document.gzipped if zipped else document.plain)(values), mimetype="text/html")
    if zipped:
        reply.headers["Content-Encoding"] = "gzip"
    reply.vary.add("Accept-Encoding")
    return _with_policy(reply, questionnaire)


def filled_page(shown: Shown, form: QuestionnaireForm, wrong: Wrong = NOTHING_WRONG) -> Reply:
    """The questionnaire with what was answered so far, and what is wrong with it."""
    reply = Reply(_page(shown, form, wrong), wrong.status if wrong.problems else 200, mimetype="text/html")
    return _with_policy(reply, form.questionnaire)


def form_with(questionnaire: Questionnaire, language: str, sent: MultiDict[str, str]) -> QuestionnaireForm:
    """The form in `language` with what was sent."""
    return form_class(questionnaire, language)(formdata=sent)


def _page(shown: Shown, form: QuestionnaireForm, wrong: Wrong = NOTHING_WRONG) -> str:
    asked, wave = form.questionnaire, shown.stored.wave
    g.language = form.language
    if shown.invited:
        form[shown.invited.question].data = shown.invited.district
    return render_template(
        "respond/form.html",
        wave=wave,
        questionnaire=asked,
        questionnaire_hash=wave.questionnaire,
        form=form,
        names=Names(asked, form.language),
        look=shown.look,
        languages=NAMES,
        address=shown.address,
        origin=shown.origin,
        invited=shown.invited,
        fixed=shown.invited.question if shown.invited else None,
        style=visibility_style(asked),
        script=_for_the_script(shown, asked),
        draft_days=DRAFT_DAYS,
        submission=shown.submission_id,
        problems=wrong.problems,
        wrong=wrong.questions,
        consent_wrong=wrong.consent,
    )


def _for_the_script(shown: Shown, questionnaire: Questionnaire) -> Mapping[str, Any]:
    wave = shown.stored.wave
    own = f":{shown.invited.code}" if shown.invited else ""
    return {
        "rules": rules(questionnaire),
        "reached": url_for("respond.arrived", language=g.language),
        "draft": f"survey:{wave.id}:{wave.questionnaire}{own}",
        "screened_out": questionnaire.notices.screened_out[g.language],
        **for_the_interview(wave, g.language, house().say(g.language)),
    }


def _with_policy(reply: Reply, questionnaire: Questionnaire) -> Reply:
    digest = b64encode(hashlib.sha256(visibility_style(questionnaire).encode()).digest()).decode()
    reply.headers["Content-Security-Policy"] = content_security_policy(f"'sha256-{digest}'")
    reply.headers["Cache-Control"] = "private, no-cache"
    return reply
