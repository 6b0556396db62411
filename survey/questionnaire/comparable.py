"""Whether answers to two versions of a question may be joined across the years."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from survey.questionnaire.checks.places import Placed, placed
from survey.questionnaire.model import Links, Question, Questionnaire


class Comparison(StrEnum):
    """What two versions of a questionnaire say about one question."""

    SAME = "same"
    """Same words in every language, same answers offered, put to the same people."""
    DECLARED = "declared"
    """Changed, and one of the versions declares that the answers may be joined (`comparable_with`)."""
    CHANGED = "changed"
    """Changed, and nobody declares that the answers may be joined."""
    ABSENT = "absent"
    """One of the versions does not ask it."""

    @property
    def joins(self) -> bool:
        """Whether the answers may be set side by side."""
        return self in (Comparison.SAME, Comparison.DECLARED)


def compared(before: Questionnaire, after: Questionnaire, question_id: str) -> Comparison:
    """What the versions `before` and `after` say about a question; it does not matter which one declares it."""
    earlier, later = _find(before, question_id), _find(after, question_id)
    if earlier is None or later is None or before.id != after.id:
        return Comparison.ABSENT
    if _asked(earlier.question) == _asked(later.question) and earlier.conditions == later.conditions:
        return Comparison.SAME
    same_kind = earlier.question.kind == later.question.kind
    declared = before.version in later.question.comparable_with or after.version in earlier.question.comparable_with
    return Comparison.DECLARED if same_kind and declared else Comparison.CHANGED


def _find(questionnaire: Questionnaire, question_id: str) -> Placed | None:
    return next((one for one in placed(questionnaire) if one.question.id == question_id), None)


def _asked(question: Question) -> Question:
    """The question without what a respondent never sees."""
    return replace(question, links=Links(), label=question.text, quasi_identifier=False, comparable_with=())
