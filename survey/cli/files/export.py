"""`survey export`: the weighted microdata of a wave for R, Stata, SPSS, Excel and archives."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from survey.cli.database import opened
from survey.cli.failure import Failure
from survey.cli.files.options import sample_option, wave_argument
from survey.cli.files.results import examined
from survey.config import Config
from survey.language import LANGUAGES
from survey.questionnaire.model import Questionnaire
from survey.report.errors import ReportError
from survey.report.export.dataset import Dataset, dataset
from survey.report.export.public.file import public as published_file
from survey.report.export.write import FORMATS, write
from survey.report.results import Sample
from survey.report.writing.files import writer_for
from survey.storage.database import sessions
from survey.storage.questionnaires import versions
from survey.wave.model import Channel

ENDINGS = ", ".join(FORMATS)


@click.command()
@wave_argument
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=f"Ends in {ENDINGS}.")
@sample_option
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the labels.")
@click.option(
    "--replicates", type=click.IntRange(2, 2000), help="Add so many bootstrap replicate weights (Rao–Wu, raked)."
)
@click.option(
    "--public",
    is_flag=True,
    help="A file that may be published: k-anonymous, without streets, texts or design weights.",
)
@click.pass_obj
def export(config: Config, /, out: Path, sample: str, public: bool, **options: object) -> None:
    """Write the weighted microdata of WAVE (the newest with answers, when none is named), as OUT's ending asks.

    .r, .do and .sps are the lines that declare the design in R, Stata and SPSS; .xml is the DDI-Codebook. Without
    --public the file is confidential: not for publication.
    """
    if public and options["replicates"]:
        raise Failure("--public and --replicates: replicate weights would tell what the public file hides.")
    try:
        writer_for(out, FORMATS)
        wave_id = options["wave_id"]
        found = examined(config, wave_id if isinstance(wave_id, str) else None, Channel(sample))
        data = _data(config, found, str(options["language"]), options["replicates"])
        _write(published_file(data, np.random.default_rng()) if public else data, out)
    except ReportError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror or error}") from error
    wave = found.results.wave
    kind = "public file" if public else "confidential"
    click.echo(f"{out}: wave {wave.id}{' (simulated)' if wave.simulated else ''}, {sample} sample, {kind}.")


def _data(config: Config, found: Sample, language: str, replicates: object) -> Dataset:
    count = replicates if isinstance(replicates, int) else 0
    return dataset(found, language, published=_versions(config, found.frame.questionnaire), replicates=count)


def _versions(config: Config, questionnaire: Questionnaire) -> tuple[Questionnaire, ...]:
    with opened(config) as engine, sessions(engine)() as session:
        return versions(session, questionnaire.id)


def _write(data: Dataset, out: Path) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"Writing {out.name}", total=data.rows)
        write(data, out, lambda done, total: progress.update(task, completed=done, total=total))
