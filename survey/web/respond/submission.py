"""From what a respondent sent to a response that can be kept, or to what is wrong with it in the respondent's words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from survey.forms.names import CONSENT
from survey.forms.questionnaire_form import QuestionnaireForm
from survey.forms.visibility import question_element
from survey.language import COLON, Say
from survey.questionnaire.model import (
    WRITE_IN_LONGEST,
    Answers,
    MultipleChoice,
    Number,
    OpenText,
    Question,
    Questionnaire,
    Score,
    write_in_id,
)
from survey.questionnaire.validation import AnswerProblem, Reason, check_answers
from survey.wave.model import Mode
from survey.web.respond.page.document import Problem, Wrong


class MalformedSubmission(Exception):
    """What came is not what our page sends: no valid submission id, no wave."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a submission says about itself."""

    submission_id: str
    wave: str
    questionnaire: str
    mode: Mode


def envelope(sent: MultiDict[str, str]) -> Envelope:
    """Read the hidden fields; `MalformedSubmission` when they are missing or are none of ours."""
    try:
        submission_id = str(UUID(sent["submission"]))
        mode = Mode.PHONE if sent.get("mode") == Mode.PHONE else Mode.WEB
        return Envelope(submission_id, sent["wave"], sent["questionnaire"], mode)
    except (KeyError, ValueError) as problem:
        raise MalformedSubmission from problem


def what_is_wrong(form: QuestionnaireForm, given: Answers, say: Say) -> Wrong:
    """Everything that keeps the answers `given` in `form` from being accepted; nothing when they are."""
    consent = "" if form[CONSENT].data else say("Please tick this box if you want to take part.")
    problems = [Problem(CONSENT, consent)] if consent else []
    messages: dict[str, str] = {}
    for problem in check_answers(form.questionnaire, given):
        question = _question(form.questionnaire, problem)
        if question is None or question.id in messages:
            continue
        messages[question.id] = _message(question, problem.reason, say)
        named = question.label[form.language] + COLON[form.language] + messages[question.id]
        problems.append(Problem(question_element(question.id), named))
    return Wrong(problems=tuple(problems), questions=messages, consent=consent)


def _question(questionnaire: Questionnaire, problem: AnswerProblem) -> Question | None:
    """The question a problem belongs to: its own, or the one whose write-in it is."""
    for question in questionnaire.questions():
        if problem.question_id in (question.id, write_in_id(question.id)):
            return question
    return None


def _message(question: Question, reason: Reason, say: Say) -> str:
    """What is wrong and how to mend it."""
    if reason in _BY_REASON:
        return say(_BY_REASON[reason])
    match question, reason:
        case MultipleChoice(most=most), Reason.TOO_MANY:
            return say("Please choose at most %(most)s.") % {"most": most}
        case Number(low=low, high=high), _:
            return say("Please write a whole number from %(low)s to %(high)s.") % {"low": low, "high": high}
        case Score(low=low, high=high), _:
            return say("Please choose a number from %(low)s to %(high)s.") % {"low": low, "high": high}
        case _, Reason.TOO_LONG:
            longest = question.longest if isinstance(question, OpenText) else WRITE_IN_LONGEST
            return say("Please use at most %(longest)s characters.") % {"longest": longest}
        case _:
            return say("This answer is not one of the choices. Please choose again.")


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


_BY_REASON = {
    Reason.REQUIRED: _("Please choose one answer."),
    Reason.NOT_OFFERED: _("This answer does not fit what you answered before. Please choose again."),
    Reason.EXCLUSIVE: _("“None”, “don't know” and “prefer not to say” can't be combined with other answers."),
}
