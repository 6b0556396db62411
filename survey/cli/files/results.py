"""`survey results`: the tables of estimates of a wave, as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from survey.cli.database import opened
from survey.cli.failure import Failure
from survey.cli.files.options import sample_option, wave_argument
from survey.config import Config
from survey.language import LANGUAGES
from survey.report.errors import ReportError
from survey.report.results import Sample, examine
from survey.report.writing.files import write_whole, writer_for
from survey.report.writing.tables import results_csv, results_xlsx
from survey.storage.answers.responses import response_counts, responses
from survey.storage.database import sessions
from survey.storage.questionnaires import published
from survey.storage.records import StoredWave
from survey.storage.waves import all_waves, find_wave, newest_wave
from survey.wave.canonical import analysis_hash
from survey.wave.model import Channel, State

Formats = Mapping[str, Callable[[Sample, str], bytes]]
TABLES: Formats = {
    ".csv": lambda sample, language: results_csv(sample.results, language),
    ".xlsx": lambda sample, language: results_xlsx(sample.results, language),
}


@click.command()
@wave_argument
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=".csv or .xlsx")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the labels.")
@sample_option
@click.pass_obj
def results(config: Config, /, **options: Any) -> None:
    """Write every measure of WAVE (the newest with answers, when none is named) by district and for the city."""
    _write(config, TABLES, **options)


def _write(config: Config, formats: Formats, wave_id: str | None, out: Path, language: str, sample: str) -> None:
    try:
        write = writer_for(out, formats)
        found = examined(config, wave_id, Channel(sample))
        write_whole(out, write(found, language))
    except ReportError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror or error}") from error
    wave = found.results.wave
    click.echo(f"{out}: wave {wave.id}{' (simulated)' if wave.simulated else ''}, {sample} sample.")


def examined(config: Config, wave_id: str | None, channel: Channel) -> Sample:
    """The results of a sample of a wave in the configured database; `Failure` without a wave.

    Without `wave_id` the newest wave that has answers in this sample; newer ones without are named.
    """
    with opened(config) as engine, sessions(engine)() as session:
        stored = found_wave(session, wave_id) if wave_id else _newest_answered(session, channel)
        wave = stored.wave
        click.echo(f"Computing wave {wave.id} …", err=True)
        questionnaire = published(session, wave.questionnaire)
        frozen = stored.analysis_hash or analysis_hash(wave)
        return examine(responses(session, wave.id), wave, questionnaire, channel, frozen)


def _newest_answered(session: Session, channel: Channel) -> StoredWave:
    newest = found_wave(session, None)
    opened_ones = [one for one in all_waves(session) if one.state is not State.PLANNED]
    for stored in opened_ones:
        if any(one.responses for one in response_counts(session, stored.wave.id) if one.channel is channel):
            if stored.wave.id != newest.wave.id:
                click.echo(f"Wave {newest.wave.id} has no answers of the {channel} sample yet.", err=True)
            return stored
    return newest


def found_wave(session: Session, wave_id: str | None) -> StoredWave:
    """The wave with this id (None: the newest); `Failure` when there is none."""
    if wave_id is not None:
        return find_wave(session, wave_id)
    newest = newest_wave(session)
    if newest is None:
        raise Failure("There are no waves yet: `survey wave create FILE` plans one, `survey simulate` makes one up.")
    return newest
