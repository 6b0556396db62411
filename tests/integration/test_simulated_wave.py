"""The simulated wave, from the shell to results: loaded once whatever happens, and near the truth it was made from."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, func, select
from werkzeug.datastructures import MultiDict

from survey.cli import simulate
from survey.cli.failure import Failure
from survey.cli.main import survey
from survey.cli.simulate import definition, load
from survey.forms.names import YES, missing_name, sensitive_consent
from survey.forms.questionnaire_form import answers, form_class
from survey.questionnaire.model import Answers, Missing, OpenText, Questionnaire
from survey.questionnaire.validation import completed
from survey.report.frame import frame
from survey.report.results import compute
from survey.simulation.city.opinions import Truth, truth
from survey.simulation.city.population import build
from survey.simulation.submissions import Fieldwork, responses
from survey.storage.answers.responses import keep, response_counts
from survey.storage.answers.responses import responses as kept
from survey.storage.database import connect, sessions, upgrade
from survey.storage.questionnaires import published
from survey.storage.records import Kept
from survey.storage.tables import ConflictRow
from survey.storage.waves import all_waves, close_wave, find_wave, wave_to_answer
from survey.wave.model import Channel, State
from survey.wave.response import Response

SMALL = Fieldwork(seed=5, size=300, adults=1_000_000)
BATCH = 100


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "BATCH", BATCH)


@pytest.fixture(scope="module")
def small() -> list[Response]:
    """A small wave of another seed."""
    return responses(*definition(), SMALL)


@pytest.fixture(scope="module")
def whole() -> list[Response]:
    """The shipped simulated wave."""
    return responses(*definition(), Fieldwork())


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, int | None], Truth]:
    """The truth by measure and district."""
    wave, questionnaire = definition()
    found = truth(build(wave, questionnaire, Fieldwork().seed), questionnaire)
    return {(one.measure, one.district): one for one in found}


def test_the_wave_is_open_marked_as_simulated_and_holds_every_response(engine: Engine, small: list[Response]) -> None:
    make, asked = sessions(engine), definition()
    loaded = load(make, asked, SMALL)
    with make() as session:
        stored = wave_to_answer(session, date(2026, 11, 24))
        assert stored is not None
        assert (stored.wave.simulated, stored.state) == (True, State.OPEN)
        assert list(kept(session, loaded.wave)) == sorted(small, key=lambda response: response.submission_id)
        assert loaded.stored == len(small)


def test_an_interruption_is_finished_by_the_next_run_and_nothing_is_doubled(
    engine: Engine, small: list[Response]
) -> None:
    make, asked = sessions(engine), definition()

    def stop(done: int, _total: int) -> None:
        if done >= BATCH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(make, asked, SMALL, stop)
    again = load(make, asked, SMALL)
    assert again.stored == len(small) - BATCH
    assert load(make, asked, SMALL).stored == 0
    with make() as session:
        assert sum(count.responses for count in response_counts(session, asked[0].id)) == len(small)
        assert session.scalar(select(func.count()).select_from(ConflictRow)) == 0


def test_what_a_visitor_answered_in_the_simulated_wave_stays(engine: Engine, small: list[Response]) -> None:
    make, asked = sessions(engine), definition()
    load(make, asked, SMALL)
    visitor = Response(
        submission_id="0c2d4f7e-2a5f-4b0e-9a53-3c1a4e0f7b11",
        wave=asked[0].id,
        questionnaire=asked[0].questionnaire,
        language="ko",
        channel=Channel.OPEN,
        mode=small[0].mode,
        answers=small[0].answers,
    )
    with make.begin() as session:
        assert keep(session, visitor, "a" * 64) is Kept.STORED
    assert load(make, asked, SMALL).stored == 0
    with make() as session:
        assert visitor in list(kept(session, asked[0].id))


def test_two_simulations_are_never_mixed(engine: Engine) -> None:
    make, asked = sessions(engine), definition()
    stored = load(make, asked, SMALL).stored
    with pytest.raises(Failure, match="two simulations are never mixed"):
        load(make, asked, replace(SMALL, seed=6))
    with make() as session:
        assert sum(count.responses for count in response_counts(session, asked[0].id)) == stored


def test_a_wave_that_was_closed_before_it_was_complete_stays_as_it_is(engine: Engine) -> None:
    make, asked = sessions(engine), definition()

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(make, asked, SMALL, stop)
    with make.begin() as session:
        close_wave(session, asked[0].id)
    with pytest.raises(Failure, match="is closed"):
        load(make, asked, SMALL)


def test_the_command_loads_the_wave_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'survey.sqlite'}"
    engine = connect(url)
    upgrade(engine)
    environment = {"SURVEY_FOLDER": str(tmp_path), "SURVEY_DATABASE": url}
    run = CliRunner(env=environment)
    first, second, other = (
        run.invoke(survey, ["simulate", "--size", "300", *more]) for more in ([], [], ["--seed", "1"])
    )
    assert first.exit_code == second.exit_code == 0, first.output + second.output
    assert "responses stored" in first.output
    assert "nothing to do" in second.output
    assert other.exit_code == 2
    assert "never mixed" in other.output
    with sessions(engine)() as session:
        assert find_wave(session, definition()[0].id).state is State.OPEN
    engine.dispose()


def test_several_years_can_be_loaded_and_an_interrupted_run_is_finished(engine: Engine) -> None:
    make = sessions(engine)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate.load_year(make, SMALL, 3, stop)
    loaded = [simulate.load_year(make, SMALL, years) for years in (0, 3)]
    again = [simulate.load_year(make, SMALL, years) for years in (0, 3)]
    assert [one.state for one in loaded] == [one.state for one in again] == [State.OPEN, State.CLOSED]
    assert [one.stored for one in again] == [0, 0]
    with make() as session:
        asked = {one.wave.id: one.wave.questionnaire for one in all_waves(session)}
        assert list(asked) == ["2026-simulated", "2023-simulated"]
        assert published(session, asked["2023-simulated"]).version == "2022.1"
        assert published(session, asked["2026-simulated"]).version == "2026.2"


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_simulated_answers_go_through_the_form_unchanged(whole: list[Response], language: str) -> None:
    _, questionnaire = definition()
    app = Flask(__name__)
    app.config.update(SECRET_KEY="for the test", WTF_I18N_ENABLED=False)
    chosen = [response for response in whole if response.language == language][:15]
    for response in chosen:
        with app.test_request_context(method="POST", data=_typed(questionnaire, response.answers)):
            form = form_class(questionnaire, language)()
            assert completed(questionnaire, answers(form)) == response.answers
    assert chosen


def _typed(questionnaire: Questionnaire, given: Answers) -> MultiDict[str, str]:
    """What a browser would send for these answers."""
    sent: MultiDict[str, str] = MultiDict()
    for name, answer in given.items():
        if answer in (Missing.NOT_ASKED, Missing.LEFT_BLANK):
            continue
        for code in answer if isinstance(answer, tuple) else (answer,):
            sent.add(name, str(code))
    for question in questionnaire.questions():
        if question.sensitive:
            sent[sensitive_consent(question.id)] = YES
        if isinstance(question, OpenText) and isinstance(given[question.id], int) and question.id in sent:
            sent[missing_name(question.id)] = sent.pop(question.id)
    return sent


def test_weighting_moves_the_results_of_the_wave_towards_the_truth(
    whole: list[Response], known: dict[tuple[str, int | None], Truth]
) -> None:
    """City means of every item, by design weights alone and raked, against the census of the simulated city."""
    wave, questionnaire = definition()
    sample = frame(whole, wave, questionnaire, Channel.INVITED)
    results = compute(sample, "")
    before, after = [], []
    for finding in results.findings:
        measure = finding.measure
        true = _score(known[measure.id, None].mean, measure.low, measure.high)
        raw = measure.score(sample)
        answered = np.isfinite(raw) & sample.inside
        before.append(abs(np.average(raw[answered], weights=sample.base_weight[answered]) - true))
        assert finding.city.score.estimate is not None
        after.append(abs(finding.city.score.estimate - true))
    assert np.mean(after) < 0.6 * np.mean(before)
    assert np.mean(np.less(after, before)) > 0.8


def test_the_intervals_shown_hold_the_truth_about_as_often_as_they_say(
    whole: list[Response], known: dict[tuple[str, int | None], Truth]
) -> None:
    """One sample, many figures: they share their respondents, so the bounds are wider than for independent ones."""
    wave, questionnaire = definition()
    results = compute(frame(whole, wave, questionnaire, Channel.INVITED), "")
    held = []
    for finding in results.findings:
        for row in (finding.city, *finding.districts):
            true = known[finding.measure.id, row.place.code]
            if row.score.low is not None and row.score.high is not None:
                score = _score(true.mean, finding.measure.low, finding.measure.high)
                held.append(row.score.low <= score <= row.score.high)
            if true.satisfied is not None and row.share.low is not None and row.share.high is not None:
                held.append(row.share.low <= true.satisfied <= row.share.high)
    assert len(held) > 500
    assert 0.90 <= np.mean(held) <= 0.985


def test_most_districts_can_be_shown_and_the_smallest_needs_care(whole: list[Response]) -> None:
    wave, questionnaire = definition()
    headline = compute(frame(whole, wave, questionnaire, Channel.INVITED), "").findings[0]
    shown = {row.place.code: row.share.quality.value for row in headline.districts}
    assert [shown[code] for code in (1, 2, 3, 5, 7, 8)] == ["ok"] * 6
    assert shown[6] in ("caution", "suppress")


def test_the_open_link_is_another_sample_and_is_not_near_the_truth(
    whole: list[Response], known: dict[tuple[str, int | None], Truth]
) -> None:
    wave, questionnaire = definition()
    assert set(Counter(response.channel for response in whole)) == {Channel.INVITED, Channel.OPEN}
    headline = compute(frame(whole, wave, questionnaire, Channel.OPEN), "").findings[0]
    true = known[headline.measure.id, None].satisfied
    assert headline.city.share.high is not None
    assert true is not None
    assert headline.city.share.high < true


def _score(mean: float, low: int, high: int) -> float:
    return 100.0 * (mean - low) / (high - low)
