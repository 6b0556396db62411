"""A survey that is open for answers, and somebody who answers it completely."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

import survey.wave
from survey.app import create_app
from survey.config import Config
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.read import shipped
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave
from survey.wave.model import Wave
from survey.wave.read import read
from survey.web.house import House

SECRET = "a secret for tests only"
TOKEN = "a-token-for-tests-only"


def the_wave() -> Wave:
    """The wave that ships, open for years."""
    definition = Path(survey.wave.__file__).parent / "definitions" / "simulated.toml"
    return read(definition.read_text("utf-8"), shipped())


def open_app(address: str, folder: Path) -> Flask:
    """The real application over an empty, migrated database, with the shipped questionnaire open for answers."""
    app = create_app(Config(folder=folder, database=address, secret=SECRET, desk_token=TOKEN))
    with house_of(app).sessions.begin() as session:
        publish(session, shipped())
        create_wave(session, the_wave())
        open_wave(session, the_wave().id)
    return app


def house_of(app: Flask) -> House:
    """The open house of an application."""
    house: House = app.extensions["survey"]
    return house


def complete(submission: str, questionnaire: Questionnaire | None = None) -> dict[str, str | list[str]]:
    """What the page sends for a resident from elsewhere, living in Wendeng, who answers everything."""
    asked = questionnaire or shipped()
    sent: dict[str, str | list[str]] = {
        "consent": "yes",
        "mode": "phone",
        "wave": the_wave().id,
        "questionnaire": content_hash(asked),
        "submission": submission,
    }
    for question in asked.questions():
        sent[question.id] = {"five_point": "4", "score": "7", "single": "2", "multiple": "1", "text": "多修步道"}[
            question.kind
        ]
        if question.sensitive:
            sent[f"consent_{question.id}"] = "yes"
    return {**sent, "district": "5", "street_town": "371003001"}


def heading(page: str) -> str:
    """The first heading of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden field {name}"
    return found[1]


def is_checked(page: str, element: str) -> bool:
    """Whether the input with this id is checked."""
    found = re.search(rf'<input [^>]*id="{element}"[^>]*>', page)
    assert found, f"no input {element}"
    return " checked" in found[0]
