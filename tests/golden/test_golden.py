"""Every reference case, through the same door as an analyst's plan."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from agreement import disagreements, in_the_contract_s_words

from survey.analysis.plan import run

FOLDER = Path(__file__).parent
SHARED = ("01-api-stratified", "03-raking", "12-contrasts")
"""Cases whose expected fields have R's names; the others have the contract's."""


def expectations() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for file in sorted(FOLDER.glob("*/expected.json")):
        case = file.parent.name
        for name, expected in json.loads(file.read_text())["results"].items():
            found.append((case, name, in_the_contract_s_words(expected) if case in SHARED else expected))
    return found


@cache
def answers(case: str) -> dict[str, Any]:
    """What we answer to a case's plan, through JSON as a reader of the file gets it."""
    return json.loads(json.dumps(run(FOLDER / case / "plan.json").results, allow_nan=False))


@pytest.mark.parametrize(("case", "name", "expected"), [pytest.param(*e, id=f"{e[0]}: {e[1]}") for e in expectations()])
def test_agrees_with_the_reference(case: str, name: str, expected: dict[str, Any]) -> None:
    faults = disagreements(expected, answers(case)[name])
    assert not faults, "\n".join(faults[:12])


def test_every_ask_of_a_case_has_its_expectation() -> None:
    for plan in sorted(FOLDER.glob("*/plan.json")):
        asked = {ask["id"] for ask in json.loads(plan.read_text())["ask"]}
        assert asked == set(json.loads((plan.parent / "expected.json").read_text())["results"]), plan.parent.name
