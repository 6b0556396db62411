"""Data files: CSV and Parquet read by DuckDB, one column at a time."""

from __future__ import annotations

import csv
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from survey.analysis.errors import PlanError
from survey.analysis.grouping.file import Field, Relation
from survey.analysis.plan.reading.columns import Column

Floats = npt.NDArray[np.float64]
EXACT = 2**53
NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL", "HUGEINT")


class Source:
    """A data file, its columns read when first asked for.

    Parameters
    ----------
    path : Path
        CSV or Parquet, by its ending.
    categories : frozenset of str
        Columns to read as text.
    key : str
        Where the plan names the file, for messages.

    Raises
    ------
    PlanError
        The file is missing, of another kind or broken.
    """

    def __init__(self, path: Path, categories: frozenset[str], key: str) -> None:
        self.path, self.categories, self.key = path, categories, key
        self._columns: dict[str, Column] = {}
        if not path.is_file():
            raise PlanError(key, f"there is no file {path}")
        kind = path.suffix.lower()
        if kind not in (".csv", ".parquet"):
            raise PlanError(key, f"{path.name} must end in .csv or .parquet")
        try:
            self._link = duckdb.connect()
            self._fields = self._open_csv() if kind == ".csv" else self._open_parquet()
        except (duckdb.Error, UnicodeDecodeError, csv.Error, StopIteration) as problem:
            words = " ".join(str(problem).split("\n")[:2]) if str(problem) else "it is empty"
            if "utf-8" in words.lower() or "unicode" in words.lower():
                words = "it is not UTF-8; save it as CSV UTF-8"
            raise PlanError(key, f"{path.name} can't be read: {words}") from problem

    def _open_csv(self) -> dict[str, tuple[str, str]]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        double = {name for name in header if header.count(name) > 1}
        if double:
            raise PlanError(self.key, f"{self.path.name} has two columns named {', '.join(sorted(double))}")
        fields = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header)))
        self._link.execute(
            f"CREATE TABLE data AS SELECT * FROM read_csv(?, columns={{{fields}}}, header=true, "
            "auto_detect=false, delim=',', quote='\"', escape='\"')",
            [str(self.path)],
        )
        return {name: (f'"c{i}"', "VARCHAR") for i, name in enumerate(header)}

    def _open_parquet(self) -> dict[str, tuple[str, str]]:
        self._link.execute(f"CREATE VIEW data AS SELECT * FROM read_parquet('{self._quoted}')")
        shape = self._link.execute("DESCRIBE data").fetchall()
        found = self._link.execute(
            "SELECT path_in_schema FROM (SELECT path_in_schema, abs(try_cast(stats_max_value AS DOUBLE)) AS high, "
            f"abs(try_cast(stats_min_value AS DOUBLE)) AS low FROM parquet_metadata('{self._quoted}')) "
            f"WHERE greatest(high, low) > {EXACT}"
        ).fetchall()
        long = {name for (name,) in found}  # whole numbers beyond what a float tells apart are names
        kinds = {name: "VARCHAR" if name in long and "INT" in kind else str(kind) for name, kind, *_ in shape}
        return {name: ('"' + name.replace('"', '""') + '"', kind) for name, kind in kinds.items()}

    @property
    def _csv(self) -> bool:
        return self.path.suffix.lower() == ".csv"

    @property
    def _quoted(self) -> str:
        return str(self.path).replace("'", "''")

    @cached_property
    def rows(self) -> int:
        """Rows of the file."""
        found = self._link.execute("SELECT count(*) FROM data").fetchone()
        return int(found[0]) if found else 0

    def column(self, name: str, key: str) -> Column:
        """One column.

        Raises
        ------
        PlanError
            The file has no such column; names `key` and columns that are spelled nearly so.
        """
        if name not in self._fields:
            near = get_close_matches(name, list(self._fields), n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else f"; it has {self._listed()}"
            raise PlanError(key, f"{self.path.name} has no column {name} ({self.rows} rows){hint}")
        if name not in self._columns:
            try:
                self._columns[name] = self._read(name)
            except duckdb.Error as problem:
                raise PlanError(key, f"column {name}: {str(problem).splitlines()[0]}") from problem
        return self._columns[name]

    def _listed(self) -> str:
        names = list(self._fields)
        return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")

    def field(self, name: str) -> Field:
        """A column as SQL: numbers, or labels where the file or the plan says so."""
        field, kind = self._fields[name]
        number = any(word in kind for word in NUMBERS)
        if number and name not in self.categories:
            return Field(name=name, expression=field, text=False)
        if number:
            known = f"CASE WHEN NOT isfinite(CAST({field} AS DOUBLE)) THEN NULL"
            whole = f"{known} WHEN {field} = floor({field}) THEN CAST(CAST({field} AS HUGEINT) AS VARCHAR)"
            return Field(name=name, expression=f"{whole} ELSE CAST({field} AS VARCHAR) END", text=True)
        if self._csv and name not in self.categories and self._numeric(field):
            return Field(name=name, expression=f"CAST(nullif({field}, '') AS DOUBLE)", text=False)
        return Field(name=name, expression=f"nullif(CAST({field} AS VARCHAR), '')", text=True)

    def _read(self, name: str) -> Column:
        field = self.field(name)
        if field.text:
            return self._text(name, field.expression)
        return Column(name=name, values=self._fetch(f"CAST({field.expression} AS DOUBLE)"), levels=None)

    def has(self, name: str) -> bool:
        """Whether the file has a column."""
        return name in self._fields

    def relation(self) -> Relation:
        """The rows with their number in the file."""
        if self._csv:
            numbered = "SELECT *, rowid AS file_row_number FROM data"
        else:
            numbered = f"SELECT * FROM read_parquet('{self._quoted}', file_row_number = true)"
        self._link.execute(f"CREATE OR REPLACE TEMP VIEW numbered AS {numbered}")
        return Relation(link=self._link, name="numbered", rows=self.rows)

    def _numeric(self, field: str) -> bool:
        found = self._link.execute(
            f"SELECT bool_and(coalesce(isfinite(try_cast({field} AS DOUBLE)), false)), "
            f"bool_or({field} SIMILAR TO '-?[1-9][0-9]{{16,}}') FROM data "
            f"WHERE {field} IS NOT NULL AND {field} <> ''"
        ).fetchone()
        return found is None or (found[0] is not False and not found[1])

    def _text(self, name: str, expression: str) -> Column:
        found = self._link.execute(
            f"SELECT DISTINCT {expression} AS level FROM data WHERE level IS NOT NULL ORDER BY level"
        ).fetchall()
        levels = tuple(row[0] for row in found)
        if not levels:
            return Column(name=name, values=np.full(self.rows, np.nan), levels=())
        self._link.execute(
            f"CREATE OR REPLACE TEMP TABLE level AS SELECT level, row_number() OVER (ORDER BY level) - 1 AS code "
            f"FROM (SELECT DISTINCT {expression} AS level FROM data) WHERE level IS NOT NULL"
        )
        if len(levels) <= 60_000:
            self._link.execute("CREATE TYPE levels AS ENUM (SELECT level FROM level ORDER BY code)")
            values = self._fetch(f"CAST(enum_code(CAST({expression} AS levels)) AS DOUBLE)")
            self._link.execute("DROP TYPE levels")
        else:
            index = {level: float(code) for code, level in enumerate(levels)}
            texts = self._link.execute(f"SELECT {expression} FROM data").fetchall()
            values = np.array([index.get(text, np.nan) for (text,) in texts])
        return Column(name=name, values=values, levels=levels)

    def _fetch(self, expression: str) -> Floats:
        found = self._link.execute(f"SELECT {expression} AS value FROM data").fetchnumpy()["value"]
        return np.ma.filled(np.ma.asarray(found, dtype=float), np.nan)
