"""The reference cases again, answered from counted rows wherever that can be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from agreement import disagreements
from test_golden import SHARED, expectations

from survey.analysis.grouping import file
from survey.analysis.plan import answers
from survey.analysis.plan.designing import counting
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.reading.read import read_plan

FOLDER = Path(__file__).parent
CASES = sorted(plan.parent.name for plan in FOLDER.glob("*/plan.json") if plan.parent.name not in SHARED)
LEAST = 100
"""Asks that are counted in all; fewer would prove little."""


@pytest.fixture
def _count_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "FROM_ROWS", 0)
    monkeypatch.setattr(file, "_few", lambda relation, keys: True)


@pytest.mark.usefixtures("_count_all")
def test_counted_rows_agree_with_the_reference() -> None:
    faults, counted = [], 0
    expected = {(case, name): cell for case, name, cell in expectations()}
    for case in CASES:
        plan = read_plan(FOLDER / case / "plan.json")
        designs = Designs(plan)
        for ask in plan.asks:
            if not isinstance(ask.content.get("design"), str) or designs._grouped(ask, ask.content["design"]) is None:
                continue
            counted += 1
            answer = json.loads(json.dumps(answers._answered(ask, designs)))
            wanted = expected[case, ask.content["id"]]
            faults += [f"{case}: {ask.place}: {fault}" for fault in disagreements(wanted, answer)]
    assert not faults, "\n".join(faults[:12])
    assert counted >= LEAST
