"""Nobody is kept out: axe finds no barrier on any screen, in any language and way of seeing it (WCAG 2.2 AA)."""

from __future__ import annotations

from collections import Counter

import pytest
from barriers import AXE, all_ways, barriers
from interview import answer, answer_until, go_on, touch
from playwright.sync_api import expect

from survey.forms.questionnaire_form import form_class
from survey.language import LANGUAGES
from survey.questionnaire.model import MultipleChoice, OpenText
from survey.questionnaire.read import shipped

SCREENS = [
    "opening", "age_group", "district", "street_town", "overall_satisfaction", "safe_crime", "proud_places",
    "household_needs", "improve_first", "send", "stop", "waiting",
]  # fmt: skip


def show(page, screen):
    page.evaluate("screen => dispatchEvent(new PopStateEvent('popstate', { state: { screen } }))", screen)
    assert page.evaluate(
        "screen => !document.getElementById(screen).hidden",
        f"q-{screen}" if screen in QUESTIONS else "s-send" if screen == "send" else screen,
    )


QUESTIONS = {question.id for question in shipped().questions()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_on_the_screens_of_the_interview(new_phone, language):
    page, problems = new_phone(), []
    page.goto(f"/{language}")
    page.evaluate("document.querySelectorAll('#district-5, [id^=consent_][id$=-yes]').forEach(one => one.click())")
    page.evaluate("document.getElementById('aloud').hidden = false")
    for screen in SCREENS:
        show(page, screen)
        problems += all_ways(page, screen)
    assert problems == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_where_something_is_wrong(new_phone, language):
    page, problems = new_phone(), []
    page.goto(f"/{language}")
    go_on(page)
    go_on(page)
    expect(page.locator("#gentle")).to_be_visible()
    problems += all_ways(page, "gentle note")
    page.evaluate("document.getElementById('survey').requestSubmit()")
    expect(page.locator("#problems")).to_be_visible()
    problems += all_ways(page, "error summary")
    page.evaluate(
        """() => {
            const sent = { id: "a", state: "sent", address: "/zh", code: "7K3M-XW2R-9TPD" };
            localStorage["outbox:a"] = JSON.stringify(sent);
            localStorage["outbox:b"] = JSON.stringify({ id: "b", state: "refused", action: "/zh", body: "a=b" });
        }"""
    )
    page.goto(f"/{language}")
    expect(page.locator("#outbox > div")).to_have_count(2)
    problems += all_ways(page, "notes of the outbox")
    assert problems == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_without_the_script(new_phone, language):
    page, problems = new_phone(), []
    page.route("**/respond.js", lambda route: route.abort())
    page.goto(f"/{language}")
    problems += all_ways(page, "whole form")
    page.locator("#send-actions .narrow").click()
    expect(page.locator("#problems")).to_be_visible()
    page.evaluate(AXE.read_text("utf-8"))
    problems += [f"whole form with errors: {one}" for one in barriers(page)]
    assert problems == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_on_the_pages_around_it(new_phone, language):
    page, problems = new_phone(), []
    page.goto(f"/{language}")
    answer_until(page, "send")
    touch(page.locator("#send-actions .narrow"))
    page.wait_for_url("**/receipt/**")
    problems += all_ways(page, "receipt")
    for address in (
        f"/{language}/i",
        f"/{language}/i?code=x",
        f"/{language}/withdraw",
        f"/{language}/nowhere",
        "/sign-in",
    ):
        page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
        page.goto(address)
        problems += all_ways(page, address)
    assert problems == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_and_every_group_has_its_name(new_phone, language):
    page = new_phone(script=False)
    page.goto(f"/{language}")
    page.evaluate("document.querySelector('head style').disabled = true")
    page.evaluate("document.querySelectorAll('.offered, .write-in').forEach(one => { one.style.display = 'block'; })")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    named = Counter(
        (one["role"]["value"], one["name"]["value"])
        for one in tree
        if one.get("role", {}).get("value") in ("radio", "checkbox", "group", "textbox")
    )
    asked = shipped()
    form = form_class(asked, language)(formdata=None)
    for question in asked.questions():
        assert named["group", question.text[language]] >= 1, question.id
        if isinstance(question, OpenText):
            assert named["textbox", question.text[language]] == 1, question.id
            continue
        role = "checkbox" if isinstance(question, MultipleChoice) else "radio"
        rows = [row for group in form[question.id].groups() for row in group.rows] + list(form.missing(question))
        for row in rows:
            assert named[role, " ".join(filter(None, (str(row.label), row.end)))] >= 1, (question.id, row.label)
    assert not any(name == "" for (role, name) in named if role != "group")


def test_it_reads_aloud_where_the_browser_has_a_voice(new_phone):
    page = new_phone()
    page.add_init_script(
        """window.spoken = [];
        window.SpeechSynthesisUtterance = function (text) { this.text = text; };
        Object.defineProperty(window, "speechSynthesis", { value: {
            getVoices: () => [{ lang: "zh-CN" }, { lang: "en_GB" }], addEventListener() {},
            cancel() { window.spoken = []; },
            speak(one) { window.spoken.push([one.text, one.lang]); } } });"""
    )
    page.goto("/en")
    answer_until(page, "safe_crime")
    touch(page.locator("#aloud"))
    expect(page.locator("#aloud")).to_have_text("Stop reading")
    spoken = page.evaluate("spoken")
    assert spoken[0] == [shipped().question("safe_crime").text["en"], "en_GB"]
    assert ["Very satisfied", "en_GB"] in spoken
    answer(page, shipped().question("safe_crime"))
    go_on(page)
    assert page.evaluate("spoken") == []
    page.goto("/ko")
    expect(page.locator("#aloud")).to_be_hidden()
