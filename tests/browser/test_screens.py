"""What a person meets on the screens: large targets, words at every scale, gentle notes, text that grows."""

from __future__ import annotations

import pytest
from interview import answer, answer_until, go_on, on_screen, place_of, touch
from playwright.sync_api import expect

from survey.language import LANGUAGES
from survey.questionnaire.read import shipped

SMALLEST = {"": 56, "large": 60, "largest": 60}
TEXT = {"": 18, "large": 24, "largest": 30}


def measured(page, selector):
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)].filter(one => one.getClientRects().length)
            .map(one => { const box = one.getBoundingClientRect(); return [box.width, box.height]; })""",
        selector,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", sorted(SMALLEST))
def test_rows_are_large_enough_to_touch_and_text_to_read(new_phone, language, look):
    page = new_phone(script=False)
    page.goto(f"/{language}?look={look}")
    rows = measured(page, ".rows label, .apart label, .allow label")
    assert min(height for _, height in rows) >= SMALLEST[look]
    assert min(min(box) for box in measured(page, ".scores label")) >= 44
    least = 60 if look else 44
    assert min(min(box) for box in measured(page, ".choices button")) >= least
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == pytest.approx(TEXT[look], abs=0.1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("look", ["", "largest-contrast"])
def test_no_page_is_wider_than_its_screen(new_phone, language, width, look):
    page = new_phone(script=False, viewport={"width": width, "height": 700})
    page.goto(f"/{language}?look={look}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_text_size_and_contrast_change_without_losing_an_answer(new_phone):
    for script in (True, False):
        page = new_phone(script=script)
        page.goto("/zh")
        if script:
            go_on(page)
        answer(page, shipped().question("age_group"))
        touch(page.locator("[data-size=largest]"))
        touch(page.locator("[data-contrast]"))
        expect(page.locator("html.largest.contrast")).to_have_count(1)
        expect(page.locator("#q-age_group input:checked")).to_have_count(1)
        touch(page.locator("button[data-language=ko]"))
        expect(page.locator("html.largest.contrast:lang(ko)")).to_have_count(1)
        expect(page.locator("#q-age_group input:checked")).to_have_count(1)


def test_a_skipped_question_is_asked_for_once_and_then_let_go(new_phone):
    page = new_phone()
    page.goto("/en")
    answer_until(page, "safe_crime")
    go_on(page)
    assert on_screen(page) == "safe_crime"
    expect(page.locator("#gentle")).to_contain_text("You have not chosen an answer")
    go_on(page)
    assert on_screen(page) == "safe_road"


def test_a_question_that_decides_who_takes_part_needs_an_answer(new_phone):
    page = new_phone()
    page.goto("/en")
    go_on(page)
    for _ in range(3):
        go_on(page)
    assert on_screen(page) == "age_group"
    expect(page.locator("#gentle")).to_contain_text("Please choose one answer")


def test_none_rules_out_the_others_and_too_many_are_told(new_phone):
    page = new_phone()
    page.goto("/en")
    answer_until(page, "proud_places")
    places = page.locator("#q-proud_places .rows label")
    for number in range(6):
        touch(places.nth(number))
    go_on(page)
    expect(page.locator("#gentle")).to_contain_text("Please choose at most 5")
    touch(page.locator("label[for=proud_places-97]"))
    expect(page.locator("#q-proud_places input:checked")).to_have_count(1)
    touch(page.locator("label[for=proud_places-96]"))
    expect(page.locator("#proud_places-97")).not_to_be_checked()
    expect(page.locator("#proud_places_other")).to_be_visible()


def test_a_sensitive_question_shows_only_after_yes(new_phone):
    page = new_phone()
    page.goto("/en")
    answer_until(page, "household_needs")
    expect(page.locator("#l-household_needs")).to_be_hidden()
    touch(page.locator("label[for=consent_household_needs-yes]"))
    expect(page.locator("#l-household_needs")).to_be_visible()
    touch(page.locator("label[for=consent_household_needs-no]"))
    expect(page.locator("#l-household_needs")).to_be_hidden()


def test_another_district_takes_the_street_away(new_phone):
    page = new_phone()
    page.goto("/en")
    answer_until(page, "street_town")
    answer(page, shipped().question("street_town"))
    touch(page.locator("#back"))
    touch(page.locator("label[for=district-5]"))
    expect(page.locator("#q-street_town input:checked")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_the_error_summary_leads_to_the_question(new_phone, script):
    page = new_phone(script=script)
    page.goto("/ko")
    if script:
        page.evaluate("document.getElementById('survey').requestSubmit()")
    else:
        touch(page.locator("#send-actions button").locator("visible=true"))
    expect(page.locator("#problems")).to_be_visible()
    page.locator("#problems a[href='#q-district']").tap()
    expect(place_of(page, shipped().question("district"))).to_be_in_viewport()


def tab_to(page, selector):
    """Press Tab, as often as it takes, until something has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by keyboard")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_interview_by_keyboard_alone(new_phone, language):
    """Nothing but Tab, arrows, space, Enter and letters; Enter goes on from a choice."""
    page = new_phone()
    page.goto(f"/{language}")
    tab_to(page, "#next")
    page.keyboard.press("Enter")
    for _ in range(100):
        now = on_screen(page)
        if now == "send":
            break
        tab_to(page, ".question input, .question textarea")
        kind = page.evaluate("document.activeElement.type")
        page.keyboard.press("ArrowDown" if kind == "radio" else "Space")
        if kind == "textarea":
            page.keyboard.type("a")
            tab_to(page, "#next")
        page.keyboard.press("Enter")
    assert on_screen(page) == "send"
    tab_to(page, "#send-actions button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/**")
    expect(page.locator(".receipt-code")).to_be_visible()
