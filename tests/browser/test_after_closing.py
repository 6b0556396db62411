"""The wave closed while somebody was without a network: they are told, in their language, and nothing stays behind."""

from __future__ import annotations

import json

import pytest
from interview import answer_until, on_screen, touch
from invited_survey import codes, invited_app
from open_survey import house_of, the_wave
from playwright.sync_api import expect
from served import serving

from survey.language import LANGUAGES, say
from survey.storage.answers.responses import responses
from survey.storage.waves import close_wave
from survey.web.respond.page.script import TEXTS


@pytest.fixture
def served(new_database, tmp_path):
    with serving(invited_app(new_database("sqlite"), tmp_path)) as running:
        yield running


def close(served):
    with house_of(served.app).sessions.begin() as session:
        close_wave(session, the_wave().id)


def finished_without_a_network(page, address):
    page.goto(address)
    answer_until(page, "send")
    page.context.set_offline(True)
    touch(page.locator("#send-actions .narrow"))
    expect(page.locator("#waiting h1")).to_be_visible()


def left_behind(page):
    return page.evaluate("Object.values(localStorage).map(text => JSON.parse(text))")


def test_without_a_network_an_invitation_never_opens_anothers_page(new_phone):
    page, (mine, other) = new_phone(locale="ko-KR"), codes(1)[:2]
    page.goto(f"/zh/i/{mine}")
    for _ in range(200):
        kept = page.evaluate("caches.open('pages').then(box => box.keys()).then(all => all.map(one => one.url))")
        if {f"/{one}{rest}" for one in LANGUAGES for rest in (f"/i/{mine}", "/no-network")} <= {
            one.removeprefix(page.url.split("/zh")[0]) for one in kept
        }:
            break
        page.wait_for_timeout(50)
    page.context.set_offline(True)
    for address in (f"/i/{other}", f"/en/i/{other}", "/zh", "/"):
        page.goto(address)
        expect(page.locator("#survey")).to_have_count(0)
        language = address[1:3] if address[1:3] in LANGUAGES else "ko"
        expect(page.locator("h1")).to_have_text(say(language)("There is no network just now"))
    page.goto(f"/ko/i/{mine}")
    expect(page.locator("#survey")).to_have_count(1)
    page.goto(f"/i/{mine}")
    page.wait_for_url(f"**/i/{mine}#no-network")


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_that_came_too_late_are_told_and_wiped(new_phone, served, language):
    page, code = new_phone(service_workers="block"), codes(1)[0]
    finished_without_a_network(page, f"/{language}/i/{code}")
    close(served)
    page.context.set_offline(False)
    note = page.locator("#outbox > div")
    expect(note).to_have_text(say(language)(TEXTS["item_late"]) + say(language)(TEXTS["noted"]))
    expect(page.locator("h1")).to_have_text(say(language)("The survey is closed"))
    (kept,) = left_behind(page)
    assert set(kept) == {"id", "state", "until"}
    assert code not in json.dumps(kept)
    touch(note.locator("button"))
    expect(note).to_have_count(0)
    assert left_behind(page) == []
    with house_of(served.app).sessions() as session:
        assert list(responses(session, the_wave().id)) == []


def test_who_comes_back_another_day_is_told_too(new_phone, served):
    # Closed first: the browser's "no network" holds neither for the worker nor for a page that is being left.
    page = new_phone(service_workers="block")
    finished_without_a_network(page, "/en")
    close(served)
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/en")
    expect(page.locator("#outbox > div")).to_have_count(1)
    expect(page.locator("#outbox")).to_contain_text("had not reached us when the survey closed")


def test_an_unfinished_draft_ends_with_its_wave(new_phone, served):
    page = new_phone()
    page.goto("/zh")
    answer_until(page, "safe_road")
    close(served)
    page.goto("/zh")
    expect(page.locator("#outbox > div")).to_have_count(1)
    assert [set(one) for one in left_behind(page)] == [{"id", "state", "until"}]


def test_what_waits_is_sent_from_a_page_without_questions_too(new_phone, served):
    page = new_phone(service_workers="block")
    finished_without_a_network(page, "/ko")
    page.context.set_offline(False)
    page.goto("/ko/i")
    expect(page.locator("#outbox .receipt-code")).to_be_visible()
    with house_of(served.app).sessions() as session:
        assert len(list(responses(session, the_wave().id))) == 1


def test_wiping_takes_the_kept_page_of_the_invitation_along(new_phone, served):
    page, code = new_phone(), codes(1)[1]
    page.goto(f"/zh/i/{code}")
    kept = "caches.open('pages').then(box => box.keys()).then(all => all.filter(one => one.url.includes('/i/')).length)"
    for _ in range(100):
        if page.evaluate(kept) == len(LANGUAGES):
            break
        page.wait_for_timeout(50)
    assert page.evaluate(kept) == len(LANGUAGES)
    answer_until(page, "years_here")
    touch(page.locator("#wipe"))
    assert on_screen(page) == "opening"
    for _ in range(100):
        if page.evaluate(kept) == 0:
            break
        page.wait_for_timeout(50)
    assert page.evaluate(kept) == 0
