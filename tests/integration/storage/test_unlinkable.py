"""Who has the whole database, with all that it remembers beside the rows, cannot tell whose answers are whose.

Proof by two worlds: in both the same answers arrive one after the other, but different residents of a community gave
them. Where everything that can be read is equal in both, nothing read can say which of them is true. The attacks
after it are what one would try; they must fail and, on a design that keeps the link, succeed.
"""

from __future__ import annotations

import random
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest
from dump import everything
from small import answered, sample, small_questionnaire, small_wave
from sqlalchemy import inspect, text

from survey.storage.answers.order import forget_order
from survey.storage.answers.responses import responses
from survey.storage.database import connect, sessions
from survey.storage.errors import DatabaseBusy
from survey.storage.invitations import add_invitations, keep_invited
from survey.storage.questionnaires import publish
from survey.storage.tables import InvitationRow, Table
from survey.storage.waves import close_wave, create_wave, open_wave

KINDS = ["sqlite", "postgresql"]


def wave_answered_by(url: str, seed: int) -> list[str]:
    """Let all invited answer, communities in one fixed order, residents of a community in an order of `seed`.

    Gives the code hash behind each submission, in the order of sending: the truth that nobody may find.
    """
    waiting: dict[str, list[str]] = {}
    for one in sample():
        waiting.setdefault(one.unit.psu, []).append(one.code_hash)
    for codes in waiting.values():
        random.Random(seed).shuffle(codes)
    turns = [one.unit.psu for one in sample()]
    random.Random(0).shuffle(turns)
    engine, truth = connect(url), []
    with sessions(engine).begin() as session:
        publish(session, small_questionnaire())
        create_wave(session, small_wave())
        add_invitations(session, "2026", sample())
        open_wave(session, "2026")
    for number, psu in enumerate(turns, 1):
        truth.append(waiting[psu].pop())
        with sessions(engine).begin() as session:
            keep_invited(session, answered(number, answers={"overall": number % 11}), f"receipt {number}", truth[-1])
    engine.dispose()
    return truth


@pytest.mark.parametrize("kind", KINDS)
def test_the_database_is_the_same_whoever_of_a_community_gave_which_answers(kind, new_database):
    here, there = new_database(kind), new_database(kind)
    assert wave_answered_by(here, seed=1) != wave_answered_by(there, seed=2)
    assert everything(here) == everything(there)


def test_the_folder_of_an_open_database_holds_no_log_to_replay(new_database, tmp_path, monkeypatch):
    """Whoever copies the folder while the survey runs pairs nobody; with the log as SQLite leaves it, everybody."""
    url = new_database("sqlite")
    open_still = connect(url)  # The last connection that closes would empty the log itself.
    with open_still.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    truth = wave_answered_by(url, seed=1)
    assert paired_by_replaying(url, tmp_path / "emptied", truth) == 0
    open_still.dispose()
    monkeypatch.setattr("survey.storage.log.EmptyLog.empty", lambda *_: None)
    url = new_database("sqlite")
    open_still = connect(url)
    with open_still.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    truth = wave_answered_by(url, seed=1)
    assert paired_by_replaying(url, tmp_path / "left", truth) == len(sample())
    open_still.dispose()


def paired_by_replaying(url: str, folder: Path, truth: list[str]) -> int:
    """For how many responses the log, replayed transaction by transaction, shows the right invitation."""
    file = Path(url.removeprefix("sqlite:///"))
    log = file.with_name(file.name + "-wal").read_bytes()
    size = struct.unpack(">I", log[8:12])[0] if log else 0
    ends, at = [], 32
    while log and at + 24 + size <= len(log) and log[at + 8 : at + 16] == log[16:24]:
        at += 24 + size
        if struct.unpack(">I", log[at - 20 - size : at - 16 - size])[0]:
            ends.append(at)
    pairs, before = set(), (set(), set())
    for number, end in enumerate(ends):
        copy = folder / str(number) / "survey.sqlite"
        copy.parent.mkdir(parents=True)
        copy.write_bytes(file.read_bytes())
        copy.with_name(copy.name + "-wal").write_bytes(log[:end])
        with closing(sqlite3.connect(copy)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not {"response", "invitation"} <= tables:
                continue
            now = tuple(
                {value for (value,) in connection.execute(asked)}
                for asked in ("SELECT submission_id FROM response", "SELECT code_hash FROM invitation WHERE used")
            )
        new = [now[kind] - before[kind] for kind in (0, 1)]
        if len(new[0]) == len(new[1]) == 1:
            pairs.add((new[0].pop(), new[1].pop()))
        before = now
    return len(pairs & {(answered(number).submission_id, code) for number, code in enumerate(truth, 1)})


def test_a_log_that_a_reader_held_is_emptied_when_the_reader_goes(new_database):
    url = new_database("sqlite")
    wave_answered_by(url, seed=1)
    log = Path(url.removeprefix("sqlite:///") + "-wal")
    engine = connect(url)
    with engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM response").all()
        with sessions(engine).begin() as session:
            close_wave(session, "2026")
        assert log.stat().st_size > 0
    assert log.stat().st_size == 0
    engine.dispose()


def test_marking_only_the_one_invitation_would_link_every_answer(new_database, monkeypatch):
    """The obvious design fails this attack on PostgreSQL, so the attack is a real one."""
    url = new_database("postgresql")
    monkeypatch.setattr("survey.storage.invitations.redeem", mark_one)
    assert linked_by_transaction(url, truth=wave_answered_by(url, seed=1)) == len(sample())


def mark_one(session, wave_id, code_hash):
    row = session.get(InvitationRow, (wave_id, code_hash))
    row.used = True
    session.flush()


def linked_by_transaction(url: str, truth: list[str]) -> int:
    """For how many responses the only invitation of the same transaction is the true one."""
    engine = connect(url)
    with engine.connect() as connection:
        pairs = connection.execute(text(
            "SELECT r.submission_id, min(i.code_hash) FROM response r JOIN invitation i ON r.xmin IN (i.xmin, i.xmax)"
            " GROUP BY 1 HAVING count(*) = 1"
        )).all()  # fmt: skip
    engine.dispose()
    true = {(answered(number).submission_id, code) for number, code in enumerate(truth, 1)}
    return len(true & {tuple(pair) for pair in pairs})


def test_no_transaction_links_a_response_to_one_invitation(new_database):
    url = new_database("postgresql")
    assert linked_by_transaction(url, truth=wave_answered_by(url, seed=1)) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_an_invitation_stands_beside_answers(kind, new_database):
    url = new_database(kind)
    codes = set(wave_answered_by(url, seed=1))
    engine = connect(url)
    with engine.connect() as connection:
        for table in set(Table.metadata.tables) - {"invitation"}:
            values = {str(value) for row in connection.execute(text(f"SELECT * FROM {table}")) for value in row}
            assert not any(code in value for code in codes for value in values)
        kinds = {
            str(column["type"]) for table in Table.metadata.tables for column in inspect(engine).get_columns(table)
        }
    engine.dispose()
    assert not {kind for kind in kinds if "TIME" in kind or "DATE" in kind}


@pytest.mark.parametrize("kind", KINDS)
def test_closing_forgets_the_order_in_which_answers_came(kind, new_database):
    url = new_database(kind)
    wave_answered_by(url, seed=1)
    engine = connect(url)
    segment = "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"
    with sessions(engine).begin() as session:
        before = list(responses(session, "2026"))
        close_wave(session, "2026")
        segment_before = session.execute(text(segment)).scalar() if kind == "postgresql" else ""
    forget_order(engine)
    with sessions(engine).begin() as session:
        assert list(responses(session, "2026")) == before
    if kind == "postgresql":
        with engine.connect() as connection:
            assert connection.execute(text(segment)).scalar() > segment_before
            for table, key in (("response", "submission_id"), ("invitation", "code_hash")):
                rows = connection.execute(text(f"SELECT xmin::text, {key} FROM {table} ORDER BY ctid")).all()
                assert len({row[0] for row in rows}) == 1
                assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    else:
        wal = Path(url.removeprefix("sqlite:///") + "-wal")
        assert not wal.exists() or wal.stat().st_size == 0
    engine.dispose()


def test_closing_while_somebody_reads_says_that_the_order_is_not_wiped(new_database, monkeypatch):
    url = new_database("sqlite")
    wave_answered_by(url, seed=1)
    log = Path(url.removeprefix("sqlite:///") + "-wal")
    reading = connect(url)
    monkeypatch.setattr("survey.storage.database.PATIENCE", 0.2)
    engine = connect(url)
    with sessions(engine).begin() as session:
        close_wave(session, "2026")
    with reading.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT count(*) FROM response").all()
        with pytest.raises(DatabaseBusy, match="not wiped yet"):
            forget_order(engine)
        assert log.stat().st_size > 0
    forget_order(engine)
    assert log.stat().st_size == 0
    for one in (reading, engine):
        one.dispose()


def test_sqlite_keeps_no_order_of_insertion(new_database):
    file = new_database("sqlite").removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        for table in ("response", "conflict", "invitation"):
            with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
                connection.execute(f"SELECT rowid FROM {table}")
