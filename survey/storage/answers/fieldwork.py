"""How a wave's fieldwork stands, in numbers of nobody."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.answers.reached import reached
from survey.storage.answers.responses import response_counts
from survey.storage.records import Fieldwork
from survey.storage.tables import ConflictRow, InvitationRow, WithdrawalRow


def invitations_of(session: Session, wave_id: str) -> int:
    """How many invitations a wave has, used or not; 0 where none were kept."""
    return session.scalar(select(func.count()).where(InvitationRow.wave == wave_id)) or 0


def fieldwork(session: Session, wave_id: str) -> Fieldwork:
    """What came in, what was kept apart or withdrawn, and how many invitations were used."""
    invitations = session.execute(
        select(func.count(), func.count().filter(InvitationRow.used)).where(InvitationRow.wave == wave_id)
    ).one()
    conflicts, withdrawn = (
        session.scalar(select(func.count()).where(row.wave == wave_id)) or 0 for row in (ConflictRow, WithdrawalRow)
    )
    return Fieldwork(
        responses=response_counts(session, wave_id),
        invitations=invitations[0],
        used=invitations[1],
        conflicts=conflicts,
        withdrawn=withdrawn,
        reached=reached(session, wave_id),
    )
