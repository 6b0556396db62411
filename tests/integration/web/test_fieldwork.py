"""The bureau sees how the fieldwork stands: what came in, what was kept apart, where respondents stop."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from invited_survey import SIZE, codes, invited_app
from open_survey import TOKEN, complete, house_of, the_wave

from survey.language import LANGUAGES, say
from survey.web.desk.stops import COUNTED

PAGE = f"fieldwork/{the_wave().id}"


@pytest.fixture
def app(database, tmp_path):
    app = invited_app(database, tmp_path)
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def desk(app):
    client = app.test_client()
    client.get(f"/sign-in?token={TOKEN}")
    return client


def words(page):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_counts_what_came_in_what_was_kept_apart_and_where_they_stop(app, desk, language):
    resident, sent, (first, second, *_) = app.test_client(), complete(str(uuid4())), codes(1)
    for place in ("opening", "opening", "opening", "opening", "safety"):
        resident.post("/zh/reached", data={"wave": the_wave().id, "place": place})
    assert resident.post(f"/zh/i/{first}", data=sent).status_code == 303
    for score in ("1", "2", "1"):
        assert resident.post(f"/zh/i/{first}", data={**sent, "overall_satisfaction": score}).status_code == 409
    receipt = resident.post(f"/ko/i/{second}", data=complete(str(uuid4()))).location.rsplit("/", 1)[1]
    assert resident.post("/ko/withdraw", data={"code": receipt}).status_code == 200
    page = desk.get(f"/{language}/{PAGE}")
    assert page.status_code == 200
    speak, told = say(language), words(page.text)
    assert words(speak("Invitations used: %(used)s of %(all)s (%(share)s).") % {
        "used": 2, "all": 2 * SIZE, "share": "17%"
    }) in told  # fmt: skip
    apart = speak(
        "Other answers under the number of a submission that was there already: %(count)s. They are kept and not "
        "counted; it happens when two people use one page that was kept without a network."
    )
    assert words(apart % {"count": 2}) in told
    assert words(speak("Answers withdrawn with their receipt: %(count)s. They were deleted.") % {"count": 1}) in told
    assert f"{speak('Page opened')} 4 100%" in told
    assert f"{speak('Answers sent')} 1 25%" in told
    assert words(speak(COUNTED)) in told


def test_strangers_do_not_see_it_and_unknown_waves_have_none(app, desk):
    assert app.test_client().get(f"/en/{PAGE}").status_code == 401
    assert desk.get("/en/fieldwork/2099").status_code == 404
    assert desk.get(f"/fr/{PAGE}").status_code == 404


def test_the_results_lead_there_even_before_the_first_answer(desk):
    assert f'href="/en/{PAGE}"' in desk.get(f"/en/results/{the_wave().id}").text
    assert desk.get(f"/en/{PAGE}").status_code == 200
