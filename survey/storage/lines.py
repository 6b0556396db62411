"""Which waves stand in one line: of one questionnaire, whatever its version, and all real or all simulated."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from sqlalchemy.orm import Session

from survey.questionnaire.model import Questionnaire
from survey.storage.questionnaires import published
from survey.storage.records import StoredWave
from survey.storage.waves import all_waves
from survey.wave.model import State

Asked = Callable[[Session, str], Questionnaire]
"""The published questionnaire with a content hash: `published`, or who has read it already."""


def lines(session: Session, asked: Asked = published) -> list[list[StoredWave]]:
    """The opened waves in their lines: the line of the newest wave first, in each the oldest wave first."""
    found: dict[tuple[str, bool], list[StoredWave]] = {}
    for stored in all_waves(session):
        if stored.state is not State.PLANNED:
            key = (asked(session, stored.wave.questionnaire).id, stored.wave.simulated)
            found.setdefault(key, []).insert(0, stored)
    return list(found.values())


def waves_before(session: Session, wave_id: str, asked: Asked = published) -> tuple[StoredWave, ...]:
    """The waves before an opened wave in its line, oldest first."""
    own = next((line for line in lines(session, asked) if any(one.wave.id == wave_id for one in line)), [])
    return tuple(takewhile(lambda one: one.wave.id != wave_id, own))
