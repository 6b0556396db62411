"""Wiping what a database remembers about the order in which rows were written."""

from __future__ import annotations

from sqlalchemy import Engine

from survey.storage.tables import ConflictRow, InvitationRow, ReachedRow, ResponseRow, WithdrawalRow


def forget_order(engine: Engine) -> None:
    """Write answers, invitations and what belongs to them anew, by their keys and in one transaction.

    Their old versions are dropped. For when a wave has closed: takes seconds, during which nobody else can read or
    write these tables. Nothing that the rows say changes.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        tables = [row.__tablename__ for row in (ResponseRow, ConflictRow, InvitationRow, WithdrawalRow, ReachedRow)]
        for table in tables:
            connection.exec_driver_sql(f"UPDATE {table} SET wave = wave")  # Gives all rows the same xmin.
        connection.commit()
        for table in tables:
            connection.exec_driver_sql(f"CLUSTER {table} USING pk_{table}")
        connection.commit()
