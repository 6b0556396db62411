"""Responses: kept once, counted, streamed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import CursorResult, Exists, Table, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from survey.questionnaire.model import Answer, Answers
from survey.storage.answers.insert import insert_once
from survey.storage.errors import DatabaseBusy, OtherQuestionnaire, UnknownWave, WaveNotOpen
from survey.storage.records import Kept, ResponseCount
from survey.storage.tables import ChangeRow, ConflictRow, ResponseRow, WaveRow, WithdrawalRow
from survey.storage.waves import SHARDS
from survey.wave.model import Channel, Mode, State
from survey.wave.response import Device, Paradata, Response, SampledUnit

BATCH = 250
"""Rows that are in memory at once while responses are streamed: so few that the processor still holds them close when
they are read."""
_CHANNELS = {one.value: one for one in Channel}
_MODES = {one.value: one for one in Mode}


def _withdrawn(wave: str) -> Exists:
    """Whether the receipt given as ``receipt_hash`` was withdrawn from the wave given under the name `wave`."""
    return exists().where(
        WithdrawalRow.wave == bindparam(wave), WithdrawalRow.receipt_hash == bindparam("receipt_hash")
    )


_IS_WITHDRAWN = _withdrawn("wave")
_MAY_COME = (
    (WaveRow.id == bindparam("wave"))
    & (WaveRow.state == State.OPEN.value)
    & (WaveRow.questionnaire == bindparam("questionnaire"))
    & ~_IS_WITHDRAWN
)
_CHANGES = cast(Table, ChangeRow.__table__).c
_COUNT = (
    update(cast(Table, ChangeRow.__table__))
    .where(_CHANGES.wave == bindparam("of_wave"), _CHANGES.shard == bindparam("of_shard"), ~_withdrawn("of_wave"))
    .values(changes=_CHANGES.changes + 1)
)


def fingerprint(response: Response) -> str:
    """Digest (SHA-256, hex) of what makes two submissions the same: wave, questionnaire and answers.

    A receipt code derived from the submission id and this tells a conflict's receipt from the first one's.
    """
    content = json.dumps([response.wave, response.questionnaire, _text(response.answers)])
    return hashlib.sha256(content.encode()).hexdigest()


def keep(session: Session, response: Response, receipt_hash: str) -> Kept:
    """Keep a submission, once, however often and by however many it is sent at the same moment.

    A submission that is there already is `SAME` even when its wave has closed since: whoever never saw the receipt
    may ask for it again.

    Raises
    ------
    WaveNotOpen, UnknownWave, OtherQuestionnaire
        Nothing was kept.
    ValueError
        An invited response without its sampled unit, or another with one.
    """
    row = row_of(response, receipt_hash)
    if insert_once(session, ResponseRow, row, where=_MAY_COME):
        if not count_change(session, response.wave, response.submission_id, unless_withdrawn=receipt_hash):
            raise _busy(response.wave)  # Withdrawn by somebody whom the insertion waited for.
        return Kept.STORED
    there = session.execute(
        select(ResponseRow.questionnaire, ResponseRow.answers).filter_by(
            wave=response.wave, submission_id=response.submission_id
        )
    ).first()
    if there is not None and tuple(there) == (row["questionnaire"], row["answers"]):
        return Kept.SAME
    if session.scalar(select(_IS_WITHDRAWN), row):
        return Kept.WITHDRAWN
    if there is not None:
        row["fingerprint"] = fingerprint(response)
        if insert_once(session, ConflictRow, row, where=_MAY_COME) or _conflict_is_kept(session, row):
            return Kept.CONFLICT
    raise _refusal(session, response)


def responses(session: Session, wave_id: str, channel: Channel | None = None) -> Iterator[Response]:
    """The responses of a wave, or of one of its samples, in the order of their random ids, which tells no time.

    Streamed: `BATCH` of them are decoded at a time.
    """
    columns = (
        ResponseRow.submission_id,
        ResponseRow.questionnaire,
        ResponseRow.language,
        ResponseRow.channel,
        ResponseRow.mode,
        ResponseRow.stratum,
        ResponseRow.psu,
        ResponseRow.design_weight,
        ResponseRow.paradata,
        ResponseRow.answers,
    )
    wanted = select(*columns).where(ResponseRow.wave == wave_id).order_by(ResponseRow.submission_id)
    if channel is not None:
        wanted = wanted.where(ResponseRow.channel == channel.value)
    rows = session.execute(wanted.execution_options(yield_per=BATCH))
    for batch in rows.partitions():
        for row, answers in zip(batch, _decoded([row[-1] for row in batch]), strict=True):
            submission_id, questionnaire, language, of_channel, mode, stratum, psu, weight, paradata, _ = row
            yield Response(
                submission_id=submission_id,
                wave=wave_id,
                questionnaire=questionnaire,
                language=language,
                channel=_CHANNELS[of_channel],
                mode=_MODES[mode],
                answers=answers,
                sampled=_unit(stratum, psu, weight),
                paradata=_paradata(paradata),
            )


def response_counts(session: Session, wave_id: str) -> tuple[ResponseCount, ...]:
    """How many responses of a wave came by which channel, mode and language."""
    by = (ResponseRow.channel, ResponseRow.mode, ResponseRow.language)
    rows = session.execute(select(*by, func.count()).where(ResponseRow.wave == wave_id).group_by(*by).order_by(*by))
    return tuple(
        ResponseCount(channel=Channel(channel), mode=Mode(mode), language=language, responses=count)
        for channel, mode, language, count in rows
    )


def _text(answers: Answers) -> str:
    return json.dumps(answers, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _decoded(texts: list[str]) -> list[dict[str, Answer]]:
    """The answers of several responses, decoded at once: the decoder then makes every question's id only once."""
    together = f"[{','.join(texts)}]"
    decoded: list[dict[str, Any]] = json.loads(together)
    before_lists = together.split('":[')[:-1]
    for name in {text[text.rfind('"') + 1 :] for text in before_lists}:  # Few; most answers are numbers.
        for answers in decoded:
            value = answers.get(name)
            if type(value) is list:
                answers[name] = tuple(value)
    return decoded


def _paradata_text(paradata: Paradata | None) -> str | None:
    return None if paradata is None else json.dumps(asdict(paradata), sort_keys=True, separators=(",", ":"))


def _paradata(text: str | None) -> Paradata | None:
    if text is None:
        return None
    kept = json.loads(text)
    return Paradata(device=Device(kept["device"]), seconds=kept["seconds"], breaks=kept["breaks"])


def _unit(stratum: str | None, psu: str | None, design_weight: float | None) -> SampledUnit | None:
    if stratum is None or psu is None or design_weight is None:
        return None
    return SampledUnit(stratum=stratum, psu=psu, design_weight=design_weight)


def row_of(response: Response, receipt_hash: str) -> dict[str, Any]:
    """What is stored of a response; ValueError for an invited one without its sampled unit, or another with one."""
    unit = response.sampled
    if (unit is not None) != (response.channel is Channel.INVITED):
        raise ValueError("invited responses have a sampled unit, others have none")
    return {
        "wave": response.wave,
        "submission_id": response.submission_id,
        "receipt_hash": receipt_hash,
        "questionnaire": response.questionnaire,
        "language": response.language,
        "channel": response.channel.value,
        "mode": response.mode.value,
        "stratum": unit.stratum if unit else None,
        "psu": unit.psu if unit else None,
        "design_weight": unit.design_weight if unit else None,
        "answers": _text(response.answers),
        "paradata": _paradata_text(response.paradata),
    }


def count_change(session: Session, wave_id: str, submission_id: str, unless_withdrawn: str = "") -> bool:
    """Add one to the wave's revision, in a row that only one in `SHARDS` other writers wants at the same time.

    False, and nothing is counted, when the receipt with the hash `unless_withdrawn` was withdrawn.
    """
    shard = hashlib.sha256(submission_id.encode()).digest()[0] % SHARDS
    values = {"of_wave": wave_id, "of_shard": shard, "receipt_hash": unless_withdrawn}
    return cast(CursorResult[Any], session.execute(_COUNT, values)).rowcount > 0


def _conflict_is_kept(session: Session, row: dict[str, Any]) -> bool:
    key = {name: row[name] for name in ("wave", "submission_id", "fingerprint")}
    return session.scalar(select(ConflictRow.fingerprint).filter_by(**key)) is not None


def require_open(session: Session, wave_id: str) -> str:
    """The questionnaire of an open wave."""
    wave = session.execute(select(WaveRow.state, WaveRow.questionnaire).where(WaveRow.id == wave_id)).first()
    if wave is None:
        raise UnknownWave(f'There is no wave "{wave_id}".')
    if wave.state != State.OPEN.value:
        raise WaveNotOpen(f'Wave "{wave_id}" is {wave.state}: answers come and go only while it is open.')
    return str(wave.questionnaire)


def _refusal(session: Session, response: Response) -> Exception:
    asked = require_open(session, response.wave)
    if asked == response.questionnaire:
        return _busy(response.wave)
    return OtherQuestionnaire(
        f'Wave "{response.wave}" asks the questionnaire {asked[:12]}…; '
        f"the answers belong to {response.questionnaire[:12]}…."
    )


def _busy(wave_id: str) -> DatabaseBusy:
    return DatabaseBusy(f'Wave "{wave_id}" or this submission changed at this moment; send it again.')
