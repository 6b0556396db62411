"""Rows of a file grouped without loading it: DuckDB reads, codes and groups, block by block in the file's order.

One ``GROUP BY`` finds the groups. Counting the answers is then a look-up of each row's group and the tables of
`Tally` (docs/decisions/0004); sums are added in the order of the file, so that a rerun is bit-identical.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from survey.analysis.grouping.tally import Codes, Sums, Tally, behind

Floats = npt.NDArray[np.float64]
Column = npt.NDArray[np.generic]
Answer = tuple[str, ...]
BLOCK = 983_040
"""Rows at a time: eight of DuckDB's row groups."""
FIRST, FEW_GROUPS, MOST_GROUPS = 200_000, 50_000, 500_000
MOST_LEVELS, MOST_CELLS, AT_ONCE = 250, 4_000_000, 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column of a relation.

    Attributes
    ----------
    name : str
    expression : str
        SQL for its value, NULL where empty.
    text : bool
        Labels, not numbers.
    """

    name: str
    expression: str
    text: bool

    @property
    def value(self) -> str:
        """SQL for its value as text or as a double, NULL where empty or not a number."""
        return self.expression if self.text else f"nullif(CAST({self.expression} AS DOUBLE), 'NaN'::DOUBLE)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A file in groups.

    Attributes
    ----------
    keys : mapping of str to ndarray, each of shape (G,)
        Values of the key columns: floats, NaN where empty, or texts, None where empty.
    sums : Sums
        Of the groups.
    tables : mapping of tuple of str to ndarray of float, each of shape (G, L, 3)
        Rows, weights and squared weights by the combinations of answers of some columns, the last of each no answer.
    levels : mapping of str to ndarray, each of shape (L - 1,)
        Answers of each column: sorted numbers or texts.
    """

    keys: Mapping[str, Column]
    sums: Sums
    tables: Mapping[Answer, Floats]
    levels: Mapping[str, Column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Where the rows are.

    Attributes
    ----------
    link : DuckDB connection
    name : str
        Table or view with a column ``file_row_number``.
    rows : int
    """

    link: duckdb.DuckDBPyConnection
    name: str
    rows: int


def count(
    relation: Relation, keys: Sequence[Field], weight: str, answers: Mapping[Answer, Sequence[Field]]
) -> Counted | None:
    """Group the rows of a file by key columns and count what was answered.

    Parameters
    ----------
    relation : Relation
        The file, opened.
    keys : sequence of Field
        All that a design, its calibration and its domains read.
    weight : str
        SQL for the base weight.
    answers : mapping of tuple of str to sequence of Field
        Columns to count, alone or crossed with others.

    Returns
    -------
    Counted or None
        None where rows can't be grouped: there would be hardly fewer groups than rows, or a weight is missing or
        below 0. Answers that are no small codes are left out of the tables.
    """
    if not _weighty(relation, weight) or not _few(relation, keys):
        return None
    found = _groups(relation, keys)
    size = len(next(iter(found.values()))) if found else 1
    if size > MOST_GROUPS:
        return None
    fields = {field.name: field for parts in answers.values() for field in parts}
    levels = _levels(relation, fields)
    wanted = {
        answer: int(np.prod([len(levels[name]) + 1 for name in answer], dtype=np.int64))
        for answer in answers
        if all(name in levels for name in answer)
    }
    fit = {answer: width for answer, width in wanted.items() if width * size <= max(MOST_CELLS, relation.rows // 8)}
    tables: dict[Answer, Floats] = {}
    whole = Tally(size, [1], relation.rows)
    for batch in _batches(fit, size) or [{}]:
        tally = Tally(size, list(batch.values()), relation.rows)
        for group, weights, codes in _blocks(relation, keys, weight, [fields[n] for n in _names(batch)], levels):
            values = behind(weights)
            tally.add(group, values, [_crossed(codes, answer, levels) for answer in batch])
            if not tables:
                whole.add(group, values, [np.zeros(len(group), dtype=np.uint8)])
        tables |= zip(batch, tally.tables(), strict=True)
    counts, base, squares = next(whole.tables())[:, 0].T
    return Counted(keys=found, sums=Sums(counts=counts, base=base, squares=squares), tables=tables, levels=levels)


def _weighty(relation: Relation, weight: str) -> bool:
    done = relation.link.execute(
        f"SELECT bool_and(coalesce(isfinite(w) AND w >= 0, false)), bool_or(w > 0) "
        f"FROM (SELECT CAST({weight} AS DOUBLE) AS w FROM {relation.name})"
    ).fetchone()
    return done is not None and done[0] is True and done[1] is True


def _few(relation: Relation, keys: Sequence[Field]) -> bool:
    if not keys:
        return True
    values = ", ".join(field.value for field in keys)
    found = relation.link.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT {values} FROM {relation.name} WHERE file_row_number < {FIRST})"
    ).fetchone()
    return found is not None and found[0] <= min(FEW_GROUPS, relation.rows // 2)


def _groups(relation: Relation, keys: Sequence[Field]) -> dict[str, Column]:
    """Make the table of groups; its key columns by group."""
    names = [f"k{i}" for i in range(len(keys))]
    values = ", ".join(f"{field.value} AS {name}" for field, name in zip(keys, names, strict=True)) or "1 AS k0"
    relation.link.execute(
        f"CREATE OR REPLACE TEMP TABLE groups AS "
        f"SELECT *, row_number() OVER (ORDER BY {', '.join(names or ['k0'])}) - 1 AS code "
        f"FROM (SELECT DISTINCT {values} FROM {relation.name})"
    )
    found = relation.link.execute("SELECT * FROM groups ORDER BY code").fetchnumpy()
    return {field.name: _filled(np.ma.asarray(found[name]), field) for field, name in zip(keys, names, strict=True)}


def _filled(found: np.ma.MaskedArray[Any, Any], field: Field) -> Column:
    if not field.text:
        return np.ma.filled(found.astype(float), np.nan)
    texts = found.data.astype(object)
    texts[np.ma.getmaskarray(found)] = None
    return np.asarray(texts)


def _levels(relation: Relation, fields: Mapping[str, Field]) -> dict[str, Column]:
    """Answers of the columns that have few: whole numbers in a short range, or texts."""
    levels: dict[str, Column] = {}
    numbers = [field for field in fields.values() if not field.text]
    asked = ", ".join(f"min({f.value}), max({f.value}), bool_and({f.value} = floor({f.value}))" for f in numbers)
    if numbers:
        found = relation.link.execute(f"SELECT {asked} FROM {relation.name}").fetchone() or ()
        for i, field in enumerate(numbers):
            low, high, whole = found[3 * i : 3 * i + 3]
            if whole and np.isfinite([low, high]).all() and high - low < MOST_LEVELS:
                levels[field.name] = np.arange(low, high + 1)
    for field in (field for field in fields.values() if field.text):
        texts = relation.link.execute(
            f"SELECT DISTINCT {field.expression} AS level FROM {relation.name} WHERE level IS NOT NULL "
            f"ORDER BY level LIMIT {MOST_LEVELS + 1}"
        ).fetchall()
        if 0 < len(texts) <= MOST_LEVELS:
            levels[field.name] = np.array([text for (text,) in texts], dtype=object)
    return levels


def _batches(wanted: Mapping[Answer, int], groups: int) -> list[dict[Answer, int]]:
    """Answers that are counted in one reading of the file: as many as fit in memory."""
    batches: list[dict[Answer, int]] = []
    room = 0
    for answer, width in wanted.items():
        if not batches or groups * width > room:
            batches.append({})
            room = AT_ONCE
        batches[-1][answer] = width
        room -= groups * width
    return batches


def _names(batch: Mapping[Answer, int]) -> list[str]:
    return list(dict.fromkeys(name for answer in batch for name in answer))


def _blocks(
    relation: Relation, keys: Sequence[Field], weight: str, fields: Sequence[Field], levels: Mapping[str, Column]
) -> Iterator[tuple[npt.NDArray[np.intp], Floats, dict[str, Codes]]]:
    """Group, weight and codes of the rows, block by block, each in the order of the file: a rerun adds up the same."""
    same = " AND ".join(f"{field.value} IS NOT DISTINCT FROM k{i}" for i, field in enumerate(keys)) or "true"
    codes = "".join(f", {_code(relation, field, levels[field.name], i)} AS a{i}" for i, field in enumerate(fields))
    for start in range(0, relation.rows, BLOCK):
        found = relation.link.execute(
            f"SELECT file_row_number AS place, code, CAST({weight} AS DOUBLE) AS w{codes} "
            f"FROM {relation.name} JOIN groups ON {same} WHERE file_row_number BETWEEN {start} AND {start + BLOCK - 1}"
        ).fetchnumpy()
        order = np.argsort(np.asarray(found["place"]), kind="stable")  # threads bring the rows in any order
        own = {field.name: np.asarray(found[f"a{i}"])[order] for i, field in enumerate(fields)}
        yield np.asarray(found["code"], dtype=np.intp)[order], np.asarray(found["w"], dtype=float)[order], own


def _code(relation: Relation, field: Field, levels: Column, number: int) -> str:
    gap = len(levels)
    if not field.text:
        return f"CAST(coalesce({field.value} - {float(levels[0])}, {gap}) AS UTINYINT)"
    kind = f"answer{number}"
    relation.link.execute(f"DROP TYPE IF EXISTS {kind}")
    words = ", ".join("'" + str(level).replace("'", "''") + "'" for level in levels)
    relation.link.execute(f"CREATE TYPE {kind} AS ENUM ({words})")
    return f"CAST(coalesce(enum_code(CAST({field.expression} AS {kind})), {gap}) AS UTINYINT)"


def _crossed(codes: Mapping[str, Codes], answer: Answer, levels: Mapping[str, Column]) -> Codes:
    if len(answer) == 1:
        return codes[answer[0]]
    crossed = codes[answer[0]].astype(np.intp)
    for name in answer[1:]:
        crossed = crossed * (len(levels[name]) + 1) + codes[name]
    return crossed
