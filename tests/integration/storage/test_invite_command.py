"""`survey wave invite` and `survey wave breakoff`, from a sample's file to an answered invitation."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from open_survey import SECRET, complete, the_wave

from survey.app import create_app
from survey.cli.main import survey as command
from survey.codes import invitation_hash, read_code
from survey.config import Config
from survey.questionnaire.read import shipped
from survey.storage.database import connect, sessions
from survey.storage.invitations import find_invitation
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave

WAVE = "2026-simulated"
HEAD = "address,stratum,psu,design_weight,district,community\n"


def rows(size=6, communities=2, weight="120.5", district="5"):
    return "".join(
        f'"文登路 {number}, {community}号",5-1,5-1-{community},{weight},{district},天福社区{community}\n'
        for community in range(communities)
        for number in range(size)
    )


@pytest.fixture
def planned(database, tmp_path):
    """A database with the shipped wave, planned; gives a function that runs a command on it."""
    engine = connect(database)
    with sessions(engine).begin() as session:
        publish(session, shipped())
        create_wave(session, the_wave())
    engine.dispose()
    settings = {"SURVEY_DATABASE": database, "SURVEY_SECRET": SECRET, "SURVEY_FOLDER": str(tmp_path)}

    def run(*arguments, **changed):
        done = CliRunner().invoke(command, list(map(str, arguments)), env=settings | changed)
        return done.exit_code, done.output

    return run


@pytest.fixture
def sample(tmp_path):
    """A function that writes a sample's file."""

    def write(text, encoding="utf-8"):
        file = tmp_path / "sample.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return write


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_a_sample_is_invited_answers_and_breaks_off(planned, sample, tmp_path, database):
    out = tmp_path / "codes.csv"
    given = sample(HEAD + rows(), "utf-8-sig")
    status, said = planned("wave", "invite", WAVE, given, "--out", out, "--address", "https://survey.example/")
    assert (status, said.startswith("Invited: 12 addresses")) == (0, True), said
    codes = read(out)
    assert [{name: row[name] for name in HEAD.strip().split(",")} for row in codes] == read(given)
    assert all(read_code(row["code"]) == row["code"] for row in codes)
    assert len({row["code"] for row in codes}) == 12
    assert codes[3]["link"] == f"https://survey.example/i/{codes[3]['code']}"
    assert out.stat().st_mode & 0o077 == 0
    assert planned("wave", "open", WAVE)[0] == 0

    app = create_app(Config(folder=tmp_path, database=database, secret=SECRET, desk_token=None))
    client = app.test_client()
    for place in ("opening", "opening", "opening", "opening", "safety"):
        client.post("/zh/reached", data={"wave": WAVE, "place": place})
    assert client.post(f"/zh/i/{codes[3]['code']}", data=complete(str(uuid4()))).status_code == 303
    with app.extensions["survey"].sessions() as session:
        used = [row for row in codes if find_invitation(session, WAVE, invitation_hash(SECRET, row["code"])).used]
    assert used == [codes[3]]
    app.extensions["survey"].engine.dispose()
    status, said = planned("wave", "breakoff", WAVE)
    assert status == 0
    lines = [line.split() for line in said.splitlines()]
    assert ["Page", "opened", "4", "100%"] in lines
    assert ["Answers", "sent", "1", "25%"] in lines


def test_neither_a_code_nor_an_address_reaches_the_database(planned, sample, tmp_path, database):
    out = tmp_path / "codes.csv"
    assert planned("wave", "invite", WAVE, sample(HEAD + rows()), "--out", out)[0] == 0
    if database.startswith("sqlite"):
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
            dump = "\n".join(connection.iterdump())
        assert "天福社区1" in dump
        assert "文登路" not in dump
        for row in read(out):
            assert row["code"] not in dump
            assert row["code"].replace("-", "") not in dump


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD, "file: has no address"),
        (HEAD.replace("psu,", ""), 'line 1: has no column "psu"'),
        (HEAD.replace("address", "code"), 'a sample has no column "code"'),
        (HEAD + rows(weight="0"), 'line 2 › design_weight: "0" is no number above 0'),
        (HEAD + rows(weight="nan"), '"nan" is no number above 0'),
        (HEAD + rows(district="9"), 'line 13 › district: "9" is no district of wave "2026-simulated"'),
        (HEAD + rows() + "one cell\n", "line 14: has more or fewer cells"),
        (HEAD + rows() + "x,5-1,,120.5,5,y\n", "line 14 › psu: is empty"),
        (HEAD + rows() + f"x,5-1,5,120.5,5,{'y' * 101}\n", "line 14 › community: is longer than 100 characters"),
        (HEAD + rows(size=4), "Only 4 invitations share"),
    ],
)
def test_a_sample_that_cannot_be_is_told_and_nothing_is_written(planned, sample, tmp_path, text, told):
    out = tmp_path / "codes.csv"
    status, said = planned("wave", "invite", WAVE, sample(text), "--out", out)
    assert status == 2
    assert told in said
    assert not out.exists()
    assert planned("wave", "invite", WAVE, sample(HEAD + rows()), "--out", out)[0] == 0


def test_a_sample_in_another_encoding_is_told(planned, sample, tmp_path):
    said = planned("wave", "invite", WAVE, sample(HEAD + rows(), "gb18030"), "--out", tmp_path / "codes.csv")
    assert said == (2, "Error: line 2: is not UTF-8: save the file as UTF-8\n")


def test_codes_are_written_over_nothing_and_only_once(planned, sample, tmp_path):
    out = tmp_path / "codes.csv"
    out.write_text("what was here")
    status, said = planned("wave", "invite", WAVE, sample(HEAD + rows()), "--out", out)
    assert (status, out.read_text()) == (2, "what was here")
    assert "is there already" in said
    assert planned("wave", "invite", WAVE, sample(HEAD + rows()), "--out", tmp_path / "new.csv")[0] == 0
    again = planned("wave", "invite", WAVE, sample(HEAD + rows()), "--out", tmp_path / "again.csv")
    assert again == (2, 'Error: Wave "2026-simulated" has its sample already.\n')
    assert not (tmp_path / "again.csv").exists()


def test_without_the_servers_secret_no_codes_are_made(planned, sample, tmp_path):
    out = tmp_path / "codes.csv"
    status, said = planned("wave", "invite", WAVE, sample(HEAD + rows()), "--out", out, SURVEY_SECRET="")
    assert status == 2
    assert "SURVEY_SECRET is not set" in said
    assert not out.exists()
