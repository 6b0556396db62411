"""What was answered stays on the phone until it is sent, and nowhere else."""

from __future__ import annotations

import json
import re

import pytest
from interview import answer, answer_until, go_on, on_screen, put_aside, send, touch
from open_survey import house_of, the_wave
from playwright.sync_api import expect

from survey.questionnaire.read import shipped
from survey.storage.answers.responses import responses

MIDWAY = "safe_road"


def draft_of(page):
    (kept,) = page.evaluate("Object.values(localStorage)")
    return json.loads(kept)


def test_a_reloaded_page_goes_on_where_it_was(new_phone):
    page = new_phone()
    page.goto("/zh")
    answer_until(page, MIDWAY)
    page.reload()
    assert on_screen(page) == MIDWAY
    touch(page.locator("#back"))
    expect(page.locator("#q-safe_crime input:checked")).to_have_count(1)


def test_a_closed_tab_is_offered_again_and_carries_on(new_phone):
    page = new_phone()
    page.goto("/zh")
    answer_until(page, MIDWAY)
    again = page.context.new_page()
    page.close()
    again.goto("/zh")
    assert on_screen(again) == "opening"
    touch(again.locator("#resume-go"))
    assert on_screen(again) == MIDWAY


def back_to_the_first_screen(page, way):
    for _ in range(20):
        if on_screen(page) == "opening":
            return
        if way == "phone's":
            page.go_back()
        else:
            touch(page.locator("#back"))
    raise AssertionError("never came to the first screen")


@pytest.mark.parametrize(
    ("way", "then"), [("phone's", "closed"), ("page's", "reloaded"), ("phone's", "another language")]
)
def test_who_went_back_to_the_first_screen_has_lost_nothing(new_phone, way, then):
    page = new_phone()
    page.goto("/zh")
    answer_until(page, MIDWAY)
    before = draft_of(page)["values"]
    back_to_the_first_screen(page, way)
    if then == "closed":
        closed, page = page, page.context.new_page()
        closed.close()
        page.goto("/zh")
        touch(page.locator("#resume-go"))
    elif then == "reloaded":
        page.reload()
    else:
        touch(page.locator("[data-language=ko]"))
        page.wait_for_url("**/ko")
    expect(page.locator("#q-safe_crime input:checked")).to_have_count(1)
    assert on_screen(page) != "opening"
    assert draft_of(page)["values"] == before


def test_two_tabs_opened_before_either_began_lose_neither_interview(new_phone):
    first = new_phone()
    first.goto("/en")
    second = first.context.new_page()
    second.goto("/en")
    first.bring_to_front()
    answer_until(first, MIDWAY)
    second.bring_to_front()
    answer_until(second, "district")
    drafts = [json.loads(one) for one in second.evaluate("Object.values(localStorage)")]
    assert {one["submission"] for one in drafts} == {
        one.locator("[name=submission]").input_value() for one in (first, second)
    }
    assert any("safe_crime" in one["values"] for one in drafts)


def test_where_nothing_can_be_kept_another_language_stays_at_its_question(new_phone):
    page = new_phone()
    page.add_init_script(
        """["localStorage", "sessionStorage"].forEach(name => Object.defineProperty(window, name,
            { get() { throw new Error("SecurityError"); } }));"""
    )
    page.goto("/zh")
    answer_until(page, MIDWAY)
    touch(page.locator("[data-language=en]"))
    page.wait_for_url("**/en#*")
    assert on_screen(page) == MIDWAY
    expect(page.locator("#q-safe_crime input:checked")).to_have_count(1)


def test_one_touch_wipes_the_draft(new_phone):
    page = new_phone()
    page.goto("/ko")
    answer_until(page, MIDWAY)
    assert draft_of(page)["values"]["safe_crime"]
    touch(page.locator("#wipe"))
    assert page.evaluate("localStorage.length") == 0
    assert on_screen(page) == "opening"
    expect(page.locator("#wiped")).to_be_visible()
    expect(page.locator("#survey input:checked")).to_have_count(0)
    page.reload()
    expect(page.locator("#resume")).to_be_hidden()


def test_an_old_draft_is_gone(new_phone):
    page = new_phone()
    page.goto("/zh")
    answer_until(page, MIDWAY)
    page.evaluate(
        """() => Object.keys(localStorage).forEach(key => {
            const draft = JSON.parse(localStorage[key]);
            draft.at -= 8 * 24 * 3600 * 1000;
            localStorage[key] = JSON.stringify(draft);
        })"""
    )
    again = page.context.new_page()
    again.goto("/zh")
    expect(again.locator("#resume")).to_be_hidden()
    assert again.evaluate("localStorage.length") == 0


def test_the_phones_back_button_goes_one_question_back(new_phone):
    page = new_phone()
    page.goto("/en")
    answer_until(page, MIDWAY)
    page.go_back()
    assert on_screen(page) == "safe_crime"
    page.go_forward()
    assert on_screen(page) == MIDWAY


def test_an_optional_question_is_passed_without_a_word(new_phone):
    page = new_phone()
    page.goto("/en")
    answer_until(page, "street_town")
    go_on(page)
    assert on_screen(page) != "street_town"
    expect(page.locator("#gentle")).to_have_count(0)


def test_two_tabs_show_the_same_interview(new_phone):
    first = new_phone()
    first.goto("/en")
    answer_until(first, MIDWAY)
    second = first.context.new_page()
    second.goto("/en")
    touch(second.locator("#resume-go"))
    answer_until(second, "nat_air")
    expect(first.locator("#told")).to_contain_text("You went on in another tab")
    assert on_screen(first) == "nat_air"
    first.bring_to_front()
    answer_until(first, "send")
    send(first)
    expect(second.locator("#told")).to_contain_text("sent or wiped in another tab")
    assert on_screen(second) == "opening"
    expect(second.locator("#survey input:checked")).to_have_count(0)


def test_another_interview_in_another_tab_loses_neither(new_phone):
    first = new_phone()
    first.goto("/en")
    answer_until(first, MIDWAY)
    second = first.context.new_page()
    second.goto("/en")
    answer_until(second, "age_group")
    go_on(second)
    answer_until(second, "nat_air")
    answer_until(first, "nat_air")
    drafts = first.evaluate("Object.values(localStorage).map(text => JSON.parse(text).submission)")
    assert set(drafts) == {one.locator("[name=submission]").input_value() for one in (first, second)}
    answer_until(second, "send")
    send(second)
    first.close()
    second.goto("/en")
    assert on_screen(second) == "nat_air"


def test_a_draft_of_an_older_questionnaire_keeps_what_still_fits(new_phone):
    page = new_phone()
    page.goto("/en")
    answer_until(page, "nat_air")
    page.evaluate(
        """() => {
            const [key] = Object.keys(localStorage).filter(key => key.startsWith("survey:"));
            const draft = JSON.parse(localStorage[key]), parts = key.split(":");
            draft.values.safe_crime = ["77"];
            draft.values.gone = ["1"];
            parts[2] = "older";
            localStorage.removeItem(key);
            localStorage[parts.join(":")] = JSON.stringify(draft);
        }"""
    )
    again = page.context.new_page()
    page.close()
    again.goto("/en")
    touch(again.locator("#resume-go"))
    expect(again.locator("#told")).to_contain_text("The questions have changed")
    assert on_screen(again) == "safe_crime"
    expect(again.locator("#q-safe_road input:checked")).to_have_count(1)
    (key,) = again.evaluate("Object.keys(localStorage).filter(key => key.startsWith('survey:'))")
    assert "older" not in key
    answer_until(again, "send")
    send(again)


def test_two_quick_taps_send_once(served, new_phone):
    page = new_phone()
    page.goto("/zh")
    answer_until(page, "send")
    submission = page.locator("[name=submission]").input_value()
    page.evaluate("() => { const send = document.querySelector('#send-actions .narrow'); send.click(); send.click(); }")
    page.wait_for_url("**/receipt/**")
    with house_of(served.app).sessions() as session:
        found = [one for one in responses(session, the_wave().id) if one.submission_id == submission]
    assert len(found) == 1


def test_going_back_from_the_receipt_begins_a_new_interview(new_phone):
    page = new_phone()
    page.goto("/zh")
    answer_until(page, "send")
    first = page.locator("[name=submission]").input_value()
    send(page)
    page.goto("/zh")
    assert on_screen(page) == "opening"
    expect(page.locator("#survey input:checked")).to_have_count(0)
    assert page.locator("[name=submission]").input_value() != first


def test_who_is_screened_out_is_thanked_and_the_phone_sends_no_answer(new_phone):
    page = new_phone()
    posted = []
    page.on("request", lambda request: posted.append(request.post_data) if request.method == "POST" else None)
    page.goto("/ko")
    go_on(page)
    touch(page.locator("label[for=age_group-90]"))
    go_on(page)
    assert on_screen(page) == "stop"
    assert page.evaluate("localStorage.length") == 0
    touch(page.locator("#back"))
    assert on_screen(page) == "age_group"
    assert posted == []
    with page.expect_request("**/reached"):
        put_aside(page)
    assert [re.findall("place=([^&]+)", sent) for sent in posted] == [["opening", "screening"]]


def test_the_second_of_two_quick_taps_passes_no_question(new_phone):
    page = new_phone()
    page.goto("/en")
    answer_until(page, "district")
    answer(page, shipped().question("district"))
    page.evaluate("() => { const next = document.getElementById('next'); next.click(); next.click(); }")
    assert on_screen(page) == "street_town"
    expect(page.locator("#gentle")).to_have_count(0)
    go_on(page)
    assert on_screen(page) != "street_town"


def test_the_chosen_text_size_comes_back_with_the_draft(new_phone):
    page = new_phone(locale="zh-CN")
    page.goto("/zh")
    touch(page.locator("[data-size=largest]"))
    answer_until(page, "district")
    again = page.context.new_page()
    page.close()
    again.goto("/")
    expect(again.locator("html.largest #resume")).to_be_visible()
    assert again.locator("#survey").get_attribute("action") == "/zh?look=largest"


def test_a_clock_that_ran_ahead_keeps_no_draft_for_years(new_phone):
    page = new_phone()
    page.goto("/zh")
    answer_until(page, "district")
    page.evaluate(
        """() => Object.keys(localStorage).forEach(key => {
            const draft = JSON.parse(localStorage[key]);
            draft.at += 365 * 24 * 3600 * 1000;
            localStorage[key] = JSON.stringify(draft);
        })"""
    )
    again = page.context.new_page()
    again.goto("/zh")
    expect(again.locator("#resume")).to_be_hidden()
    assert again.evaluate("localStorage.length") == 0
