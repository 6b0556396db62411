"""The one text of a questionnaire, and the hash that every response carries."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.notation.record import from_json, to_json


@lru_cache(maxsize=32)
def canonical(questionnaire: Questionnaire) -> str:
    """The questionnaire as canonical JSON: the same content gives the same text."""
    return to_json(questionnaire)


@lru_cache(maxsize=32)
def content_hash(questionnaire: Questionnaire) -> str:
    """SHA-256 of the canonical text, in hexadecimal digits."""
    return hashlib.sha256(canonical(questionnaire).encode()).hexdigest()


def from_canonical(text: str) -> Questionnaire:
    """The questionnaire that `canonical` wrote; ValueError, KeyError or TypeError for any other text."""
    questionnaire: Questionnaire = from_json(Questionnaire, text)
    return questionnaire
