"""`survey report`: the results of a wave as a report to be signed, for the city or for one district."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from survey.cli.database import opened
from survey.cli.failure import Failure
from survey.cli.files.options import sample_option, wave_argument
from survey.cli.files.results import examined
from survey.config import Config
from survey.document.compose import compose, find_district
from survey.document.render import WRITERS, write
from survey.language import LANGUAGES
from survey.report.errors import ReportError
from survey.report.results import Sample
from survey.report.writing.files import write_whole, writer_for
from survey.storage.answers.fieldwork import invitations_of
from survey.storage.database import sessions
from survey.storage.lines import waves_before
from survey.wave.model import Channel


@click.command()
@wave_argument
@click.option("--district", metavar="D", help="Code or name of one district; without it, the whole city.")
@click.option("--language", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="Of the report.")
@sample_option
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=".pdf or .docx")
@click.pass_obj
def report(config: Config, /, wave_id: str | None, district: str | None, language: str, sample: str, out: Path) -> None:
    """Write the report of WAVE (the newest with answers, when none is named) as PDF or as Word document."""
    try:
        writer_for(out, WRITERS)
        if not out.parent.is_dir():
            raise Failure(f"{out} cannot be written: there is no folder {out.parent}.")
        found = examined(config, wave_id, Channel(sample))
        write_whole(out, _written(config, found, district, language, out.suffix.lower()))
    except ReportError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror or error}") from error
    wave = found.results.wave
    place = find_district(wave, district).name[language] if district else "whole city"
    click.echo(f"{out}: wave {wave.id}{' (simulated)' if wave.simulated else ''}, {sample} sample, {place}.")


def _beside(config: Config, wave_id: str, channel: Channel) -> tuple[tuple[Sample, ...], int]:
    """The waves that stand before this one in its line, oldest first, without those that nobody answered; and how many
    invitations this one has.
    """
    with opened(config) as engine, sessions(engine)() as session:
        names = [one.wave.id for one in waves_before(session, wave_id)]
        invitations = invitations_of(session, wave_id)
    found = []
    for name in names:
        with suppress(ReportError):
            found.append(examined(config, name, channel))
    return tuple(found), invitations


def _written(config: Config, found: Sample, district: str | None, language: str, ending: str) -> bytes:
    beside = _beside(config, found.results.wave.id, found.results.channel)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(f"Laying out the report ({ending}); the city's takes longest", total=None)
        code = None if district is None else find_district(found.results.wave, district).code
        return write(compose(found, code, language, *beside), ending)
