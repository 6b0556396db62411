"""`survey import`: answers from a file, into a wave of their own, all of them or none."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from survey.cli.database import opened
from survey.cli.failure import Failure
from survey.config import Config
from survey.intake.errors import BadRows, RowProblem, UnusableFile
from survey.intake.mapping import read as read_mapping
from survey.intake.read import Intake, read_file
from survey.intake.wording import definition_text, file_text, problem_text, reason_text
from survey.language import LANGUAGES, Say
from survey.language import say as speaking
from survey.questionnaire.errors import DefinitionError
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.notation.table import decoded
from survey.report.writing.files import replacing
from survey.storage.answers.imported import keep_imported, require_unused
from survey.storage.database import sessions
from survey.storage.errors import AlreadyExists, UnknownWave
from survey.storage.questionnaires import all_published, published
from survey.storage.waves import create_wave, find_wave
from survey.wave.model import State, Wave
from survey.wave.read import read as read_wave
from survey.wave.response import Response

MOST_SHOWN = 100
"""Problems that are listed on the terminal; all of them go to the file that `--problems` names."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("wave_or_id", metavar="WAVE.toml|WAVE-ID")
@click.argument("file", type=_FILE)
@click.option("--mapping", "mapping_file", required=True, type=_FILE, help="What the columns mean (TOML).")
@click.option(
    "--questionnaire",
    "asked",
    nargs=2,
    metavar="ID VERSION",
    help="Published questionnaire a WAVE.toml asks; not needed while only one is published.",
)
@click.option("--problems", type=click.Path(dir_okay=False, path_type=Path), help="CSV file for every bad row.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of what is wrong.")
@click.pass_obj
def import_(
    config: Config,
    /,
    wave_or_id: str,
    file: Path,
    mapping_file: Path,
    asked: tuple[str, str] | None,
    **told: object,
) -> None:
    """Take the answers in FILE (.csv, .xlsx, .sav, .dta) into a wave of their own and close it.

    The wave is planned from a definition file, or was planned before. Every row is checked against the questionnaire;
    when one is wrong, each bad row is told with its line, and nothing is kept.
    """
    say = speaking(str(told["language"]))
    try:
        with opened(config) as engine:
            with sessions(engine)() as session:
                wave, questionnaire, is_new = _planned(session, wave_or_id, asked, say)
            mapping = read_mapping(decoded(mapping_file.read_bytes()), questionnaire)
            taken = read_file(file, mapping, wave, questionnaire)
            with sessions(engine).begin() as session:  # Only now: while it lasts nobody else can write to SQLite.
                if is_new:
                    create_wave(session, wave)
                _keep(session, wave, taken.responses)
    except BadRows as error:
        _tell(error, told)
        bad = say("%(bad)s of %(rows)s rows cannot be taken in.") % {"bad": error.bad, "rows": error.rows}
        raise Failure(f"{bad}\n{say('Nothing was imported')}") from error
    except DefinitionError as error:
        words = [definition_text(problem, say) for problem in error.problems]
        raise Failure("\n".join([*words, say("Nothing was imported")])) from error
    except UnusableFile as error:
        words = [file_text(problem, say) for problem in error.problems]
        raise Failure("\n".join([f"{file}:", *words, say("Nothing was imported")])) from error
    _report(file, wave, taken)


def _planned(
    session: Session, wave_or_id: str, asked: tuple[str, str] | None, say: Say
) -> tuple[Wave, Questionnaire, bool]:
    """The wave the answers go to, planned before and still without answers, or to be planned now (True)."""
    path = Path(wave_or_id)
    if path.suffix.lower() == ".toml":
        questionnaire = _questionnaire(session, asked, say)
        wave = read_wave(decoded(path.read_bytes()), questionnaire)
        try:
            require_unused(session, wave.id)
        except AlreadyExists as error:
            told = say("There is a wave “%(wave)s” already: give this one another id.") % {"wave": wave.id}
            raise Failure(told) from error
        return wave, questionnaire, True
    try:
        stored = find_wave(session, wave_or_id)
    except UnknownWave as error:
        raise Failure(say("There is no wave “%(wave)s”.") % {"wave": wave_or_id}) from error
    if stored.state is not State.PLANNED:
        raise Failure(
            say("Wave “%(wave)s” was opened already: imported answers go to a wave of their own, still planned.")
            % {"wave": stored.wave.id}
        )
    return stored.wave, published(session, stored.wave.questionnaire), False


def _questionnaire(session: Session, asked: tuple[str, str] | None, say: Say) -> Questionnaire:
    """The published questionnaire that is named; the only one, when none is."""
    known = {(one.id, one.version): one for one in all_published(session).values()}
    if asked is None and len(known) == 1:
        return next(iter(known.values()))
    if asked in known:
        return known[asked]
    words = {"known": ", ".join(" ".join(name) for name in known) or "–"}
    if asked is None:
        raise Failure(
            say("Say which questionnaire was asked: --questionnaire ID VERSION. Published: %(known)s.") % words
        )
    raise Failure(
        say("The questionnaire %(asked)s is not published. Published: %(known)s.") % {**words, "asked": " ".join(asked)}
    )


def _keep(session: Session, wave: Wave, responses: Sequence[Response]) -> None:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        keep_imported(session, wave.id, progress.track(responses, description="Keeping the answers"))


def _tell(error: BadRows, told: dict[str, object]) -> None:
    say = speaking(str(told["language"]))
    for problem in error.problems[:MOST_SHOWN]:
        click.echo(problem_text(problem, say), err=True)
    if len(error.problems) > MOST_SHOWN:
        click.echo(f"… and {len(error.problems) - MOST_SHOWN} more; --problems FILE.csv lists all.", err=True)
    if isinstance(told["problems"], Path):
        _write_problems(told["problems"], error.problems, str(told["language"]))


def _write_problems(path: Path, problems: Sequence[RowProblem], language: str) -> None:
    say = speaking(language)
    with replacing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([say("Line"), say("Column"), say("Question"), say("Reason"), say("Value")])
        for one in problems:
            writer.writerow([one.line, one.column, one.question, reason_text(one.reason, say), one.value])


def _report(file: Path, wave: Wave, taken: Intake) -> None:
    click.echo(f"{file}: {taken.rows} rows, {len(taken.responses)} responses imported into wave {wave.id} (closed).")
    for question, count in sorted(taken.left_out.items()):
        click.echo(f"  {count} answers to {question} left out: the questionnaire skips it for these residents.")
