"""The questionnaire's page: one document for each wave, language and look, made once and given out with a fresh id.

The submission's id stands near the end of the document. Everything before it is compressed once; a visit costs a copy
of the compressor's state and a few hundred bytes more.
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Response as Reply
from flask import g, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from survey.forms.names import has_write_in
from survey.forms.questionnaire_form import QuestionnaireForm, form_class
from survey.forms.visibility import label_of, offered_class, only_if, visibility_style
from survey.language import NAMES
from survey.questionnaire.model import WRITE_IN_LONGEST, Condition, Questionnaire
from survey.questionnaire.routing import rules
from survey.storage.records import StoredWave
from survey.web.headers import content_security_policy
from survey.web.house import house
from survey.web.respond.look import Look

DRAFT_DAYS = 7
"""How long a draft stays on the phone."""
_HERE = "@@submission@@"


@dataclass(frozen=True, slots=True)
class Names:
    """What the templates ask about a questionnaire beyond its own fields."""

    questionnaire: Questionnaire
    language: str
    write_in_longest: int = WRITE_IN_LONGEST

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

    def offered_class(self, when: tuple[int, ...]) -> str:
        """Class of choices offered together."""
        return offered_class(when)

    def has_write_in(self, question: Any) -> bool:
        """Whether a choice opens a text field."""
        return has_write_in(question)


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


NOTHING_WRONG = Wrong(questions={})


class Document:
    """A page that lacks only the submission's id."""

    def __init__(self, page: str) -> None:
        before, after = page.split(_HERE)
        self._before, self._after = before.encode(), after.encode()
        self._compressor = zlib.compressobj(9, wbits=31)
        self._compressed = self._compressor.compress(self._before)

    def plain(self, submission_id: str) -> bytes:
        """The page with its id."""
        return self._before + submission_id.encode() + self._after

    def gzipped(self, submission_id: str) -> bytes:
        """The same, compressed."""
        rest = self._compressor.copy()
        return self._compressed + rest.compress(submission_id.encode() + self._after) + rest.flush()


def empty_page(stored: StoredWave, questionnaire: Questionnaire, language: str, look: Look) -> Reply:
    """The questionnaire with nothing answered and an id of its own."""
    documents = house().documents
    key = (stored.wave.id, stored.wave.questionnaire, language, look)
    document = documents.get(key)
    if document is None:
        form = form_class(questionnaire, language)(formdata=None)
        document = documents[key] = Document(_page(stored, form, look, _HERE, NOTHING_WRONG))
    zipped = request.accept_encodings.quality("gzip") > 0
    reply = Reply((document.gzipped if zipped else document.plain)(str(uuid4())), mimetype="text/html")
    if zipped:
        reply.headers["Content-Encoding"] = "gzip"
    reply.vary.add("Accept-Encoding")
    return _with_policy(reply, questionnaire)


def filled_page(
    stored: StoredWave, form: QuestionnaireForm, look: Look, submission_id: str, wrong: Wrong = NOTHING_WRONG
) -> Reply:
    """The questionnaire with what was answered so far, and what is wrong with it."""
    reply = Reply(_page(stored, form, look, submission_id, wrong), 422 if wrong.problems else 200, mimetype="text/html")
    return _with_policy(reply, form.questionnaire)


def form_with(questionnaire: Questionnaire, language: str, sent: MultiDict[str, str]) -> QuestionnaireForm:
    """The form in `language` with what was sent."""
    return form_class(questionnaire, language)(formdata=sent)


def _page(stored: StoredWave, form: QuestionnaireForm, look: Look, submission_id: str, wrong: Wrong) -> str:
    asked = form.questionnaire
    g.language = form.language
    return render_template(
        "respond/form.html",
        wave=stored.wave,
        questionnaire=asked,
        questionnaire_hash=stored.wave.questionnaire,
        form=form,
        names=Names(asked, form.language),
        look=look,
        languages=NAMES,
        address=lambda language, shown=look: url_for("respond.questionnaire", language=language, look=shown.parameter),
        style=visibility_style(asked),
        script=_for_the_script(stored, asked),
        draft_days=DRAFT_DAYS,
        submission=submission_id,
        problems=wrong.problems,
        wrong=wrong.questions,
        consent_wrong=wrong.consent,
    )


def _for_the_script(stored: StoredWave, questionnaire: Questionnaire) -> Mapping[str, Any]:
    say = house().say(g.language)
    return {
        "rules": rules(questionnaire),
        "draft": f"survey:{stored.wave.id}:{stored.wave.questionnaire}",
        "days": DRAFT_DAYS,
        "screened_out": questionnaire.notices.screened_out[g.language],
        "say": {name: say(text) for name, text in SCRIPT_TEXTS.items()},
    }


def _with_policy(reply: Reply, questionnaire: Questionnaire) -> Reply:
    digest = b64encode(hashlib.sha256(visibility_style(questionnaire).encode()).digest()).decode()
    reply.headers["Content-Security-Policy"] = content_security_policy(f"'sha256-{digest}'")
    reply.headers["Cache-Control"] = "private, no-cache"
    return reply


def _(text: str) -> str:
    """Marks a text for the catalogues; it is said when the page is made."""
    return text


SCRIPT_TEXTS = {
    "start": _("I agree, start"),
    "next": _("Next"),
    "back": _("Back"),
    "part": _("Part %(number)s of %(count)s"),
    "choose": _("Please choose one answer."),
    "skip": _("You have not chosen an answer. You may choose one, or press “Next” again to go on without."),
    "most": _("Please choose at most %(most)s."),
    "number": _("Please write a whole number from %(low)s to %(high)s."),
    "kept": _("Your answers are kept on this phone or computer until you send them."),
    "not_kept": _("This browser cannot keep a draft. Please finish without closing the page."),
    "wipe": _("Wipe my answers"),
    "wiped": _("Your answers were wiped from this phone or computer."),
    "not_asked": _("Thank you"),
    "sending": _("Sending …"),
}
