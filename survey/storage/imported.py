"""A wave whose answers came from a file: kept in one transaction and closed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

from sqlalchemy.orm import Session

from survey.storage.responses import keep
from survey.storage.waves import close_wave, open_wave
from survey.wave.response import Response


def keep_imported(session: Session, wave_id: str, responses: Iterable[Response]) -> None:
    """Open a planned wave, keep every response and close it, all in the caller's transaction.

    Nobody holds a receipt: imported answers are withdrawn where they were given.

    Raises
    ------
    UnknownWave, WrongState
        There is no such wave, or it is not one that is planned.
    """
    open_wave(session, wave_id)
    for response in responses:
        keep(session, response, hashlib.sha256(secrets.token_bytes(32)).hexdigest())
    close_wave(session, wave_id)
