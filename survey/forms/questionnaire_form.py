"""The questionnaire as one Flask-WTF form, and the answers that were sent with it.

The form carries no CSRF token: the respondent acts for nobody who is signed in, so there is nothing to forge, and the
page may be cached, kept on the phone and sent days later.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, StringField

from survey.forms.fields import Row, code_or_text, field_for, missing_rows
from survey.forms.names import CONSENT, NO, YES, has_write_in, missing_name, sensitive_consent
from survey.questionnaire.model import (
    Answer,
    Answers,
    Missing,
    MultipleChoice,
    Number,
    OpenText,
    Question,
    Questionnaire,
    write_in_id,
)


class QuestionnaireForm(FlaskForm):  # type: ignore[misc]
    """What every questionnaire's form has; `form_class` adds a field for each question."""

    questionnaire: Questionnaire
    language: str

    class Meta:
        csrf = False

        def get_translations(self, _form: Any) -> None:
            """No text of WTForms is ever shown: what is wrong is said by the server in the page's language."""

    def missing(self, question: Question) -> tuple[Row, ...]:
        """The ways of not answering `question`, as rows of the page."""
        typed = isinstance(question, Number | OpenText)
        name = missing_name(question.id) if typed else question.id
        labels = {way: words[self.language] for way, words in self.questionnaire.missing_labels.items()}
        return missing_rows(question, labels, name, _codes(self[name])) if question.missing else ()

    def may_ask(self, question: Question) -> bool:
        """Whether a sensitive question was allowed; true for every other question."""
        return not question.sensitive or self[sensitive_consent(question.id)].data == YES


@lru_cache(maxsize=32)
def form_class(questionnaire: Questionnaire, language: str) -> type[QuestionnaireForm]:
    """The form that asks `questionnaire` in `language`."""
    fields: dict[str, Any] = {CONSENT: BooleanField(false_values=(False, "", "false", NO))}
    for question in questionnaire.questions():
        fields[question.id] = field_for(question, language)
        if isinstance(question, Number | OpenText) and question.missing:
            fields[missing_name(question.id)] = SelectMultipleField(
                choices=[], coerce=code_or_text, validate_choice=False
            )
        if has_write_in(question):
            fields[write_in_id(question.id)] = StringField()
        if question.sensitive:
            fields[sensitive_consent(question.id)] = RadioField(choices=[], validate_choice=False)
    return type("Form", (QuestionnaireForm,), {**fields, "questionnaire": questionnaire, "language": language})


def answers(form: QuestionnaireForm) -> Answers:
    """What was answered, as it came: codes may be none of the scale's, and routing is not looked at.

    A sensitive question that the respondent did not allow counts as declined, whatever was sent for it.
    """
    found: dict[str, Answer] = {}
    for question in form.questionnaire.questions():
        if not form.may_ask(question):
            if form[sensitive_consent(question.id)].data == NO and Missing.PREFER_NOT_TO_SAY in question.missing:
                found[question.id] = int(Missing.PREFER_NOT_TO_SAY)
            continue
        answer = _answer(form, question)
        if answer is not None:
            found[question.id] = answer
        if has_write_in(question) and (text := _text(form[write_in_id(question.id)])):
            found[write_in_id(question.id)] = text
    return found


def _answer(form: QuestionnaireForm, question: Question) -> Answer | None:
    match question:
        case Number() | OpenText():
            return _typed(form, question)
        case MultipleChoice():
            return _some(_codes(form[question.id]))
        case _:
            code: Answer | None = form[question.id].data
            return code


def _typed(form: QuestionnaireForm, question: Number | OpenText) -> Answer | None:
    """What was typed, unless the respondent ticked that they would rather not: then that is respected."""
    declined = _some(_codes(form[missing_name(question.id)])) if question.missing else None
    if declined is not None:
        return declined[0] if isinstance(declined, tuple) else declined
    text = _text(form[question.id])
    return code_or_text(text) if text is not None and isinstance(question, Number) else text


def _some(codes: tuple[int | str, ...]) -> Answer | None:
    """Codes as an answer; something that is no code stands alone, for the validation to refuse."""
    numbers = tuple(code for code in codes if isinstance(code, int))
    if len(numbers) < len(codes):
        return next(code for code in codes if isinstance(code, str))
    return numbers or None


def _codes(field: Field) -> tuple[Any, ...]:
    if field.data is None:
        return ()
    return tuple(field.data) if isinstance(field.data, list) else (field.data,)


def _text(field: Field) -> str | None:
    return (field.data or "").strip() or None
