"""Invited residents' journeys without a script, on both databases."""

from __future__ import annotations

import gzip
import re
from html import escape
from uuid import uuid4

import pytest
from invited_survey import COMMUNITY, WENDENG, codes, invited_app, units
from open_survey import SECRET, complete, heading, hidden, house_of, is_checked, the_wave

from survey.codes import invitation_hash
from survey.language import LANGUAGES, say
from survey.questionnaire.read import shipped
from survey.storage.answers.responses import responses
from survey.storage.invitations import find_invitation
from survey.storage.waves import close_wave
from survey.wave.model import Channel

CODE, OTHER = codes(1)[:2]


@pytest.fixture
def app(database, tmp_path):
    app = invited_app(database, tmp_path)
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


def kept(app):
    with house_of(app).sessions() as session:
        return list(responses(session, the_wave().id))


def is_used(app, code):
    with house_of(app).sessions() as session:
        return find_invitation(session, the_wave().id, invitation_hash(SECRET, code)).used


def answered(submission=None):
    """What an invited resident's page sends: another district than the form would, to be overruled."""
    return {**complete(submission or str(uuid4())), "district": "7"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " ").lower()])
def test_a_code_opens_the_wave_with_district_and_community_fixed(client, language, typed):
    start = client.get(f"/i/{typed}", headers={"Accept-Language": language})
    assert start.location == f"/{language}/i/{CODE}"
    page = client.get(start.location)
    assert page.status_code == 200
    district = shipped().question("district")
    assert str(district.text[language]) not in page.text
    assert is_checked(page.text, f"district-{WENDENG}")
    assert 'id="district-7"' not in page.text
    assert escape(COMMUNITY, quote=False) in page.text.replace("&#34;", '"')
    assert "<社区>" not in page.text
    zipped = client.get(f"/{language}/i/{typed}", headers={"Accept-Encoding": "gzip"})
    unzipped = gzip.decompress(zipped.data).decode()
    assert unzipped.replace(hidden(unzipped, "submission"), "") == page.text.replace(
        hidden(page.text, "submission"), ""
    )


def test_two_invitations_get_pages_of_their_own(client):
    first, second = (client.get(f"/en/i/{code}").text for code in (CODE, OTHER))
    assert CODE in first
    assert OTHER not in first
    assert first.replace(CODE, OTHER).count(OTHER) == second.count(OTHER) > 3


def test_invited_answers_carry_the_unit_and_the_fixed_district_and_no_code(app, client):
    assert client.post(f"/ko/i/{CODE}", data=answered()).status_code == 303
    (response,) = kept(app)
    assert (response.channel, response.sampled) == (Channel.INVITED, units()[0])
    assert response.answers["district"] == WENDENG
    assert CODE not in repr(response)
    assert is_used(app, CODE)
    assert not is_used(app, OTHER)


def test_the_same_submission_sent_again_gets_the_same_receipt_though_its_code_is_used_up(app, client):
    sent = answered()
    first, again = (client.post(f"/zh/i/{CODE}", data=sent) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert CODE not in first.location
    assert len(kept(app)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_used_code_is_told_and_leads_on(client, language):
    client.post(f"/zh/i/{CODE}", data=answered())
    page = client.get(f"/{language}/i/{CODE}")
    assert page.status_code == 410
    assert heading(page.text) == say(language)("This invitation was used")
    assert f'href="/{language}"' in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_with_a_code_used_meanwhile_are_not_lost(app, client, language):
    client.post(f"/zh/i/{CODE}", data=answered())
    late = answered()
    page = client.post(f"/{language}/i/{CODE}", data=late)
    assert page.status_code == 409  # 410 would tell the phone that they are too late for ever.
    assert is_checked(page.text, "overall_satisfaction-7")
    assert f'action="/{language}"' in page.text
    assert CODE not in page.text
    assert hidden(page.text, "submission") == late["submission"]
    assert len(kept(app)) == 1
    assert client.post(f"/{language}", data={**late, "district": str(WENDENG)}).status_code == 303
    assert sorted(one.channel for one in kept(app)) == [Channel.INVITED, Channel.OPEN]


@pytest.mark.parametrize("change", [{"switch": "ko"}, {"safe_crime": "6"}])
def test_the_code_survives_a_language_switch_and_an_error(app, client, change):
    sent = answered()
    page = client.post(f"/ko/i/{CODE}", data={**sent, **change}).text
    assert f'action="/ko/i/{CODE}"' in page
    assert f'formaction="/en/i/{CODE}"' in page
    assert f'formaction="/ko/i/{CODE}?look=largest"' in page
    assert is_checked(page, f"district-{WENDENG}")
    assert is_checked(page, "overall_satisfaction-7")
    assert not is_used(app, CODE)
    assert client.post(f"/ko/i/{CODE}", data=sent).status_code == 303
    assert is_used(app, CODE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["hello", CODE[:-1], CODE[:-1] + ("2" if CODE[-1] != "2" else "3"), codes(9)[0]])
def test_a_mistyped_or_unknown_code_is_told_and_can_be_mended(client, language, typed):
    english = client.get(f"/en/i/{typed}").text
    for address in (f"/{language}/i/{typed}", client.get(f"/{language}/i", query_string={"code": typed})):
        page = client.get(address) if isinstance(address, str) else address
        page = client.get(page.location) if page.status_code == 303 else page
        assert page.status_code == 404
        assert f'value="{typed}"' in page.text
        told = re.search(r'role="alert">.*?<span>(.*?)</span>', page.text)[1]
        assert (told in english) == (language == "en"), "said in the page's language"


def test_a_code_can_be_typed(client):
    assert client.get("/i", headers={"Accept-Language": "ko"}).location == "/ko/i"
    assert client.get("/ko/i").status_code == 200
    to = client.get("/en/i", query_string={"code": CODE.lower(), "look": "large"}).location
    assert to == f"/en/i/{CODE}?look=large"


def test_an_invitation_to_a_closed_wave_says_so_and_its_receipts_live_on(app, client):
    sent = answered()
    receipt = client.post(f"/zh/i/{CODE}", data=sent).location
    with house_of(app).sessions.begin() as session:
        close_wave(session, the_wave().id)
    for code in (CODE, OTHER):
        page = client.get(f"/en/i/{code}")
        assert (page.status_code, heading(page.text)) == (410, "The survey is closed")
    assert client.post(f"/zh/i/{CODE}", data=sent).location == receipt
    assert client.post(f"/zh/i/{OTHER}", data=answered()).status_code == 410
    assert len(kept(app)) == 1


def test_an_invitation_to_a_wave_not_opened_yet_says_so(new_database, tmp_path):
    app = invited_app(new_database("sqlite"), tmp_path, opened=False)
    page = app.test_client().get(f"/en/i/{CODE}")
    assert (page.status_code, heading(page.text)) == (404, "There is no survey to answer now")
    house_of(app).engine.dispose()


def test_whoever_is_screened_out_or_withdraws_keeps_nothing(app, client):
    assert client.post(f"/en/i/{CODE}", data={**answered(), "age_group": "90"}).status_code == 200
    assert (kept(app), is_used(app, CODE)) == ([], False)
    sent = answered()
    receipt = client.post(f"/en/i/{CODE}", data=sent).location
    assert client.post("/en/withdraw", data={"code": receipt.rsplit("/", 1)[1]}).status_code == 200
    again = client.post(f"/en/i/{CODE}", data=sent)
    assert again.location == receipt
    assert client.get(receipt).status_code == 410
    assert (kept(app), is_used(app, CODE)) == ([], True)


def test_an_invited_page_is_not_to_be_found_by_search_and_sets_no_cookie(client):
    page = client.get(f"/zh/i/{CODE}")
    assert re.search(r'<meta name="robots" content="noindex">', page.text)
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "private, no-cache"


def test_an_error_leads_back_to_the_invitation_and_the_answers_can_be_sent_again(app, client, monkeypatch):
    def breaks(*_):
        raise RuntimeError

    sent = answered()
    with monkeypatch.context() as broken:
        broken.setattr("survey.web.respond.interview.keep_invited", breaks)
        page = client.post(f"/ko/i/{CODE}", data=sent)
    assert page.status_code == 500
    assert f'href="/ko/i/{CODE}"' in page.text
    assert (kept(app), is_used(app, CODE)) == ([], False)
    assert client.post(f"/ko/i/{CODE}", data=sent).status_code == 303
    assert is_used(app, CODE)
