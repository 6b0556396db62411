"""The one text of a wave, and the hash of its analysis plan that every result shows."""

from __future__ import annotations

import hashlib

from survey.questionnaire.notation.record import from_json, to_json
from survey.wave.model import Wave


def canonical(wave: Wave) -> str:
    """The wave as canonical JSON: the same content gives the same text."""
    return to_json(wave)


def from_canonical(text: str) -> Wave:
    """The wave that `canonical` wrote; ValueError, KeyError or TypeError for any other text."""
    wave: Wave = from_json(Wave, text)
    return wave


def analysis_hash(wave: Wave) -> str:
    """SHA-256 of everything that decides how results are computed: questionnaire, districts, margins, analysis plan."""
    frozen = {
        "questionnaire": wave.questionnaire,
        "district_question": wave.district_question,
        "districts": wave.districts,
        "margins": wave.margins,
        "analysis": wave.analysis,
    }
    return hashlib.sha256(to_json(frozen).encode()).hexdigest()
