"""`survey wave poster`: a sheet in three languages, or the code alone."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from open_survey import the_wave

from survey.cli.main import survey as command
from survey.language import LANGUAGES, say
from survey.questionnaire.read import shipped
from survey.storage.database import connect, sessions
from survey.storage.questionnaires import publish
from survey.storage.waves import close_wave, create_wave, open_wave

WAVE, ADDRESS = "2026-simulated", "https://survey.example"


@pytest.fixture
def run(new_database):
    """Runs the command on a database whose wave is open."""
    database = new_database("sqlite")
    engine = connect(database)
    with sessions(engine).begin() as session:
        publish(session, shipped())
        create_wave(session, the_wave())
        open_wave(session, WAVE)

    def call(*arguments):
        done = CliRunner().invoke(command, list(map(str, arguments)), env={"SURVEY_DATABASE": database})
        return done.exit_code, done.output

    def close():
        with sessions(engine).begin() as session:
            close_wave(session, WAVE)

    call.close = close
    yield call
    engine.dispose()


def test_a_sheet_says_in_every_language_what_to_do(run, tmp_path):
    out = tmp_path / "poster.svg"
    assert run("wave", "poster", WAVE, "--address", ADDRESS, "--out", out) == (0, f"{out}: opens {ADDRESS}/\n")
    sheet = ElementTree.parse(out).getroot()
    said = [text.text for text in sheet.iter("{http://www.w3.org/2000/svg}text")]
    assert len(set(said)) == len(said), "a text that is not translated stands there twice"
    joined = "".join(said).replace(" ", "")
    for language in LANGUAGES:
        assert the_wave().title[language].replace(" ", "") in joined
        assert say(language)("Scan with WeChat or the camera") in said
        assert the_wave().contact[language] in said
    assert ADDRESS in said
    assert len(list(sheet.iter("{http://www.w3.org/2000/svg}path"))) == 1


def test_the_code_alone_is_a_picture(run, tmp_path):
    out = tmp_path / "code.png"
    assert run("wave", "poster", WAVE, "--address", f"{ADDRESS}/", "--out", out)[0] == 0
    assert out.read_bytes().startswith(b"\x89PNG")


def test_the_configured_address_is_drawn_where_none_is_given(run, tmp_path, monkeypatch):
    out = tmp_path / "code.png"
    assert "SURVEY_ADDRESS" in run("wave", "poster", WAVE, "--out", out)[1]
    monkeypatch.setenv("SURVEY_ADDRESS", ADDRESS)
    assert run("wave", "poster", WAVE, "--out", out) == (0, f"{out}: opens {ADDRESS}/\n")


@pytest.mark.parametrize(
    ("address", "name", "told"),
    [
        ("survey.example", "poster.svg", "is no address of a server"),
        ("https://", "poster.svg", "is no address of a server"),
        (f"{ADDRESS}/?a=b", "poster.svg", "is no address of a server"),
        (ADDRESS, "poster.pdf", "must end in .svg or .png"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(run, tmp_path, address, name, told):
    status, said = run("wave", "poster", WAVE, "--address", address, "--out", tmp_path / name)
    assert status == 2
    assert told in said
    assert not (tmp_path / name).exists()


def test_a_closed_wave_has_no_poster(run, tmp_path):
    run.close()
    status, said = run("wave", "poster", WAVE, "--address", ADDRESS, "--out", tmp_path / "poster.svg")
    assert (status, said) == (2, 'Error: Wave "2026-simulated" is closed: a poster would lead to nothing.\n')
