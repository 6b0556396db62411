"""How the parts of the form are called: names of inputs and ids in the page, the same for page, style and script."""

from __future__ import annotations

from survey.questionnaire.model import Missing, MultipleChoice, Number, OpenText, Question, SingleChoice

YES, NO = "yes", "no"
CONSENT = "consent"
"""The box that agrees to take part."""


def sensitive_consent(question_id: str) -> str:
    """Name of the choice whether a sensitive question shall be asked at all."""
    return f"consent_{question_id}"


def missing_name(question_id: str) -> str:
    """Name of the boxes "don't know" and "prefer not to say" where the answer itself is typed."""
    return f"{question_id}_missing"


def element(name: str, code: int | str) -> str:
    """Id of the input that stands for one code."""
    return f"{name}-{code}"


def input_of(question: Question, code: int) -> str:
    """Id of the input whose being checked means that `question` is answered with `code`."""
    if isinstance(question, Number | OpenText) and code in tuple(Missing):
        return element(missing_name(question.id), code)
    return element(question.id, code)


def has_write_in(question: Question) -> bool:
    """Whether one of the choices opens a text field."""
    return isinstance(question, SingleChoice | MultipleChoice) and any(one.write_in for one in question.options)
