"""How long does a page of results take? `make bench-results`.

60 items and indices × 8 districts × 50,000 invited answers on the embedded database, through the WSGI application:
cold is the first page after the answers changed (reading, weighting, every estimate, comparisons, page), warm the same
page again. Prints a table and keeps it in results.md. Targets for the overview: 2 s cold, 200 ms warm.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from rich.console import Console
from rich.progress import track

from survey.app import create_app
from survey.cli.simulate import definition
from survey.config import Config
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import Answer, FivePoint, Questionnaire, SectionKind
from survey.report.estimating.measures import measures
from survey.simulation.submissions import Fieldwork, responses
from survey.storage.database import connect, sessions, upgrade
from survey.storage.imported import keep_imported
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave
from survey.wave.model import Channel, Wave
from survey.wave.response import Response
from survey.web.computed import Memory

HERE = Path(__file__).parent
COLD, WARM = 2000.0, 200.0
SIMULATED, REPEATS = 4000, 3
PAGES = {
    "overview": "",
    "one question": "/safe_crime",
    "every question": "/all",
    "one question by groups": "/safe_crime/groups",
    "one question by street": "/safe_crime/streets",
    "indices by age": "/group/age_group",
    "ways of answering": "/modes",
    "strengths and weaknesses": "/priorities",
}


@click.command()
@click.option("--answers", default=50_000, show_default=True, type=click.IntRange(1000))
@click.option("--count", default=60, show_default=True, type=click.IntRange(43), help="Items and indices.")
def main(answers: int, count: int) -> None:
    """Measure, print and keep the table."""
    with tempfile.TemporaryDirectory() as name:
        wave, questionnaire = _larger(count)
        app = _filled(Path(name), wave, questionnaire, answers)
        desk = app.test_client()
        desk.get("/sign-in?token=bench")
        rows = [(title, *_measured(app, desk, f"/zh/results/{wave.id}{path}")) for title, path in PAGES.items()]
        app.extensions["survey"].engine.dispose()
    held = rows[0][1] <= COLD and rows[0][3] <= WARM
    told = (
        f"{count} items and indices × {len(wave.districts)} districts × {answers:,} answers; wall-clock milliseconds, "
        f"median of {REPEATS}. First: the first page "
        f"after the answers changed. Targets for the overview ({COLD:.0f} first, {WARM:.0f} again): "
        f"{'held' if held else 'MISSED'}.\n\n| page | first | of it processor | again |\n| --- | ---: | ---: | ---: |\n"
        + "\n".join(f"| {title} | {cold:,.0f} | {cpu:,.0f} | {warm:,.0f} |" for title, cold, cpu, warm in rows)
        + "\n"
    )
    Console().print(told)
    (HERE / "results.md").write_text(f"# A page of results\n\n{told}", encoding="utf-8")


def _larger(count: int) -> tuple[Wave, Questionnaire]:
    """The simulated wave, with copies of its questions until there are `count` measures."""
    wave, questionnaire = definition()
    missing = count - len(measures(wave, questionnaire))
    sections = list(questionnaire.sections)
    copies = [
        replace(question, id=f"{question.id}_again")
        for section in sections
        for question in section.questions
        if isinstance(question, FivePoint) and section.kind is SectionKind.ASPECT
    ][:missing]
    last = next(place for place, section in enumerate(sections) if section.kind is SectionKind.ASPECT)
    sections[last] = replace(sections[last], questions=(*sections[last].questions, *copies))
    larger = replace(questionnaire, id="bench", sections=tuple(sections))
    wave = replace(wave, id="bench", questionnaire=content_hash(larger))
    assert len(measures(wave, larger)) == count
    return wave, larger


def _filled(folder: Path, wave: Wave, questionnaire: Questionnaire, answers: int) -> Flask:
    address = f"sqlite:///{folder / 'survey.sqlite'}"
    engine = connect(address)
    upgrade(engine)
    with sessions(engine).begin() as session:
        publish(session, questionnaire)
        create_wave(session, wave)
        every = track(_answers(wave, questionnaire, answers), "Storing answers …", total=answers)
        keep_imported(session, wave.id, every)
    engine.dispose()
    return create_app(Config(folder=folder, database=address, secret="of a benchmark", desk_token="bench"))


def _answers(wave: Wave, questionnaire: Questionnaire, answers: int) -> Iterator[Response]:
    """The simulated invited sample again and again, each time in communities of its own."""
    shipped_wave, shipped = definition()
    simulated = responses(shipped_wave, shipped, Fieldwork(size=SIMULATED))
    invited = [one for one in simulated if one.channel is Channel.INVITED]
    copied = [question.id for question in questionnaire.questions() if question.id.endswith("_again")]
    for number in range(answers):
        turn, place = divmod(number, len(invited))
        one = invited[place]
        more: dict[str, Answer] = {
            name: one.answers[name.removesuffix("_again")]
            for name in copied
            if name.removesuffix("_again") in one.answers
        }
        assert one.sampled is not None
        yield replace(
            one,
            submission_id=f"{turn:02d}{one.submission_id}",
            wave=wave.id,
            questionnaire=wave.questionnaire,
            answers={**one.answers, **more},
            sampled=replace(one.sampled, psu=f"{one.sampled.psu}-{turn}"),
        )


def _measured(app: Flask, desk: FlaskClient, address: str) -> tuple[float, float, float]:
    cold, processor, warm = [], [], []
    for _ in range(REPEATS):
        app.extensions["survey.results"] = Memory()  # as after a new answer
        before = time.process_time()
        cold.append(_milliseconds(desk, address))
        processor.append(1000 * (time.process_time() - before))
        warm.append(float(np.median([_milliseconds(desk, address) for _ in range(5)])))
    return float(np.median(cold)), float(np.median(processor)), float(np.median(warm))


def _milliseconds(desk: FlaskClient, address: str) -> float:
    start = time.perf_counter()
    answer = desk.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
