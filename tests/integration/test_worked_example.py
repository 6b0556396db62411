"""The worked example in the documentation says what the engine says today, and what R says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rscript import r

from survey.analysis.plan import run
from survey.cli.files.estimate import estimate

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "worked-example.md"
PLAN, SCRIPT = PAGE.with_suffix("") / "plan.json", PAGE.with_suffix("") / "same.R"
ROW = re.compile(r"^\| (.+?)((?: [EHM])?) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", re.MULTILINE)


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def numbers(cell: dict[str, Any]) -> list[float]:
    low, high = cell["ci"] if "ci" in cell else (cell["low"], cell["high"])
    return [cell["estimate"], cell["se"], low, high]


def flat(results: dict[str, Any]) -> dict[str, list[float]]:
    """Numbers by ask and type of school, from the engine's answers or from R's."""
    cells: dict[str, list[float]] = {}
    for name, result in results.items():
        several = result if isinstance(result, list) else result.get("cells")
        if several is None:
            cells[name] = numbers(result)
        else:
            cells |= {f"{name} {kind}": numbers(cell) for kind, cell in zip("EHM", several, strict=True)}
    return cells


def test_the_page_shows_the_plan_the_script_and_what_the_command_prints() -> None:
    assert block("json") == PLAN.read_text(encoding="utf-8").rstrip()
    assert block("r") == SCRIPT.read_text(encoding="utf-8").rstrip()
    done = CliRunner().invoke(estimate, [str(PLAN)])
    assert done.exit_code == 0
    assert block("text") == done.stdout.rstrip()


def test_the_engine_the_page_and_r_say_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "worked-example"
    folder.mkdir(parents=True)
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    ours, theirs = flat(run(PLAN).results), flat(r(SCRIPT.read_text(encoding="utf-8"), folder))
    shown = {
        name + kind: [float(text) for text in found] for name, kind, *found in ROW.findall(PAGE.read_text("utf-8"))
    }
    assert set(ours) == set(theirs) == set(shown)
    for name, cell in ours.items():
        assert cell[:2] == pytest.approx(theirs[name][:2], rel=1e-8)
        assert cell[2:] == pytest.approx(theirs[name][2:], rel=1e-5 if name.startswith("awarded") else 1e-6)
        assert theirs[name] == pytest.approx(shown[name], rel=2e-9)
