"""The bureau's way over the years and from results to tasks: every page, every language, and what goes wrong."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from open_survey import SECRET, house_of
from small_city import questionnaire, sample, wave, words
from sqlalchemy import update

from survey.app import create_app
from survey.config import Config
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import Questionnaire
from survey.storage.answers.responses import keep
from survey.storage.questionnaires import publish
from survey.storage.tables import ResponseRow
from survey.storage.waves import close_wave, create_wave, find_wave, open_wave
from survey.wave.model import Channel

TOKEN = "a token for tests only"
LANGUAGES = ("zh", "en", "ko")
SIZES = {1: 120, 2: 80, 3: 80, 4: 80}
PAGES = (
    "years",
    "years/overall",
    "years/a",
    "years/a?figure=score",
    "years/b?mix=fixed",
    "tasks",
    "tasks/26",
    "tasks/13",
    "units",
    "units/public_security_bureau",
    "units/forestry_bureau",
)


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The real application with an empty database and a desk token."""
    app = create_app(Config(folder=tmp_path, database=database, secret=SECRET, desk_token=TOKEN))
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """A browser of the bureau, signed in."""
    client = app.test_client()
    assert client.get(f"/sign-in?token={TOKEN}").status_code == 303
    return client


def earlier() -> Questionnaire:
    """The version before, with one item worded otherwise."""
    sections = tuple(
        replace(s, questions=tuple(replace(q, text=words("otherwise?")) if q.id == "a" else q for q in s.questions))
        for s in questionnaire().sections
    )
    return replace(questionnaire(), version="0", sections=sections)


def load(
    app: Flask,
    year: int,
    *,
    asked: Questionnaire | None = None,
    simulated: bool = True,
    empty: bool = False,
    channel: Channel = Channel.INVITED,
) -> str:
    """A closed wave with answers of its own."""
    asked = asked or questionnaire()
    name = f"{year}-{'small' if simulated else 'real'}"
    planned = replace(
        wave(),
        id=name,
        year=year,
        questionnaire=content_hash(asked),
        opens=date(year, 5, 1),
        closes=date(year, 5, 31),
        simulated=simulated,
    )
    with house_of(app).sessions.begin() as session:
        publish(session, asked)
        create_wave(session, planned)
        open_wave(session, name)
        for one in [] if empty else sample(year, SIZES, channel):
            own = replace(
                one, submission_id=f"{name}-{one.submission_id}", wave=name, questionnaire=content_hash(asked)
            )
            keep(session, own, f"receipt-{own.submission_id}")
        close_wave(session, name)
    return name


@pytest.mark.parametrize("path", PAGES)
def test_without_signing_in_nothing_is_shown(app: Flask, path: str) -> None:
    load(app, 2026, empty=True)
    answer = app.test_client().get(f"/en/{path}")
    assert answer.status_code == 401
    assert 'action="/en/sign-in"' in answer.text
    assert "simulated" not in answer.text


def test_every_page_speaks_every_language(app: Flask, desk: FlaskClient) -> None:
    load(app, 2024, asked=earlier())
    load(app, 2025)
    load(app, 2026)
    for language in LANGUAGES:
        for path in PAGES:
            answer = desk.get(f"/{language}/{path}")
            assert answer.status_code == 200, path
            assert answer.text.count("<h1") == 1, path
            assert '<p class="simulated"' in answer.text, path
    assert desk.get("/fr/years").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_when_its_waves_were_computed_and_by_which_frozen_plan(
    app: Flask, desk: FlaskClient, language: str
) -> None:
    names = [load(app, 2025), load(app, 2026)]
    with house_of(app).sessions() as session:
        plans = [(find_wave(session, name).analysis_hash or "")[:12] for name in names]
    for path in PAGES:
        text = desk.get(f"/{language}/{path}").text
        for year, plan in zip((2025, 2026), plans, strict=True):
            assert re.search(rf"<p>{year} · [^<]*20\d\d-\d\d-\d\d \d\d:\d\d UTC[^<]* · [^<]*{plan}</p>", text), path


def test_the_break_is_drawn_where_the_wording_changed_and_only_there(app: Flask, desk: FlaskClient) -> None:
    load(app, 2024, asked=earlier())
    load(app, 2025)
    load(app, 2026)
    broken, whole = (desk.get(f"/en/years/{item}").text for item in ("a", "b"))
    assert broken.count(">new wording<") >= 1 + len(wave().districts)
    assert "Between 2024 and 2025 the wording changed" in broken
    assert "new wording" not in whole
    assert "2024–2026" in whole
    assert "2024–2026" not in broken


def test_a_trend_says_whether_the_mix_of_modes_is_held(app: Flask, desk: FlaskClient) -> None:
    load(app, 2025)
    load(app, 2026)
    assert "mix of modes is about the same in all waves" in desk.get("/en/years/a").text
    assert "held at a fixed mix of modes" in desk.get("/en/years/a?mix=fixed").text


def test_one_wave_has_no_trend_and_the_page_says_so(app: Flask, desk: FlaskClient) -> None:
    load(app, 2026)
    answer = desk.get("/en/years")
    assert answer.status_code == 200
    assert "There is one wave so far" in answer.text
    assert "Nothing can be compared with 2026" in desk.get("/en/years/a").text
    assert "no earlier wave yet" in desk.get("/en/tasks/26").text


def test_without_any_wave_or_any_answer_the_pages_say_so(app: Flask, desk: FlaskClient) -> None:
    assert "No answers yet" in desk.get("/en/years").text
    load(app, 2026, empty=True)
    for path in ("years", "years/a", "tasks", "units"):
        answer = desk.get(f"/en/{path}")
        assert answer.status_code == 200
        assert "No answers yet" in answer.text


def test_an_empty_year_is_left_out_and_named(app: Flask, desk: FlaskClient) -> None:
    load(app, 2024)
    load(app, 2025, empty=True)
    load(app, 2026)
    text = desk.get("/en/years/b").text
    assert "is left out" in text
    assert "2024–2026" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    ["years/nothing", "tasks/99", "tasks/x", "units/nobody", "years?wave=1999", "tasks?wave=1999", "units?sample=all"],
)
def test_what_does_not_exist_is_told_with_the_right_status(
    app: Flask, desk: FlaskClient, language: str, path: str
) -> None:
    load(app, 2026)
    answer = desk.get(f"/{language}/{path}")
    assert answer.status_code == 404
    assert answer.text.count("<h1") == 1


def test_an_open_link_is_not_said_to_be_drawn(app: Flask, desk: FlaskClient) -> None:
    for year in (2025, 2026):
        load(app, year, channel=Channel.OPEN)
    by_link = desk.get("/en/years/b?sample=open").text
    assert "communities and residents are drawn anew" not in by_link
    assert "samples were not drawn" in by_link


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wave_whose_weights_cannot_be_computed_with_takes_no_other_with_it(
    app: Flask, desk: FlaskClient, language: str
) -> None:
    for year in (2024, 2025):
        load(app, year)
    bad = load(app, 2026)
    with house_of(app).engine.begin() as connection:  # An import refuses such weights; a sample of old may hold them.
        connection.execute(update(ResponseRow).where(ResponseRow.wave == bad).values(design_weight=1e308))
    title = {"zh": "无法计算权数", "en": "The weights cannot be computed", "ko": "가중치를 계산할 수 없습니다"}[
        language
    ]
    for path in ("", "/overall", "/groups", "/overall/streets"):
        page = desk.get(f"/{language}/results/{bad}{path}")
        assert page.status_code < 500
        assert title in page.text
    assert desk.get(f"/{language}/exports/{bad}/confidential.csv").status_code == 404
    assert desk.get(f"/{language}/results/2025-small").status_code == 200
    for path in PAGES:
        assert desk.get(f"/{language}/{path}").status_code == 200
    left_out = {"zh": "未列入", "en": "is left out", "ko": "제외"}[language]
    assert left_out in desk.get(f"/{language}/years").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_that_give_no_figures_are_not_called_none(app: Flask, desk: FlaskClient, language: str) -> None:
    bad = load(app, 2026)
    with house_of(app).engine.begin() as connection:
        connection.execute(update(ResponseRow).where(ResponseRow.wave == bad).values(design_weight=1e308))
    told = {"zh": "没有可以比较的数字", "en": "There are no figures to compare", "ko": "비교할 수치가 없습니다"}[
        language
    ]
    for path in ("years", "tasks", "units"):
        page = desk.get(f"/{language}/{path}")
        assert page.status_code == 200
        assert told in page.text
        assert f'href="/{language}/results/{bad}"' in page.text


def test_real_and_simulated_waves_never_stand_in_one_line(app: Flask, desk: FlaskClient) -> None:
    load(app, 2024)
    load(app, 2025)
    load(app, 2026, simulated=False)
    real = desk.get("/en/years/a").text
    assert '<p class="simulated"' not in real
    assert "Nothing can be compared with 2026" in real
    made_up = desk.get("/en/years/a?wave=2024-small").text
    assert '<p class="simulated"' in made_up
    assert "2024 to 2025" in made_up


def test_the_form_leads_to_the_trend_of_the_chosen_measure(app: Flask, desk: FlaskClient) -> None:
    load(app, 2025)
    load(app, 2026)
    assert desk.get("/ko/years/choose?measure=b&sample=").headers["Location"] == "/ko/years/b"
    assert desk.get("/ko/years/choose").headers["Location"] == "/ko/years"


def test_a_task_nobody_is_asked_about_says_why(app: Flask, desk: FlaskClient) -> None:
    load(app, 2026)
    assert "Sewers and treatment plants are out of residents" in desk.get("/en/tasks/13").text
    assert "污水收集和处理" in desk.get("/zh/tasks").text


def test_new_answers_change_the_pages(app: Flask, desk: FlaskClient) -> None:
    load(app, 2025)
    before = desk.get("/en/years").text
    load(app, 2026)
    assert "one wave so far" in before
    assert "Evaluation 2025–2026" in desk.get("/en/years").text


def test_a_page_that_was_seen_opens_again_after_its_samples_were_forgotten(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Samples are forgotten before the trends made from them: nothing may tell the two apart by their arrays."""
    monkeypatch.setattr("survey.web.computed.HELD_BYTES", 0)
    load(app, 2024)
    load(app, 2025)
    load(app, 2026)
    for _ in range(2):
        for path in ("years/overall", "years", "years/b?mix=fixed", "tasks", "units/public_security_bureau"):
            answer = desk.get(f"/en/{path}")
            assert answer.status_code == 200, path
            assert "Not asked in" not in answer.text


def test_a_report_tells_the_years_of_its_own_line_up_to_its_wave(app: Flask, desk: FlaskClient) -> None:
    load(app, 2023)
    load(app, 2024)
    load(app, 2025, simulated=False)
    load(app, 2026)

    def years(wave_id: str) -> list[str]:
        made = docx.Document(io.BytesIO(desk.get(f"/en/reports/{wave_id}/2.docx").data))
        heads = [[cell.text for cell in table.rows[0].cells] for table in made.tables if table.rows]
        return next((head[1:-1] for head in heads if head[-1] == "Change in percentage points"), [])

    assert years("2026-small") == ["2023", "2024", "2026"]
    assert years("2024-small") == ["2023", "2024"]
    assert years("2025-real") == []
