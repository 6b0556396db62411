"""A submission is kept once, counted once, and gone when withdrawn."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from small import answered, small_questionnaire, small_wave
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from survey.questionnaire.canonical import content_hash
from survey.storage.answers.responses import fingerprint, keep, response_counts, responses
from survey.storage.answers.withdrawals import is_kept, is_withdrawn, withdraw
from survey.storage.errors import DatabaseBusy, OtherQuestionnaire, UnknownWave, WaveNotOpen
from survey.storage.records import Kept, ResponseCount
from survey.storage.tables import ConflictRow, ResponseRow
from survey.storage.waves import close_wave, create_wave, find_wave, open_wave
from survey.wave.model import Channel, Mode
from survey.wave.response import Device, Paradata, SampledUnit

UNIT = SampledUnit(stratum="huancui", psu="huancui-07", design_weight=1 / 3)
TOGETHER = 8


def conflicts(session):
    return session.scalar(select(func.count()).select_from(ConflictRow))


def test_a_response_comes_back_word_for_word(opened):
    went = Paradata(device=Device.NARROW, seconds={"all": 40}, breaks=2)
    invited = answered(2, channel=Channel.INVITED, sampled=UNIT, mode=Mode.PAPER, language="zh")
    sent = [answered(1, paradata=went), invited]
    with opened.begin() as session:
        assert [keep(session, one, f"receipt {one.submission_id}") for one in sent] == [Kept.STORED, Kept.STORED]
    with opened.begin() as session:
        assert sorted(responses(session, "2026"), key=sent.index) == sent
        assert list(responses(session, "another")) == []


def test_sending_again_keeps_one(opened):
    for expected in (Kept.STORED, Kept.SAME, Kept.SAME):
        with opened.begin() as session:
            assert keep(session, answered(), "r") is expected
    with opened.begin() as session:
        assert list(responses(session, "2026")) == [answered()]


def test_a_conflict_loses_neither_and_counts_one(opened):
    first, other, third = (answered(answers={"overall": score}) for score in (1, 2, 3))
    with opened.begin() as session:
        kept = [keep(session, one, fingerprint(one)) for one in (first, other, third, other, first)]
        assert kept == [Kept.STORED, Kept.CONFLICT, Kept.CONFLICT, Kept.CONFLICT, Kept.SAME]
    with opened.begin() as session:
        assert list(responses(session, "2026")) == [first]
        assert conflicts(session) == 2
        assert withdraw(session, "2026", fingerprint(other))
        assert conflicts(session) == 1
        assert list(responses(session, "2026")) == [first]


def test_identical_submissions_at_the_same_moment_are_stored_once(opened):
    assert at_once(opened, [answered()] * TOGETHER) == [Kept.SAME] * (TOGETHER - 1) + [Kept.STORED]
    with opened.begin() as session:
        assert len(list(responses(session, "2026"))) == 1
        assert conflicts(session) == 0


def test_different_submissions_under_one_id_at_the_same_moment_are_all_kept(opened):
    sent = [answered(answers={"overall": number}) for number in range(TOGETHER)]
    assert at_once(opened, sent) == [Kept.CONFLICT] * (TOGETHER - 1) + [Kept.STORED]
    with opened.begin() as session:
        counted = [one.answers for one in responses(session, "2026")]
        beside = session.scalars(select(ConflictRow.answers)).all()
        assert len(counted) == 1
        assert len(set(beside)) == TOGETHER - 1


def test_many_at_the_same_moment_are_all_stored_and_all_change_the_revision(opened):
    sent = [answered(number) for number in range(1, 41)]
    assert at_once(opened, sent) == [Kept.STORED] * 40
    with opened.begin() as session:
        assert len(list(responses(session, "2026"))) == find_wave(session, "2026").revision == 40


def at_once(opened, sent):
    """Keep each in a transaction and thread of its own, as many as there are started together."""
    start = Barrier(min(len(sent), TOGETHER))

    def send(one):
        start.wait(20)
        with opened.begin() as session:
            return keep(session, one, fingerprint(one))

    with ThreadPoolExecutor(start.parties) as pool:
        return sorted(pool.map(send, sent), key=lambda kept: (kept is Kept.STORED, kept.value))


def test_a_failed_transaction_keeps_nothing(opened):
    with opened() as session:
        assert keep(session, answered(), "r") is Kept.STORED
        session.rollback()
    with opened.begin() as session:
        assert list(responses(session, "2026")) == []
        assert find_wave(session, "2026").revision == 0


def test_the_revision_changes_whenever_the_responses_do_and_only_then(opened):
    def revision():
        with opened.begin() as session:
            return find_wave(session, "2026").revision

    def after(act):
        with opened.begin() as session:
            act(session)
        return revision()

    seen = [revision()]
    seen.append(after(lambda session: keep(session, answered(1), "one")))
    seen.append(after(lambda session: keep(session, answered(2), "two")))
    seen.append(after(lambda session: withdraw(session, "2026", "one")))
    assert sorted(set(seen)) == seen
    assert after(lambda session: keep(session, answered(2), "two")) == seen[-1]
    assert after(lambda session: keep(session, answered(2, answers={}), "else")) == seen[-1]
    assert after(lambda session: withdraw(session, "2026", "one")) == seen[-1]


def test_answers_come_only_while_their_wave_is_open(begin):
    with begin.begin() as session:
        create_wave(session, small_wave())
    for number, state in ((1, "planned"), (2, "closed")):
        with pytest.raises(WaveNotOpen, match=f'"2026" is {state}'), begin.begin() as session:
            keep(session, answered(number), "r")
        with begin.begin() as session:
            if state == "planned":
                open_wave(session, "2026")
                keep(session, answered(3), "third")
                close_wave(session, "2026")
    with begin.begin() as session:
        assert keep(session, answered(3), "third") is Kept.SAME, "whoever lost the receipt gets it after closing too"
    with pytest.raises(WaveNotOpen), begin.begin() as session:
        keep(session, answered(3, answers={}), "else")
    with pytest.raises(WaveNotOpen), begin.begin() as session:
        withdraw(session, "2026", "third")
    with begin.begin() as session:
        assert list(responses(session, "2026")) == [answered(3)]
        assert conflicts(session) == 0


def test_an_unknown_wave_or_another_questionnaire_is_refused(opened):
    with pytest.raises(UnknownWave, match='"1999"'), opened.begin() as session:
        keep(session, answered(wave="1999"), "r")
    with pytest.raises(UnknownWave, match='"1999"'), opened.begin() as session:
        withdraw(session, "1999", "r")
    with pytest.raises(OtherQuestionnaire, match='"2026" asks'), opened.begin() as session:
        keep(session, answered(questionnaire=content_hash(small_questionnaire("9"))), "r")


def test_invited_answers_have_a_sampled_unit_and_others_none(opened):
    for wrong in (answered(channel=Channel.INVITED), answered(sampled=UNIT)):
        with pytest.raises(ValueError, match="have a sampled unit"), opened.begin() as session:
            keep(session, wrong, "r")
    with opened.begin() as session:
        keep(session, answered(), "r")
    with pytest.raises(IntegrityError, match="ck_response_design"), opened.begin() as session:
        session.execute(update(ResponseRow).values(stratum="a stratum"))


def test_what_was_answered_stays_out_of_error_messages(opened):
    secret = answered(answers={"open": "I live at Haibin Road and the database is locked"})
    with opened.begin() as session:
        keep(session, secret, "r")
        copy = dict(session.execute(select(ResponseRow.__table__)).mappings().one())
    with pytest.raises(IntegrityError) as told, opened.begin() as session:
        session.execute(insert(ResponseRow).values(copy))
    assert "Haibin" not in str(told.value)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_writers_do_not_wait_for_each_other(opened):
    """SQLite lets one write at a time."""
    with opened.begin() as session, opened.begin() as other:
        other.execute(text("SET LOCAL lock_timeout = 1000"))
        assert keep(session, answered(1), "one") is Kept.STORED
        assert keep(other, answered(2), "two") is Kept.STORED


def test_a_wave_closes_after_those_who_are_just_answering(opened):
    def close():
        with opened.begin() as session:
            close_wave(session, "2026")
            return len(list(responses(session, "2026")))

    with ThreadPoolExecutor(1) as pool:
        with opened.begin() as session:
            keep(session, answered(), "r")
            closing = pool.submit(close)
            with pytest.raises(TimeoutError):
                closing.result(0.3)
        assert closing.result(20) == 1


def test_a_receipt_withdraws_its_own_answers_only(opened):
    with opened.begin() as session:
        keep(session, answered(1), "one")
        keep(session, answered(2), "two")
    with opened.begin() as session:
        assert withdraw(session, "2026", "one")
        assert not withdraw(session, "2026", "one")
        assert not withdraw(session, "2026", "three")
        assert list(responses(session, "2026")) == [answered(2)]


def test_what_was_withdrawn_stays_away_when_it_is_sent_again(opened):
    other = answered(1, answers={"overall": 1})
    with opened.begin() as session:
        keep(session, answered(1), "one")
        assert withdraw(session, "2026", "one")
    with opened.begin() as session:
        assert keep(session, answered(1), "one") is Kept.WITHDRAWN
        assert (is_withdrawn(session, "2026", "one"), is_kept(session, "2026", "one")) == (True, False)
        assert list(responses(session, "2026")) == []
        assert keep(session, other, "other") is Kept.STORED, "whoever thinks again may answer again"
        assert keep(session, answered(1), "one") is Kept.WITHDRAWN
        close_wave(session, "2026")
    with opened.begin() as session:
        assert keep(session, answered(1), "one") is Kept.WITHDRAWN
        assert list(responses(session, "2026")) == [other]
        assert conflicts(session) == 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_is_sent_again_while_it_is_withdrawn_stays_away(opened):
    """SQLite lets one write at a time."""

    def send_again():
        with opened.begin() as session:
            return keep(session, answered(1), "one")

    with opened.begin() as session:
        keep(session, answered(1), "one")
    with ThreadPoolExecutor(1) as pool:
        with opened.begin() as session:
            assert withdraw(session, "2026", "one")
            sending = pool.submit(send_again)
            with pytest.raises(TimeoutError):
                sending.result(0.3)
        with pytest.raises(DatabaseBusy, match="send it again"):
            sending.result(20)
    assert send_again() is Kept.WITHDRAWN
    with opened.begin() as session:
        assert list(responses(session, "2026")) == []
        assert find_wave(session, "2026").revision == 2


def test_a_withdrawn_conflict_stays_away_too(opened):
    first, other = answered(1), answered(1, answers={"overall": 1})
    with opened.begin() as session:
        keep(session, first, "first")
        assert keep(session, other, "other") is Kept.CONFLICT
        assert withdraw(session, "2026", "other")
        assert keep(session, other, "other") is Kept.WITHDRAWN
        assert keep(session, first, "first") is Kept.SAME
        assert conflicts(session) == 0


def test_responses_are_counted_by_channel_mode_and_language(opened):
    with opened.begin() as session:
        for number in range(1, 4):
            keep(session, answered(number), f"{number}")
        keep(session, answered(4, channel=Channel.INVITED, sampled=UNIT, language="zh"), "4")
        assert response_counts(session, "2026") == (
            ResponseCount(channel=Channel.INVITED, mode=Mode.PHONE, language="zh", responses=1),
            ResponseCount(channel=Channel.OPEN, mode=Mode.PHONE, language="ko", responses=3),
        )


def test_responses_stream_in_an_order_that_says_nothing_about_time(opened):
    numbers = list(range(1, 101))
    random.Random(1).shuffle(numbers)
    with opened.begin() as session:
        for number in numbers:
            keep(session, answered(number), f"{number}")
    with opened.begin() as session:
        came = [one.submission_id for one in responses(session, "2026")]
    assert came == sorted(came)
    assert len(came) == 100


def test_a_fingerprint_tells_content_from_way(opened):
    one = answered()
    assert fingerprint(one) == fingerprint(replace(one, language="en", mode=Mode.WEB))
    assert fingerprint(one) != fingerprint(replace(one, answers={**one.answers, "overall": 8}))
