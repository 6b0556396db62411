"""Running a plan: every ask answered or its error told."""

from __future__ import annotations

import math
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from survey import __version__
from survey.analysis.errors import AnalysisError
from survey.analysis.plan.answering.ask import Result
from survey.analysis.plan.answering.weighing import explained
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.designing.drawing import Sampled
from survey.analysis.plan.reading.read import ASK_KEYS, Plan, Section, read_plan
from survey.analysis.plan.statistics import answerer

COMPUTE = ("numpy", "scipy", "statsmodels", "patsy", "duckdb")
"""Whose versions decide the last digits."""
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Answers of a plan, ready for JSON.

    Attributes
    ----------
    made_with : dict
        Versions, hash of the plan, and each design with seed, margins and counts.
    results : dict
        Id of the ask → answer, or ``{"error": ..}``.
    failed : bool
        Whether any ask, or any cell of one, ended in an error.
    """

    made_with: dict[str, Any]
    results: dict[str, Any]
    failed: bool

    def content(self) -> dict[str, Any]:
        """What a JSON file holds."""
        return {"made_with": self.made_with, "results": self.results}


def run(plan_path: Path, data: Path | None = None, progress: Progress | None = None) -> Answer:
    """Answer every ask of a plan.

    Parameters
    ----------
    plan_path : Path
        JSON or TOML.
    data : Path, optional
        Takes the place of the plan's `data`.
    progress : callable, optional
        Told (asks done, asks in all, id of the next).

    Returns
    -------
    Answer
        Of every ask; errors of single asks are in it.

    Raises
    ------
    PlanError
        The plan or its data can't be read.
    """
    plan = read_plan(Path(plan_path), None if data is None else Path(data))
    designs = Designs(plan)
    designs.open()
    results: dict[str, Any] = {}
    for number, ask in enumerate(plan.asks):
        if progress is not None:
            progress(number, len(plan.asks), ask.text("id"))
        results[ask.text("id")] = _answered(ask, designs)
    if progress is not None:
        progress(len(plan.asks), len(plan.asks), "")
    return Answer(made_with=_made_with(plan, designs), results=results, failed=_has_error(results))


def _answered(ask: Section, designs: Designs) -> Result:
    try:
        ask.check_keys(ASK_KEYS)
        answer = answerer(ask)
        try:
            found: Result = plain(answer(ask, designs))
        except AnalysisError:  # words about groups would mislead: the rows are asked what is wrong
            with designs.from_rows():
                found = plain(answer(ask, designs))
    except (AnalysisError, np.linalg.LinAlgError) as problem:
        words = str(problem)
        return {"error": words if words.startswith(("ask.", "designs.")) else f"{ask.place}: {words}"}
    except Exception as problem:  # whatever else went wrong in one ask, the others are still answered and written
        return {"error": f"{ask.place}: can't be computed ({type(problem).__name__}: {problem})"}
    return found


def plain(value: Any) -> Any:
    """Numbers, lists and tables as JSON has them: numpy undone, NaN and infinities as null.

    Parameters
    ----------
    value : object
        An answer.

    Returns
    -------
    object
        Of dict, list, str, int, float, bool and None alone.
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _as_written(value: Any) -> Any:
    """A plan's own values as JSON has them: infinite bounds and TOML's dates as texts."""
    if isinstance(value, dict):
        return {str(key): _as_written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_written(item) for item in value]
    finite = isinstance(value, float) and math.isfinite(value)
    return value if finite or value is None or isinstance(value, (str, int)) else str(value)


def _has_error(value: Any) -> bool:
    if isinstance(value, dict):
        return "error" in value or any(_has_error(item) for item in value.values())
    return isinstance(value, list) and any(_has_error(item) for item in value)


def _made_with(plan: Plan, designs: Designs) -> dict[str, Any]:
    seeds = {
        name: section.content["replicates"].get("seed", 0)
        for name, section in plan.designs.items()
        if isinstance(section.content.get("replicates"), dict)
        and section.content["replicates"].get("method") == "rao_wu"
    }
    return {
        "version": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in COMPUTE},
        "seed": seeds,
        "plan_sha256": plan.sha256,
        "designs": {name: plain(_described(plan, sampled)) for name, sampled in designs.built.items()},
    }


def _described(plan: Plan, sampled: Sampled) -> dict[str, Any]:
    design = sampled.design
    stage, replicates = design.stages[0], design.replicates
    return {
        "plan": _as_written(plan.designs[sampled.name].content),
        "rows": int(design.numbers().sum()),
        "strata": len(stage.sampled),
        "sampling_units": stage.units,
        "replicates": 0 if replicates is None else replicates.factors.shape[1],
        "weights": explained(sampled),
    }
