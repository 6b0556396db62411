"""Which waves stand in one line, and what was computed from them: shared by the pages of years, tasks and units."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.report.errors import NoAnswers, WeightingImpossible
from survey.report.results import Sample
from survey.report.saying import notes
from survey.storage.errors import UnknownWave
from survey.storage.lines import lines
from survey.storage.records import StoredWave
from survey.wave.model import Channel
from survey.web.computed import memory
from survey.web.desk.page import page as desk_page
from survey.web.house import house
from survey.web.wanted import UnknownSample, answered, wanted_channel

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Waves that may stand in one line: of one questionnaire, all real or all simulated, oldest first."""

    channel: Channel
    samples: tuple[Sample, ...]
    empty: tuple[StoredWave, ...]
    """Waves left out: nobody answered, or the answers cannot be weighted."""
    others: tuple[StoredWave, ...]
    """The newest wave of every other line."""
    revisions: tuple[tuple[str, int], ...]
    """Each wave of the line with the state of its data."""

    @property
    def newest(self) -> Sample:
        """The last wave; the series must not be empty."""
        return self.samples[-1]

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, computed once for each state of the data."""
        line = (self.channel, *(wave for wave, _ in self.revisions))
        return memory().of_line(line, self.revisions, name, make)


def series() -> Series:
    """The waves the address asks for (`?wave=`, `?sample=`), by default the line of the newest wave.

    Raises
    ------
    UnknownWave
        The address names a wave that does not exist or was never opened.
    UnknownSample
        The address names a sample that no wave has.
    """
    channel = wanted_channel()
    with house().sessions() as session:
        found = lines(session, house().asked)
        wanted = request.args.get("wave")
        if wanted and not any(one.wave.id == wanted for line in found for one in line):
            raise UnknownWave(f'There is no opened wave "{wanted}".')
        chosen = next((line for line in found if not wanted or any(one.wave.id == wanted for one in line)), [])
        samples, empty = _computed(session, chosen, channel)
    return Series(
        channel=channel,
        samples=tuple(samples),
        empty=tuple(empty),
        others=tuple(line[-1] for line in found if line is not chosen),
        revisions=tuple((one.wave.id, one.revision) for one in chosen),
    )


def _computed(session: Session, line: list[StoredWave], channel: Channel) -> tuple[list[Sample], list[StoredWave]]:
    samples, empty = [], []
    for stored in line:
        try:
            samples.append(memory().get(session, stored, channel))
        except (NoAnswers, WeightingImpossible):
            empty.append(stored)
    return samples, empty


def with_series(view: Callable[Concatenate[Series, P], ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Hand `view` the series the address asks for, or show the page that says why there is none."""

    @wraps(view)
    def given(*arguments: P.args, **options: P.kwargs) -> ResponseReturnValue:
        found = _asked_series()
        return view(found, *arguments, **options) if isinstance(found, Series) else found

    return given


def _asked_series() -> Series | ResponseReturnValue:
    """The series the address asks for, or the page that says why there is none."""
    try:
        found = series()
    except UnknownWave:
        return page("years/problem.html", kind="unknown_wave", series=None, newest=None), 404
    except UnknownSample:
        return page("years/problem.html", kind="unknown_sample", series=None, newest=None), 404
    if not found.samples:
        some = _answered(found)
        kind = "no_figures" if some else "no_answers"
        return page("years/problem.html", kind=kind, series=found, newest=None, answered=some), 200
    return found


def _answered(found: Series) -> list[StoredWave]:
    """The waves that are left out although somebody of the sample answered: their own pages say why."""
    with house().sessions() as session:
        return [one for one in found.empty if answered(session, one)[found.channel]]


def page(template: str, **values: object) -> str:
    """A page of the desk in the reader's language; with a `series`, what its waves leave out and rest on."""
    say, found = house().say(g.language), values.get("series")
    waves = [sample.results for sample in found.samples] if isinstance(found, Series) else []
    uncovered = [(str(one.wave.year), words) for one in waves for words in notes.uncovered(one, g.language, say)]
    kept = {name: request.args.get(name) for name in ("wave", "sample")}
    return desk_page(
        template,
        kept=kept,
        uncovered=uncovered,
        grounds=[(str(one.wave.year), f"{one.computed:%Y-%m-%d %H:%M} UTC", one.analysis_hash[:12]) for one in waves],
        **values,
    )
