"""Results kept in the memory of the process: computed once for each state of the data, whoever asks and for what."""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from threading import Lock, RLock
from typing import Any, Generic, TypeVar

import numpy as np
from flask import current_app
from sqlalchemy.orm import Session

from survey.questionnaire.model import Questionnaire
from survey.report.errors import ReportError
from survey.report.results import Sample, examine
from survey.storage.answers.responses import responses
from survey.storage.questionnaires import published
from survey.storage.records import StoredWave
from survey.wave.canonical import analysis_hash
from survey.wave.model import Channel, Wave

HELD_BYTES = 256 * 2**20
"""Columns and weights that a process holds at once, in bytes.

What is held grows with the answers, so they are counted and not the samples: five waves with both samples, as one
evaluation of the city compares them, take a fraction of it at the size that `make bench-results` measures.
"""
LINES = 8
"""Lines of waves whose trends are held at once: each takes a few weights for every answer of its waves."""

T = TypeVar("T")


@dataclass(slots=True)
class State:
    """One state of something, and all that was found out about it, by name."""

    version: Hashable
    size: int = 0
    """Bytes of its columns."""
    _lock: Any = field(default_factory=RLock)
    _found: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made by whoever asks first while the others wait. May call itself for another name."""
        if name not in self._found:  # What was found stays: whoever sees it need not wait for what is being made.
            with self._lock:
                if name not in self._found:
                    self._found[name] = make()
        found: T = self._found[name]
        return found

    def found(self, name: Hashable) -> Any:
        """What was found under this name; None where nothing was yet."""
        return self._found.get(name)


@dataclass(slots=True)
class States(Generic[T]):
    """The present state of several things, the one asked for last at the end; older states are forgotten."""

    _lock: Any = field(default_factory=Lock)
    _held: dict[T, State] = field(default_factory=dict)

    def at(self, name: T, version: Hashable) -> State:
        """The state with this version."""
        with self._lock:
            held = self._held.pop(name, None)
            if held is None or held.version != version:
                held = State(version)
            self._held[name] = held
            return held

    def held(self, name: T) -> State | None:
        """The state that is held, whichever it is."""
        with self._lock:
            return self._held.get(name)

    def every(self) -> tuple[State, ...]:
        """All states that are held."""
        with self._lock:
            return tuple(self._held.values())

    def forget(self, *, bytes_over: int | None = None, count_over: int | None = None) -> None:
        """Forget those not asked for longest until what is held is within the bound; never the last."""
        with self._lock:
            while len(self._held) > 1 and (
                (bytes_over is not None and sum(one.size for one in self._held.values()) > bytes_over)
                or (count_over is not None and len(self._held) > count_over)
            ):
                self._held.pop(next(iter(self._held)))


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why a sample has no results. The error itself would hold on to everything it was raised from."""

    kind: type[ReportError]
    message: str


_Key = tuple[str, Channel]


@dataclass(frozen=True, slots=True)
class Memory:
    """What was computed last for each wave and sample, and for each line of waves."""

    samples: States[_Key] = field(default_factory=States)
    lines: States[Hashable] = field(default_factory=States)
    _counts: States[str] = field(default_factory=States)

    def counts(self, stored: StoredWave, count: Callable[[], dict[Channel, int]]) -> dict[Channel, int]:
        """How many responses each sample has, counted once for each state of the data."""
        return self._counts.at(stored.wave.id, stored.revision).once("counts", count)

    def get(self, session: Session, stored: StoredWave, channel: Channel) -> Sample:
        """The results of a sample at the present state of the data; `ReportError` when there are none."""
        state = self.samples.at((stored.wave.id, channel), stored.revision)

        def make() -> Sample | _Failed:
            found = _compute(session, stored, channel)
            state.size = 0 if isinstance(found, _Failed) else held_bytes((found.frame, found.results.weighting))
            return found

        found = state.once("sample", make)
        self.samples.forget(bytes_over=HELD_BYTES)
        if isinstance(found, _Failed):
            raise found.kind(found.message)
        return found

    def detail(self, sample: Sample, name: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for a sample that is held, and forgotten with it. May call itself."""
        state = self.samples.held((sample.frame.wave.id, sample.frame.channel))
        if state is None or state.found("sample") is not sample:
            return make()
        return state.once(("detail", *name), make)

    def of_line(self, line: Hashable, version: Hashable, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives for a line of waves, made once for each state of their data."""
        state = self.lines.at(line, version)
        self.lines.forget(count_over=LINES)
        return state.once(name, make)


def memory() -> Memory:
    """The memory of the application that is answering."""
    kept: Memory = current_app.extensions.setdefault("survey.results", Memory())
    return kept


def _compute(session: Session, stored: StoredWave, channel: Channel) -> Sample | _Failed:
    wave = stored.wave
    questionnaire = published(session, wave.questionnaire)
    frozen = stored.analysis_hash or analysis_hash(wave)
    with _uncollected():
        try:
            return examine(responses(session, wave.id, channel), wave, questionnaire, channel, frozen)
        except ReportError as error:
            return _Failed(type(error), str(error))


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


def held_bytes(found: object) -> int:
    """Bytes of all arrays that something is made of, each counted once."""
    arrays: dict[int, int] = {}
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, np.ndarray):
            owner = one.base if isinstance(one.base, np.ndarray) else one
            arrays[id(owner)] = owner.nbytes
        elif isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, tuple | list):
            waiting.extend(one)
        elif is_dataclass(one) and not isinstance(one, type | Wave | Questionnaire):
            waiting.extend(getattr(one, part.name) for part in fields(one))
    return sum(arrays.values())
