"""Somebody who answers on a phone, by touch."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from survey.questionnaire.model import MultipleChoice, OpenText, Question
from survey.questionnaire.read import shipped

OWN_WORDS = "多修一些步道"
CHOSEN = {"age_group": 5, "years_here": 4, "district": 7, "residence_status": 3, "overall_satisfaction": 8}
"""Codes of a resident from another province who lives in Rongcheng; elsewhere the second choice is taken."""


def place_of(page: Page, question: Question) -> Locator:
    """Where a question stands on the page."""
    return page.locator(f"#q-{question.id}")


def answer(page: Page, question: Question) -> None:
    """Touch or type the answer."""
    place = place_of(page, question)
    if question.sensitive:
        touch(place.locator(f"label[for=consent_{question.id}-yes]"))
        place = place.locator(".consented")
    if isinstance(question, OpenText):
        place.locator("textarea").fill(OWN_WORDS)
    elif question.id in CHOSEN:
        touch(place.locator(f"label[for={question.id}-{CHOSEN[question.id]}]"))
    else:
        touch(place.locator(".row label").locator("visible=true").nth(1))


def touch(place: Locator) -> None:
    """Touch the middle of something, as a finger does."""
    expect(place).to_be_visible()
    place.tap()


def on_screen(page: Page) -> str:
    """What the script shows: "opening", a question's id, "send" or "stop"."""
    for name, place in (("opening", "#opening"), ("send", "#s-send"), ("stop", "#stop")):
        if page.locator(place).is_visible():
            return name
    return str(page.locator("[data-question]").locator("visible=true").get_attribute("data-question"))


def go_on(page: Page) -> None:
    """Touch "next" without an answer, not so soon after the screen opened that it were the second tap of two."""
    page.wait_for_timeout(450)
    touch(page.locator("#next"))


def answer_until(page: Page, stop: str) -> None:
    """From screen to screen, answering everything, until a screen is reached."""
    for _ in range(100):
        now = on_screen(page)
        if now == stop:
            return
        if now != "opening":
            answer(page, shipped().question(now))
        touch(page.locator("#next"))
    raise AssertionError(f"never came to {stop}")


def send(page: Page) -> str:
    """Send the answers and read the receipt code."""
    touch(page.locator("#send-actions button").locator("visible=true"))
    page.wait_for_url("**/receipt/**")
    return page.locator(".receipt-code").inner_text()


def stored_code(answers: dict[str, object], question: Question) -> object:
    """The one code that was stored, for multiple choices too."""
    given = answers[question.id]
    return given[0] if isinstance(question, MultipleChoice) and isinstance(given, tuple) else given


def put_aside(page: Page) -> None:
    """Switch to another app: what the page sends as it goes out of sight can still be seen."""
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
