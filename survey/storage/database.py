"""Opening a database, SQLite or PostgreSQL, and bringing its tables up to date."""

from __future__ import annotations

import os
import sqlite3
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as Migrations
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from survey.shipped import shipped
from survey.storage.broken import diagnosis
from survey.storage.errors import DatabaseUnusable
from survey.storage.log import EmptyLog

PATIENCE = 10.0
"""Seconds to wait for another writer, or for a server that does not answer."""

_UPGRADE_LOCK = 2026_0001
"""Key of the PostgreSQL advisory lock under which one process at a time migrates."""


def connect(url: str) -> Engine:
    """An engine for the database at `url`, which is opened once to see that it can be used.

    Parameters
    ----------
    url : str
        "sqlite:////folder/survey.sqlite" or "postgresql://user:password@host/name".

    Raises
    ------
    DatabaseUnusable
        The address is wrong or the database cannot be opened.
    """
    address = _address(url)
    # hide_parameters: what residents answered stays out of error messages, and so out of logs.
    if address.get_backend_name() == "sqlite":
        # IMMEDIATE: whoever writes waits for his turn at his first write, not in the middle of his transaction.
        waits = {"timeout": PATIENCE, "isolation_level": "IMMEDIATE"}
        engine = create_engine(address, connect_args=waits, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "checkin", EmptyLog().empty)
    else:
        waits = {"connect_timeout": int(PATIENCE)}
        engine = create_engine(
            address, connect_args=waits, hide_parameters=True, pool_pre_ping=True, isolation_level="READ COMMITTED"
        )
        event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "handle_error", _explain)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return engine


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions; `with sessions(engine).begin() as session` is one transaction."""
    return sessionmaker(engine, expire_on_commit=False)


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date; all or nothing, and safe to run by several processes at once.

    Raises
    ------
    DatabaseUnusable
        The database belongs to a newer version of the program, or to something else.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # sqlite3 itself begins before writing rows only.
        else:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # However long another process migrates.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
        _require_known(connection)
        migrations = Migrations()
        migrations.set_main_option("script_location", str(shipped("migrations")))
        migrations.attributes["connection"] = connection
        command.upgrade(migrations, "head")
        connection.commit()


def require_current(engine: Engine) -> None:
    """Raise `DatabaseUnusable` unless the tables are those of this version of the program."""
    with engine.connect() as connection:
        found = _require_known(connection)
    if found != _scripts().get_current_head():
        raise DatabaseUnusable(
            f"{_place(engine.url)} has {'tables of an older version' if found else 'no tables yet'}: "
            "run `survey migrate` to bring it up to date."
        )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(shipped("migrations")))


def _require_known(connection: Connection) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in {script.revision for script in _scripts().walk_revisions()}:
        raise DatabaseUnusable(
            f'{_place(connection.engine.url)} has tables of version "{found}", which this program does not know: '
            "it was used with a newer version, and only that one can open it."
        )
    return found


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseUnusable(
            'The address of the database cannot be read. It looks like "sqlite:////folder/survey.sqlite" '
            'or "postgresql://user:password@host/name".'
        ) from None
    match address.drivername:
        case "sqlite" | "sqlite+pysqlite":
            _require_file(address)
            return address
        case "postgresql" | "postgres" | "postgresql+psycopg":
            _require_driver(address)
            return address.set(drivername="postgresql+psycopg")
    raise DatabaseUnusable(f'"{address.drivername}" databases are not supported: use SQLite or PostgreSQL.')


def _require_file(address: URL) -> None:
    if not address.database or address.database.startswith((":memory:", "file:")):
        return
    file = Path(address.database).absolute()
    if file.is_dir():
        raise DatabaseUnusable(f"{file} is a folder: the address of the database must name a file.")
    if not file.parent.is_dir():
        raise DatabaseUnusable(f"{file} cannot be opened: there is no folder {file.parent}.")
    for needed in (file.parent, file):  # SQLite writes its journal beside the file.
        if needed.exists() and not os.access(needed, os.R_OK | os.W_OK, effective_ids=True):
            raise DatabaseUnusable(f"Database {file} cannot be written: this user may not write {needed}.")


def _require_driver(address: URL) -> None:
    try:
        import_module("psycopg")
    except ImportError:
        raise DatabaseUnusable(
            f"{_place(address)} needs the PostgreSQL driver: install weihai-resident-survey[postgresql]."
        ) from None


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # Readers never wait for a writer; a receipt survives a power cut; what is deleted is overwritten.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {int(PATIENCE * 1000)}")
    connection.commit()


def _explain(context: ExceptionContext) -> None:
    """Say what is wrong with the database instead of what the driver says."""
    if context.engine is None or context.is_pre_ping or not isinstance(context.original_exception, Exception):
        return
    told = diagnosis(_place(context.engine.url), context.original_exception)
    if told is not None:
        raise told from context.original_exception


def _place(url: URL) -> str:
    """Which database, without its password."""
    if url.get_backend_name() == "sqlite":
        return f"Database {Path(url.database or ':memory:').absolute() if url.database else ':memory:'}"
    return f'Database "{url.database}" at {url.host or url.query.get("host", "localhost")}'
