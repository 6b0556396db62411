"""Waves: planned, then open, then closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import CursorResult, Select, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from survey.storage.answers.insert import insert_once
from survey.storage.errors import AlreadyExists, UnknownQuestionnaire, UnknownWave, WrongState
from survey.storage.records import StoredWave
from survey.storage.tables import ChangeRow, QuestionnaireRow, WaveRow
from survey.wave.canonical import analysis_hash, canonical, from_canonical
from survey.wave.model import State, Wave

SHARDS = 16
"""In how many rows the changes of a wave are counted."""


def create_wave(session: Session, wave: Wave) -> None:
    """Plan a wave.

    Raises
    ------
    UnknownQuestionnaire
        Its questionnaire version was not published.
    AlreadyExists
        A wave has this id.
    """
    if session.scalar(select(QuestionnaireRow.hash).filter_by(hash=wave.questionnaire)) is None:
        raise UnknownQuestionnaire(
            f'Wave "{wave.id}" asks the questionnaire with the content hash "{wave.questionnaire}", '
            "which was not published."
        )
    planned = {
        "id": wave.id,
        "questionnaire": wave.questionnaire,
        "state": State.PLANNED.value,
        "definition": canonical(wave),
    }
    if not insert_once(session, WaveRow, planned):
        raise AlreadyExists(f'There is a wave "{wave.id}" already.')
    session.execute(insert(ChangeRow), [{"wave": wave.id, "shard": shard, "changes": 0} for shard in range(SHARDS)])


def open_wave(session: Session, wave_id: str) -> None:
    """Open a planned wave for answers; from here its analysis plan's hash stands (`UnknownWave`, `WrongState`)."""
    frozen = analysis_hash(find_wave(session, wave_id).wave)
    _move(session, wave_id, State.PLANNED, State.OPEN, analysis_hash=frozen)


def close_wave(session: Session, wave_id: str) -> None:
    """Close an open wave for good (`UnknownWave`, `WrongState`)."""
    _move(session, wave_id, State.OPEN, State.CLOSED)


def find_wave(session: Session, wave_id: str) -> StoredWave:
    """The wave with this id; `UnknownWave` when there is none."""
    for stored in _stored(session, _ONE, {"id": wave_id}):
        return stored
    raise UnknownWave(f'There is no wave "{wave_id}".')


def all_waves(session: Session) -> tuple[StoredWave, ...]:
    """Every wave, newest first (by opening date, then id)."""
    return tuple(sorted(_stored(session, _WAVES), key=_age, reverse=True))


def newest_wave(session: Session) -> StoredWave | None:
    """The wave that opened last; planned ones, which nobody answered yet, come after all others."""
    return next(iter(sorted(all_waves(session), key=lambda stored: stored.state is State.PLANNED)), None)


def wave_to_answer(session: Session, today: date) -> StoredWave | None:
    """The newest wave that is open and asks on the day `today`."""
    opened = sorted(_stored(session, _OPENED), key=_age, reverse=True)
    return next((stored for stored in opened if stored.wave.opens <= today <= stored.wave.closes), None)


def _age(stored: StoredWave) -> tuple[date, str]:
    return stored.wave.opens, stored.wave.id


_WAVE, _CHANGE = (cast(Table, row.__table__).c for row in (WaveRow, ChangeRow))
_REVISION = select(func.sum(_CHANGE.changes)).where(_CHANGE.wave == _WAVE.id).scalar_subquery().label("revision")
_WAVES = select(_WAVE.definition, _WAVE.state, _WAVE.analysis_hash, _REVISION)
_ONE = _WAVES.where(_WAVE.id == bindparam("id"))
_OPENED = _WAVES.where(_WAVE.state == State.OPEN.value)


def _stored(session: Session, waves: Select[Any], values: Mapping[str, str] | None = None) -> Iterator[StoredWave]:
    for row in session.execute(waves, values).all():
        yield StoredWave(
            wave=_read(row.definition),
            state=State(row.state),
            analysis_hash=row.analysis_hash,
            revision=int(row.revision),
        )


@lru_cache(maxsize=64)
def _read(definition: str) -> Wave:
    """A definition never changes, so it is read once."""
    return from_canonical(definition)


def _move(session: Session, wave_id: str, before: State, after: State, **also: str) -> None:
    moved = session.execute(
        update(WaveRow).where(WaveRow.id == wave_id, WaveRow.state == before.value).values(state=after.value, **also)
    )
    if cast(CursorResult[Any], moved).rowcount == 0:
        state = find_wave(session, wave_id).state
        raise WrongState(
            f'Wave "{wave_id}" is {state} and cannot become {after}: a wave is planned, then open, then closed.'
        )
