"""How far respondents come, in numbers of nobody: the base of break-off rates."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, literal, select
from sqlalchemy.orm import Session

from survey.storage.insert import INSERT
from survey.storage.tables import ReachedRow, WaveRow
from survey.wave.model import State

OPENED = "opening"
"""The page was opened by a browser that runs its script."""
SENDING = "send"
"""Every question was answered or passed; only sending is left."""


def count_reached(session: Session, wave_id: str, place: str) -> None:
    """Add one for a place of the questionnaire (id of a section, `OPENED`, `SENDING`), while the wave is open."""
    table = cast(Table, ReachedRow.__table__)
    row = select(literal(wave_id).label("wave"), literal(place).label("place"), literal(1).label("times"))
    is_open = (WaveRow.id == wave_id) & (WaveRow.state == State.OPEN.value)
    statement = INSERT[session.get_bind().dialect.name](table).from_select(
        list(row.selected_columns.keys()), row.where(is_open)
    )
    session.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_={"times": table.c.times + 1})
    )


def reached(session: Session, wave_id: str) -> dict[str, int]:
    """How often each place of a wave was reached; places never reached are left out."""
    rows = session.execute(select(ReachedRow.place, ReachedRow.times).where(ReachedRow.wave == wave_id))
    return {row.place: row.times for row in rows}
