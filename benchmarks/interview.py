"""What does one complete interview cost the server? `make bench-interview`.

Opening the page, sending the answers and reading the receipt, through the WSGI application on the embedded database
with its durable default; CPU time of the process, median of many interviews. Beside it a plain Flask-WTF form of the
same questions, made, drawn and compressed for every request, that keeps its answers in the same kind of file. Prints a
table and keeps it in interview.md. Target: 5 ms at the median.
"""

from __future__ import annotations

import gzip
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
import numpy as np
from flask import Flask, Response, redirect, render_template_string, request
from flask_wtf import FlaskForm
from rich.console import Console
from sqlalchemy import Engine, text
from werkzeug.test import EnvironBuilder
from wtforms import BooleanField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from survey.app import create_app
from survey.cli.simulate import definition
from survey.config import Config
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import Missing, MultipleChoice, OpenText, Question, Questionnaire
from survey.questionnaire.routing import codes
from survey.storage.database import connect, upgrade
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave

STEPS = ("open", "submit", "receipt")
TARGET = 5.0
HERE = Path(__file__).parent
ZIPPED = {"Accept-Encoding": "gzip"}
PLAIN = """<!doctype html><html lang="zh"><title>{{ title }}</title><form method="post">
{% for field in form %}<fieldset><legend>{{ field.label.text }}</legend>{{ field() }}
{% for error in field.errors %}<p>{{ error }}</p>{% endfor %}</fieldset>{% endfor %}<button>提交</button></form>"""


@click.command()
@click.option("--interviews", default=300, show_default=True, type=click.IntRange(20))
def main(interviews: int) -> None:
    """Measure, print and keep the table."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for title, opened in (("this platform", _ours), ("plain Flask-WTF form", _plain)):
            with opened(Path(name)) as (app, sent):
                rows.append((title, *_measured(app, sent, interviews)))
    lines = [f"| | {' | '.join(STEPS)} | interview | 95 % of interviews |", "| --- |" + " ---: |" * (len(STEPS) + 2)]
    lines += [f"| {title} | " + " | ".join(f"{value:.2f}" for value in values) + " |" for title, *values in rows]
    verdict = "held" if rows[0][-2] <= TARGET else "MISSED"
    table = "\n".join(lines)
    told = f"Milliseconds of CPU, median of {interviews} interviews. Target of {TARGET:g} ms: {verdict}.\n\n{table}\n"
    Console().print(told)
    (HERE / "interview.md").write_text(f"# One complete interview\n\n{told}", encoding="utf-8")


def _measured(app: Flask, sent: Callable[[], dict[str, Any]], interviews: int) -> list[float]:
    for _ in range(20):
        _interview(app, sent())
    every = np.array([_interview(app, sent()) for _ in range(interviews)])
    whole = every.sum(axis=1)
    return [*np.median(every, axis=0), np.median(whole), np.percentile(whole, 95)]


def _interview(app: Flask, sent: dict[str, Any]) -> tuple[float, ...]:
    opened, _ = _call(app, "/zh", 200)
    submitted, headers = _call(app, "/zh", 303, method="POST", data=sent)
    return opened, submitted, _call(app, headers["Location"], 200)[0]


def _call(app: Flask, address: str, status: int, **more: Any) -> tuple[float, dict[str, str]]:
    """Milliseconds of CPU that one request costs, and the headers of its answer."""
    environ = EnvironBuilder(address, headers=ZIPPED, **more).get_environ()
    answered: dict[str, Any] = {}

    def start(said: str, headers: list[tuple[str, str]], _problem: object = None) -> Callable[[bytes], None]:
        answered.update(status=int(said[:3]), headers=dict(headers))
        return lambda _: None

    before = time.process_time_ns()
    for _ in app(environ, start):
        pass
    cost = (time.process_time_ns() - before) / 1e6
    if answered["status"] != status:
        raise SystemExit(f"{address} answers {answered['status']} instead of {status}")
    return cost, answered["headers"]


Opened = Iterator[tuple[Flask, Callable[[], dict[str, Any]]]]


@contextmanager
def _ours(folder: Path) -> Opened:
    """The platform with the shipped questionnaire, open, and a resident's submissions."""
    wave, questionnaire = definition()
    address = f"sqlite:///{folder / 'survey.sqlite'}"
    upgrade(engine := connect(address))
    engine.dispose()
    app = create_app(Config(folder=folder, database=address, secret="of a benchmark", desk_token=None))
    house = app.extensions["survey"]
    with house.sessions.begin() as session:
        publish(session, questionnaire)
        create_wave(session, wave)
        open_wave(session, wave.id)
    answers = _answers(questionnaire)
    paradata = json.dumps({"width": 390, "seconds": {one.id: 41.5 for one in questionnaire.sections}, "breaks": 1})
    envelope = {"wave": wave.id, "questionnaire": content_hash(questionnaire), "mode": "phone", "paradata": paradata}
    yield app, lambda: {**answers, **envelope, "submission": str(uuid4())}
    house.engine.dispose()


@contextmanager
def _plain(folder: Path) -> Opened:
    """What one would write at first: a form for each request, a table, a page of thanks."""
    _, questionnaire = definition()
    engine = connect(f"sqlite:///{folder / 'plain.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE response (id TEXT PRIMARY KEY, answers TEXT)"))
    answers = _answers(questionnaire)
    yield _plain_app(questionnaire, engine), lambda: answers
    engine.dispose()


def _plain_app(questionnaire: Questionnaire, engine: Engine) -> Flask:
    app = Flask("plain")
    app.config.update(SECRET_KEY="of a benchmark", WTF_CSRF_ENABLED=False)

    @app.route("/zh", methods=["GET", "POST"])
    def form() -> Any:
        made = type(
            "Plain", (FlaskForm,), {"consent": BooleanField(validators=[DataRequired()]), **_fields(questionnaire)}
        )()
        if made.validate_on_submit():
            row = {"id": str(uuid4()), "answers": json.dumps(made.data)}
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO response VALUES (:id, :answers)"), row)
            return redirect(f"/thanks/{row['id']}", 303)
        page = render_template_string(PLAIN, form=made, title=questionnaire.title.zh)
        return _zipped(page, 422 if request.method == "POST" else 200)

    @app.get("/thanks/<number>")
    def thanks(number: str) -> Any:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM response WHERE id = :id"), {"id": number}).one()
        return _zipped(
            render_template_string("<!doctype html><p>{{ words }}</p>", words=questionnaire.notices.thanks.zh)
        )

    return app


def _zipped(page: str, status: int = 200) -> Response:
    return Response(gzip.compress(page.encode(), 6), status, {"Content-Encoding": "gzip"}, mimetype="text/html")


def _fields(questionnaire: Questionnaire) -> dict[str, Any]:
    return {question.id: _field(question) for question in questionnaire.questions()}


def _field(question: Question) -> Any:
    label, labels = question.text.zh, {code: str(code) for code in codes(question)}
    for choice in getattr(question, "options", getattr(question, "points", ())):
        labels[choice.code] = choice.label.zh
    choices = [(str(code), words) for code, words in labels.items()]
    match question:
        case OpenText(longest=longest):
            return TextAreaField(label, [Optional(), Length(max=longest)])
        case MultipleChoice():
            return SelectMultipleField(label, choices=choices)
        case _:
            missing = [(str(int(way)), way.name) for way in Missing if way in question.missing]
            return RadioField(label, [Optional()], choices=[*choices, *missing])


def _answers(questionnaire: Questionnaire) -> dict[str, Any]:
    """Somebody from elsewhere who lives in Wendeng and answers everything."""
    by_kind = {"five_point": "4", "score": "7", "single": "2", "multiple": ["1"], "text": "多修步道", "number": "7"}
    sent: dict[str, Any] = {"consent": "yes"}
    for question in questionnaire.questions():
        sent[question.id] = by_kind[question.kind]
        if question.sensitive:
            sent[f"consent_{question.id}"] = "yes"
    return {**sent, "district": "5", "street_town": "371003001"}


if __name__ == "__main__":
    main()
