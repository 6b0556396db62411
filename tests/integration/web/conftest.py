"""The application with an open wave, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from open_survey import house_of, open_app


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The real application, its questionnaire open for answers."""
    app = open_app(database, tmp_path)
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a script."""
    return app.test_client()
