"""A small simulated city with the shipped questionnaire and the margins of the shipped simulated wave."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import pytest

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.read import shipped
from survey.simulation.city.assumptions import Assumptions, Places
from survey.simulation.city.population import City, build
from survey.wave.model import Wave
from survey.wave.read import read

SMALL_COMMUNITIES = Assumptions(places=replace(Places(), community_size=120.0))


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return shipped()


@pytest.fixture(scope="session")
def wave(questionnaire: Questionnaire) -> Wave:
    text = resources.files("survey.wave").joinpath("definitions", "simulated.toml").read_text(encoding="utf-8")
    return read(text, questionnaire)


@pytest.fixture(scope="session")
def city(wave: Wave, questionnaire: Questionnaire) -> City:
    """Three hundred thousand adults in communities of about 120."""
    return build(wave, questionnaire, seed=7, adults=300_000, assumptions=SMALL_COMMUNITIES)
