"""Inserting a row that may be there already: the one statement that SQLAlchemy spells differently per database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.tables import Table as Mapped

INSERT: dict[str, Callable[[Table], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_once(
    session: Session, row: type[Mapped], values: Mapping[str, Any], *, where: ColumnElement[bool] | None = None
) -> bool:
    """Insert `values` unless a row with the same key is there, or `where` (about another table) holds nowhere.

    One statement, so that two writers at the same moment insert once. The rows of `where` stay locked against change
    until the transaction ends.

    Returns
    -------
    bool
        Whether the row was inserted.
    """
    table = cast(Table, row.__table__)
    statement = INSERT[session.get_bind().dialect.name](table)
    if where is None:
        statement = statement.values(**values)
    else:
        source = select(*(literal(value, table.c[name].type).label(name) for name, value in values.items()))
        statement = statement.from_select(list(values), source.where(where).with_for_update(read=True))
    key = statement.on_conflict_do_nothing().returning(*table.primary_key)
    return session.execute(key).first() is not None
