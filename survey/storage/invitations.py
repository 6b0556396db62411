"""Invitations: each works once, and nothing tells which answers came by which.

A response copies stratum, PSU and design weight of its invitation, so these may point to a group only. And a database
remembers, beside what its rows say, which rows one transaction wrote (PostgreSQL shows it as ``xmin``) and where it
put them (``ctid``). Therefore redeeming writes *all* invitations of the PSU anew, in one order: whichever of them was
used, the same rows are touched in the same way. docs/privacy.md tells what remains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import CursorResult, exists, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from survey.storage.answers.responses import keep
from survey.storage.errors import AlreadyExists, InvitationUsed, SampleTooRevealing, UnknownInvitation, WrongState
from survey.storage.records import Invitation, Kept
from survey.storage.tables import InvitationRow, WaveRow
from survey.storage.waves import find_wave
from survey.wave.model import Channel, State
from survey.wave.response import Response, SampledUnit

SMALLEST_GROUP = 5
"""Fewest invitations that share everything their answers will carry."""


def add_invitations(session: Session, wave_id: str, invitations: Iterable[Invitation]) -> int:
    """Add the sample of a wave that is planned, whole, and return its size.

    Raises
    ------
    UnknownWave
        There is no such wave.
    WrongState
        The wave was opened: its sample stands.
    AlreadyExists
        The wave has a sample, or two invitations have one code.
    SampleTooRevealing
        Fewer than `SMALLEST_GROUP` invitations share stratum, PSU, design weight, district and community.
    """
    sample = sorted(invitations, key=lambda invitation: invitation.code_hash)  # Forgets the order of the list.
    state = find_wave(session, wave_id).state
    if state is not State.PLANNED:
        raise WrongState(f'Wave "{wave_id}" is {state}: its sample is added before it opens.')
    if session.scalar(select(InvitationRow.code_hash).where(InvitationRow.wave == wave_id).limit(1)) is not None:
        raise AlreadyExists(f'Wave "{wave_id}" has its sample already.')
    _require_crowds(sample)
    rows = [_row(wave_id, invitation) for invitation in sample]
    if rows:
        session.execute(insert(InvitationRow), rows)
    return len(rows)


def find_invitation(session: Session, wave_id: str, code_hash: str) -> Invitation:
    """The invitation with this code; `UnknownInvitation` when there is none."""
    row = session.execute(
        select(InvitationRow.__table__).where(InvitationRow.wave == wave_id, InvitationRow.code_hash == code_hash)
    ).first()
    if row is None:
        raise UnknownInvitation(f'Wave "{wave_id}" has no invitation with this code.')
    return Invitation(
        code_hash=code_hash,
        unit=SampledUnit(stratum=row.stratum, psu=row.psu, design_weight=row.design_weight),
        district=row.district,
        community=row.community,
        used=row.used,
    )


def invited_wave(session: Session, code_hash: str) -> str:
    """The wave that this code was given out for (`UnknownInvitation`)."""
    waves = select(WaveRow.id)  # Named, so that each wave costs one look at the key.
    wave_id = session.scalar(
        select(InvitationRow.wave).where(InvitationRow.wave.in_(waves), InvitationRow.code_hash == code_hash)
    )
    if wave_id is None:
        raise UnknownInvitation("No wave has an invitation with this code.")
    return wave_id


def redeem(session: Session, wave_id: str, code_hash: str) -> None:
    """Mark an invitation as used (`UnknownInvitation`, `InvitationUsed`: then roll back what it was to pay for)."""
    unit = find_invitation(session, wave_id, code_hash).unit
    psu = (InvitationRow.wave == wave_id, InvitationRow.stratum == unit.stratum, InvitationRow.psu == unit.psu)
    # Everybody locks the PSU's rows in one order, so that two answers from one PSU cannot wait for each other.
    session.execute(select(InvitationRow.code_hash).where(*psu).order_by(InvitationRow.code_hash).with_for_update())
    unused = aliased(InvitationRow)
    works = exists().where(unused.wave == wave_id, unused.code_hash == code_hash, ~unused.used)
    touched = session.execute(
        update(InvitationRow)
        .where(*psu, works)
        .values(used=or_(InvitationRow.used, InvitationRow.code_hash == code_hash))
        .execution_options(synchronize_session=False)
    )
    if cast(CursorResult[Any], touched).rowcount == 0:
        raise InvitationUsed(f'This invitation of wave "{wave_id}" was answered already; it works once.')


def keep_invited(session: Session, response: Response, receipt_hash: str, code_hash: str) -> Kept:
    """Keep the submission of an invited resident and redeem the invitation in the same transaction.

    The response gets the sampled unit of its invitation and the channel "invited". Sent again it is `SAME` although
    its invitation is used; a conflict uses up no invitation.

    Raises
    ------
    UnknownInvitation, InvitationUsed, and what `keep` raises
        The caller rolls back, and nothing is kept.
    """
    unit = find_invitation(session, response.wave, code_hash).unit
    kept = keep(session, replace(response, channel=Channel.INVITED, sampled=unit), receipt_hash)
    if kept is Kept.STORED:
        redeem(session, response.wave, code_hash)
    return kept


def _require_crowds(sample: list[Invitation]) -> None:
    for code_hash, times in Counter(invitation.code_hash for invitation in sample).items():
        if times > 1:
            raise AlreadyExists(f"{times} invitations have the same code (hash {code_hash[:12]}…).")
    crowds = Counter((invitation.unit, invitation.district, invitation.community) for invitation in sample)
    for (unit, district, community), size in crowds.items():
        if size < SMALLEST_GROUP:
            raise SampleTooRevealing(
                f'Only {size} invitations share stratum "{unit.stratum}", PSU "{unit.psu}", design weight '
                f'{unit.design_weight:g}, district {district} and community "{community}": fewer than '
                f"{SMALLEST_GROUP}, so an answer would point to one of them."
            )


def _row(wave_id: str, invitation: Invitation) -> dict[str, Any]:
    return {
        "wave": wave_id,
        "code_hash": invitation.code_hash,
        "stratum": invitation.unit.stratum,
        "psu": invitation.unit.psu,
        "design_weight": invitation.unit.design_weight,
        "district": invitation.district,
        "community": invitation.community,
        "used": False,
    }
