"""Files of SPSS and Stata, read in a process of their own: a damaged one can make the library that reads them crash.

What the process writes is plain JSON, so that nothing but texts comes back from it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pyreadstat

from survey.intake.files.cells import text_of

Labels = Mapping[str, Mapping[str, str]]
"""Column → code → label."""

LONGEST = 120
"""Seconds the process may take."""
LARGEST = 4 * 2**30
"""Memory the process may take, in bytes: a damaged head can ask for any number of rows."""

_READ: Mapping[str, Callable[..., tuple[object, object]]] = {
    ".sav": pyreadstat.read_sav,
    ".dta": pyreadstat.read_dta,
}


def read_apart(path: Path) -> tuple[tuple[str, ...], list[tuple[str, ...]], Labels]:
    """Names of the columns, rows of texts, and labels of a file; ValueError when it cannot be read."""
    command = [sys.executable, "-m", "survey.intake.files.statistical", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as problem:
        raise ValueError(f"not read after {LONGEST} seconds") from problem
    if done.returncode:
        raise ValueError(f"the process that reads it ended with status {done.returncode}")
    found = json.loads(done.stdout)
    return tuple(found["columns"]), list(map(tuple, found["rows"])), found["labels"]


def main() -> None:
    """The process of its own: the name of a file comes in, its texts go out."""
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST, LARGEST))
    path = Path(sys.argv[1])
    data, about = _READ[path.suffix.lower()](path, user_missing=True, output_format="dict")
    columns, rows, labels = _texts(data, about)
    json.dump({"columns": columns, "rows": list(rows), "labels": labels}, sys.stdout)


def _texts(data: object, about: object) -> tuple[list[str], Iterator[tuple[str, ...]], Labels]:
    columns: Mapping[str, Iterable[object]] = dict(data)  # type: ignore[call-overload]
    letters: Mapping[str, list[object]] = getattr(about, "missing_user_values", None) or {}
    labels: Mapping[str, Mapping[object, str]] = getattr(about, "variable_value_labels", None) or {}
    texts = {name: list(_cells(values, set(letters.get(name, ())))) for name, values in columns.items()}
    named = {name: {text_of(code): text_of(label) for code, label in coded.items()} for name, coded in labels.items()}
    return list(columns), zip(*texts.values(), strict=True), named


def _cells(values: Iterable[object], letters: set[object]) -> Iterator[str]:
    """Stata's missing letters as people write them: .a"""
    for value in values:
        yield f".{value}" if value in letters else text_of(value)


if __name__ == "__main__":
    main()
