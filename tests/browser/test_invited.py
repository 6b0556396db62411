"""An invited resident's way, by touch: nothing is asked that the invitation knows; paradata come with the answers."""

from __future__ import annotations

from uuid import uuid4

import pytest
from interview import answer_until, go_on, on_screen, put_aside, send, touch
from invited_survey import COMMUNITY, WENDENG, codes, invited_app
from open_survey import house_of, the_wave
from playwright.sync_api import expect
from served import serving

from survey.storage.answers.reached import reached
from survey.storage.answers.responses import responses
from survey.wave.model import Channel
from survey.wave.response import Device


@pytest.fixture(scope="module")
def served(new_database, tmp_path_factory):
    with serving(invited_app(new_database("sqlite"), tmp_path_factory.mktemp("invited"))) as running:
        yield running


def kept(served):
    with house_of(served.app).sessions() as session:
        return list(responses(session, the_wave().id))


def counts_with(served, page, places):
    """The counts of reached sections once they hold `places`: the page tells them after it is left, at its leisure."""
    for _ in range(100):
        with house_of(served.app).sessions() as session:
            counted = reached(session, the_wave().id)
        if places <= counted.keys():
            break
        page.wait_for_timeout(200)
    return counted


def test_an_invited_interview_from_the_letter_to_the_receipt(new_phone, served):
    before, code = len(kept(served)), codes(1)[0]
    page = new_phone(locale="ko-KR")
    page.goto("/i")
    page.locator("input[name=code]").fill(code.lower().replace("-", " "))
    touch(page.locator("main button"))
    expect(page.locator("#invited")).to_contain_text(COMMUNITY)
    answer_until(page, "years_here")
    go_on(page)
    assert on_screen(page) == "years_here"  # A gentle word: nothing was chosen.
    answer_until(page, "residence_status")
    touch(page.locator("button[data-language=en]"))
    expect(page.locator("html:lang(en)")).to_have_count(1)
    page.reload()
    assert on_screen(page) == "residence_status"
    answer_until(page, "send")
    send(page)
    assert code not in page.url
    new = [one for one in kept(served) if one.channel is Channel.INVITED]
    assert len(new) == before + 1
    (response,) = new
    assert response.answers["district"] == WENDENG
    assert response.paradata.device is Device.NARROW
    assert "safety" in response.paradata.seconds
    counted = counts_with(served, page, {"send", "safety", "screening", "opening"})
    assert counted["send"] == counted["safety"] == counted["screening"] == counted["opening"] == 1
    page.goto(f"/en/i/{code}")
    expect(page.locator("h1")).to_have_text("This invitation was used")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('survey:'))") == []


@pytest.mark.parametrize("script", [True, False])
def test_after_the_page_of_the_invitation_no_request_says_which_it_was(new_phone, script):
    page, code, sent = new_phone(script=script), codes(2)[1 if script else 2], []
    page.on("request", lambda request: sent.append((request.url, request.all_headers())))
    page.goto(f"/i/{code}")
    if script:
        answer_until(page, "send")
        send(page)
    else:
        touch(page.locator("label[for=consent]"))
        touch(page.locator("#send-actions button").locator("visible=true"))
        expect(page.locator("#problems")).to_be_visible()
    assert any(code in address for address, _ in sent)
    assert not [value for _, headers in sent for name, value in headers.items() if code in value and name != ":path"]


def test_answers_whose_invitation_was_used_meanwhile_leave_nothing_behind(new_phone):
    page, code = new_phone(), codes(2)[3]
    page.goto(f"/en/i/{code}")
    answer_until(page, "send")
    body = page.evaluate("surveyOutbox.encoded(document.getElementById('survey'), 'phone')")
    other = body.replace(page.locator("[name=submission]").input_value(), str(uuid4()))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert page.request.post(f"/en/i/{code}", headers=headers, data=other, max_redirects=0).status == 303
    touch(page.locator("#send-actions .narrow"))
    expect(page.locator("#problems")).to_contain_text("This invitation was used before")
    page.evaluate("document.getElementById('survey').requestSubmit()")
    page.wait_for_url("**/receipt/**")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_wiping_leaves_the_district_of_the_invitation(new_phone):
    page = new_phone()
    page.goto(f"/en/i/{codes(1)[1]}")
    answer_until(page, "years_here")
    touch(page.locator("#wipe"))
    expect(page.locator(f"#district-{WENDENG}")).to_be_checked()


def test_the_beacon_carries_no_cookie(new_phone):
    page = new_phone()
    page.goto("/ko")
    page.context.add_cookies([{"name": "language", "value": "ko", "url": page.url}])
    page.goto(f"/en/i/{codes(1)[2]}")
    answer_until(page, "years_here")
    with page.expect_request("**/reached") as told:
        put_aside(page)
    assert "cookie" not in told.value.all_headers()
    assert told.value.post_data == f"wave={the_wave().id}&place=opening&place=screening"


def test_without_a_script_the_invitation_says_where(new_phone, served):
    page = new_phone(script=False)
    page.goto(f"/zh/i/{codes(2)[0]}")
    expect(page.locator("#q-district")).to_contain_text("文登区")
    expect(page.locator("#q-district input")).to_be_hidden()
    expect(page.locator("#q-street_town .rows label").locator("visible=true").first).to_be_visible()
