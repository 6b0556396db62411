"""The drawn sample as a CSV file: one row for each address, with what its answers will carry.

Columns ``stratum``, ``psu``, ``design_weight``, ``district`` (a code of the wave) and ``community`` (shown to the
invited); others, such as the address itself, pass through to the list of codes and are stored nowhere.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.questionnaire.errors import DefinitionError, Problem
from survey.wave.model import Wave
from survey.wave.response import LARGEST_WEIGHT, SampledUnit

COLUMNS = ("stratum", "psu", "design_weight", "district", "community")
ADDED = ("code", "link")
"""Columns of the list of codes, which a sample cannot have."""

LONGEST = 100
"""Characters of a community's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledAddress:
    """One row of the sample."""

    unit: SampledUnit
    district: int
    community: str
    cells: Mapping[str, str]
    """The whole row as it came, by column."""


def read_sample(text: str, wave: Wave) -> tuple[SampledAddress, ...]:
    """The sample written in `text`; `DefinitionError` with every problem and its line."""
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        _require_columns(tuple(reader.fieldnames or ()))
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise DefinitionError([Problem("file", f"not valid CSV: {error}")]) from error
    problems = [problem for line, row in rows for problem in _problems(f"line {line}", row, wave)]
    if not rows:
        problems.append(Problem("file", "has no address"))
    if problems:
        raise DefinitionError(problems)
    return tuple(_address(row) for _, row in rows)


def _require_columns(names: tuple[str, ...]) -> None:
    problems = [Problem("line 1", f'has no column "{name}"') for name in COLUMNS if name not in names]
    problems += [Problem("line 1", f'a sample has no column "{name}": it is added') for name in ADDED if name in names]
    problems += [Problem("line 1", f'names the column "{name}" twice') for name in set(names) if names.count(name) > 1]
    if problems:
        raise DefinitionError(problems)


def _problems(place: str, row: Mapping[str | None, str | None], wave: Wave) -> Iterator[Problem]:
    if None in row or None in row.values():
        yield Problem(place, "has more or fewer cells than the first line")
        return
    for name in COLUMNS:
        if not str(row[name]).strip():
            yield Problem(f"{place} › {name}", "is empty")
    if len(str(row["community"])) > LONGEST:
        yield Problem(f"{place} › community", f"is longer than {LONGEST} characters")
    weight = _number(str(row["design_weight"]))
    if weight is None or not 0 < weight <= LARGEST_WEIGHT:
        told = f'"{row["design_weight"]}" is no number above 0 and at most {LARGEST_WEIGHT:,.0f}'
        yield Problem(f"{place} › design_weight", told)
    codes = {str(district.code) for district in wave.districts}
    if str(row["district"]).strip() not in codes:
        known = ", ".join(sorted(codes, key=int))
        yield Problem(f"{place} › district", f'"{row["district"]}" is no district of wave "{wave.id}": {known}')


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _address(row: Mapping[str, str]) -> SampledAddress:
    kept = {name: row[name].strip() for name in COLUMNS}
    return SampledAddress(
        unit=SampledUnit(stratum=kept["stratum"], psu=kept["psu"], design_weight=float(kept["design_weight"])),
        district=int(kept["district"]),
        community=kept["community"],
        cells=row,
    )
