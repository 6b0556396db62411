"""Results kept in the memory of the process: computed once for each state of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from flask import current_app
from sqlalchemy.orm import Session

from survey.report.results import Sample, examine
from survey.storage.questionnaires import published
from survey.storage.records import StoredWave
from survey.storage.responses import responses
from survey.wave.canonical import analysis_hash
from survey.wave.model import Channel

KEPT = 8
"""Samples held at once: the newest waves with both their samples."""

_Key = tuple[str, Channel]


@dataclass(slots=True)
class Memory:
    """What was computed last for each wave and sample; older states of the data are forgotten."""

    _lock: Lock = field(default_factory=Lock)
    _kept: dict[_Key, tuple[int, Sample]] = field(default_factory=dict)

    def get(self, session: Session, stored: StoredWave, channel: Channel) -> Sample:
        """The results of a sample at the present state of the data; `ReportError` when there are none."""
        key = (stored.wave.id, channel)
        with self._lock:
            revision, computed = self._kept.get(key, (-1, None))
            if computed is None or revision != stored.revision:
                computed = _compute(session, stored, channel)
                self._kept.pop(key, None)
                self._kept[key] = (stored.revision, computed)
                while len(self._kept) > KEPT:
                    self._kept.pop(next(iter(self._kept)))
            return computed


def memory() -> Memory:
    """The memory of the application that is answering."""
    kept: Memory = current_app.extensions.setdefault("survey.results", Memory())
    return kept


def _compute(session: Session, stored: StoredWave, channel: Channel) -> Sample:
    wave = stored.wave
    questionnaire = published(session, wave.questionnaire)
    frozen = stored.analysis_hash or analysis_hash(wave)
    return examine(responses(session, wave.id), wave, questionnaire, channel, frozen)
