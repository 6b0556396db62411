"""Questionnaires are frozen when published, waves when opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from small import small_questionnaire, small_wave, words

from survey.questionnaire.canonical import content_hash
from survey.storage.errors import AlreadyExists, UnknownQuestionnaire, UnknownWave, WrongState
from survey.storage.questionnaires import publish, published, published_version
from survey.storage.waves import all_waves, close_wave, create_wave, find_wave, newest_wave, open_wave, wave_to_answer
from survey.wave.canonical import analysis_hash
from survey.wave.model import State


def test_a_published_questionnaire_comes_back_whole(begin):
    asked = small_questionnaire()
    with begin.begin() as session:
        digest = publish(session, asked)
        assert digest == publish(session, asked) == content_hash(asked)
        assert published(session, digest) == published_version(session, "small", "1") == asked


def test_a_published_version_never_changes(begin):
    changed = small_questionnaire(title="Another survey")
    with pytest.raises(AlreadyExists, match='"small" version "1"'), begin.begin() as session:
        publish(session, changed)
    with begin.begin() as session, pytest.raises(UnknownQuestionnaire):
        published(session, content_hash(changed))
    with begin.begin() as session:
        publish(session, replace(changed, version="2"))
        assert published_version(session, "small", "2").title.en == "Another survey"


def test_a_wave_goes_from_planned_to_open_to_closed_and_never_back(begin):
    wave = small_wave()
    with begin.begin() as session:
        create_wave(session, wave)
        planned = find_wave(session, "2026")
        assert (planned.wave, planned.state, planned.analysis_hash) == (wave, State.PLANNED, None)
    with begin.begin() as session, pytest.raises(WrongState, match="planned and cannot become closed"):
        close_wave(session, "2026")
    with begin.begin() as session:
        open_wave(session, "2026")
        assert find_wave(session, "2026").analysis_hash == analysis_hash(wave)
    with begin.begin() as session, pytest.raises(WrongState, match="open and cannot become open"):
        open_wave(session, "2026")
    with begin.begin() as session:
        close_wave(session, "2026")
        closed = find_wave(session, "2026")
        assert (closed.state, closed.analysis_hash) == (State.CLOSED, analysis_hash(wave))
    with begin.begin() as session, pytest.raises(WrongState, match="closed and cannot become open"):
        open_wave(session, "2026")


def test_a_wave_needs_a_published_questionnaire_and_a_new_id(begin):
    unpublished = small_wave(questionnaire=content_hash(small_questionnaire("7")))
    with pytest.raises(UnknownQuestionnaire, match="not published"), begin.begin() as session:
        create_wave(session, unpublished)
    with begin.begin() as session:
        create_wave(session, small_wave())
    with pytest.raises(AlreadyExists, match='"2026"'), begin.begin() as session:
        create_wave(session, small_wave(title=words("Another")))
    with begin.begin() as session:
        assert [stored.wave for stored in all_waves(session)] == [small_wave()]


@pytest.mark.parametrize("act", [find_wave, open_wave, close_wave])
def test_an_unknown_wave_is_named(begin, act):
    with begin.begin() as session, pytest.raises(UnknownWave, match='"1999"'):
        act(session, "1999")


def test_the_newest_open_wave_is_asked_on_its_days_only(begin):
    with begin.begin() as session:
        assert newest_wave(session) is None
        for wave_id, month in (("a", 5), ("b", 6), ("c", 7)):
            create_wave(session, small_wave(wave_id, opens=date(2026, month, 1), closes=date(2026, month + 1, 20)))
        open_wave(session, "a")
        open_wave(session, "b")
        on = {day: wave_to_answer(session, day) for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 7, 21))}
        assert [stored and stored.wave.id for stored in on.values()] == ["a", "b", None]
        assert [stored.wave.id for stored in all_waves(session)] == ["c", "b", "a"]
        assert newest_wave(session).wave.id == "b"
