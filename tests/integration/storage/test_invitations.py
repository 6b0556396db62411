"""An invitation works once, and pays for exactly one response."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from small import answered, sample, small_wave

from survey.storage.answers.responses import fingerprint, responses
from survey.storage.errors import (
    AlreadyExists,
    InvitationUsed,
    SampleTooRevealing,
    UnknownInvitation,
    UnknownWave,
    WrongState,
)
from survey.storage.invitations import add_invitations, find_invitation, keep_invited, redeem
from survey.storage.records import Kept
from survey.storage.waves import create_wave, find_wave, open_wave
from survey.wave.model import Channel


@pytest.fixture
def invited(begin):
    """Sessions on a database whose wave "2026" is open and has a sample."""
    with begin.begin() as session:
        create_wave(session, small_wave())
        assert add_invitations(session, "2026", sample()) == len(sample())
        open_wave(session, "2026")
    return begin


def test_an_invited_answer_copies_its_unit_and_uses_the_invitation(invited):
    chosen = sample()[3]
    with invited.begin() as session:
        assert find_invitation(session, "2026", chosen.code_hash) == chosen
        assert keep_invited(session, answered(), "r", chosen.code_hash) is Kept.STORED
    with invited.begin() as session:
        (kept,) = responses(session, "2026")
        assert kept == answered(channel=Channel.INVITED, sampled=chosen.unit)
        used = [one for one in sample() if find_invitation(session, "2026", one.code_hash).used]
        assert used == [chosen]


def test_an_invitation_works_once(invited):
    code = sample()[3].code_hash
    for expected in (Kept.STORED, Kept.SAME):
        with invited.begin() as session:
            assert keep_invited(session, answered(1), "r", code) is expected
    with pytest.raises(InvitationUsed, match="works once"), invited.begin() as session:
        keep_invited(session, answered(2), "r2", code)
    with invited.begin() as session:
        assert [one.submission_id for one in responses(session, "2026")] == [answered(1).submission_id]
        assert find_wave(session, "2026").revision == 1


def test_one_code_used_by_many_at_the_same_moment_pays_for_one(invited):
    code = sample()[3].code_hash
    start = Barrier(6)

    def send(number):
        start.wait(20)
        try:
            with invited.begin() as session:
                return keep_invited(session, answered(number), f"{number}", code)
        except InvitationUsed:
            return None

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(send, range(1, 7)), key=bool) == [None] * 5 + [Kept.STORED]
    with invited.begin() as session:
        assert len(list(responses(session, "2026"))) == 1


def test_neighbours_answer_at_the_same_moment(invited):
    neighbours = [one.code_hash for one in sample() if one.unit.psu == "psu-1"]
    start = Barrier(len(neighbours))

    def send(number):
        start.wait(20)
        with invited.begin() as session:
            return keep_invited(session, answered(number + 1), f"{number}", neighbours[number])

    with ThreadPoolExecutor(len(neighbours)) as pool:
        assert list(pool.map(send, range(len(neighbours)))) == [Kept.STORED] * len(neighbours)
    with invited.begin() as session:
        assert len(list(responses(session, "2026"))) == len(neighbours)


def test_redeeming_alone_works_once_too(invited):
    code = sample()[0].code_hash
    with invited.begin() as session:
        redeem(session, "2026", code)
    with pytest.raises(InvitationUsed), invited.begin() as session:
        redeem(session, "2026", code)


def test_a_conflict_uses_up_no_second_invitation(invited):
    first, second = sample()[0].code_hash, sample()[1].code_hash
    other = answered(answers={"overall": 1})
    with invited.begin() as session:
        keep_invited(session, answered(), "r", first)
        assert keep_invited(session, other, fingerprint(other), second) is Kept.CONFLICT
    with invited.begin() as session:
        assert not find_invitation(session, "2026", second).used


def test_an_unknown_code_is_refused(invited):
    with pytest.raises(UnknownInvitation, match='"2026"'), invited.begin() as session:
        keep_invited(session, answered(), "r", "guess")
    with invited.begin() as session:
        assert list(responses(session, "2026")) == []


def test_a_sample_is_added_whole_and_before_the_wave_opens(begin):
    with begin.begin() as session, pytest.raises(UnknownWave):
        add_invitations(session, "2026", sample())
    with begin.begin() as session:
        create_wave(session, small_wave())
        add_invitations(session, "2026", sample())
        with pytest.raises(AlreadyExists, match="has its sample already"):
            add_invitations(session, "2026", sample())
        create_wave(session, small_wave("b"))
        with pytest.raises(AlreadyExists, match="2 invitations have the same code"):
            add_invitations(session, "b", [*sample(), sample()[0]])
        open_wave(session, "b")
        with pytest.raises(WrongState, match="before it opens"):
            add_invitations(session, "b", sample())


@pytest.mark.parametrize("where", ["stratum", "psu", "design_weight", "district", "community"])
def test_a_sample_whose_answers_would_point_to_one_invitation_is_refused(begin, where):
    alone, *others = sample()
    if where in ("district", "community"):
        alone = replace(alone, **{where: 77 if where == "district" else "elsewhere"})
    else:
        alone = replace(alone, unit=replace(alone.unit, **{where: 77.5 if where == "design_weight" else "elsewhere"}))
    with begin.begin() as session:
        create_wave(session, small_wave())
        with pytest.raises(SampleTooRevealing, match="Only 1 invitations"):
            add_invitations(session, "2026", [alone, *others])
