"""Opened from WeChat: its browsers of today (XWEB) and of old phones (X5), which lack what newer ones have."""

from __future__ import annotations

import pytest
from interview import answer_until, on_screen, touch
from open_survey import house_of, the_wave

from survey.language import LANGUAGES
from survey.questionnaire.read import shipped
from survey.storage.answers.responses import responses

XWEB = (
    "Mozilla/5.0 (Linux; Android 13; V2199A Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560"
)
X5 = (
    "Mozilla/5.0 (Linux; Android 7.1.1; OPPO R11 Build/NMF26X; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/66.0.3359.126 MQQBrowser/6.2 TBS/045131 Mobile Safari/537.36 MMWEBID/5842 MicroMessenger/7.0.12.1620"
)
LACKS = """
    delete Navigator.prototype.serviceWorker; delete Navigator.prototype.sendBeacon; delete window.caches;
    delete window.fetch; delete window.crypto; delete window.speechSynthesis; delete window.IntersectionObserver;
    delete Element.prototype.append; delete Element.prototype.replaceChildren; delete Object.fromEntries;
    delete Array.prototype.flat; delete Array.prototype.flatMap; delete String.prototype.replaceAll;
    delete HTMLFormElement.prototype.requestSubmit; delete Promise.prototype.finally; delete window.globalThis;
"""
NO_STORAGE = """
    ["localStorage", "sessionStorage"].forEach(name => Object.defineProperty(window, name,
        { get() { throw new Error("SecurityError"); } }));
"""


@pytest.mark.parametrize("agent", [XWEB, X5])
@pytest.mark.parametrize("lacking", ["", LACKS, LACKS + NO_STORAGE], ids=["everything", "old", "old without storage"])
def test_an_interview_from_wechat(served, new_phone, agent, lacking):
    page = new_phone(user_agent=agent)
    page.add_init_script(lacking)
    page.goto("/zh")
    answer_until(page, "nat_air")
    touch(page.locator("button[data-language=ko]"))
    page.wait_for_url("**/ko*")
    if "SecurityError" in lacking:
        assert page.locator("#q-safe_crime input:checked").count() == 1  # The answers came along in the form.
    assert on_screen(page) == "nat_air"
    answer_until(page, "send")
    submission = page.locator("[name=submission]").input_value()
    touch(page.locator("#send-actions .narrow"))
    page.wait_for_url("**/receipt/**")
    with house_of(served.app).sessions() as session:
        assert len([one for one in responses(session, the_wave().id) if one.submission_id == submission]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_share_card_has_a_title_a_text_and_a_picture(served, new_phone, language):
    page = new_phone(script=False, user_agent=XWEB)
    page.goto(f"/{language}")

    def meta(name):
        return page.locator(f"meta[{name}]").get_attribute("content")

    assert page.title() == meta("property='og:title'") == shipped().title[language]
    assert meta("name=description") == meta("property='og:description'")
    assert meta("property='og:image'") == meta("itemprop='image'")
    assert meta("property='og:image'").startswith(served.address)
    assert meta("property='og:url'") == f"{served.address}/{language}"
    picture = page.request.get(meta("property='og:image'"))
    assert picture.ok
    assert picture.headers["content-type"] == "image/png"
