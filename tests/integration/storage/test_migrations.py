"""The migrations make the tables of tables.py."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from survey.storage.database import connect, require_current, upgrade
from survey.storage.errors import DatabaseUnusable
from survey.storage.tables import Table


def test_migrations_and_tables_are_the_same(engine):
    with engine.connect() as connection:
        compared = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(compared, Table.metadata) == []


def test_migrations_make_the_same_checks_and_keys_as_the_tables(engine, empty_database):
    made = connect(empty_database(engine.dialect.name))
    Table.metadata.create_all(made)
    migrated, described = inspect(engine), inspect(made)
    for table in Table.metadata.tables:
        for ask in ("get_check_constraints", "get_pk_constraint", "get_foreign_keys", "get_indexes"):
            assert getattr(migrated, ask)(table) == getattr(described, ask)(table)
    made.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_several_processes_may_upgrade_at_once(kind, empty_database):
    url = empty_database(kind)
    engine = connect(url)
    with pytest.raises(DatabaseUnusable, match="has no tables yet"):
        require_current(engine)
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        list(pool.map(upgrade_at, [url] * 3))
    require_current(engine)
    engine.dispose()


def upgrade_at(url):
    engine = connect(url)
    upgrade(engine)
    engine.dispose()


def test_tables_of_a_newer_version_are_left_alone(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for act in (upgrade, require_current):
        with pytest.raises(DatabaseUnusable, match=r'"9999".*newer version'):
            act(engine)
