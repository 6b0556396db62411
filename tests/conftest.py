"""Databases for the tests: a fresh one each time, on SQLite and on a throwaway PostgreSQL cluster."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from cluster import cluster
from sqlalchemy import Engine

from survey.storage.database import connect, upgrade

DATABASES = ("sqlite", "postgresql")

NewDatabase = Callable[[str], str]
"""Kind ("sqlite", "postgresql") → address of a fresh database with up-to-date, empty tables."""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of the throwaway cluster's databases, with ``{name}`` in it."""
    with cluster() as address:
        yield address


@pytest.fixture(scope="session")
def empty_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Makes databases without any table."""
    folder = tmp_path_factory.mktemp("databases")
    numbers = count(1)

    def make(kind: str) -> str:
        name = f"survey_{next(numbers)}"
        if kind == "sqlite":
            return f"sqlite:///{folder / name}.sqlite"
        address: str = request.getfixturevalue("postgresql")
        _say(address, f"CREATE DATABASE {name}")
        return address.format(name=name)

    return make


@pytest.fixture(scope="session")
def new_database(empty_database: NewDatabase, request: pytest.FixtureRequest) -> NewDatabase:
    """Makes databases with up-to-date, empty tables: copies of one that was migrated."""
    migrated: dict[str, str] = {}

    def make(kind: str) -> str:
        if kind not in migrated:
            migrated[kind] = empty_database(kind)
            engine = connect(migrated[kind])
            upgrade(engine)
            engine.dispose()
        fresh = empty_database(kind)
        if kind == "sqlite":
            shutil.copy(_file(migrated[kind]), _file(fresh))
        else:
            address: str = request.getfixturevalue("postgresql")
            name, template = (url.split("@/")[1].split("?")[0] for url in (fresh, migrated[kind]))
            _say(address, f"DROP DATABASE {name}", f"CREATE DATABASE {name} TEMPLATE {template}")
        return fresh

    return make


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    """Address of a fresh database with empty tables, once per kind."""
    return new_database(request.param)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """Engine of a fresh database with empty tables, once per kind."""
    engine = connect(database)
    yield engine
    engine.dispose()


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _say(address: str, *statements: str) -> None:
    engine = connect(address.format(name="postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
