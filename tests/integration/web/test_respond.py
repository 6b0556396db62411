"""A resident's journeys without a script, on both databases."""

from __future__ import annotations

import gzip
import re
from uuid import uuid4

import pytest
from open_survey import complete, heading, hidden, house_of, is_checked, the_wave
from sqlalchemy import MetaData, select

from survey.language import LANGUAGES, say
from survey.questionnaire.model import Missing
from survey.questionnaire.read import shipped
from survey.storage.answers.responses import responses
from survey.wave.model import Channel, Mode


def kept(app):
    with house_of(app).sessions() as session:
        return list(responses(session, the_wave().id))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_every_question_in_its_language(client, language):
    page = client.get(f"/{language}")
    assert page.status_code == 200
    for question in shipped().questions():
        assert f'id="q-{question.id}"' in page.text
        assert str(question.text[language]).replace("'", "&#39;") in page.text
    assert the_wave().contact[language] in page.text
    assert str(shipped().notices.consent[language]) in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_its_language_and_where_the_others_are(client, language):
    page = client.get(f"/{language}").text
    tags = {"zh": "zh-Hans", "en": "en", "ko": "ko"}
    assert f'<html lang="{tags[language]}"' in page
    found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
    here = "http://localhost"
    assert found == {tag: f"{here}/{name}" for name, tag in tags.items()} | {"x-default": f"{here}/"}


def test_every_opening_of_the_page_has_a_submission_id_of_its_own(client):
    first, second = (hidden(client.get("/zh").text, "submission") for _ in range(2))
    assert first != second


def test_the_compressed_page_is_the_plain_one(client):
    zipped = client.get("/ko", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    page = gzip.decompress(zipped.data).decode()
    plain = client.get("/ko").text
    assert page.replace(hidden(page, "submission"), "") == plain.replace(hidden(plain, "submission"), "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_stored_once_and_a_receipt_is_given(app, client, language):
    page = client.get(f"/{language}").text
    sent = complete(hidden(page, "submission"))
    first, again = (client.post(f"/{language}", data=sent) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    receipt = client.get(first.location)
    assert receipt.status_code == 200
    assert first.location.rsplit("/", 1)[1] in receipt.text
    (response,) = kept(app)
    assert (response.language, response.channel, response.mode) == (language, Channel.OPEN, Mode.PHONE)
    assert response.submission_id == sent["submission"]
    assert response.answers["street_town"] == 371003001
    assert response.answers["improve_first"] == "多修步道"
    assert response.sampled is None


def test_other_answers_under_the_same_id_are_a_conflict_that_loses_neither(app, client):
    sent = complete(str(uuid4()))
    assert client.post("/en", data=sent).status_code == 303
    other = client.post("/en", data={**sent, "overall_satisfaction": "2"})
    assert other.status_code == 409
    assert heading(other.text) == "These answers differ from the first ones"
    (counted,) = kept(app)
    assert counted.answers["overall_satisfaction"] == 7
    code = re.search(r'class="receipt-code"[^>]*>([^<]+)', other.text)[1]
    assert client.post("/en/withdraw", data={"code": code}).status_code == 200
    assert kept(app) == [counted]


def test_a_receipt_code_withdraws_the_answers_however_it_is_typed(app, client):
    receipt = client.post("/zh", data=complete(str(uuid4()))).location
    code = receipt.rsplit("/", 1)[1]
    assert client.get(receipt).status_code == 200
    assert client.post("/zh/withdraw", data={"code": code.lower().replace("-", " ")}).status_code == 200
    assert kept(app) == []
    assert client.post("/zh/withdraw", data={"code": code}).status_code == 404
    assert client.get(receipt).status_code == 410


def test_a_mistyped_receipt_code_is_told_from_an_unknown_one(client):
    wrong = client.post("/en/withdraw", data={"code": "2222-2222-2223"})
    assert wrong.status_code == 422
    assert "This is not a receipt code" in wrong.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_outside_the_scale_is_refused_with_the_question_named_and_the_rest_kept(app, client, language):
    sent = complete(str(uuid4()))
    page = client.post(f"/{language}", data={**sent, "safe_crime": "6"})
    assert page.status_code == 422
    question = shipped().question("safe_crime")
    summary = re.search(r'id="problems".*?</div>', page.text, re.DOTALL)[0]
    assert 'href="#q-safe_crime"' in summary
    assert question.label[language] in summary
    assert is_checked(page.text, "overall_satisfaction-7")
    assert "多修步道" in page.text
    assert hidden(page.text, "submission") == sent["submission"]
    assert kept(app) == []


def test_a_text_where_a_code_belongs_is_refused(client):
    for wrong in ({"safe_crime": "yes"}, {"proud_places": ["1", "x"]}, {"safe_crime": "9" * 5000}):
        assert client.post("/en", data={**complete(str(uuid4())), **wrong}).status_code == 422


def test_a_street_of_another_district_is_refused(client):
    assert client.post("/en", data={**complete(str(uuid4())), "district": "7"}).status_code == 422


def test_none_with_something_else_is_refused(client):
    page = client.post("/en", data={**complete(str(uuid4())), "proud_places": ["1", "97"]})
    assert page.status_code == 422
    assert "combined with other answers" in page.text


@pytest.mark.parametrize("consent", [{}, {"consent": ""}, {"consent": "no"}])
def test_without_agreeing_nothing_is_kept(app, client, consent):
    sent = complete(str(uuid4()))
    del sent["consent"]
    sent |= consent
    page = client.post("/en", data=sent)
    assert page.status_code == 422
    assert 'href="#consent"' in page.text
    assert kept(app) == []


def test_answers_that_were_never_on_the_path_are_dropped(app, client):
    sent = {**complete(str(uuid4())), "residence_status": "1", "belong_home": "5"}
    assert client.post("/en", data=sent).status_code == 303
    (response,) = kept(app)
    assert response.answers["belong_home"] == Missing.NOT_ASKED


def test_a_blank_question_is_no_error_and_stored_as_left_blank(app, client):
    sent = complete(str(uuid4()))
    del sent["safe_crime"]
    assert client.post("/en", data=sent).status_code == 303
    (response,) = kept(app)
    assert response.answers["safe_crime"] == Missing.LEFT_BLANK


@pytest.mark.parametrize(("choice", "stored"), [("no", Missing.PREFER_NOT_TO_SAY), (None, Missing.LEFT_BLANK)])
def test_a_sensitive_answer_without_its_own_consent_is_dropped(app, client, choice, stored):
    sent = complete(str(uuid4()))
    sent.pop("consent_household_needs")
    if choice:
        sent["consent_household_needs"] = choice
    assert client.post("/en", data=sent).status_code == 303
    (response,) = kept(app)
    assert response.answers["household_needs"] == stored


def test_who_is_screened_out_is_thanked_and_nothing_is_kept(app, client):
    page = client.post("/ko", data={**complete(str(uuid4())), "age_group": "90"})
    assert page.status_code == 200
    assert str(shipped().notices.screened_out["ko"]) in page.text
    assert kept(app) == []


def test_another_language_brings_the_page_back_filled_in_and_keeps_nothing(app, client):
    sent = complete(str(uuid4()))
    page = client.post("/ko", data={**sent, "switch": "ko"})
    assert page.status_code == 200
    assert '<html lang="ko"' in page.text
    assert is_checked(page.text, "overall_satisfaction-7")
    assert is_checked(page.text, "street_town-371003001")
    assert is_checked(page.text, "consent")
    assert is_checked(page.text, "consent_household_needs-yes")
    assert "多修步道" in page.text
    assert hidden(page.text, "submission") == sent["submission"]
    assert kept(app) == []
    assert client.get("/").location == "/ko"


def test_a_larger_text_brings_the_answers_along_and_stays_to_the_receipt(client):
    sent = complete(str(uuid4()))
    page = client.post("/zh?look=large-contrast", data={**sent, "switch": "look"})
    assert 'class="plain large contrast"' in page.text
    assert 'action="/zh?look=large-contrast"' in page.text
    assert is_checked(page.text, "overall_satisfaction-7")
    receipt = client.get(client.post("/zh?look=large-contrast", data=sent).location)
    assert 'class="large contrast"' in receipt.text


@pytest.mark.parametrize(
    ("accepts", "language"), [("ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("fr,en;q=0.5", "en"), ("de", "zh"), ("", "zh")]
)
def test_the_start_goes_to_the_readers_language(client, accepts, language):
    assert client.get("/", headers={"Accept-Language": accepts}).location == f"/{language}"


def test_nothing_about_the_browser_or_its_address_reaches_the_database(app, client):
    client.post(
        "/en",
        data=complete(str(uuid4())),
        headers={"User-Agent": "A very special phone"},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    with house_of(app).engine.connect() as connection:
        for table in tables_of(connection):
            for row in connection.execute(select(table)):
                assert "special phone" not in repr(row)
                assert "203.0.113.9" not in repr(row)


def tables_of(connection):
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata.sorted_tables


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("/zh/", None),
        ("/ZH", "/zh"),
        ("/KO/", "/ko"),
        ("/KO/I/7K3M", "/ko/i/7K3M"),
        ("/I/7k3m", "/zh/i/7k3m"),
        ("/i/", "/zh/i"),
    ],
)
def test_an_address_typed_from_a_letter_is_found(client, typed, leads):
    reply = client.get(typed)
    assert (reply.status_code, reply.location) == ((200, None) if leads is None else (302, leads))


def test_a_page_that_comes_back_filled_in_is_compressed(client):
    sent = {**complete(str(uuid4())), "switch": "ko"}
    plain = client.post("/ko", data=sent)
    zipped = client.post("/ko", data=sent, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert gzip.decompress(zipped.data) == plain.data
    assert len(zipped.data) * 4 < len(plain.data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_asks_and_whom_to_call_stands_on_pages_of_no_wave_too(client, language):
    for address in (f"/{language}/i", f"/{language}/i?code=x", f"/{language}/withdraw", f"/{language}/nowhere"):
        page = client.get(address).text
        assert the_wave().contact[language] in page, address
        assert the_wave().asked_by[language] in page, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_answers_keep_their_receipt_in_another_language_and_size(client, language):
    sent = complete(str(uuid4()))
    client.post("/zh", data=sent)
    page = client.post(f"/{language}", data={**sent, "overall_satisfaction": "1"})
    assert page.status_code == 409
    (code,) = re.findall(r'<p class="receipt-code"[^>]*>([^<]+)<', page.text)
    for other in LANGUAGES:
        receipt = f"/{other}/receipt/{the_wave().id}/{code}"
        assert other == language or f'href="{receipt}"' in page.text
        assert heading(client.get(receipt).text) == say(other)("These answers differ from the first ones")
        assert code in client.get(f"{receipt}?look=large").text
