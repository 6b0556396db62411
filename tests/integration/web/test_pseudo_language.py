"""With SURVEY_PSEUDO every text that a resident reads in English comes from the catalogues or from a definition."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from invited_survey import COMMUNITY, codes, invited_app
from open_survey import SECRET, complete, house_of, the_wave

from survey.app import create_app
from survey.config import Config, ConfigurationError
from survey.language import NAMES, Pseudo, format_date
from survey.questionnaire.canonical import canonical
from survey.questionnaire.read import shipped
from survey.wave.canonical import canonical as canonical_wave

SPOKEN = {"alt", "aria-label", "content", "placeholder", "title"}
UNSPOKEN = ("viewport", "format-detection", "robots", "color-scheme", "theme-color")
WORDS = re.compile(r'"en":"((?:[^"\\]|\\.)*)"')


class Texts(HTMLParser):
    """Everything on a page that somebody sees or hears."""

    def __init__(self, page):
        super().__init__()
        self.inside, self.found = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("script", "style"):
            self.inside.append(tag)
        shared = given.get("property", "").startswith("og:") or "itemprop" in given
        if given.get("name") not in UNSPOKEN and not shared:
            self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside and data.strip():
            self.found.append(data.strip())


def defined():
    """English words of the questionnaire and the wave, longest first."""
    words = [*WORDS.findall(canonical(shipped())), *WORDS.findall(canonical_wave(the_wave()))]
    kept = [*words, *NAMES.values(), COMMUNITY, complete("")["improve_first"], format_date(the_wave().closes, "en")]
    return sorted({word.replace('\\"', '"') for word in kept}, key=len, reverse=True)


@pytest.fixture
def client(new_database, tmp_path):
    address = new_database("sqlite")
    house_of(invited_app(address, tmp_path)).engine.dispose()
    config = Config(folder=tmp_path, database=address, secret=SECRET, desk_token=None)
    app = create_app(replace(config, pseudo=True))
    yield app.test_client()
    house_of(app).engine.dispose()


def test_no_page_of_a_resident_says_what_no_catalogue_holds(client):
    sent, code = complete(str(uuid4())), codes(1)[0]
    receipt = client.post(f"/en/i/{code}", data=sent).location
    wrong = {**sent, "safe_crime": "6", "submission": str(uuid4())}
    del wrong["consent"]
    pages = {
        "form": client.get("/en"),
        "invited": client.get(f"/en/i/{codes(1)[1]}"),
        "invitation": client.get("/en/i"),
        "no invitation": client.get("/en/i/nonsense"),
        "used": client.get(f"/en/i/{code}"),
        "wrong": client.post("/en", data=wrong),
        "receipt": client.get(receipt),
        "conflict": client.post(f"/en/i/{code}", data={**sent, "overall_satisfaction": "1"}),
        "withdraw": client.get("/en/withdraw"),
        "wrong code": client.post("/en/withdraw", data={"code": "x"}),
        "withdrawn": client.post("/en/withdraw", data={"code": receipt.rsplit("/", 1)[1]}),
        "screened out": client.post("/en", data={**sent, "age_group": "90"}),
        "missing": client.get("/en/receipt/2026-simulated/x"),
    }
    known = defined()
    for name, page in pages.items():
        assert "⟦" in page.text, name
        for text in Texts(page.text).found:
            left = re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"\s+", " ", text))
            for word in known:
                left = left.replace(word, "")
            left = re.sub(r"\b[2-9A-Z]{4}(-[2-9A-Z]{4}){2}\b", "", left)
            assert not re.search(r"[^\W\d_]", left), f"{name}: {text!r} leaves {left!r}"


def test_other_languages_and_usual_servers_say_nothing_in_brackets(client, new_database, tmp_path):
    assert "⟦" not in client.get("/zh").text
    app = invited_app(new_database("sqlite"), tmp_path)
    assert "⟦" not in app.test_client().get("/en").text
    house_of(app).engine.dispose()


def test_a_server_with_its_settings_in_the_environment_refuses_it(monkeypatch, tmp_path):
    for name, value in {"FOLDER": str(tmp_path), "SECRET": SECRET, "PSEUDO": "1"}.items():
        monkeypatch.setenv(f"SURVEY_{name}", value)
    with pytest.raises(ConfigurationError, match="SURVEY_PSEUDO is for development"):
        create_app()


def test_placeholders_stay_as_they_are():
    said = Pseudo().gettext("From %(low)s to 100%% of %(count)d")
    assert said == "⟦Fŕóm %(low)s tó 100%% óf %(count)d⟧"
    assert Pseudo().ngettext("one", "many", 1) == "⟦óñé⟧"
