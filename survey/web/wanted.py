"""The wave and sample that an address names, for pages of results and of files alike."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from survey.storage.answers.responses import response_counts
from survey.storage.errors import UnknownWave
from survey.storage.records import StoredWave
from survey.storage.waves import find_wave
from survey.wave.model import Channel
from survey.web.computed import memory
from survey.web.house import house


class UnknownSample(Exception):
    """The address names a sample that no wave has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, and how many responses each sample of the wave has."""

    stored: StoredWave
    channel: Channel
    counts: dict[Channel, int]


def wanted(wave_id: str) -> Asked | str:
    """The wave of this id and the sample that `?sample=` names (the invited one when it names none); in words for the
    problem pages, which of them does not exist.
    """
    with house().sessions() as session:
        try:
            stored = find_wave(session, wave_id)
        except UnknownWave:
            return "unknown_wave"
        try:
            return Asked(stored, wanted_channel(), answered(session, stored))
        except UnknownSample:
            return "unknown_sample"


def wanted_channel() -> Channel:
    """The sample that the address names, the invited one when it names none; `UnknownSample` when no wave has it."""
    named = request.args.get("sample") or Channel.INVITED.value
    if named not in tuple(Channel):
        raise UnknownSample(named)
    return Channel(named)


def answered(session: Session, stored: StoredWave) -> dict[Channel, int]:
    """How many responses each sample of a wave has, counted once for each state of the data."""

    def count() -> dict[Channel, int]:
        counts = dict.fromkeys(Channel, 0)
        for one in response_counts(session, stored.wave.id):
            counts[one.channel] += one.responses
        return counts

    return memory().counts(stored, count)


def why_nothing(asked: Asked) -> str:
    """Why a sample has no results: nobody answered yet, or nobody whom the margins count."""
    return "none_counted" if asked.counts[asked.channel] else "no_answers"
