"""How far respondents come, in numbers of nobody: the base of break-off rates."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import cast

from sqlalchemy import Executable, Table, Text, bindparam, literal, select
from sqlalchemy.orm import Session

from survey.storage.answers.insert import INSERT
from survey.storage.tables import ReachedRow, WaveRow
from survey.wave.model import State

OPENED = "opening"
"""The page was opened by a browser that runs its script."""
SENDING = "send"
"""Every question was answered or passed; only sending is left."""


def count_reached(session: Session, wave_id: str, places: Collection[str]) -> None:
    """Add one for each of some places (ids of sections, `OPENED`, `SENDING`), while the wave is open."""
    statement = _one_more(session.get_bind().dialect.name)
    # In one order, so that two who come at the same moment cannot wait for each other.
    session.execute(statement, [{"wave": wave_id, "place": place} for place in sorted(places)])


@cache
def _one_more(dialect: str) -> Executable:
    table = cast(Table, ReachedRow.__table__)
    row = select(bindparam("wave", type_=Text).label("wave"), bindparam("place", type_=Text).label("place"), literal(1))
    is_open = (WaveRow.id == bindparam("wave")) & (WaveRow.state == State.OPEN.value)
    statement = INSERT[dialect](table).from_select(["wave", "place", "times"], row.where(is_open))
    key = list(table.primary_key)
    return cast(Executable, statement.on_conflict_do_update(index_elements=key, set_={"times": table.c.times + 1}))


def reached(session: Session, wave_id: str) -> dict[str, int]:
    """How often each place of a wave was reached; places never reached are left out."""
    rows = session.execute(select(ReachedRow.place, ReachedRow.times).where(ReachedRow.wave == wave_id))
    return {row.place: row.times for row in rows}
