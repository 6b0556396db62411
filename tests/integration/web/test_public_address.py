"""What leaves the server, to WeChat or a search engine, says where the survey is: with whole addresses."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from open_survey import complete, hidden, house_of

from survey.app import create_app
from survey.language import LANGUAGES

PUBLIC = "https://survey.example"


def whole(page):
    """The addresses on a page that others read."""
    return re.findall(r'<meta (?:property="og:(?:url|image)"|itemprop="image") content="([^"]+)"', page) + re.findall(
        r'<link rel="alternate" hreflang="[^"]+" href="([^"]+)"', page
    )


@pytest.fixture
def configured(app):
    again = create_app(replace(house_of(app).config, address=PUBLIC))
    yield again.test_client()
    house_of(again).engine.dispose()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_configured_address_stands_before_whatever_the_browser_asked(configured, language):
    page = configured.get(f"/{language}", headers={"Host": "elsewhere.example"}).text
    assert len(whole(page)) == 3 + len(LANGUAGES) + 1
    assert all(one.startswith(f"{PUBLIC}/") for one in whole(page))
    assert configured.get(next(one for one in whole(page) if one.endswith(".png"))).mimetype == "image/png"


def test_otherwise_the_address_is_the_one_asked_for_and_no_page_is_kept_under_it(client):
    for host in ("first.example", "second.example:8080"):
        for zipped in ({}, {"Accept-Encoding": "identity"}):
            page = client.get("/ko", headers={"Host": host, **zipped}).text
            assert all(one.startswith(f"http://{host}/") for one in whole(page))


def test_behind_https_it_is_https(app):
    again = create_app(replace(house_of(app).config, https=True))
    assert all(one.startswith("https://localhost/") for one in whole(again.test_client().get("/en").text))
    house_of(again).engine.dispose()


def test_a_page_that_comes_back_filled_in_has_them_too(client):
    sent = complete(hidden(client.get("/zh").text, "submission"))
    page = client.post("/ko", data={**sent, "switch": "ko"}).text
    assert all(one.startswith("http://localhost/") for one in whole(page))
    assert len(whole(page)) == 3 + len(LANGUAGES) + 1
