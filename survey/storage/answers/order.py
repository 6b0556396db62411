"""Wiping what a database remembers about the order in which rows were written."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from survey.storage.errors import DatabaseBusy
from survey.storage.tables import ConflictRow, InvitationRow, ReachedRow, ResponseRow, WithdrawalRow


def forget_order(engine: Engine) -> None:
    """Write answers, invitations and what belongs to them anew, by their keys and in one transaction.

    Their old versions are dropped. For when a wave has closed: takes seconds, during which nobody else can read or
    write these tables. Nothing that the rows say changes.

    Raises
    ------
    DatabaseBusy
        Somebody reads or writes for so long that the order stands still: to be called again.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if busy:  # Said in a row, not by an error.
                raise DatabaseBusy(
                    "The order in which the answers came is not wiped yet, since somebody reads the database. Run "
                    "`survey wave close` again when nobody does, or while `survey serve` is stopped."
                )
            return
        tables = [row.__tablename__ for row in (ResponseRow, ConflictRow, InvitationRow, WithdrawalRow, ReachedRow)]
        for table in tables:
            connection.exec_driver_sql(f"UPDATE {table} SET wave = wave")  # Gives all rows the same xmin.
        connection.commit()
        for table in tables:
            connection.exec_driver_sql(f"CLUSTER {table} USING pk_{table}")
        connection.commit()
        _end_log(connection)


def _end_log(connection: Connection) -> None:
    """Let PostgreSQL be done with the segments of its log up to here, as far as this user may."""
    for allowed, statement in _LOG:
        if connection.exec_driver_sql(allowed).scalar():
            connection.commit()
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(statement)


_LOG = (
    ("SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE')", "SELECT pg_switch_wal()"),
    (
        "SELECT rolsuper OR EXISTS (SELECT FROM pg_roles held WHERE held.rolname = 'pg_checkpoint'"
        " AND pg_has_role(held.oid, 'USAGE')) FROM pg_roles WHERE rolname = current_user",
        "CHECKPOINT",
    ),
)
"""Whether this user may, and what."""
