"""Inserting a row that may be there already: the one statement that SQLAlchemy spells differently per database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.tables import Table as Mapped

INSERT: dict[str, Callable[[Table], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_once(
    session: Session, row: type[Mapped], values: Mapping[str, Any], *, where: ColumnElement[bool] | None = None
) -> bool:
    """Insert `values` unless a row with the same key is there, or `where` (about another table) holds nowhere.

    One statement, so that two writers at the same moment insert once. The rows of `where` stay locked against change
    until the transaction ends. In `where`, ``bindparam(column)`` stands for the value of a column.

    Returns
    -------
    bool
        Whether the row was inserted.
    """
    statement = _statement(session.get_bind().dialect.name, row, tuple(values), where)
    return session.execute(statement, dict(values)).first() is not None


@lru_cache(maxsize=32)
def _statement(
    dialect: str, row: type[Mapped], names: tuple[str, ...], where: ColumnElement[bool] | None
) -> Executable:
    """Made once: making it costs more than running it."""
    table = cast(Table, row.__table__)
    given = [bindparam(name, type_=table.c[name].type) for name in names]
    statement = INSERT[dialect](table)
    if where is None:
        statement = statement.values(dict(zip(names, given, strict=True)))
    else:
        source = select(*(value.label(name) for name, value in zip(names, given, strict=True)))
        statement = statement.from_select(list(names), source.where(where).with_for_update(read=True))
    return cast(Executable, statement.on_conflict_do_nothing().returning(*table.primary_key))
