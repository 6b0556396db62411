"""Addresses below the desk that do not exist lead the bureau back to its waves, not to the residents' questionnaire."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from survey.language import LANGUAGES, say


@pytest.mark.parametrize("path", ["results/2026-small/a/b/c", "years/a/b", "exports", "reports/a/b/c", "tasks/1/2"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_address_of_the_desk_leads_to_its_waves(client: FlaskClient, path: str, language: str) -> None:
    page = client.get(f"/{language}/{path}")
    assert page.status_code == 404
    assert f'href="/{language}/results"' in page.text
    assert say(language)("Please check the address, or start from the list of waves.") in page.text


def test_an_unknown_address_elsewhere_leads_to_the_questionnaire(client: FlaskClient) -> None:
    page = client.get("/en/nowhere/at/all")
    assert page.status_code == 404
    assert 'href="/en/results"' not in page.text
