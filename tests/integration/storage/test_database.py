"""A database that cannot be used is told clearly: what is wrong with it, and which one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from small import answered
from sqlalchemy import select, text

from survey.storage import database
from survey.storage.answers.responses import keep
from survey.storage.database import connect, sessions
from survey.storage.errors import DatabaseBusy, DatabaseUnusable
from survey.storage.tables import WaveRow
from survey.storage.waves import all_waves


@pytest.fixture
def file(new_database, tmp_path):
    """An embedded database, copied to a folder of its own."""
    return shutil.copy(new_database("sqlite").removeprefix("sqlite:///"), tmp_path / "survey.sqlite")


def refusal(url):
    with pytest.raises(DatabaseUnusable) as told:
        connect(url)
    assert "Traceback" not in str(told.value)
    assert "sqlalche.me" not in str(told.value)
    return str(told.value)


def test_garbage_in_the_file(tmp_path):
    (tmp_path / "photo.sqlite").write_bytes(b"JFIF" * 5000)
    assert f"{tmp_path}/photo.sqlite is not a database" in refusal(f"sqlite:///{tmp_path}/photo.sqlite")


def test_a_damaged_file(file):
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    assert f"{file} is damaged: restore it" in refusal(f"sqlite:///{file}")


def test_a_folder_instead_of_a_file(tmp_path):
    assert f"{tmp_path} is a folder" in refusal(f"sqlite:///{tmp_path}")


def test_no_folder_for_the_file(tmp_path):
    assert f"there is no folder {tmp_path}/nowhere" in refusal(f"sqlite:///{tmp_path}/nowhere/survey.sqlite")


@contextmanager
def unprivileged():
    """Be somebody who is not root: root may write everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_file_that_may_only_be_read(file):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = shutil.copy(file, folder / "survey.sqlite")
        folder.chmod(0o555)
        kept.chmod(0o444)
        with unprivileged():
            assert f"{kept} cannot be written: this user may not write {folder}" in refusal(f"sqlite:///{kept}")
        folder.chmod(0o755)


def test_a_database_that_became_read_only(file):
    engine = connect(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(DatabaseUnusable, match="cannot be written"), sessions(engine).begin() as session:
        keep(session, answered(), "r")
    engine.dispose()


def test_a_database_without_tables(tmp_path, empty_database):
    for url in (f"sqlite:///{tmp_path}/new.sqlite", empty_database("postgresql")):
        engine = connect(url)
        with pytest.raises(DatabaseUnusable, match="survey migrate"), sessions(engine).begin() as session:
            all_waves(session)
        engine.dispose()


def test_a_locked_database_is_busy_and_loses_nothing(file, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    engine = connect(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match=f"{file} is busy"), sessions(engine).begin() as session:
            keep(session, answered(), "r")
        with sessions(engine).begin() as session:
            assert all_waves(session) == (), "readers do not wait for a writer"
    engine.dispose()


def test_addresses_that_lead_nowhere(postgresql):
    assert "cannot be read" in refusal("nonsense")
    assert '"mysql" databases are not supported' in refusal("mysql://localhost/survey")
    missing = refusal(postgresql.format(name="missing"))
    assert 'Database "missing" at /tmp/' in missing
    assert "is not there" in missing
    unreachable = refusal("postgresql://survey:hunter2@127.0.0.1:9/survey")
    assert 'Database "survey" at 127.0.0.1 cannot be reached' in unreachable
    assert "hunter2" not in unreachable


def test_a_deleted_table_is_told_while_the_program_runs(engine):
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE invitation"))
        connection.execute(text("DROP TABLE wave_change"))
    with pytest.raises(DatabaseUnusable, match="has not the tables"), sessions(engine).begin() as session:
        all_waves(session)


def test_a_reader_sees_what_others_committed_and_may_then_write(engine):
    """A transaction that read first and writes then never fails because somebody else wrote in between."""
    with sessions(engine).begin() as session, sessions(engine).begin() as other:
        assert session.scalars(select(WaveRow.id)).all() == []
        other.execute(text("INSERT INTO questionnaire VALUES ('h', 'i', 'v', '{}')"))
        other.commit()
        session.execute(text("INSERT INTO questionnaire VALUES ('h2', 'i2', 'v', '{}')"))
    with sessions(engine).begin() as session:
        assert session.scalar(text("SELECT count(*) FROM questionnaire")) == 2


def test_sqlite_is_durable_and_forgets_what_is_deleted(file):
    engine = connect(f"sqlite:///{file}")
    with engine.connect() as connection:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in (
            "journal_mode", "synchronous", "foreign_keys", "secure_delete")}  # fmt: skip
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    engine.dispose()
