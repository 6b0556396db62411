"""Without a network: the opened questionnaire works, and finished answers wait and are sent exactly once."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta, timezone

import pytest
from interview import answer_until, go_on, on_screen, touch
from open_survey import house_of, the_wave
from playwright.sync_api import expect

from survey.storage.answers.responses import responses

SUBMIT = "#send-actions .narrow"


def kept(served, submission):
    with house_of(served.app).sessions() as session:
        return [one for one in responses(session, the_wave().id) if one.submission_id == submission]


def until(page, promised):
    """Wait until a promise, made again and again, gives something."""
    for _ in range(200):
        if page.evaluate(f"{promised}.then(Boolean)"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(promised)


def installed(page, language="zh"):
    """Open the questionnaire and wait until its page is kept."""
    page.goto(f"/{language}")
    until(page, f"caches.open('pages').then(kept => kept.match('/{language}'))")
    until(page, "Promise.resolve(navigator.serviceWorker.controller)")
    return page


def submission_of(page):
    return page.locator("[name=submission]").input_value()


def finish(page):
    """Answer everything; the id of what is about to be sent."""
    answer_until(page, "send")
    return submission_of(page)


def failing(page, *statuses):
    """Let the next submissions meet these statuses, None a broken connection; then the server itself."""
    left = list(statuses)

    def meet(route):
        if route.request.method != "POST" or "/reached" in route.request.url or not left:
            return route.fallback()
        status = left.pop(0)
        return route.abort() if status is None else route.fulfill(status=status, body="no")

    page.context.route("**/*", meet)
    return left


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_answers_given_without_a_network_are_sent_when_it_is_back(served, new_phone, language):
    page = installed(new_phone(), language)
    page.context.set_offline(True)
    page.goto(f"/{language}?look=large")
    expect(page.locator("html.large")).to_have_count(1)
    submission = finish(page)
    touch(page.locator(SUBMIT))
    expect(page.locator("#waiting h1")).to_be_visible()
    assert kept(served, submission) == []
    page.context.set_offline(False)
    page.wait_for_url("**/receipt/**")
    assert len(kept(served, submission)) == 1
    assert [key for key in page.evaluate("Object.keys(localStorage)") if key.startswith(("survey:", "outbox:"))] == []


def test_another_language_works_without_a_network_and_goes_on_where_one_was(new_phone):
    page = installed(new_phone(), "zh")
    for other in ("en", "ko"):
        until(page, f"caches.open('pages').then(kept => kept.match('/{other}'))")
    answer_until(page, "safe_road")
    page.context.set_offline(True)
    touch(page.locator("button[data-language=ko]"))
    page.wait_for_url("**/ko")
    expect(page.locator("html:lang(ko)")).to_have_count(1)
    assert on_screen(page) == "safe_road"
    expect(page.locator("#q-safe_crime input:checked")).to_have_count(1)


def test_a_page_that_needs_a_network_leads_back_to_the_questions_with_a_word(new_phone):
    page = installed(new_phone(), "en")
    page.context.set_offline(True)
    page.locator("#opening a[href='/en/i']").click()
    expect(page.locator("#told")).to_contain_text("There is no network just now")
    assert on_screen(page) == "opening"


def test_nothing_stays_on_a_phone_beyond_its_day(new_phone):
    page = installed(new_phone(), "en")
    page.context.set_offline(True)
    finish(page)
    touch(page.locator(SUBMIT))
    expect(page.locator("#waiting")).to_contain_text("The survey takes answers until")
    (key,) = [one for one in page.evaluate("Object.keys(localStorage)") if one.startswith("outbox:")]
    item = json.loads(page.evaluate("key => localStorage[key]", key))
    closes = datetime.combine(the_wave().closes, time(), timezone(timedelta(hours=8)))
    assert item["until"] == (closes + timedelta(days=8)).timestamp() * 1000
    until(page, "caches.open('outbox').then(box => box.keys()).then(all => all.length)")
    page.evaluate("([key, item]) => { localStorage[key] = JSON.stringify(item); }", [key, item | {"until": 1}])
    page.goto("/en")
    expect(page.locator("#outbox")).to_be_empty()
    assert page.evaluate("Object.keys(localStorage)") == []
    page.reload()  # Sweeps what the page before may have been handing to the worker.
    until(page, "caches.open('outbox').then(box => box.keys()).then(all => all.length === 0)")


def test_the_receipt_code_of_answers_that_waited_is_shown_for_a_day(new_phone):
    page = installed(new_phone(), "en")
    page.context.set_offline(True)
    finish(page)
    touch(page.locator(SUBMIT))
    expect(page.locator("#waiting")).to_be_visible()
    page.goto("/en")
    page.context.set_offline(False)
    expect(page.locator("#outbox .receipt-code")).to_be_visible()
    (kept,) = page.evaluate("Object.values(localStorage).map(text => JSON.parse(text))")
    assert set(kept) == {"id", "state", "address", "code", "until"}
    assert 0 < kept["until"] / 1000 - datetime.now().timestamp() <= 86400


def test_answers_that_wait_are_sent_when_the_survey_is_opened_again(served, new_phone):
    page = installed(new_phone(), "en")
    page.context.set_offline(True)
    submission = finish(page)
    touch(page.locator(SUBMIT))
    expect(page.locator("#waiting")).to_be_visible()
    page.goto("/en")
    expect(page.locator("#outbox")).to_contain_text("wait to be sent")
    expect(page.locator("#resume")).to_be_hidden()
    assert submission_of(page) != submission
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto("/en")
    expect(again.locator("#outbox .receipt-code")).to_be_visible()
    assert len(kept(served, submission)) == 1
    touch(again.locator("#outbox a"))
    again.wait_for_url("**/receipt/**")


def test_two_interviews_on_a_page_that_was_kept_are_two_submissions(served, new_phone):
    page = installed(new_phone())
    page.context.set_offline(True)
    sent = []
    for _ in range(2):
        page.goto("/zh")
        sent.append(finish(page))
        touch(page.locator(SUBMIT))
        expect(page.locator("#waiting")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url("**/receipt/**")
    page.goto("/zh")
    expect(page.locator("#outbox .receipt-code")).to_have_count(1)
    assert [len(kept(served, one)) for one in sent] == [1, 1]


def test_a_server_that_fails_in_the_middle_is_asked_again(served, new_phone):
    page = new_phone(service_workers="block")
    page.goto("/en")
    left = failing(page, 503, None, 500)
    submission = finish(page)
    touch(page.locator(SUBMIT))
    expect(page.locator("#waiting")).to_be_visible()
    touch(page.locator("#waiting .main"))
    page.wait_for_url("**/receipt/**", timeout=20_000)
    assert left == []
    assert len(kept(served, submission)) == 1


def test_an_answer_lost_on_its_way_back_gives_the_same_receipt(served, new_phone):
    page = new_phone(service_workers="block")
    page.goto("/en")
    submission, lost = finish(page), []

    def swallow(route):
        if route.request.method != "POST" or "/reached" in route.request.url or lost:
            return route.fallback()
        lost.append(route.fetch(max_redirects=0).headers["location"])
        return route.abort()

    page.context.route("**/*", swallow)
    touch(page.locator(SUBMIT))
    page.wait_for_url("**/receipt/**")
    assert page.url.endswith(lost[0])
    assert len(kept(served, submission)) == 1


def test_a_tab_whose_answers_another_sent_goes_to_their_receipt(served, new_phone):
    page = new_phone(service_workers="block")
    page.goto("/en")
    submission = finish(page)
    page.route("**/en", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    touch(page.locator(SUBMIT))
    expect(page.locator("#waiting")).to_be_visible()
    page.context.new_page().goto("/en")
    page.wait_for_url("**/receipt/**")
    expect(page.locator(".receipt-code")).to_be_visible()
    assert len(kept(served, submission)) == 1


def test_two_tabs_that_send_the_same_at_once_neither_wipe_nor_complain(served, new_phone):
    page = new_phone(service_workers="block")
    page.goto("/en")
    submission = finish(page)
    other = page.context.new_page()
    other.goto("/en")
    touch(other.locator("#resume-go"))
    for one in (page, other):
        one.evaluate("setTimeout(() => document.querySelector('#send-actions .narrow').click(), 300)")
    page.wait_for_timeout(2500)
    for one in (page, other):
        assert "/receipt/" in one.url or one.locator("#told").is_visible()
        expect(one.locator("#problems")).to_have_count(0)
        expect(one.locator("#wiped").locator("visible=true")).to_have_count(0)
    assert "/receipt/" in page.url + other.url
    assert len(kept(served, submission)) == 1


def test_two_quick_taps_without_a_network_wait_once(new_phone):
    page = installed(new_phone())
    page.context.set_offline(True)
    finish(page)
    page.evaluate("selector => { const send = document.querySelector(selector); send.click(); send.click(); }", SUBMIT)
    expect(page.locator("#waiting")).to_be_visible()
    assert len([key for key in page.evaluate("Object.keys(localStorage)") if key.startswith("outbox:")]) == 1


def test_other_answers_under_the_same_id_are_told_apart(served, new_phone):
    page = new_phone()
    page.goto("/en")
    submission = finish(page)
    first = page.evaluate("() => surveyOutbox.encoded(document.getElementById('survey'), 'phone')")
    changed = first.replace("overall_satisfaction=8", "overall_satisfaction=3")
    assert changed != first
    reply = page.request.post("/en", headers={"Content-Type": "application/x-www-form-urlencoded"}, data=changed)
    assert reply.ok
    touch(page.locator(SUBMIT))
    expect(page.locator("main:not(.survey-main) h1")).to_have_text("These answers differ from the first ones")
    expect(page.locator(".receipt-code")).to_be_visible()
    assert len(kept(served, submission)) == 1
    page.goto("/en")
    expect(page.locator("#resume")).to_be_hidden()


def test_answers_refused_while_they_waited_are_told_and_the_reason_shown(new_phone):
    page = new_phone(service_workers="block")
    page.goto("/en")
    failing(page, *[None] * 3)
    finish(page)
    touch(page.locator(SUBMIT))
    expect(page.locator("#waiting")).to_be_visible()
    page.evaluate(
        """() => Object.keys(localStorage).filter(key => key.startsWith("outbox:")).forEach(key => {
            const item = JSON.parse(localStorage[key]);
            item.body = item.body.replace("consent=yes", "consent=");
            localStorage[key] = JSON.stringify(item);
        })"""
    )
    page.context.unroute_all()
    page.goto("/en")
    expect(page.locator("#outbox")).to_contain_text("not accepted")
    touch(page.locator("#outbox .main"))
    expect(page.locator("#problems")).to_be_visible()
    expect(page.locator("#safe_crime-4, #safe_crime-2").locator("visible=true")).to_have_count(0)
    assert page.locator("#q-safe_crime input:checked").count() == 1


def test_answers_that_wait_can_be_wiped_in_one_tap(new_phone):
    page = installed(new_phone(), "ko")
    page.context.set_offline(True)
    finish(page)
    touch(page.locator(SUBMIT))
    touch(page.locator("#waiting .text"))
    assert on_screen(page) == "opening"
    assert page.evaluate("localStorage.length") == 0
    expect(page.locator("#wiped")).to_be_visible()


def test_the_worker_sends_what_waits_while_no_page_does(served, new_phone):
    page = installed(new_phone())
    page.context.set_offline(True)
    submission = finish(page)
    touch(page.locator(SUBMIT))
    until(page, f"caches.open('outbox').then(box => box.match('/outbox/{submission}'))")
    page.goto("about:blank")
    page.context.set_offline(False)
    for _ in range(100):
        if kept(served, submission):
            break
        page.wait_for_timeout(100)
    assert len(kept(served, submission)) == 1
    page.goto("/zh")
    expect(page.locator("#outbox .receipt-code")).to_be_visible()


def test_an_old_browser_sends_without_any_of_it(served, new_phone):
    page = new_phone()
    page.add_init_script(
        "delete Navigator.prototype.serviceWorker; delete window.caches; delete window.fetch; delete window.crypto;"
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('none'); } });"
    )
    page.goto("/zh")
    assert page.evaluate("'serviceWorker' in navigator || 'fetch' in window") is False
    submission = finish(page)
    touch(page.locator(SUBMIT))
    page.wait_for_url("**/receipt/**")
    assert len(kept(served, submission)) == 1


def test_it_can_be_installed_in_each_language(new_phone):
    page = new_phone()
    for language, tag in (("zh", "zh-Hans"), ("en", "en"), ("ko", "ko")):
        page.goto(f"/{language}")
        cdp = page.context.new_cdp_session(page)
        found = cdp.send("Page.getAppManifest")
        assert found["errors"] == []
        manifest = json.loads(found["data"])
        assert (manifest["lang"], manifest["start_url"]) == (tag, f"/{language}")
        assert cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
            [],
            [{"errorId": "in-incognito", "errorArguments": []}],
        )
        for icon in manifest["icons"]:
            assert page.request.get(icon["src"]).ok


def test_the_answers_go_on_after_a_reload_without_a_network(new_phone):
    page = installed(new_phone())
    go_on(page)
    answer_until(page, "safe_road")
    page.context.set_offline(True)
    page.reload()
    assert on_screen(page) == "safe_road"
