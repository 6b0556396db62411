"""Invited residents answer through the real pages; then somebody has the whole database, the codes and the secret.

Two worlds: the same answers arrive one after the other, with their paradata, counts and one withdrawal, but other
residents of each community gave them: nobody the same in both. If all that can be read is equal in both worlds, no
attack whatever can be right in both; and the attacks one would try first find nobody.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from uuid import UUID

import pytest
from dump import dump, everything
from invited_survey import SIZE, codes, invited_app
from open_survey import SECRET, complete, house_of, the_wave

from survey.codes import invitation_hash

KINDS = ["sqlite", "postgresql"]
COMMUNITIES = (1, 2)


def submission(number: int) -> str:
    return str(UUID(int=random.Random(number).getrandbits(128), version=4))


def world(url: str, folder: Path, turn: int) -> dict[str, str]:
    """Everybody answers; in each community answers number n come from resident n + `turn`. Submission → code."""
    app, truth = invited_app(url, folder), {}
    client = app.test_client()
    order = [(community, place) for community in COMMUNITIES for place in range(SIZE)]
    random.Random(1).shuffle(order)
    for number, (community, place) in enumerate(order):
        code = codes(community)[(place + turn) % SIZE]
        sent = complete(submission(number)) | {"overall_satisfaction": str(number % 11)}
        sent["paradata"] = json.dumps({"width": 390, "seconds": {"safety": 10 * number}, "breaks": 0})
        for reached in ("opening", "safety", "send"):
            client.post("/zh/reached", data={"wave": the_wave().id, "place": reached})
        client.get(f"/zh/i/{code}")
        receipt = client.post(f"/zh/i/{code}", data=sent).location.rsplit("/", 1)[1]
        truth[submission(number)] = code
    assert client.post("/zh/withdraw", data={"code": receipt}).status_code == 200
    house_of(app).engine.dispose()
    return truth


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_a_database_shows_fits_other_residents_as_well(kind, new_database, tmp_path):
    here, there = new_database(kind), new_database(kind)
    truths = world(here, tmp_path, 0), world(there, tmp_path, 1)
    assert not set(truths[0].items()) & set(truths[1].items())
    assert everything(here) == everything(there)
    assert dump(here) == dump(there)


@pytest.mark.parametrize("kind", KINDS)
def test_no_code_and_no_hash_of_one_stands_in_or_near_an_answer(kind, new_database, tmp_path):
    url = new_database(kind)
    truth = world(url, tmp_path, 0)
    lines = dump(url).splitlines()
    for sent, code in truth.items():
        near = [line for line in lines if sent in line]
        assert all(invitation_hash(SECRET, code) not in line for line in near)
        assert all(code not in line and code.replace("-", "") not in line for line in lines)
    assert sum(any(one in line for one in truth) for line in lines) == len(truth) - 1, "one was withdrawn"


@pytest.mark.parametrize("kind", KINDS)
def test_the_nth_answer_is_not_the_nth_invitation_that_was_used(kind, new_database, tmp_path):
    """Rows as they stand, answers beside invitations, community by community: right no more often than by chance."""
    url = new_database(kind)
    truth = world(url, tmp_path, 0)
    lines = dump(url).splitlines()
    answers = [one for line in lines for one in truth if one in line]
    hashed = {invitation_hash(SECRET, code): code for code in truth.values()}
    used = [code for line in lines for found, code in hashed.items() if found in line]
    right = 0
    for community in COMMUNITIES:
        mine = set(codes(community))
        given = [one for one in answers if truth[one] in mine]
        right += sum(truth[one] == code for one, code in zip(given, [one for one in used if one in mine], strict=False))
    assert right <= len(COMMUNITIES) * 2
