"""`survey wave` and `survey waves`: plan a wave, open it, close it, list what there is."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from survey.cli.database import opened
from survey.cli.failure import Commands
from survey.cli.wave.breakoff import breakoff
from survey.cli.wave.invite import invite
from survey.cli.wave.poster import poster
from survey.config import Config
from survey.language import LANGUAGES, Say, format_number
from survey.language import say as say_in
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.notation.table import decoded
from survey.storage.answers.order import forget_order
from survey.storage.answers.responses import response_counts
from survey.storage.database import sessions
from survey.storage.questionnaires import only_published, published_version
from survey.storage.records import StoredWave
from survey.storage.waves import all_waves, close_wave, create_wave, find_wave, open_wave
from survey.wave.model import Channel, State
from survey.wave.read import read

PIPED_WIDTH = 400
"""Columns when nobody looks at a terminal: enough that no title is cut."""

_ID = click.argument("wave_id", metavar="ID")


@click.group(cls=Commands)
def wave() -> None:
    """Waves: plan one, invite its sample, open it for answers, close it."""


wave.add_command(invite)
wave.add_command(breakoff)
wave.add_command(poster)


@wave.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--questionnaire",
    "asked",
    nargs=2,
    metavar="ID VERSION",
    help="Published questionnaire it asks; not needed while only one is published.",
)
@click.pass_obj
def create(config: Config, file: Path, asked: tuple[str, str] | None) -> None:
    """Plan the wave in the definition FILE, or say everything that is wrong with it."""
    with opened(config) as engine, sessions(engine).begin() as session:
        questionnaire = _asked(session, asked)
        planned = read(decoded(file.read_bytes()), questionnaire)
        create_wave(session, planned)
    click.echo(
        f"Planned: wave {planned.id}, {planned.opens} to {planned.closes}, asks {questionnaire.id} "
        f"{questionnaire.version}. `survey wave open {planned.id}` opens it and freezes its analysis plan."
    )


@wave.command("open")
@_ID
@click.pass_obj
def open_(config: Config, wave_id: str) -> None:
    """Open the planned wave ID for answers; from here its analysis plan is frozen."""
    with opened(config) as engine, sessions(engine).begin() as session:
        open_wave(session, wave_id)
        frozen = find_wave(session, wave_id)
    click.echo(
        f"Open: wave {wave_id}, for answers from {frozen.wave.opens} to {frozen.wave.closes}. "
        f"Analysis plan frozen: {frozen.analysis_hash}"
    )


@wave.command()
@_ID
@click.pass_obj
def close(config: Config, wave_id: str) -> None:
    """Close the open wave ID for good: no more answers, no more withdrawals.

    Of a wave that is closed already it wipes once more the order in which its answers came.
    """
    with opened(config) as engine:
        with sessions(engine).begin() as session:
            if find_wave(session, wave_id).state is not State.CLOSED:
                close_wave(session, wave_id)
            count = sum(one.responses for one in response_counts(session, wave_id))
        click.echo(f"Closed: wave {wave_id}, {count} responses. Wiping the order in which they came …")
        forget_order(engine)
    click.echo("Done.")


@click.command()
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.pass_obj
def waves(config: Config, language: str) -> None:
    """List the waves, newest first, with their responses by channel."""
    with opened(config) as engine, sessions(engine)() as session:
        rows = [_row(session, stored, language) for stored in all_waves(session)]
    say = say_in(language)
    if not rows:
        click.echo(say("There are no waves yet."))
        return
    heads = (say("Wave"), say("Year"), say("Title"), say("State"), say("Data"), say("Invited"), say("Open link"))
    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(table)


def _row(session: Session, stored: StoredWave, language: str) -> tuple[str, ...]:
    say = say_in(language)
    counted = dict.fromkeys(Channel, 0)
    for one in response_counts(session, stored.wave.id):
        counted[one.channel] += one.responses
    return (
        stored.wave.id,
        str(stored.wave.year),
        stored.wave.title[language],
        _state(stored.state, say),
        say("simulated") if stored.wave.simulated else say("real"),
        *(format_number(counted[channel], language) for channel in (Channel.INVITED, Channel.OPEN)),
    )


def _state(state: State, say: Say) -> str:
    match state:
        case State.PLANNED:
            return say("planned")
        case State.OPEN:
            return say("open")
        case State.CLOSED:
            return say("closed")


def _asked(session: Session, name: tuple[str, str] | None) -> Questionnaire:
    return published_version(session, *name) if name else only_published(session)
