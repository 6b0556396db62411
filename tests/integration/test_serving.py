"""`survey serve` as its own process: what its log says of those who come, and a port that is taken."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

SURVEY = Path(sys.executable).with_name("survey")
BROKEN = (
    b"\x16\x03\x01\x02\x00\r\n\r\n",  # A browser that speaks TLS to a server that does not.
    b"GET /zh/i/7K3M-XQ2R-9TBD HTTP/1.1\r\nHost: x\r\nSecret Header: 13800000000\r\n\r\n",
    b"GET /zh/i/7K3M-XQ2R-9TBD HTTP/7x\r\n\r\n",
)
CHUNKED = b"POST /zh HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
CHUNKED += b"Transfer-Encoding: chunked\r\n\r\n"


def _free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _reply(port: int, sent: bytes) -> bytes:
    for _ in range(150):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(sent)
                return connection.recv(400)
        except ConnectionRefusedError:
            time.sleep(0.2)
    pytest.fail("the server does not listen")


def _replies_and_log(folder: Path, sent: Sequence[bytes]) -> tuple[list[bytes], str]:
    """What a server answers to each request, and what it logs."""
    place, port = {"SURVEY_FOLDER": str(folder), "PATH": ""}, _free_port()
    subprocess.run([SURVEY, "migrate"], env=place, check=True, capture_output=True)
    serving = [SURVEY, "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(serving, env=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            replies = [_reply(port, one) for one in sent]
        finally:
            server.terminate()
        return replies, server.communicate(timeout=30)[1]


def test_a_body_whose_chunks_are_broken_is_the_senders_mistake_and_stays_out_of_the_log(tmp_path: Path) -> None:
    broken = (b"overall_satisfaction\r\nabc\r\n", b"5\r\nsafe_crime=5\r\n0\r\n\r\n", b"-1\r\n")
    replies, log = _replies_and_log(tmp_path, [CHUNKED + one for one in broken])
    assert all(b" 400 " in reply for reply in replies)
    assert not [word for word in ("Traceback", "satisfaction", "afe_crime", "Unforeseen") if word in log]


def test_the_log_keeps_neither_address_nor_code_of_a_request_that_cannot_be_read(tmp_path: Path) -> None:
    replies, log = _replies_and_log(tmp_path, BROKEN)
    assert all(b" 400 " in reply for reply in replies)
    assert log.count("A request could not be read") == len(BROKEN)
    told = [line for line in log.splitlines() if "Listening at" not in line]
    for kept in ("127.0.0.1", "7K3M", "13800000000"):
        assert not [line for line in told if kept in line]


def test_a_port_that_is_taken_is_said_at_once_and_no_address_is_promised(tmp_path: Path) -> None:
    place = {"SURVEY_FOLDER": str(tmp_path), "PATH": ""}
    subprocess.run([SURVEY, "migrate"], env=place, check=True, capture_output=True)
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        serving = [SURVEY, "serve", "--port", str(port)]
        refused = subprocess.run(serving, env=place, capture_output=True, text=True, check=False, timeout=60)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert f"127.0.0.1 port {port} cannot be listened on" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_that_cannot_be_made_is_named_without_the_systems_number(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = {"SURVEY_FOLDER": str(tmp_path / "file" / "var"), "PATH": ""}
    refused = subprocess.run([SURVEY, "migrate"], env=place, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr) == (2, f"Error: {tmp_path / 'file' / 'var'}: Not a directory\n")


def test_no_other_user_of_the_machine_reads_the_answers(tmp_path: Path) -> None:
    place = {"SURVEY_FOLDER": str(tmp_path / "var"), "PATH": ""}
    subprocess.run([SURVEY, "migrate"], env=place, check=True, capture_output=True)
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


@pytest.mark.parametrize(("secret", "told"), [("", "SURVEY_SECRET is not set"), ("abc", "has 3 characters")])
def test_a_server_that_others_can_reach_wants_a_long_secret(tmp_path: Path, secret: str, told: str) -> None:
    place = {"SURVEY_FOLDER": str(tmp_path), "SURVEY_SECRET": secret, "PATH": ""}
    serving = [SURVEY, "serve", "--host", "0.0.0.0", "--port", str(_free_port())]
    refused = subprocess.run(serving, env=place, capture_output=True, text=True, check=False, timeout=60)
    assert refused.returncode == 2
    assert told in refused.stderr
    assert refused.stdout == ""
