"""Simulated questionnaires are such as real respondents could have sent."""

from __future__ import annotations

from collections import Counter

import pytest

from survey.questionnaire.model import Missing, MultipleChoice, Questionnaire, write_in_id
from survey.questionnaire.routing import path
from survey.questionnaire.validation import check_answers, completed
from survey.simulation.submissions import Fieldwork, responses
from survey.wave.model import Channel, Wave
from survey.wave.response import Response

FIELDWORK = Fieldwork(seed=11, size=600)


@pytest.fixture(scope="module")
def received(wave: Wave, questionnaire: Questionnaire) -> list[Response]:
    return responses(wave, questionnaire, FIELDWORK)


def test_every_simulated_questionnaire_is_accepted_and_complete(
    received: list[Response], questionnaire: Questionnaire
) -> None:
    for response in received:
        assert check_answers(questionnaire, response.answers) == ()
        assert completed(questionnaire, response.answers) == response.answers
        assert path(questionnaire, response.answers).screened_out_by is None


def test_about_as_many_answer_as_asked_for_and_the_open_link_brings_its_share(received: list[Response]) -> None:
    channels = Counter(response.channel for response in received)
    assert channels[Channel.INVITED] == pytest.approx(FIELDWORK.size, rel=0.1)
    assert channels[Channel.OPEN] == round(FIELDWORK.size * FIELDWORK.open_link)


def test_invited_responses_carry_their_sampled_unit_and_open_ones_none(received: list[Response]) -> None:
    assert all((response.sampled is not None) == (response.channel is Channel.INVITED) for response in received)


def test_only_newcomers_are_asked_about_belonging(received: list[Response]) -> None:
    for response in received:
        asked = response.answers["belong_home"] != Missing.NOT_ASKED
        assert asked == (response.answers["residence_status"] in (2, 3, 4, 5, 6))


def test_all_ways_of_not_answering_occur(received: list[Response]) -> None:
    found = {value for response in received for value in response.answers.values() if isinstance(value, int)}
    assert {int(code) for code in Missing} <= found


def test_places_keep_to_the_largest_number_and_to_none_alone(
    received: list[Response], questionnaire: Questionnaire
) -> None:
    asked = questionnaire.question("proud_places")
    assert isinstance(asked, MultipleChoice)
    picked = [r.answers[asked.id] for r in received if isinstance(r.answers[asked.id], tuple)]
    assert max(len(one) for one in picked if isinstance(one, tuple)) == asked.most
    assert any(one == (97,) for one in picked)


def test_whatever_is_written_says_that_it_is_simulated_in_the_language_of_the_respondent(
    received: list[Response], questionnaire: Questionnaire
) -> None:
    marks = {"zh": "（模拟回答）", "en": "(Simulated answer) ", "ko": "(모의 응답) "}
    written = [
        (response.language, value)
        for response in received
        for name in ("improve_first", write_in_id("proud_places"))
        if isinstance(value := response.answers.get(name), str)
    ]
    assert len(written) > 50
    assert all(text.startswith(marks[language]) for language, text in written)


def test_the_same_seed_gives_the_same_responses_and_another_none_of_them(
    wave: Wave, questionnaire: Questionnaire, received: list[Response]
) -> None:
    assert responses(wave, questionnaire, FIELDWORK) == received
    ids = {response.submission_id for response in received}
    assert len(ids) == len(received)
    assert FIELDWORK.submission_id(wave.id, 0) in ids
    assert Fieldwork(seed=12, size=600).submission_id(wave.id, 0) not in ids
