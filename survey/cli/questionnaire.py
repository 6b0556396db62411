"""`survey questionnaire`: check a definition file, publish it."""

from __future__ import annotations

from pathlib import Path

import click

from survey.cli.failure import Commands
from survey.config import Config
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.notation.table import decoded
from survey.questionnaire.plan import city_plan
from survey.questionnaire.read import read
from survey.storage.database import connect, sessions, upgrade
from survey.storage.questionnaires import publish as freeze

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group(cls=Commands)
def questionnaire() -> None:
    """Questionnaires: check a definition file, publish it."""


@questionnaire.command()
@_FILE
def check(file: Path) -> None:
    """Say everything that is wrong with the definition FILE, each with its place; status 2 when anything is."""
    click.echo(f"{_told(_read(file))}. Nothing is wrong with it.")


@questionnaire.command()
@_FILE
@click.pass_obj
def publish(config: Config, file: Path) -> None:
    """Freeze the questionnaire in FILE: what is published never changes, and every response carries its hash."""
    asked = _read(file)
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = connect(config.database)
    try:
        upgrade(engine)
        with sessions(engine).begin() as session:
            freeze(session, asked)
    finally:
        engine.dispose()
    click.echo(f"Published: {_told(asked)}.")


def _read(file: Path) -> Questionnaire:
    return read(decoded(file.read_bytes()), city_plan())


def _told(asked: Questionnaire) -> str:
    count = sum(1 for _ in asked.questions())
    return (
        f"{asked.id} {asked.version}: {count} questions in {len(asked.sections)} sections, "
        f"content hash {content_hash(asked)}"
    )
