"""Parquet, with the labels in the file's own metadata."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd

from survey.report.export.dataset import Dataset
from survey.report.export.formats.plain import Tell


def write_parquet(data: Dataset, path: Path, tell: Tell) -> None:
    """One column a variable; metadata keys: title, language, notes, variable_labels, value_labels, missing (JSON)."""
    table = pd.DataFrame({variable.name: data.columns[variable.name] for variable in data.variables})
    told = {
        "title": data.title,
        "language": data.language,
        "notes": json.dumps(data.notes, ensure_ascii=False),
        "variable_labels": _json({one.name: one.label for one in data.variables}),
        "value_labels": _json({one.name: dict(one.codes) for one in data.variables if one.codes}),
        "missing": _json({one.name: dict(one.missing) for one in data.variables if one.missing}),
    }
    metadata = ", ".join(f"{name}: {_quoted(value)}" for name, value in told.items())
    with duckdb.connect() as connection:
        connection.register("microdata", table)
        connection.execute(
            f"COPY microdata TO {_quoted(str(path))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
        )
    tell(data.rows, data.rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _quoted(text: str) -> str:
    """An SQL text; COPY takes no parameters."""
    return "'" + text.replace("'", "''") + "'"
