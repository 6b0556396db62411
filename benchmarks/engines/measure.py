"""Measuring one piece of work in this process, and telling it to the one that started it."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

TASKS = ("rake", "table", "replicates")
ITEMS = [f"q{i}" for i in range(1, 31)]
MARGINS = ("district", "sex", "age")
REPLICATES = 500
SEED = 4
TOLERANCE = 1e-8


def told(work: Callable[[], dict[str, Any]], runs: int, out: Path) -> None:
    """Do some work once to warm up and then `runs` times; keep its numbers, write medians to stdout as JSON."""
    walls, processors = [], []
    found = work() if runs > 1 else {}
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        found = work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    np.savez(out, **found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    record = {"wall": float(np.median(walls)), "cpu": float(np.median(processors)), "peak": peak, "runs": runs}
    sys.stdout.write(json.dumps(record) + "\n")


def arguments() -> tuple[str, Path, int, Path]:
    """Task, data file, runs and the file for the numbers, as given on the command line."""
    task, data, runs, out = sys.argv[1:5]
    return task, Path(data), int(runs), Path(out)


def totals(data: Path) -> dict[str, dict[str, float]]:
    """Population totals of the margins, kept beside the data."""
    content: dict[str, dict[str, float]] = json.loads(data.with_suffix(".json").read_text())
    return content
