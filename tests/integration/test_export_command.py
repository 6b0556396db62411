"""`survey export`: every ending, on the wave that is named or the newest; columns that stay over versions."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_city import questionnaire, response, sample, wave

from survey.cli.main import survey as command
from survey.questionnaire.canonical import content_hash
from survey.report.export.write import FORMATS
from survey.storage.answers.responses import keep
from survey.storage.database import connect, sessions
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(database: str) -> Run:
    """Runs the command on a database with two waves; the later one asks a version with a question more, in front."""
    first, *rest = questionnaire().sections
    added = replace(first.questions[1], id="tenure")
    later = replace(questionnaire(), version="2", sections=(replace(first, questions=(added, *first.questions)), *rest))
    next_wave = replace(
        wave(),
        id="2027-small",
        year=2027,
        opens=wave().opens.replace(year=2027),
        closes=wave().closes.replace(year=2027),
        questionnaire=content_hash(later),
    )
    engine = connect(database)
    with sessions(engine).begin() as session:
        for asked, planned in ((later, next_wave), (questionnaire(), wave())):
            publish(session, asked)
            create_wave(session, planned)
            open_wave(session, planned.id)
            for one in sample():
                keep(session, replace(one, wave=planned.id, questionnaire=planned.questionnaire), one.submission_id)
    engine.dispose()

    def call(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(command, list(map(str, arguments)), env={"SURVEY_DATABASE": database})
        return done.exit_code, done.output

    return call


def head(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return next(csv.reader(opened))


@pytest.mark.parametrize("options", [(), ("--public",), ("--replicates", 4)])
def test_every_ending_is_written(run: Run, tmp_path: Path, options: tuple[object, ...]) -> None:
    endings = [ending.upper() if ending == ".csv" else ending for ending in FORMATS]
    for ending in endings:
        status, said = run("export", "2026-small", "--out", tmp_path / f"file{ending}", *options)
        assert status == 0, said
        assert ("public file" in said) == ("--public" in options)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == sorted(endings)


def test_files_of_two_waves_can_be_put_under_each_other(run: Run, tmp_path: Path) -> None:
    for name in ("2026-small", "2027-small"):
        assert run("export", name, "--out", tmp_path / f"{name}.csv")[0] == 0
    before, after = head(tmp_path / "2026-small.csv"), head(tmp_path / "2027-small.csv")
    items = slice(before.index("district"), before.index("years") + 1)
    assert after[items] == before[items]
    assert after[items.stop] == "tenure"


def test_replicates_of_a_public_file_are_refused(run: Run, tmp_path: Path) -> None:
    status, said = run("export", "--out", tmp_path / "p.csv", "--public", "--replicates", 10)
    assert status == 2
    assert "would tell what the public file hides" in said
    assert list(tmp_path.iterdir()) == []


def test_a_sample_too_small_for_a_public_file_says_so(run: Run, tmp_path: Path, database: str) -> None:
    few = replace(wave(), id="2028-few", opens=wave().opens.replace(year=2028), year=2028)
    few = replace(few, closes=few.closes.replace(year=2028))
    engine = connect(database)
    with sessions(engine).begin() as session:
        create_wave(session, few)
        open_wave(session, few.id)
        for n in range(8):
            one = replace(response(n, district=1 + n % 4), wave=few.id)
            keep(session, one, f"few {n}")
    engine.dispose()
    status, said = run("export", few.id, "--out", tmp_path / "p.csv", "--public")
    assert status == 2
    assert "too few answered for a public file" in said
    assert list(tmp_path.iterdir()) == []


SLOW = """
import sys, time
from pathlib import Path
import click
from survey.cli.main import COMMANDS, main
from survey.report.writing.files import replacing

@click.command()
def slow():
    with replacing(Path(sys.argv[1])) as part:
        part.write_text("half of it")
        print("begun", flush=True)
        time.sleep(60)

COMMANDS["slow"] = "__main__:slow"
main(["slow"])
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_command_that_is_ended_leaves_no_half_file(tmp_path: Path, ending: signal.Signals) -> None:
    out = tmp_path / "file.csv"
    out.write_text("what was there", encoding="utf-8")
    with subprocess.Popen([sys.executable, "-c", SLOW, str(out)], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "begun\n"
        assert len(list(tmp_path.iterdir())) == 2
        command.send_signal(ending)
        assert command.wait(30) != 0
    assert [one.name for one in tmp_path.iterdir()] == ["file.csv"]
    assert out.read_text(encoding="utf-8") == "what was there"
