"""`survey wave breakoff`: where respondents stop."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from survey.cli.database import opened
from survey.config import Config
from survey.language import LANGUAGES
from survey.language import say as say_in
from survey.storage.answers.fieldwork import fieldwork
from survey.storage.database import sessions
from survey.storage.questionnaires import published
from survey.storage.waves import find_wave
from survey.web.desk.stops import COUNTED, stops

PIPED_WIDTH = 200
"""Columns when nobody looks at a terminal."""


@click.command()
@click.argument("wave_id", metavar="ID")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.pass_obj
def breakoff(config: Config, wave_id: str, language: str) -> None:
    """How many respondents of the wave ID reached each section, and how many sent their answers.

    Counted by browsers that run the page's script. A section that only some are asked is reached by few.
    """
    with opened(config) as engine, sessions(engine)() as session:
        asked = published(session, find_wave(session, wave_id).wave.questionnaire)
        stands = fieldwork(session, wave_id)
    say = say_in(language)
    table = Table(say("Reached"), say("Times"), say("Share of those who opened"), box=None, pad_edge=False)
    for row in stops(asked, stands, language):
        table.add_row(*row)
    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    console.print(table)
    console.print(say(COUNTED))
