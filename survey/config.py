"""The configuration: the one place that reads the environment."""

from __future__ import annotations

import ipaddress
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit


class ConfigurationError(Exception):
    """A setting is missing or cannot be; the message names it and says how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that differs between one installation and another."""

    folder: Path
    """Where the embedded database and the local keys are kept."""
    database: str
    """SQLAlchemy address of the database."""
    secret: str | None
    """Signs sessions and derives receipt codes; None: not configured."""
    desk_token: str | None
    """Opens the results; None: nobody can sign in."""
    address: str | None = None
    """Where residents reach the survey ("https://survey.example", no slash at its end); None: as each request says."""
    https: bool = False
    """Cookies travel over HTTPS only."""
    pseudo: bool = False
    """Development only: English pages say every text of the catalogues in ⟦brackets⟧."""
    largest_body: int = 256 * 1024
    """Largest request in bytes: a complete questionnaire is far smaller."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Config:
        """Read SURVEY_FOLDER, _DATABASE, _SECRET, _DESK_TOKEN, _ADDRESS, _HTTPS and _PSEUDO."""
        folder = Path(environment.get("SURVEY_FOLDER", "var")).absolute()
        return cls(
            folder=folder,
            database=environment.get("SURVEY_DATABASE") or f"sqlite:///{folder / 'survey.sqlite'}",
            secret=environment.get("SURVEY_SECRET") or None,
            desk_token=environment.get("SURVEY_DESK_TOKEN") or None,
            address=_address(environment.get("SURVEY_ADDRESS", "")),
            https=_is_on(environment, "SURVEY_HTTPS"),
            pseudo=_is_on(environment, "SURVEY_PSEUDO"),
        )


def is_address(text: str) -> bool:
    """Whether `text` is where a server is reached: a scheme of the web and a host, nothing that asks or points."""
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment


def _address(text: str) -> str | None:
    if text and not is_address(text):
        raise ConfigurationError(f'SURVEY_ADDRESS is "{text}": it looks like https://survey.example.')
    return text.rstrip("/") or None


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "") not in ("", "0")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def with_local_keys(config: Config) -> Config:
    """`config` with keys made once and kept in its folder, readable by the owner alone.

    For the embedded default on loopback only; kept, so that a restart leaves receipts and sign-ins valid.
    """
    return replace(
        config,
        secret=config.secret or _kept(config.folder / "secret"),
        desk_token=config.desk_token or _kept(config.folder / "desk-token"),
    )


def _kept(file: Path) -> str:
    """The key in `file`; one of several that make it at the same moment wins, and all read his."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as made:
            made.write(secrets.token_urlsafe(32))
            made.flush()
            with suppress(FileExistsError):
                file.hardlink_to(made.name)
    key = file.read_text().strip()
    if not key:
        raise ConfigurationError(f"{file} is empty: remove it, and a new key is made.")
    return key
