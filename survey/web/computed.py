"""Results kept in the memory of the process: computed once for each state of the data."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, TypeVar

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
T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    """A sample at one state of the data, and what was found out about it since, by name."""

    revision: int
    sample: Sample
    details: dict[tuple[str, ...], Any] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """What was computed last for each wave and sample; older states of the data are forgotten."""

    _lock: Any = field(default_factory=RLock)
    _kept: dict[_Key, _Kept] = field(default_factory=dict)
    _counts: dict[str, tuple[int, dict[Channel, int]]] = field(default_factory=dict)

    def counts(self, stored: StoredWave, count: Callable[[], dict[Channel, int]]) -> dict[Channel, int]:
        """How many responses each sample has, counted once for each state of the data."""
        with self._lock:
            revision, kept = self._counts.get(stored.wave.id, (None, {}))
            if revision != stored.revision:
                kept = count()
                self._counts[stored.wave.id] = (stored.revision, kept)
            return kept

    def get(self, session: Session, stored: StoredWave, channel: Channel) -> Sample:
        """The results of a sample at the present state of the data; `ReportError` when there are none."""
        key = (stored.wave.id, channel)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.revision != stored.revision:
                kept = _Kept(stored.revision, _compute(session, stored, channel))
                self._kept.pop(key, None)
                self._kept[key] = kept
                while len(self._kept) > KEPT:
                    self._kept.pop(next(iter(self._kept)))
            return kept.sample

    def detail(self, sample: Sample, name: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for a sample that is held, and forgotten with it. May call itself."""
        with self._lock:
            held = next((kept for kept in self._kept.values() if kept.sample is sample), None)
            if held is None:
                return make()
            if name not in held.details:
                held.details[name] = make()
            found: T = held.details[name]
            return found


def memory() -> Memory:
    """The memory of the application that is answering."""
    kept: Memory = current_app.extensions.setdefault("survey.results", Memory())
    return kept


def _compute(session: Session, stored: StoredWave, channel: Channel) -> Sample:
    wave = stored.wave
    questionnaire = published(session, wave.questionnaire)
    frozen = stored.analysis_hash or analysis_hash(wave)
    with _uncollected():
        return examine(responses(session, wave.id), wave, questionnaire, channel, frozen)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: tens of thousands of answers make none, and it would visit them all again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
