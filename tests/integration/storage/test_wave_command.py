"""`survey wave` and `survey waves`, from an empty database to a closed wave."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import survey.wave
from survey.cli.main import survey as command
from survey.questionnaire.read import shipped
from survey.storage.database import connect, sessions
from survey.storage.questionnaires import publish
from survey.storage.waves import find_wave

EXAMPLE = Path(survey.wave.__file__).parent / "definitions" / "example.toml"


@pytest.fixture
def run(database):
    """Runs the command on a fresh database; gives its exit status and what it says."""

    def call(*arguments):
        done = CliRunner().invoke(command, list(map(str, arguments)), env={"SURVEY_DATABASE": database})
        return done.exit_code, done.output

    return call


@pytest.fixture
def ready(run, database):
    """The same, with the shipped questionnaire published."""
    engine = connect(database)
    with sessions(engine).begin() as session:
        publish(session, shipped())
    engine.dispose()
    return run


def test_a_real_wave_runs_from_its_file_to_its_close(ready, database):
    status, said = ready("wave", "create", EXAMPLE)
    assert (status, said.split(",")[0]) == (0, "Planned: wave 2027")
    assert ready("wave", "open", "2027")[0] == 0
    engine = connect(database)
    with sessions(engine).begin() as session:
        frozen = find_wave(session, "2027").analysis_hash
    engine.dispose()
    assert frozen
    assert ready("wave", "close", "2027")[0] == 0
    assert ready("wave", "close", "2027")[0] == 0  # Wipes the order once more.
    assert ready("wave", "open", "2027") == (
        2,
        'Error: Wave "2027" is closed and cannot become open: a wave is planned, then open, then closed.\n',
    )


@pytest.mark.parametrize(
    ("language", "title"), [("zh", "2027年威海市"), ("en", "Weihai residents"), ("ko", "2027년 웨이하이시")]
)
def test_waves_are_listed_in_each_language(ready, language, title):
    ready("wave", "create", EXAMPLE)
    status, said = ready("waves", "--language", language)
    _, row = said.splitlines()
    assert status == 0
    assert row.startswith("2027")
    assert title in row


def test_no_waves_is_said(ready):
    assert ready("waves") == (0, "There are no waves yet.\n")


def test_mistakes_are_told_in_one_line_and_change_nothing(ready, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(EXAMPLE.read_text(encoding="utf-8").replace('headline = "', 'headline = "no_such_'), "utf-8")
    status, said = ready("wave", "create", wrong)
    assert status == 2
    assert "no_such_" in said
    assert ready("wave", "create", tmp_path / "missing.toml")[0] == 2
    assert ready("wave", "open", "1999") == (2, 'Error: There is no wave "1999".\n')
    unknown = ready("wave", "create", EXAMPLE, "--questionnaire", "weihai-residents", "1900")
    assert unknown == (2, 'Error: Questionnaire "weihai-residents" version "1900" was not published.\n')
    assert ready("waves") == (0, "There are no waves yet.\n")


def test_a_wave_needs_a_published_questionnaire(run):
    assert run("wave", "create", EXAMPLE) == (2, "Error: No questionnaire is published yet.\n")


def test_an_unprepared_database_is_told(empty_database):
    said = CliRunner().invoke(command, ["waves"], env={"SURVEY_DATABASE": empty_database("sqlite")})
    assert said.exit_code == 2
    assert "has no tables yet: run `survey migrate`" in said.output
