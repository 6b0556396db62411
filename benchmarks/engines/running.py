"""Starting an engine on one piece of work, and what it told."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ENGINES = {
    "ours": ("rake", "table", "replicates"),
    "svy": ("rake", "table", "replicates"),
    "samplics": ("rake", "table"),
    "survey (R)": ("rake", "table"),
}
SCRIPTS = {"ours": "ours.py", "svy": "with_svy.py", "samplics": "with_samplics.py", "survey (R)": "with_survey.R"}
LIMIT = 1_800
ALONE = {"OPENBLAS_NUM_THREADS": "1"}
"""The matrices are small: threads of BLAS would only wait for each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one piece of work took; `wall` is None when it `failed`."""

    engine: str
    task: str
    rows: int
    numbers: Path
    wall: float | None
    cpu: float = 0.0
    peak: float = 0.0
    failed: str = ""


def in_memory(engine: str, task: str, data: Path, rows: int) -> Record:
    """Run one engine's script in a process of its own."""
    script = HERE / SCRIPTS[engine]
    r = script.suffix == ".R"
    numbers = data.with_name(f"{script.stem}-{task}-{rows}.{'csv' if r else 'npz'}")
    runs = _runs(engine, rows)
    command = ["Rscript", str(script)] if r else [sys.executable, str(script)]
    source = data.with_suffix(".csv") if r else data
    try:
        done = subprocess.run(
            [*command, task, str(source), str(runs), str(numbers)],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env=os.environ | ALONE,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return Record(engine=engine, task=task, rows=rows, numbers=numbers, wall=None, failed=f"over {LIMIT} s")
    except subprocess.CalledProcessError as problem:
        words = (problem.stderr.strip().splitlines() or ["ended"])[-1][:80]
        return Record(engine=engine, task=task, rows=rows, numbers=numbers, wall=None, failed=words)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Record(
        engine=engine, task=task, rows=rows, numbers=numbers, wall=told["wall"], cpu=told["cpu"], peak=told["peak"]
    )


def _runs(engine: str, rows: int) -> int:
    if engine == "ours":
        return 7
    return 3 if rows <= 10_000 else 1


def in_file(plan: Path, runs: int) -> Record:
    """Run `survey estimate` on a plan: medians of the whole process."""
    out = plan.with_suffix(".answer.json")
    command = [str(Path(sys.executable).with_name("survey")), "estimate", str(plan), "--out", str(out)]
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        child = subprocess.Popen(command, env=os.environ | ALONE, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        if status != 0:
            raise SystemExit(f"{' '.join(command)} ended with status {status}")
        found.append((time.perf_counter() - start, used.ru_utime + used.ru_stime, _megabytes(used)))
    wall, cpu, peak = (sorted(values)[len(values) // 2] for values in zip(*found, strict=True))
    return Record(engine="ours", task="file", rows=0, numbers=out, wall=wall, cpu=cpu, peak=peak)


def _megabytes(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 1024
