"""Databases with a small questionnaire and a wave that asks it."""

from __future__ import annotations

import pytest
from small import small_questionnaire, small_wave
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from survey.storage.database import sessions
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave


@pytest.fixture
def begin(engine: Engine) -> sessionmaker[Session]:
    """Sessions on a database with the published questionnaire and no wave."""
    made = sessions(engine)
    with made.begin() as session:
        publish(session, small_questionnaire())
    return made


@pytest.fixture
def opened(begin: sessionmaker[Session]) -> sessionmaker[Session]:
    """Sessions on a database whose wave "2026" is open."""
    with begin.begin() as session:
        create_wave(session, small_wave())
        open_wave(session, "2026")
    return begin
