"""The bureau's way: sign in, see the figures, take the files; and what everybody else sees."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import sleep
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from open_survey import SECRET, house_of
from small_city import PREFER_NOT, questionnaire, response, sample, wave

from survey.app import create_app
from survey.config import Config
from survey.report.results import Sample, examine
from survey.storage.answers.responses import keep
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave
from survey.wave.model import Channel, Wave
from survey.wave.response import Response

TOKEN = "a token for tests only"
WAVE = "/en/results/2026-small"
LANGUAGES = ("zh", "en", "ko")


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The real application with an empty database and a desk token."""
    app = create_app(Config(folder=tmp_path, database=database, secret=SECRET, desk_token=TOKEN))
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """A browser of the bureau, signed in."""
    client = app.test_client()
    assert client.get(f"/sign-in?token={TOKEN}").status_code == 303
    return client


def fill(app: Flask, responses: list[Response], planned: Wave | None = None) -> None:
    with house_of(app).sessions.begin() as session:
        publish(session, questionnaire())
        create_wave(session, planned or wave())
        open_wave(session, (planned or wave()).id)
        for one in responses:
            keep(session, one, f"receipt-{one.submission_id}")


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["", "/2026-small", "/2026-small/a", "/2026-small/download/results.csv"])
def test_without_signing_in_nothing_is_shown(app: Flask, language: str, path: str) -> None:
    fill(app, sample())
    answer = app.test_client().get(f"/{language}/results{path}")
    assert answer.status_code == 401
    assert "overall" not in answer.text
    assert f'action="/{language}/sign-in"' in answer.text
    assert {"zh": "zh-Hans", "en": "en", "ko": "ko"}[language] in answer.text


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "数"])
def test_a_wrong_token_opens_nothing(app: Flask, token: str) -> None:
    client = app.test_client()
    assert client.get("/sign-in", query_string={"token": token}).status_code == 401
    assert client.get("/en/results").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_the_token_from_the_address(app: Flask) -> None:
    answer = app.test_client().get(f"/sign-in?token={TOKEN}")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert TOKEN not in answer.headers["Location"] + cookie


def test_a_server_without_a_token_lets_nobody_in(database: str, tmp_path: Path) -> None:
    app = create_app(Config(folder=tmp_path, database=database, secret=SECRET, desk_token=None))
    client = app.test_client()
    for token in ("", "None"):
        assert client.get("/sign-in", query_string={"token": token}).status_code == 401
    assert client.get("/en/results").status_code == 401
    house_of(app).engine.dispose()


def test_a_new_token_ends_old_sessions(app: Flask, desk: FlaskClient, tmp_path: Path) -> None:
    other = create_app(replace(house_of(app).config, desk_token="another"))
    name, value = "session", desk.get_cookie("session")
    assert value is not None
    client = other.test_client()
    client.set_cookie(name, value.value)
    assert client.get("/en/results").status_code == 401
    house_of(other).engine.dispose()


def test_signing_in_and_out_with_the_form_needs_the_page_of_this_server(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/en/sign-in", data={"token": TOKEN}).status_code == 400
    page = client.get("/en/sign-in").text
    assert client.post("/en/sign-in", data={"token": TOKEN, "csrf_token": csrf(page)}).status_code == 303
    assert client.post("/en/sign-out").status_code == 400
    page = client.get("/en/results").text
    assert client.post("/en/sign-out", data={"csrf_token": csrf(page)}).status_code == 303
    assert client.get("/en/results").status_code == 401


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_the_only_wave_is_shown_at_once_and_says_what_it_is(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    page = desk.get("/en/results", follow_redirects=True)
    assert page.status_code == 200
    for words in ("Simulated wave", "Invited probability sample", "census", "youngest assumed", "North", "<svg", "400"):
        assert words in page.text
    assert "<title id=" in page.text
    assert "<desc id=" in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_has_its_page_in_every_language(app: Flask, desk: FlaskClient, language: str) -> None:
    fill(app, sample())
    for measure in ("overall", "safety_index", "a", "b", "c", "proud"):
        page = desk.get(f"/{language}/results/2026-small/{measure}")
        assert page.status_code == 200
        assert wave().title[language] in page.text


def test_choosing_a_measure_works_without_a_script(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    page = desk.get(f"{WAVE}?measure=b&sample=invited", follow_redirects=True)
    assert page.request.path == f"{WAVE}/b"
    assert '<h1 id="finding">b</h1>' in page.text


def test_a_measure_leads_to_its_tasks_and_units(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    page = desk.get(f"{WAVE}/a").text
    assert 'href="/en/units/public_security_bureau?wave=2026-small">Weihai Public Security Bureau' in page
    assert 'href="/en/tasks/26?wave=2026-small">26 ' in page
    assert 'id="item-a"' in desk.get("/en/tasks/26?wave=2026-small").text
    assert 'id="item-a"' in desk.get("/en/units/public_security_bureau?wave=2026-small").text


def test_the_open_link_sample_is_shown_only_when_asked_for_and_says_so(app: Flask, desk: FlaskClient) -> None:
    opened = [replace(one, submission_id=f"o{one.submission_id}") for one in sample(9, channel=Channel.OPEN)]
    fill(app, [*sample(), *opened[:250]])
    invited, shown = desk.get(WAVE).text, desk.get(f"{WAVE}?sample=open").text
    assert "Show the open-link sample (250 responses) instead" in invited
    assert "Invited probability sample" in invited
    assert "model-based, not a probability sample" in shown
    assert ">400<" in invited
    assert ">250<" in shown
    rows = table(desk.get("/en/exports/2026-small/confidential.csv?sample=open", buffered=True).data)
    assert {row["channel"] for row in rows} == {"open"}
    assert len(rows) == 250


def test_the_files_hold_what_the_page_shows(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    answer = desk.get(f"{WAVE}/download/results.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "2026-small-invited-results-en.csv" in answer.headers["Content-Disposition"]
    city = next(row for row in table(answer.data) if row["Measure id"] == "overall" and row["Place"] == "Whole city")
    assert f"{float(city['Share, %']):.0f}%" in desk.get(f"{WAVE}/overall").text
    assert "youngest assumed" in city["Notes"]
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{WAVE}/download/results.xlsx").data))
    first = next(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert first[5] == pytest.approx(float(city["Share, %"]))


def test_a_new_answer_is_in_the_results_at_once(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    assert ">400<" in desk.get(WAVE).text
    with house_of(app).sessions.begin() as session:
        keep(session, response(99_999), "receipt")
    assert ">401<" in desk.get(WAVE).text


def test_results_are_computed_once_for_each_state_of_the_data(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(app, sample())
    desk.get(WAVE)
    monkeypatch.setattr("survey.web.computed.examine", lambda *arguments: pytest.fail("computed again"))
    assert desk.get(f"{WAVE}/a").status_code == 200


def test_pages_asked_for_at_the_same_time_are_made_from_results_computed_once(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(app, sample())
    computed = []

    def slowly(*arguments: Any) -> Sample:
        computed.append(1)
        sleep(0.2)
        return examine(*arguments)

    def page(path: str) -> int:
        client = app.test_client()
        client.get(f"/sign-in?token={TOKEN}")
        with client.get(path) as answer:
            return answer.status_code

    monkeypatch.setattr("survey.web.computed.examine", slowly)
    with ThreadPoolExecutor(4) as threads:
        pages = [WAVE, WAVE, f"{WAVE}/a", f"/en/exports/{wave().id}/confidential.csv"]
        assert list(threads.map(page, pages)) == [200] * 4
    assert len(computed) == 1


def test_answers_that_cannot_be_weighted_are_not_weighed_again_until_there_are_others(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(app, [response(1, district=PREFER_NOT)])
    first = desk.get(WAVE).text
    assert "The weights cannot be computed" in first
    with monkeypatch.context() as patched:
        patched.setattr("survey.web.computed.examine", lambda *arguments: pytest.fail("computed again"))
        assert "The weights cannot be computed" in desk.get(WAVE).text
    with house_of(app).sessions.begin() as session:
        for one in sample():
            keep(session, replace(one, submission_id=f"more-{one.submission_id}"), f"more-{one.submission_id}")
    assert "The weights cannot be computed" not in desk.get(WAVE).text


def test_a_wave_without_answers_says_so(app: Flask, desk: FlaskClient) -> None:
    fill(app, [])
    for path in (WAVE, f"{WAVE}/a", f"{WAVE}/download/results.csv"):
        page = desk.get(path)
        assert page.status_code == 404 if "download" in path else page.status_code == 200
        assert "No answers yet" in page.text


def test_no_wave_at_all_says_so(app: Flask, desk: FlaskClient) -> None:
    assert "There is no wave yet" in desk.get("/en/results").text


def test_answers_from_one_district_only_are_shown_and_the_others_named(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample(sizes={1: 120}))
    page = desk.get(WAVE)
    assert page.status_code == 200
    assert "nobody answered" in page.text
    said = page.text.index("Nobody, or too few, answered in West")
    assert said < page.text.index("<h1"), "what the city's figures leave out is said before them"


def test_when_every_figure_is_hidden_the_page_says_why(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample(sizes={1: 9, 2: 8, 3: 8}))
    page = desk.get(WAVE)
    assert page.status_code == 200
    assert "No figure for the city can be shown." in page.text
    assert "fewer than 30 answers" in page.text
    cells = [row for row in table(desk.get(f"{WAVE}/download/results.csv").data)]
    assert {row["Share, %"] for row in cells} == {""}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/results/none", "There is no such wave"),
        (f"{WAVE}/none", "This wave has no such result"),
        (f"{WAVE}/download/results.pdf", "There is no such file"),
        ("/fr/results", ""),
        (f"{WAVE}?sample=both", ""),
    ],
)
def test_what_does_not_exist_is_said_in_words(app: Flask, desk: FlaskClient, path: str, words: str) -> None:
    fill(app, sample())
    page = desk.get(path)
    assert page.status_code == 404
    assert words in page.text
    assert "Traceback" not in page.text


def test_margins_that_cannot_be_met_give_a_page_that_says_which(app: Flask, desk: FlaskClient) -> None:
    planned = wave()
    broken = replace(planned.margins[0], cells=tuple(replace(cell, total=-1.0) for cell in planned.margins[0].cells))
    fill(app, sample(), replace(planned, margins=(broken,)))
    page = desk.get(WAVE)
    assert page.status_code == 200
    assert "The weights cannot be computed" in page.text
    assert "weighting_area" in page.text


def test_two_waves_are_listed_newest_first(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    older = replace(wave(), id="2025-small", opens=wave().opens.replace(year=2025), title=wave().asked_by)
    with house_of(app).sessions.begin() as session:
        create_wave(session, older)
    page = desk.get("/en/results").text
    assert page.index("2026-small") < page.index("2025-small")


def test_a_district_of_too_few_answers_is_told_apart_from_one_nobody_answered_in(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample(sizes={1: 2, 2: 200, 3: 90, 4: 60}))
    page = desk.get(WAVE)
    assert "Nobody, or too few, answered in North" in page.text
    assert "too few answered: left out of the city" in page.text
    assert "nobody answered" not in page.text
