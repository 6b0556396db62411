"""`survey questionnaire`: what the shell says about a definition file, and what publishing freezes."""

import pytest
from click.testing import CliRunner
from small_questionnaire import SMALL

from survey.cli.main import survey
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.plan import city_plan
from survey.questionnaire.read import read
from survey.storage.database import connect, sessions
from survey.storage.questionnaires import published

TEXT = SMALL.replace('units = ["police"]', 'units = ["public_security_bureau"]')


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.delenv("SURVEY_DATABASE", raising=False)
    monkeypatch.setenv("SURVEY_FOLDER", str(tmp_path / "var"))

    def run(command, text):
        file = tmp_path / "definition.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return CliRunner().invoke(survey, ["questionnaire", command, str(file)])

    return run


def stored(tmp_path, digest):
    engine = connect(f"sqlite:///{tmp_path / 'var' / 'survey.sqlite'}")
    try:
        with sessions(engine)() as session:
            return published(session, digest)
    finally:
        engine.dispose()


def test_a_sound_definition_is_told_with_its_hash_and_nothing_is_kept(run, tmp_path):
    done = run("check", TEXT)
    assert done.exit_code == 0, done.output
    assert content_hash(read(TEXT, city_plan())) in done.output
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("command", ["check", "publish"])
def test_every_problem_is_one_line_with_its_place_and_nothing_is_kept(run, tmp_path, command):
    done = run(command, TEXT.replace("most = 2", "most = 9").replace(', ko = "Label origin한"', ""))
    assert done.exit_code == 2
    assert 'section "place" › question "origin" › label.ko: this language is missing' in done.output
    assert 'section "belonging" › question "places" › most: 9 is more than the 4 options' in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "var").exists()


def test_a_file_in_another_encoding_is_refused_with_its_line(run):
    done = run("check", TEXT.encode("utf-8").replace("한".encode(), "한".encode("euc-kr")))
    assert done.exit_code == 2
    assert "is not UTF-8" in done.output


def test_a_file_that_is_not_there_is_named(run):
    done = CliRunner().invoke(survey, ["questionnaire", "check", "nowhere.toml"])
    assert done.exit_code == 2
    assert "nowhere.toml" in done.output


def test_publishing_twice_freezes_it_once(run, tmp_path):
    for _ in range(2):
        done = run("publish", TEXT)
        assert done.exit_code == 0, done.output
    asked = read(TEXT, city_plan())
    assert stored(tmp_path, content_hash(asked)) == asked


def test_a_published_version_never_changes(run, tmp_path):
    run("publish", TEXT)
    done = run("publish", TEXT.replace('en = "Question origin"', 'en = "Where from?"'))
    assert done.exit_code == 2
    assert "version" in done.output
    asked = read(TEXT, city_plan())
    assert stored(tmp_path, content_hash(asked)) == asked
