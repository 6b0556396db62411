"""What a wave and the questionnaire it asks must say about each other."""

from __future__ import annotations

from survey.questionnaire.errors import Problem
from survey.questionnaire.model import Questionnaire
from survey.wave.model import Wave


def check(wave: Wave, questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Everything wrong with `wave` as a whole, set against the questionnaire."""
    return ()
