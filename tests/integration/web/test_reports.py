"""Reports at the desk: the list of a wave's reports, the files, and what is said when there are none."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from open_survey import SECRET, house_of
from small_city import questionnaire, sample, wave

from survey.app import create_app
from survey.config import Config
from survey.document import render
from survey.language import LANGUAGES, say
from survey.storage.answers.responses import keep
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave

TOKEN = "a token for tests only"


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The real application with an open wave nobody has answered."""
    app = create_app(Config(folder=tmp_path, database=database, secret=SECRET, desk_token=TOKEN))
    with house_of(app).sessions.begin() as session:
        publish(session, questionnaire())
        create_wave(session, wave())
        open_wave(session, wave().id)
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """A browser of the bureau, signed in."""
    client = app.test_client()
    assert client.get(f"/sign-in?token={TOKEN}").status_code == 303
    return client


def answer(app: Flask) -> None:
    with house_of(app).sessions.begin() as session:
        for one in sample():
            keep(session, one, f"receipt-{one.submission_id}")


@pytest.mark.parametrize("path", ["", "/city.pdf", "/1.docx"])
def test_without_signing_in_nothing_is_given(app: Flask, path: str) -> None:
    answer(app)
    assert app.test_client().get(f"/en/reports/2026-small{path}").status_code == 401


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_leads_to_every_report_in_the_language_of_the_page(
    app: Flask, desk: FlaskClient, language: str
) -> None:
    answer(app)
    page = desk.get(f"/{language}/reports/2026-small")
    assert page.status_code == 200
    for place in ("city", *(district.code for district in wave().districts)):
        for ending in ("pdf", "docx"):
            assert f'href="/{language}/reports/2026-small/{place}.{ending}"' in page.text
    assert f"/{language}/reports/2026-small" in desk.get(f"/{language}/results/2026-small/files").text


def test_the_files_are_whole_and_named_by_wave_sample_place_and_language(app: Flask, desk: FlaskClient) -> None:
    answer(app)
    pdf = desk.get("/ko/reports/2026-small/city.pdf")
    assert (pdf.status_code, pdf.content_type) == (200, "application/pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert pdf.data.rstrip().endswith(b"%%EOF")
    assert "2026-small-invited-report-city-ko.pdf" in pdf.headers["Content-Disposition"]
    word = desk.get("/zh/reports/2026-small/2.docx")
    assert "South中" in [one.text for one in docx.Document(io.BytesIO(word.data)).paragraphs]
    assert "2026-small-invited-report-2-zh.docx" in word.headers["Content-Disposition"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_is_said_in_the_language_of_the_page(app: Flask, desk: FlaskClient, language: str) -> None:
    nothing = desk.get(f"/{language}/reports/2026-small/city.pdf")
    assert (nothing.status_code, say(language)("No answers yet") in nothing.text) == (404, True)
    answer(app)
    both = desk.get(f"/{language}/reports/2026-small/city.pdf?sample=both")
    assert (both.status_code, say(language)("There is no such sample") in both.text) == (404, True)
    for path in ("9.pdf", "north.pdf", "city.odt"):
        page = desk.get(f"/{language}/reports/2026-small/{path}")
        assert (page.status_code, say(language)("There is no such report") in page.text) == (404, True)
    page = desk.get(f"/{language}/reports/none/city.pdf")
    assert (page.status_code, say(language)("There is no such wave") in page.text) == (404, True)


def test_a_report_that_takes_too_long_is_given_up_with_a_page_that_says_so(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(app)
    monkeypatch.setattr(render, "LONGEST", 0.01)
    page = desk.get("/en/reports/2026-small/city.pdf")
    assert page.status_code == 503
    assert "The report could not be written" in page.text
    assert "Traceback" not in page.text
