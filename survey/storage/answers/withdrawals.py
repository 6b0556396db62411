"""Withdrawing answers with their receipt: nothing stays but the receipt's hash."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session

from survey.storage.answers.insert import insert_once
from survey.storage.answers.responses import count_change, require_open
from survey.storage.tables import ConflictRow, ResponseRow, WaveRow, WithdrawalRow
from survey.wave.model import State

_IS_KEPT = select(
    or_(
        *(
            exists().where(table.wave == bindparam("wave"), table.receipt_hash == bindparam("receipt_hash"))
            for table in (cast(Table, row.__table__).c for row in (ResponseRow, ConflictRow))
        )
    )
)


def is_kept(session: Session, wave_id: str, receipt_hash: str) -> bool:
    """Whether something is kept under this receipt, counted or in conflict."""
    return bool(session.scalar(_IS_KEPT, {"wave": wave_id, "receipt_hash": receipt_hash}))


def is_counted(session: Session, wave_id: str, receipt_hash: str) -> bool:
    """Whether what is kept under this receipt counts: other answers under the id of a submission do not."""
    counted = exists().where(ResponseRow.wave == wave_id, ResponseRow.receipt_hash == receipt_hash)
    return bool(session.scalar(select(counted)))


def withdraw(session: Session, wave_id: str, receipt_hash: str) -> bool:
    """Delete what was kept under this receipt for good; False when there is nothing.

    The receipt's hash stays, so that the same answers, sent once more from a phone that was without a network, are
    `Kept.WITHDRAWN` and stay away.

    Raises
    ------
    WaveNotOpen, UnknownWave
        Answers can be withdrawn until their wave closes.
    """
    still_open = (
        select(WaveRow.id)
        .where(WaveRow.id == wave_id, WaveRow.state == State.OPEN.value)
        .with_for_update(read=True)  # It cannot close before the caller's transaction ends.
    )
    found = False
    for table in (ResponseRow, ConflictRow):
        gone = session.execute(
            delete(table)
            .where(table.wave.in_(still_open), table.receipt_hash == receipt_hash)
            .returning(table.submission_id)
        ).all()
        found = found or bool(gone)
        if table is ResponseRow:
            for (submission_id,) in gone:
                count_change(session, wave_id, submission_id)
    if found:
        insert_once(session, WithdrawalRow, {"wave": wave_id, "receipt_hash": receipt_hash})
    else:
        require_open(session, wave_id)
    return found


def is_withdrawn(session: Session, wave_id: str, receipt_hash: str) -> bool:
    """Whether what was kept under this receipt was withdrawn."""
    gone = exists().where(WithdrawalRow.wave == wave_id, WithdrawalRow.receipt_hash == receipt_hash)
    return bool(session.scalar(select(gone)))
