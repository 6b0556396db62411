"""Writing answers: JSON whole; CSV, Excel and Parquet as one table with a row per number that was asked for."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from survey.analysis.errors import PlanError
from survey.analysis.plan.answers import Answer

Row = dict[str, Any]
WRITTEN = datetime(2000, 1, 1)
"""A workbook tells when it was made; a rerun is to be bit-identical."""


def check_ending(path: Path) -> None:
    """Refuse an ending nothing writes, before anything is computed.

    Parameters
    ----------
    path : Path
        Where an answer is to be written.

    Raises
    ------
    PlanError
        An unknown ending, or no such folder.
    """
    if path.suffix.lower() not in WRITERS:
        raise PlanError("--out", f"{path.name} must end in {', '.join(WRITERS)}")
    if not path.parent.is_dir():
        raise PlanError("--out", f"there is no folder {path.parent}")


def write(answer: Answer, path: Path) -> None:
    """Write an answer by the ending of the file; a file is replaced only once the new one is whole.

    Parameters
    ----------
    answer : Answer
        Of a plan.
    path : Path
        Ends in .json, .csv, .xlsx or .parquet.

    Raises
    ------
    PlanError
        An unknown ending, or no such folder.
    OSError
        The file can't be written.
    """
    check_ending(path)
    partial = path.with_name(f".{path.name}.partial{path.suffix}")
    try:
        WRITERS[path.suffix.lower()](answer, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def table(answer: Answer) -> list[Row]:
    """All answers as rows.

    Parameters
    ----------
    answer : Answer
        Of a plan.

    Returns
    -------
    list of dict
        Id, domain columns, and fields; lists of equal length run down the rows. A domain column that is called
        like a field (a column ``n``) is written as ``domain.n``.
    """
    fields = {"id"}.union(*(_fields(result) for result in answer.results.values()))
    return [{"id": name, **row} for name, result in answer.results.items() for row in _rows(result, fields)]


def _fields(result: Row) -> set[str]:
    return {key for cell in result.get("cells", [result]) for key in _flat(_split(cell)[1])}


def _split(cell: Row) -> tuple[Row, Row]:
    """Levels of a cell, of its domain and of the columns of a table, and its other fields."""
    others = {key: value for key, value in cell.items() if key != "domain"}
    table = {key: value for key, value in others.items() if "share" in cell and key not in ("total", "share", "se")}
    return cell.get("domain", {}) | table, {key: value for key, value in others.items() if key not in table}


def _rows(result: Row, fields: set[str]) -> Iterator[Row]:
    for cell in result.get("cells", [result]):
        levels, content = _split(cell)
        domain = {f"domain.{key}" if key in fields else key: level for key, level in levels.items()}
        long = {key: value for key, value in content.items() if _is_column(key, value, cell)}
        flat = domain | _flat({key: value for key, value in content.items() if key not in long})
        height = max((len(value) for value in long.values()), default=0)
        if not height:
            yield flat
        for i in range(height):
            yield flat | _flat({key: value[i] for key, value in long.items() if i < len(value)})


def _is_column(key: str, value: Any, cell: Row) -> bool:
    """Whether a list has an entry for each level, term or quantile, and not just two of a kind."""
    pair = key in ("ci", "rank_range", "df") or (key == "n" and "levels" not in cell)
    return isinstance(value, list) and not pair


def _flat(content: Row) -> Row:
    row: Row = {}
    for key, value in content.items():
        if isinstance(value, dict):
            row |= {f"{key}.{name}": item for name, item in _flat(value).items()}
        elif key.rpartition(".")[2] in ("ci", "rank_range", "wald", "logit", "wilson", "korn_graubard"):
            low, high = value if value else (None, None)
            row |= {f"{key}_low": low, f"{key}_high": high}
        elif isinstance(value, list):
            row |= {f"{key}_{i + 1}": item for i, item in enumerate(value)}
        else:
            row[key] = value
    return row


def _columns(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))


def _json(answer: Answer, path: Path) -> None:
    text = json.dumps(answer.content(), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _csv(answer: Answer, path: Path) -> None:
    rows = table(answer)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _columns(rows), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _xlsx(answer: Answer, path: Path) -> None:
    from xlsxwriter import Workbook  # heavy, and only this ending needs it

    rows = table(answer)
    columns = _columns(rows)
    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": WRITTEN})
        sheet = book.add_worksheet("results")
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        for number, row in enumerate(rows):
            sheet.write_row(number + 1, 0, [row.get(column) for column in columns])
        sheet.freeze_panes(1, 1)
        made = book.add_worksheet("made_with")
        for number, leaf in enumerate(_leaves("", answer.made_with)):
            made.write_row(number, 0, leaf)


def _leaves(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Everything inside a value with the way to it, each small enough for a cell."""
    if isinstance(value, (dict, list)):
        inside = value.items() if isinstance(value, dict) else enumerate(value, start=1)
        for key, item in inside:
            yield from _leaves(f"{place}.{key}" if place else str(key), item)
    else:
        yield place, value


def _parquet(answer: Answer, path: Path) -> None:
    rows = table(answer)
    columns = _columns(rows)
    kinds = {column: _kind([row.get(column) for row in rows]) for column in columns}
    shape = ", ".join(f"{_quoted(column)} {kind}" for column, kind in kinds.items())
    with duckdb.connect() as link:
        link.execute(f"CREATE TABLE results ({shape})")
        holes = ", ".join("?" for _ in columns)
        values = [[_as(kinds[column], row.get(column)) for column in columns] for row in rows]
        if values:
            link.executemany(f"INSERT INTO results VALUES ({holes})", values)
        made = _literal(json.dumps(answer.made_with, ensure_ascii=False))
        link.execute(f"COPY results TO {_literal(str(path))} (FORMAT parquet, KV_METADATA {{made_with: {made}}})")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _kind(values: list[Any]) -> str:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in known):
        return "DOUBLE"
    return "VARCHAR"


def _as(kind: str, value: Any) -> Any:
    return value if value is None or kind == "DOUBLE" else str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


WRITERS: dict[str, Callable[[Answer, Path], None]] = {
    ".json": _json,
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
}
