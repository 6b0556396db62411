"""The small questionnaire as text, as plan and as read."""

import pytest
from small_questionnaire import PLAN, SMALL

from survey.questionnaire.read import read


@pytest.fixture(scope="session")
def plan():
    return PLAN


@pytest.fixture(scope="session")
def text():
    return SMALL


@pytest.fixture(scope="session")
def small():
    return read(SMALL, PLAN)
