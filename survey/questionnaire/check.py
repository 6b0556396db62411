"""What the parts of a questionnaire must say about each other."""

from __future__ import annotations

from survey.questionnaire.checks.identity import identity
from survey.questionnaire.checks.links import links
from survey.questionnaire.checks.reach import reach
from survey.questionnaire.checks.shape import shape
from survey.questionnaire.errors import Problem
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.plan import Plan


def check(questionnaire: Questionnaire, plan: Plan) -> tuple[Problem, ...]:
    """Everything wrong with `questionnaire` as a whole, set against the plan it links to."""
    told = [*identity(questionnaire), *shape(questionnaire), *links(questionnaire, plan)]
    # A condition that is wrong in itself need not be told again as one that can never hold.
    further = [one for one in reach(questionnaire) if not any(t.place.startswith(one.place) for t in told)]
    return (*told, *further)
