"""What the parts of a questionnaire must say about each other."""

from __future__ import annotations

from survey.questionnaire.errors import Problem
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.plan import Plan


def check(questionnaire: Questionnaire, plan: Plan) -> tuple[Problem, ...]:
    """Everything wrong with `questionnaire` as a whole, set against the plan it links to."""
    return ()
