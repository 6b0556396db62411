"""`survey texts`: what respondents wrote in their own words, for the bureau alone."""

from __future__ import annotations

from pathlib import Path

import click

from survey.cli.database import opened
from survey.cli.files.options import wave_argument
from survey.cli.files.results import found_wave
from survey.config import Config
from survey.language import LANGUAGES
from survey.report.writing.files import write_whole, writer_for
from survey.report.writing.open_answers import open_answers, open_answers_csv
from survey.storage.answers.responses import responses
from survey.storage.database import sessions
from survey.storage.questionnaires import published


@click.command()
@wave_argument
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=".csv")
@click.option("--language", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="Of the labels.")
@click.pass_obj
def texts(config: Config, wave_id: str | None, out: Path, language: str) -> None:
    """Write the open answers of WAVE (the newest, when none is named): texts alone, joined to nothing.

    Confidential: a text may name a person. Never publish it.
    """
    write = writer_for(out, {".csv": open_answers_csv})
    with opened(config) as engine, sessions(engine)() as session:
        wave = found_wave(session, wave_id).wave
        table = open_answers(responses(session, wave.id), published(session, wave.questionnaire), language)
    write_whole(out, write(table))
    out.chmod(0o600)
    click.echo(f"{out}: wave {wave.id}{' (simulated)' if wave.simulated else ''}, {len(table.rows)} texts.")
