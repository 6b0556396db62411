"""The database of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from survey.config import Config
from survey.storage.database import connect, require_current


@contextmanager
def opened(config: Config) -> Iterator[Engine]:
    """The database of `config`, with tables of this version, closed at the end."""
    engine = connect(config.database)
    try:
        require_current(engine)
        yield engine
    finally:
        engine.dispose()
