"""What somebody sees who has the whole database, and what it remembers beside its rows."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url, text

from survey.storage.database import connect
from survey.storage.tables import Table


def everything(url: str) -> object:
    """All that can be read: on SQLite the file's bytes, on PostgreSQL each row with its place and its transaction."""
    engine = connect(url)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return Path(url.removeprefix("sqlite:///")).read_bytes()
    seen = {}
    with engine.connect() as connection:
        for table in Table.metadata.tables:
            asked = f"SELECT ctid::text, xmin::text::bigint, xmax::text::bigint, {table}.* FROM {table} ORDER BY ctid"
            seen[table] = [tuple(row) for row in connection.execute(text(asked))]
    engine.dispose()
    # Transaction numbers count on from database to database: what they tell is their order.
    numbers = sorted({number for rows in seen.values() for row in rows for number in row[1:3]})
    rank = {number: place for place, number in enumerate(numbers)}
    return {table: [(row[0], rank[row[1]], rank[row[2]], *row[3:]) for row in rows] for table, rows in seen.items()}


def dump(url: str) -> str:
    """The database as SQL, as a backup would keep it: by pg_dump, or by SQLite's own dump."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return "\n".join(connection.iterdump())
    address = make_url(url)
    called = ["pg_dump", "-h", str(address.query["host"]), "-U", str(address.username), str(address.database)]
    lines = subprocess.run(called, check=True, capture_output=True, text=True).stdout.splitlines()
    return "\n".join(line for line in lines if not line.startswith(("\\restrict", "\\unrestrict")))
