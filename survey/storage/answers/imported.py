"""A wave whose answers came from a file: kept in one transaction and closed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from typing import cast

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from survey.storage.answers.responses import row_of
from survey.storage.errors import AlreadyExists, UnknownWave
from survey.storage.tables import ChangeRow, ResponseRow
from survey.storage.waves import close_wave, find_wave, open_wave
from survey.wave.response import Response

BATCH = 1000
"""Rows that are sent to the database at once."""


def require_unused(session: Session, wave_id: str) -> None:
    """Raise `AlreadyExists` when a wave has this id: before a long file is read, which takes no transaction."""
    with suppress(UnknownWave):
        find_wave(session, wave_id)
        raise AlreadyExists(f'There is a wave "{wave_id}" already.')


def keep_imported(session: Session, wave_id: str, responses: Iterable[Response]) -> None:
    """Open a planned wave, keep every response and close it, all in the caller's transaction.

    Nobody holds a receipt: imported answers are withdrawn where they were given. They are written in the order of their
    random ids: which row of the file is whose may be known elsewhere, and the database must not tell its order.

    Raises
    ------
    UnknownWave, WrongState
        There is no such wave, or it is not one that is planned.
    """
    open_wave(session, wave_id)
    shuffled = sorted(responses, key=lambda response: response.submission_id)
    rows = (row_of(response, hashlib.sha256(secrets.token_bytes(32)).hexdigest()) for response in shuffled)
    kept = 0
    while batch := list(islice(rows, BATCH)):  # In bulk: nobody else can write to SQLite while it lasts.
        session.execute(insert(cast(Table, ResponseRow.__table__)), batch)
        kept += len(batch)
    session.execute(
        update(ChangeRow)
        .where(ChangeRow.wave == wave_id, ChangeRow.shard == 0)
        .values(changes=ChangeRow.changes + kept)
    )
    close_wave(session, wave_id)
