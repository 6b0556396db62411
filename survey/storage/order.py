"""Wiping what a database remembers about the order in which rows were written."""

from __future__ import annotations

from sqlalchemy import Engine

from survey.storage.tables import ConflictRow, InvitationRow, ResponseRow


def forget_order(engine: Engine) -> None:
    """Write answers and invitations anew, by their random keys and in one transaction, and drop their old versions.

    For when a wave has closed: takes seconds, during which nobody else can read or write these tables. Nothing that
    the rows say changes.
    """
    if engine.dialect.name == "sqlite":
        statements = ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    else:
        tables = [row.__tablename__ for row in (ResponseRow, ConflictRow, InvitationRow)]
        # The first gives all rows one xmin, the second puts them in the order of their keys (and leaves old ones out).
        statements = [f"UPDATE {table} SET wave = wave" for table in tables]
        statements += [f"CLUSTER {table} USING pk_{table}" for table in tables]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
