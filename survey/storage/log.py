"""SQLite's log of what was written (the file ending in -wal), emptied after every transaction.

It holds one transaction behind the other: whoever copied it could replay them one by one and see with which answer an
invitation became used. So it is written into the database and cut to nothing as soon as a connection that wrote is
given back; docs/privacy.md tells what remains.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

_WRITTEN = "changes written into the database"


@dataclass(slots=True)
class EmptyLog:
    """Empties the log of one database."""

    left: bool = False
    """Somebody was reading or writing when it was to be emptied: the next connection given back tries again."""

    def empty(self, connection: sqlite3.Connection | None, record: Any) -> None:
        """Empty the log if this connection wrote, or one before that could not (an event of SQLAlchemy's pool)."""
        if connection is None or (connection.total_changes == record.info.get(_WRITTEN, 0) and not self.left):
            return
        record.info[_WRITTEN] = connection.total_changes
        self.left = not _is_emptied(connection)


def _is_emptied(connection: sqlite3.Connection) -> bool:
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")  # Nobody's answer waits for a long reading.
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    except sqlite3.OperationalError:  # Locked; whatever else is wrong is told by the next statement.
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
