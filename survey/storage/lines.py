"""Which waves stand in one line: of one questionnaire, whatever its version, and all real or all simulated."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.storage.questionnaires import published
from survey.storage.records import StoredWave
from survey.storage.waves import all_waves
from survey.wave.model import State


def waves_before(session: Session, stored: StoredWave) -> tuple[StoredWave, ...]:
    """The opened waves before a wave that stand in one line with it, oldest first."""
    every = all_waves(session)
    place = next(place for place, one in enumerate(every) if one.wave.id == stored.wave.id)
    older = [
        one
        for one in every[place + 1 :]
        if one.state is not State.PLANNED and one.wave.simulated == stored.wave.simulated
    ]
    asked = published(session, stored.wave.questionnaire).id
    return tuple(one for one in reversed(older) if published(session, one.wave.questionnaire).id == asked)
