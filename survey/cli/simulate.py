"""`survey simulate`: load simulated waves, through the same code as real submissions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import resources

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy.orm import Session, sessionmaker

from survey.cli.failure import Failure
from survey.config import Config
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.read import shipped
from survey.questionnaire.validation import check_answers
from survey.simulation.submissions import Fieldwork, responses
from survey.simulation.years import fieldwork_of, year_before
from survey.storage.answers import responses as kept_responses
from survey.storage.answers.order import forget_order
from survey.storage.database import connect, sessions
from survey.storage.errors import UnknownWave
from survey.storage.questionnaires import publish, published
from survey.storage.records import Kept, StoredWave
from survey.storage.waves import close_wave, create_wave, find_wave, open_wave
from survey.wave.model import State, Wave
from survey.wave.read import read
from survey.wave.response import Response

BATCH = 500
"""Responses kept in one transaction: an interruption costs at most so many, and other writers wait briefly."""

DEFAULT = Fieldwork()

MOST_WAVES = 5
"""As many as one evaluation of the city covers (五年一评估)."""

Tell = Callable[[int, int], None]
"""Called with how many of how many responses are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of the simulated wave."""

    wave: str
    state: State
    stored: int
    """Responses stored now; 0 when nothing was missing."""


@click.command()
@click.option("--seed", default=DEFAULT.seed, show_default=True, help="Equal seeds give equal waves.")
@click.option(
    "--size",
    default=DEFAULT.size,
    show_default=True,
    type=click.IntRange(200, 20_000),
    help="About how many invited residents answer; the open link brings some more.",
)
@click.option(
    "--waves",
    default=1,
    show_default=True,
    type=click.IntRange(1, MOST_WAVES),
    help="Years up to the newest: with known changes between them, some of them zero. Earlier ones are closed.",
)
@click.pass_obj
def simulate(config: Config, seed: int, size: int, waves: int) -> None:
    """Load simulated waves: a made-up city answers, so that results can be seen at once.

    Safe to run again: what an interruption left undone is finished, nothing is stored twice. The newest wave stays
    open, so that its questionnaire can be tried.
    """
    engine = connect(config.database)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    closed = False
    try:
        for years in range(waves):
            with Progress(*columns, transient=True) as progress:
                task = progress.add_task("Simulated wave: a city and its answers", total=None)

                def tell(done: int, total: int, progress: Progress = progress, task: TaskID = task) -> None:
                    progress.update(task, description="Simulated wave: storing", completed=done, total=total)

                loaded = load_year(sessions(engine), Fieldwork(seed=seed, size=size), years, tell)
            news = f"{loaded.stored} responses stored" if loaded.stored else "complete, nothing to do"
            click.echo(f"Simulated wave {loaded.wave} ({loaded.state}): {news}.")
            closed = closed or bool(years and loaded.stored)
        if closed:
            click.echo("Wiping the order in which the answers of closed waves came …")
            forget_order(engine)
    finally:
        engine.dispose()


def load_year(make: sessionmaker[Session], fieldwork: Fieldwork, years: int, tell: Tell | None = None) -> Loaded:
    """Load the simulated wave of `years` before the shipped one, 0 being that one; an earlier wave is closed then."""
    wave, questionnaire = definition()
    asked = year_before(wave, questionnaire, years)
    loaded = load(make, asked, fieldwork_of(fieldwork, wave, years), tell)
    if years == 0 or loaded.state is State.CLOSED:
        return loaded
    with make.begin() as session:
        close_wave(session, loaded.wave)
    return replace(loaded, state=State.CLOSED)


def definition() -> tuple[Wave, Questionnaire]:
    """The shipped simulated wave and the questionnaire it asks."""
    questionnaire = shipped()
    text = resources.files("survey.wave").joinpath("definitions", "simulated.toml").read_text(encoding="utf-8")
    return read(text, questionnaire), questionnaire


def load(
    make: sessionmaker[Session], asked: tuple[Wave, Questionnaire], fieldwork: Fieldwork, tell: Tell | None = None
) -> Loaded:
    """Create and open the wave where needed and keep every response that is not there yet.

    A wave that exists is finished as it was created, whatever the shipped definition says by now. The response with
    the number 0 is kept last: where it is, all are.

    Raises
    ------
    Failure
        The wave is closed before it was complete, or holds responses of another seed or size.
    """
    with make.begin() as session:
        stored = _opened(session, *asked)
        questionnaire = published(session, stored.wave.questionnaire)
        there = {response.submission_id for response in kept_responses.responses(session, stored.wave.id)}
    if fieldwork.submission_id(stored.wave.id, 0) in there:
        return Loaded(wave=stored.wave.id, state=stored.state, stored=0)
    if stored.state is not State.OPEN:
        raise Failure(f'Wave "{stored.wave.id}" is {stored.state}: simulated responses are kept only while it is open.')
    every = responses(stored.wave, questionnaire, fieldwork)
    if there and there.isdisjoint(response.submission_id for response in every):
        raise Failure(
            f'Wave "{stored.wave.id}" holds {len(there)} responses already, and none is of seed {fieldwork.seed} and '
            f"size {fieldwork.size}: two simulations are never mixed in one wave. Use the seed and size it was made "
            "with, or another database (SURVEY_FOLDER)."
        )
    return Loaded(wave=stored.wave.id, state=stored.state, stored=_keep(make, questionnaire, every[::-1], tell))


def _opened(session: Session, wave: Wave, questionnaire: Questionnaire) -> StoredWave:
    try:
        stored = find_wave(session, wave.id)
    except UnknownWave:
        publish(session, questionnaire)
        create_wave(session, wave)
        stored = find_wave(session, wave.id)
    if not stored.wave.simulated:
        raise Failure(f'Wave "{wave.id}" is not a simulated one: nothing is added to it.')
    if stored.state is State.PLANNED:
        open_wave(session, wave.id)
    return find_wave(session, wave.id)


def _keep(
    make: sessionmaker[Session], questionnaire: Questionnaire, every: Sequence[Response], tell: Tell | None
) -> int:
    stored = 0
    for start in range(0, len(every), BATCH):
        with make.begin() as session:
            for response in every[start : start + BATCH]:
                problems = check_answers(questionnaire, response.answers)
                if problems:
                    raise Failure(f"simulated response {response.submission_id}: {problems}")
                stored += kept_responses.keep(session, response, _receipt_hash(response)) is Kept.STORED
        if tell:
            tell(min(start + BATCH, len(every)), len(every))
    return stored


def _receipt_hash(response: Response) -> str:
    """Of a receipt nobody has: simulated responses can't be withdrawn."""
    return hashlib.sha256(f"simulated: no receipt for {response.submission_id}".encode()).hexdigest()
