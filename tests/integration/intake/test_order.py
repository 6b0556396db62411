"""The database does not tell in which order a file held its rows."""

from __future__ import annotations

from dataclasses import replace

from small_city import questionnaire, sample, wave
from sqlalchemy import text

from survey.storage.answers.imported import keep_imported
from survey.storage.database import connect, sessions, upgrade
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave


def test_imported_rows_lie_in_the_order_of_random_ids(database: str) -> None:
    given = [replace(one, submission_id=f"{place * 7919 % 400:08d}") for place, one in enumerate(sample())]
    engine = connect(database)
    upgrade(engine)
    with sessions(engine).begin() as session:
        publish(session, questionnaire())
        create_wave(session, wave())
        keep_imported(session, wave().id, given)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT submission_id, answers FROM response")).scalars().all()
        written = connection.execute(text("SELECT count(DISTINCT receipt_hash) FROM response")).scalar()
    engine.dispose()
    assert [one.submission_id for one in given] != found
    assert found == sorted(found)
    assert (len(found), written) == (400, 400)
