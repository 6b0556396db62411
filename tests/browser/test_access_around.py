"""Nobody is kept out of the pages around the interview either: used, different, screened out, too late, closed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from barriers import all_ways
from invited_survey import codes, invited_app
from open_survey import complete, house_of, the_wave
from playwright.sync_api import expect
from served import serving

from survey.language import LANGUAGES
from survey.storage.errors import DatabaseBusy
from survey.storage.waves import close_wave

POST = """([address, fields]) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = address;
    Object.entries(fields).forEach(([name, value]) => {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    });
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture
def served(new_database, tmp_path):
    with serving(invited_app(new_database("sqlite"), tmp_path)) as running:
        yield running


def posted(page, address, fields):
    """The page that answers what a form without a script sends."""
    page.goto(address.partition("/i/")[0] + "/no-network")
    with page.expect_navigation():
        page.evaluate(POST, [address, fields])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_on_the_pages_around_an_interview(new_phone, served, monkeypatch, language):
    page, code, sent, problems = new_phone(), codes(1)[0], complete(str(uuid4())), []
    assert page.request.post(f"/{language}/i/{code}", form=sent, max_redirects=0).status == 303
    for name, address, fields, title in (
        ("used invitation", f"/{language}/i/{code}", None, "main h1"),
        ("used meanwhile", f"/{language}/i/{code}", complete(str(uuid4())), "#problems"),
        ("other answers", f"/{language}/i/{code}", {**sent, "overall_satisfaction": "1"}, ".receipt-code"),
        ("screened out", f"/{language}", {**sent, "age_group": "90"}, "#finished"),
        ("no network", f"/{language}/no-network", None, "main h1"),
    ):
        if fields is None:
            page.goto(address)
        else:
            posted(page, address, fields)
        expect(page.locator(title)).to_be_attached()
        problems += all_ways(page, name)
    with monkeypatch.context() as broken:
        broken.setattr("survey.web.respond.interview.keep", lambda *_: (_ for _ in ()).throw(DatabaseBusy("held")))
        posted(page, f"/{language}", complete(str(uuid4())))
    expect(page.locator("main form button")).to_be_visible()
    problems += all_ways(page, "could not be kept")
    with house_of(served.app).sessions.begin() as session:
        close_wave(session, the_wave().id)
    page.evaluate("""localStorage["outbox:a"] = JSON.stringify({ id: "a", state: "late", until: Date.now() + 1e6 })""")
    page.goto(f"/{language}")
    expect(page.locator("#outbox > div")).to_be_visible()
    problems += all_ways(page, "closed, and too late")
    posted(page, f"/{language}", complete(str(uuid4())))
    problems += all_ways(page, "after closing")
    assert problems == []
