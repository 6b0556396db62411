"""The import page explains its two files and gives examples of them that are valid as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from open_survey import SECRET, house_of
from small_city import questionnaire

from survey.app import create_app
from survey.config import Config
from survey.intake.mapping import read as read_mapping
from survey.language import LANGUAGES
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.notation.table import decoded, document
from survey.storage.questionnaires import publish

TOKEN = "a token for tests only"


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The real application with one published questionnaire and no wave."""
    app = create_app(Config(folder=tmp_path, database=database, secret=SECRET, desk_token=TOKEN))
    with house_of(app).sessions.begin() as session:
        publish(session, questionnaire())
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """A browser of the bureau, signed in."""
    client = app.test_client()
    assert client.get(f"/sign-in?token={TOKEN}").status_code == 303
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_gives_a_valid_example_of_each_file(desk: FlaskClient, language: str) -> None:
    page = desk.get(f"/{language}/import").text
    mapping, wave = re.findall(rf'href="(/{language}/import/[^"]+\.toml)"', page)
    answer = desk.get(mapping, buffered=True)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert questionnaire().title[language] in answer.text
    assert len(read_mapping(decoded(answer.data), questionnaire()).items) == 11
    assert document(decoded(desk.get(wave, buffered=True).data)).has("margin")


def test_only_the_bureau_gets_them_and_only_of_what_is_published(app: Flask, desk: FlaskClient) -> None:
    path = f"/en/import/mapping/{content_hash(questionnaire())}.toml"
    assert desk.get(path, buffered=True).status_code == 200
    assert desk.get(path.replace("mapping/", "mapping/0")).status_code == 404
    for stranger in (path, "/en/import/wave.toml"):
        assert app.test_client().get(stranger).status_code == 401
