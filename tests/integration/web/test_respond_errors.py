"""Whatever goes wrong, the reader gets a page in their language with the right status, and never a stack trace."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from open_survey import SECRET, complete, heading, house_of, the_wave

from survey.app import create_app
from survey.config import Config
from survey.language import LANGUAGES, say
from survey.questionnaire.read import shipped
from survey.storage.answers.responses import responses
from survey.storage.errors import DatabaseBusy
from survey.storage.questionnaires import publish
from survey.storage.waves import close_wave, create_wave, open_wave
from survey.web.errors import TEXTS

CLOSED = "The survey is closed"


def says(page, language, status, text):
    assert page.status_code == status
    assert heading(page.text) == say(language)(text)
    assert "Traceback" not in page.text
    assert f'<html lang="{language}' in page.text


def close(app):
    with house_of(app).sessions.begin() as session:
        close_wave(session, the_wave().id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_we_do_not_speak_is_told_in_the_readers_own(client, language):
    page = client.get("/fr", headers={"Accept-Language": language})
    says(page, language, 404, TEXTS[404][0])
    assert f'href="/{language}"' in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_wave_says_so_and_keeps_nothing(app, client, language):
    sent = complete(str(uuid4()))
    close(app)
    page = client.get(f"/{language}")
    says(page, language, 410, CLOSED)
    assert the_wave().results_published[language] in page.text
    for late in (sent, {**sent, "safe_crime": "6"}, {**sent, "switch": language}):
        says(client.post(f"/{language}", data=late), language, 410, CLOSED)
    with house_of(app).sessions() as session:
        assert list(responses(session, the_wave().id)) == []


def test_whoever_was_received_before_the_wave_closed_gets_the_receipt_again(app, client):
    sent = complete(str(uuid4()))
    receipt = client.post("/zh", data=sent).location
    close(app)
    assert client.post("/zh", data=sent).location == receipt
    assert client.get(receipt).status_code == 200


def test_answers_can_no_more_be_withdrawn_when_the_wave_is_closed(app, client):
    code = client.post("/en", data=complete(str(uuid4()))).location.rsplit("/", 1)[1]
    receipt = f"/en/receipt/{the_wave().id}/{code}"
    assert "can no longer be withdrawn" not in client.get(receipt).text
    close(app)
    page = client.post("/en/withdraw", data={"code": code})
    assert page.status_code == 410
    assert "can no longer be withdrawn" in page.text
    assert "can no longer be withdrawn" in client.get(receipt).text
    assert client.post("/en/withdraw", data={"code": "2222-2222-2222"}).status_code in (404, 422)
    with house_of(app).sessions() as session:
        assert len(list(responses(session, the_wave().id))) == 1


def test_no_wave_at_all_and_one_that_comes(new_database, tmp_path):
    address = new_database("sqlite")
    app = create_app(Config(folder=tmp_path, database=address, secret=SECRET, desk_token=None))
    client = app.test_client()
    says(client.get("/ko"), "ko", 404, "There is no survey to answer now")
    tomorrow = house_of(app).today() + timedelta(days=1)
    coming = replace(the_wave(), opens=tomorrow, closes=tomorrow + timedelta(days=9))
    with house_of(app).sessions.begin() as session:
        publish(session, shipped())
        create_wave(session, coming)
        open_wave(session, coming.id)
    page = client.get("/zh")
    assert page.status_code == 404
    assert f"{tomorrow.year}年{tomorrow.month}月{tomorrow.day}日" in page.text
    house_of(app).engine.dispose()


def test_a_wave_past_its_last_day_is_closed_to_visitors(new_database, tmp_path):
    app = create_app(Config(folder=tmp_path, database=new_database("sqlite"), secret=SECRET, desk_token=None))
    past = replace(the_wave(), opens=date(2020, 1, 1), closes=date(2020, 2, 1))
    with house_of(app).sessions.begin() as session:
        publish(session, shipped())
        create_wave(session, past)
        open_wave(session, past.id)
    says(app.test_client().get("/en"), "en", 410, CLOSED)
    house_of(app).engine.dispose()


@pytest.mark.parametrize(
    "spoiled", [{"submission": "no id"}, {"submission": ""}, {"wave": None}, {"questionnaire": None}]
)
def test_a_malformed_submission_is_told_in_the_language_of_the_address(client, spoiled):
    sent = {name: value for name, value in {**complete(str(uuid4())), **spoiled}.items() if value is not None}
    says(client.post("/ko", data=sent), "ko", 400, TEXTS[400][0])


def test_something_that_is_no_form_is_malformed(client):
    says(client.post("/zh", data=b"\xff\xfe\x00", content_type="application/json"), "zh", 400, TEXTS[400][0])
    says(client.post("/zh", data=b"--x\r\nbroken", content_type="multipart/form-data"), "zh", 400, TEXTS[400][0])


def test_a_body_larger_than_any_questionnaire_is_refused(app, client):
    sent = {**complete(str(uuid4())), "improve_first": "长" * 200_000}
    says(client.post("/zh", data=sent), "zh", 413, TEXTS[413][0])


def test_an_unknown_wave_and_another_questionnaire_are_told(client):
    sent = complete(str(uuid4()))
    says(client.post("/en", data={**sent, "wave": "2099"}), "en", 404, TEXTS[404][0])
    says(client.post("/en", data={**sent, "questionnaire": "0" * 64}), "en", 409, TEXTS[409][0])


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/en/reached", {"wave": "\0", "place": "opening"}),
        ("/en", {"wave": "\0", "questionnaire": "\0", "submission": str(uuid4())}),
        ("/en/receipt/%00/2222-2222-2222", None),
    ],
)
def test_a_name_with_a_nul_is_refused_before_a_database_is_asked(client, address, sent):
    page = client.get(address) if sent is None else client.post(address, data=sent)
    says(page, "en", 400, TEXTS[400][0])


def test_a_receipt_that_cannot_be_is_no_page(client):
    says(client.get(f"/en/receipt/{the_wave().id}/2222-2222-2223"), "en", 404, TEXTS[404][0])


def test_a_method_the_page_does_not_know(client):
    page = client.delete("/ko")
    says(page, "ko", 405, TEXTS[405][0])
    assert "POST" in page.headers["Allow"]


def test_a_database_file_that_breaks_while_we_serve_is_told_without_its_name(empty_database, tmp_path):
    address = empty_database("sqlite")
    app = create_app(Config(folder=tmp_path, database=address, secret=SECRET, desk_token=None))
    says(app.test_client().get("/en"), "en", 503, TEXTS[503][0])  # No tables yet.
    house_of(app).engine.dispose()
    file = Path(address.removeprefix("sqlite:///"))
    file.write_bytes(b"this is no database, whatever its name says " * 100)
    for page in (app.test_client().get("/ko"), app.test_client().post("/ko", data=complete(str(uuid4())))):
        says(page, "ko", 503, TEXTS[503][0])
        assert file.name not in page.text
    house_of(app).engine.dispose()


def test_a_mistake_of_ours_is_a_page_too(app, client, monkeypatch):
    def fails(*_):
        raise RuntimeError("the inside of the program")

    monkeypatch.setattr("survey.web.respond.interview.wave_to_answer", fails)
    page = client.get("/ko")
    says(page, "ko", 500, TEXTS[500][0])
    assert "inside of the program" not in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", [DatabaseBusy("held"), RuntimeError("the inside of the program")])
def test_what_could_not_be_kept_is_on_the_page_that_says_so_and_is_sent_again(client, monkeypatch, language, problem):
    def fails(*_):
        raise problem

    sent = complete(str(uuid4())) | {"improve_first": 'a "quoted" <b>wish</b>\nin two lines'}
    with monkeypatch.context() as broken:
        broken.setattr("survey.web.respond.interview.keep", fails)
        page = client.post(f"/{language}?look=large", data=sent)
    assert page.status_code in (500, 503)
    again = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    assert {name: unescape(value) for name, value in again} == sent
    assert 'method="post"' in page.text
    assert client.post(f"/{language}", data={name: unescape(value) for name, value in again}).status_code == 303


def test_where_nothing_can_be_sent_again_nothing_is_held(client):
    late = client.post("/en", data={**complete(str(uuid4())), "wave": "2099"})
    assert 'type="hidden"' not in late.text


@pytest.mark.parametrize("address", ["/", "/zh", "/fr", "/zh/withdraw", "/assets/0/survey.css"])
def test_every_reply_is_safe_to_show(client, address):
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_visit_sets_no_cookie(client):
    for address in ("/", "/zh", "/zh/withdraw"):
        assert "Set-Cookie" not in client.get(address).headers
    assert "Set-Cookie" not in client.post("/zh", data=complete(str(uuid4()))).headers


def test_style_and_script_are_compressed_and_kept_for_good(client):
    page = client.get("/zh").text
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)
    assert len(addresses) == 5  # Two of them icons.
    for address in addresses:
        plain, zipped = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(zipped.data) == plain.data
        assert "immutable" in zipped.headers["Cache-Control"]
        older = client.get("/assets/older/" + address.rsplit("/", 1)[1])
        assert older.data == plain.data
        assert older.headers["Cache-Control"] == "no-cache"
    assert client.get("/assets/0/nothing.css").status_code == 404


def test_a_first_visit_is_light(client):
    zipped = {"Accept-Encoding": "gzip"}
    page = client.get("/zh", headers=zipped)
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+)"', gzip.decompress(page.data).decode())
    assert sum(len(client.get(address, headers=zipped).data) for address in addresses) + len(page.data) < 40_000
