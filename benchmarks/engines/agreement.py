"""Do the engines give the same numbers? Told before any time: speed with other numbers does not count."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from running import Record

REMARKS = {
    "svy": "svy's and samplics' standard errors are those without, or with another, regard to gaps and calibration.",
}


def agreement(records: list[Record]) -> list[str]:
    """Largest relative differences from ours, and how replicate standard errors compare."""
    ours = {(r.task, r.rows): numbers(r) for r in records if r.engine == "ours" and r.wall is not None}
    lines = [
        "",
        "## Agreement with ours",
        "",
        "Largest relative difference; replicates are drawn by each engine itself, so",
    ]
    lines += ["theirs are compared by the median ratio of standard errors.", ""]
    lines += ["| rows | engine | weights | estimates | standard errors | replicate standard errors |"]
    lines += ["| ---: | --- | ---: | ---: | ---: | ---: |"]
    for rows, engine in dict.fromkeys((r.rows, r.engine) for r in records if r.engine != "ours"):
        own = {r.task: numbers(r) for r in records if (r.rows, r.engine) == (rows, engine) and r.wall is not None}
        cells = [
            apart(own, ours, rows, "rake", "weights"),
            apart(own, ours, rows, "table", "estimate"),
            apart(own, ours, rows, "table", "se"),
            compared(own, ours, rows),
        ]
        lines.append(f"| {rows:,} | {engine} | {' | '.join(cells)} |")
    for rows in dict.fromkeys(rows for _, rows in ours):
        done = ours.get(("replicates", rows))
        if done is not None:
            ratio = np.median(done["replicate_se"] / done["se"])
            lines += ["", f"Ours, {rows:,} rows: replicate ÷ linearised standard errors {ratio:.4f} (median)."]
    return lines


def numbers(record: Record) -> Mapping[str, np.ndarray]:
    """The numbers an engine kept."""
    if record.numbers.suffix == ".npz":
        return dict(np.load(record.numbers))
    if record.task == "rake":
        return {"weights": np.loadtxt(record.numbers, skiprows=1)}
    table = np.loadtxt(record.numbers, delimiter=",", skiprows=1, usecols=(1, 2, 3, 4)).reshape(30, 7, 4)
    return {"estimate": table[..., :2], "se": table[..., 2:]}


def apart(own: Mapping, ours: Mapping, rows: int, task: str, name: str) -> str:
    """Largest relative difference of one kind of number."""
    if task not in own or (task, rows) not in ours:
        return "–"
    return f"{np.abs(own[task][name] / ours[task, rows][name] - 1).max():.1e}"


def compared(own: Mapping, ours: Mapping, rows: int) -> str:
    """Median ratio of replicate standard errors."""
    if "replicates" not in own or ("replicates", rows) not in ours:
        return "–"
    return f"× {np.median(own['replicates']['replicate_se'] / ours['replicates', rows]['replicate_se']):.4f}"
