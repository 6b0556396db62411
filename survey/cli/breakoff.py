"""`survey wave breakoff`: where respondents stop."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from survey.cli.database import opened
from survey.config import Config
from survey.language import LANGUAGES, format_number, format_share
from survey.language import say as say_in
from survey.questionnaire.model import Questionnaire
from survey.storage.database import sessions
from survey.storage.questionnaires import published
from survey.storage.reached import OPENED, SENDING, reached
from survey.storage.responses import response_counts
from survey.storage.waves import find_wave
from survey.wave.model import Mode

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
        counts = reached(session, wave_id)
        online = (Mode.PHONE, Mode.WEB)
        sent = sum(one.responses for one in response_counts(session, wave_id) if one.mode in online)
    say = say_in(language)
    opened_by = counts.get(OPENED, 0)
    table = Table(say("Reached"), say("Times"), say("Share of those who opened"), box=None, pad_edge=False)
    for name, times in (*_places(asked, counts, language), (say("Answers sent"), sent)):
        share = format_share(times / opened_by, language) if opened_by else "—"
        table.add_row(name, format_number(times, language), share)
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(table)


def _places(asked: Questionnaire, counts: dict[str, int], language: str) -> list[tuple[str, int]]:
    say = say_in(language)
    names = {OPENED: say("Page opened")}
    names |= {section.id: section.title[language] for section in asked.sections}
    names[SENDING] = say("Last page, ready to send")
    return [(name, counts.get(place, 0)) for place, name in names.items()]
