"""Paradata come with the submission only; break-off is counted without telling anybody apart."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from open_survey import complete, house_of, the_wave

from survey.storage.answers.reached import reached
from survey.storage.answers.responses import responses
from survey.storage.waves import close_wave
from survey.wave.response import Device, Paradata

TOLD = json.dumps({"width": 800, "seconds": {"safety": 42}, "breaks": 2})


def kept(app):
    with house_of(app).sessions() as session:
        return [one.paradata for one in responses(session, the_wave().id)]


def counted(app):
    with house_of(app).sessions() as session:
        return dict(reached(session, the_wave().id))


def test_paradata_are_kept_beside_the_answers_and_do_not_make_another_submission(app, client):
    sent = complete(str(uuid4()))
    first = client.post("/en", data={**sent, "paradata": TOLD})
    again = client.post("/en", data={**sent, "paradata": "{}"})
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert kept(app) == [Paradata(device=Device.MEDIUM, seconds={"safety": 40}, breaks=2)]


@pytest.mark.parametrize("paradata", [{}, {"paradata": ""}, {"paradata": "{"}])
def test_without_a_script_there_are_none(app, client, paradata):
    assert client.post("/zh", data={**complete(str(uuid4())), **paradata}).status_code == 303
    assert kept(app) == [None]


def test_reached_sections_are_counted_without_a_cookie(app, client):
    for place in ("opening", ["opening", "safety"], ["send", "send"]):
        reply = client.post("/ko/reached", data={"wave": the_wave().id, "place": place})
        assert (reply.status_code, reply.data) == (204, b"")
        assert "Set-Cookie" not in reply.headers
    assert counted(app) == {"opening": 2, "safety": 1, "send": 1}


def test_nothing_else_is_counted(app, client):
    for wave, place in (
        (the_wave().id, "nowhere"),
        (the_wave().id, ""),
        (the_wave().id, []),
        (the_wave().id, ["safety", "nowhere"]),
        ("2099", "safety"),
        ("", ""),
    ):
        assert client.post("/en/reached", data={"wave": wave, "place": place}).status_code in (400, 404)
    with house_of(app).sessions.begin() as session:
        close_wave(session, the_wave().id)
    assert client.post("/en/reached", data={"wave": the_wave().id, "place": "safety"}).status_code == 204
    assert counted(app) == {}


@pytest.mark.parametrize("from_where", ["cross-site", "same-site", "none"])
def test_pages_of_others_cannot_make_their_visitors_count(app, client, from_where):
    told = {"wave": the_wave().id, "place": "safety"}
    assert client.post("/en/reached", data=told, headers={"Sec-Fetch-Site": from_where}).status_code == 400
    assert client.post("/en/reached", data=told, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 204
    assert counted(app) == {"safety": 1}
