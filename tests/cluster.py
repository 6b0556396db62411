"""A throwaway PostgreSQL cluster: in a temporary folder, reached by its socket alone, gone with the tests."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")
QUICK = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "autovacuum=off",
)
NEW = ("-A", "trust", "-U", "survey", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")


class NoCluster(Exception):
    """PostgreSQL is missing or does not start."""


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster; gives the SQLAlchemy address of its databases, with ``{name}`` where the name goes."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="survey-postgresql-"))
    server = None
    try:
        account = _account(folder)
        data = folder / "data"
        _run([*account, programs / "initdb", "-D", data, *NEW])
        settings = [word for setting in QUICK for word in ("-c", setting)]
        command = [programs / "postgres", "-D", data, "-k", folder, *settings]
        with (folder / "log").open("w") as log:
            # --pdeathsig: the server ends even when the tests are killed.
            server = subprocess.Popen(
                [*(account or ["setpriv"]), "--pdeathsig", "INT", *command], stdout=log, stderr=log, cwd=folder
            )
        _wait(server, programs, folder)
        yield f"postgresql://survey@/{{name}}?host={folder}"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(10)
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    versions = [folder for folder in INSTALLED.glob("*/bin") if (folder / "initdb").exists()]
    if not versions:
        raise NoCluster(f"There is no PostgreSQL under {INSTALLED}: `make test` installs it.")
    return max(versions, key=lambda folder: float(folder.parent.name))


def _account(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: the words that start it as somebody else."""
    if os.geteuid() != 0:
        return []
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd="/")
    if done.returncode:
        raise NoCluster(f"{command}: {done.stderr}")


def _wait(server: subprocess.Popen[bytes], programs: Path, folder: Path) -> None:
    for _ in range(300):
        ready = subprocess.run([programs / "pg_isready", "-q", "-h", folder], timeout=10)
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise NoCluster(f"PostgreSQL does not start: {(folder / 'log').read_text()}")
