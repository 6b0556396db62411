"""Speed of the statistics, beside svy, samplics and R's survey package, on the same data in one run.

``make bench-statistics`` measures 10,000, 100,000 and 1,000,000 rows in memory and 1,000,000 and 20,000,000 rows in a
file. Peers do a million rows only with ``LARGE=1`` (minutes, and 17 GB of memory for svy's replicates). Every piece of
work runs in a process of its own; agreement of the numbers is told before any time.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "engines"))

from agreement import agreement
from data import as_csv, made, plan
from running import ENGINES, Record, in_file, in_memory

HERE = Path(__file__).parent
FOLDER = Path("var/benchmarks")
SIZES = (10_000, 100_000, 1_000_000)
FILES = (1_000_000, 20_000_000)
LARGE = bool(os.environ.get("LARGE"))
NAMES = {"rake": "raking to 1e-8", "table": "table 30 × 7, mean and share", "replicates": "table and 500 replicates"}
TARGETS = {
    ("rake", 1_000_000): (0.05, None),
    ("table", 1_000_000): (0.2, None),
    ("table", 100_000): (0.03, None),
    ("replicates", 1_000_000): (0.4, 1024),
    ("replicates", 100_000): (0.15, None),
}
"""Seconds on two cores, and MB of memory, that we want to stay within."""


def main() -> None:
    """Measure, tell, and keep what was told beside this file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    records = [record for rows in SIZES for record in measured(rows)]
    lines = [*head(load), *agreement(records), *times(records), *files()]
    (HERE / "statistics.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


def measured(rows: int) -> Iterator[Record]:
    """All work of all engines on one size, ours first."""
    data = made(FOLDER, rows)
    for engine, tasks in ENGINES.items():
        if not there(engine) or (engine != "ours" and rows >= SIZES[-1] and not LARGE):
            continue
        if engine == "survey (R)":
            as_csv(data)
        for task in tasks:
            sys.stderr.write(f"{rows:>10,} rows  {engine:<12} {NAMES[task]}\n")
            yield in_memory(engine, task, data, rows)


def there(engine: str) -> bool:
    """Whether an engine is installed."""
    if engine == "survey (R)":
        script = shutil.which("Rscript")
        return (
            script is not None and os.system(f"{script} -e 'library(survey); library(jsonlite)' >/dev/null 2>&1") == 0
        )
    return engine == "ours" or find_spec(engine) is not None


def head(load: float) -> list[str]:
    """What was measured where."""
    known = []
    for name in ("numpy", "scipy", "duckdb", "svy", "samplics"):
        try:
            known.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            known.append(f"no {name}")
    return [
        "# Speed of the statistics",
        "",
        f"{os.cpu_count()} cores, {processor()}; Python {platform.python_version()}, {', '.join(known)}.",
        "30 five-point items with 3 % gaps, 7 districts, 28 strata, 336 PSUs, weights that differ by row; raked to",
        "district, sex and age. From typed columns in memory to weights, or to means and top-two shares with their",
        "intervals; medians of several runs in a process of its own, after one to warm up. BLAS has one thread.",
        f"Load of the machine by other work at the start {load:.1f}, at the end {os.getloadavg()[0]:.1f}: wall",
        "times on a machine that is shared are those of waiting too; CPU times are less touched by it.",
    ]


def processor() -> str:
    """Name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def times(records: list[Record]) -> list[str]:
    """Times and memory, with how many times ours the others need."""
    ours = {(r.task, r.rows): r.wall for r in records if r.engine == "ours" and r.wall is not None}
    lines = ["", "## In memory", ""]
    lines += ["| rows | work | engine | wall s | CPU s | peak MB | × ours | target |"]
    lines += ["| ---: | --- | --- | ---: | ---: | ---: | ---: | --- |"]
    for record in sorted(records, key=lambda r: (list(NAMES).index(r.task), r.rows)):
        if record.wall is None:
            lines.append(f"| {record.rows:,} | {NAMES[record.task]} | {record.engine} | {record.failed} | | | | |")
            continue
        ratio = record.wall / ours[record.task, record.rows]
        lines.append(
            f"| {record.rows:,} | {NAMES[record.task]} | {record.engine} | {record.wall:.4f} | {record.cpu:.4f} "
            f"| {record.peak:.0f} | {ratio:,.1f} | {verdict(record)} |"
        )
    if not LARGE:
        lines += [
            "",
            "Peers do a million rows with `LARGE=1 make bench-statistics`. Recorded elsewhere on two cores: svy",
        ]
        lines += ["0.93 s (raking), 77 s (table), 156 s and 16.7 GB (with replicates); R more than 600 s (table)."]
    return lines


def verdict(record: Record) -> str:
    """Whether ours stays within what we want."""
    target = TARGETS.get((record.task, record.rows)) if record.engine == "ours" else None
    if target is None:
        return ""
    seconds, memory = target
    met = record.wall <= seconds and (memory is None or record.peak <= memory)
    words = f"≤ {seconds} s" + (f", ≤ {memory} MB" if memory else "")
    return f"{words}: {'met' if met else 'not met'}"


def files() -> list[str]:
    """`survey estimate` on files, the whole process."""
    lines = [
        "",
        "## From a file",
        "",
        "`survey estimate` on Parquet: mean and top-two share of the 30 items by district,",
    ]
    lines += ["raked; the whole process with imports.", ""]
    lines += [
        "| rows | wall s | CPU s | CPU s per million rows | peak MB | target |",
        "| ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for rows in FILES:
        sys.stderr.write(f"{rows:>10,} rows  survey estimate\n")
        found = in_file(plan(made(FOLDER, rows)), runs=3 if rows <= SIZES[-1] else 1)
        met = found.cpu <= 3 if rows <= SIZES[-1] else found.peak <= 1024
        words = f"{'≤ 3 s CPU' if rows <= SIZES[-1] else '≤ 1024 MB'}: {'met' if met else 'not met'}"
        each = found.cpu / rows * 1e6
        lines.append(f"| {rows:,} | {found.wall:.2f} | {found.cpu:.2f} | {each:.2f} | {found.peak:.0f} | {words} |")
    return lines


if __name__ == "__main__":
    main()
