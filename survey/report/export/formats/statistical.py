"""SPSS and Stata: variable labels, value labels, and codes that each program knows as missing.

The codes -1 … of `Missing` stay numbers in SPSS, where they are declared user-missing; Stata has letters for them:
-1 is .a, -2 is .b and so on.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from survey.report.export.dataset import Dataset
from survey.report.export.formats.plain import Tell
from survey.report.export.variables import Variable

SPSS_NAME, SPSS_LABEL, SPSS_VALUE_LABEL, SPSS_FILE_LABEL, SPSS_NOTE = 64, 255, 120, 64, 80
"""Longest in bytes of UTF-8; longer notes are broken into lines."""
BUFFERED = 1 << 20
"""Bytes under which the writer may notice a full disk only when it closes the file, and then does not say so."""
STATA_NAME, STATA_LABEL, STATA_FILE_LABEL, STATA_VALUE_LABEL = 32, 80, 80, 32_000
"""Longest in characters; value labels in bytes."""


def write_sav(data: Dataset, path: Path, tell: Tell) -> None:
    """SPSS system file."""
    names = {variable.name: short(variable.name, SPSS_NAME) for variable in data.variables}
    pyreadstat.write_sav(
        _table(data, names),
        path,
        file_label=cut(data.title, SPSS_FILE_LABEL),
        column_labels={names[one.name]: cut(one.label, SPSS_LABEL) for one in data.variables},
        note=[line for note in data.notes for line in _lines(note, SPSS_NOTE)],
        variable_value_labels={
            names[one.name]: _spss_labels(one)
            for one in data.variables
            if (one.codes or one.missing) and not one.is_text
        },
        missing_ranges={
            names[one.name]: [{"lo": min(_codes(one)), "hi": max(_codes(one))}] for one in data.variables if one.missing
        },
        variable_measure={names[one.name]: one.level.value for one in data.variables},
        row_compress=True,
    )
    if path.stat().st_size < BUFFERED:
        pyreadstat.read_sav(path)
    tell(data.rows, data.rows)


def write_dta(data: Dataset, path: Path, tell: Tell) -> None:
    """Stata file, readable from Stata 14 on."""
    names = stata_names(data)
    table = _table(data, names)
    letters: dict[str, list[str]] = {}
    for variable in data.variables:
        if variable.missing:
            column = table[names[variable.name]].astype(object)
            for code in _codes(variable):
                column[column == code] = letter(code)
            table[names[variable.name]] = column
            letters[names[variable.name]] = sorted(letter(code) for code in _codes(variable))
    pyreadstat.write_dta(
        table,
        path,
        version=14,
        file_label=data.title[:STATA_FILE_LABEL],
        column_labels={names[one.name]: _shown(one.label, STATA_LABEL) for one in data.variables},
        variable_value_labels={
            names[one.name]: _stata_labels(one)
            for one in data.variables
            if (one.codes or one.missing) and not one.is_text
        },
        missing_user_values=letters,
    )
    tell(data.rows, data.rows)


def stata_names(data: Dataset) -> Mapping[str, str]:
    """The name each column has in Stata."""
    return {variable.name: short(variable.name, STATA_NAME) for variable in data.variables}


def letter(code: int) -> str:
    """The letter of Stata's missing value for a missing code: a for -1, b for -2 …"""
    return string.ascii_lowercase[-code - 1]


def short(name: str, longest: int) -> str:
    """A name that fits: a longer one keeps its beginning and ends in a few signs of its digest, so that none meet."""
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: longest - 7]}_{digest}"


def cut(text: str, longest: int) -> str:
    """The text within `longest` bytes of UTF-8, an ellipsis where something was cut off."""
    if len(text.encode()) <= longest:
        return text
    return text.encode()[: longest - 3].decode(errors="ignore") + "…"


def _shown(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _lines(text: str, longest: int) -> list[str]:
    """The text in pieces of at most `longest` bytes, broken between characters."""
    lines, line = [], ""
    for sign in text:
        if len((line + sign).encode()) > longest:
            lines.append(line)
            line = ""
        line += sign
    return [*lines, line]


def _codes(variable: Variable) -> list[int]:
    return [int(code) for code, _ in variable.missing]


def _spss_labels(variable: Variable) -> dict[int | float, str]:
    return {int(code): cut(label, SPSS_VALUE_LABEL) for code, label in (*variable.codes, *variable.missing)}


def _stata_labels(variable: Variable) -> dict[Any, str]:
    labels: dict[Any, str] = {int(code): cut(label, STATA_VALUE_LABEL) for code, label in variable.codes}
    return labels | {letter(int(code)): label for code, label in variable.missing}


def _table(data: Dataset, names: Mapping[str, str]) -> pd.DataFrame:
    """Whole numbers as numbers of their kind, texts as objects (pyreadstat looks at the type)."""
    columns = {}
    for variable in data.variables:
        column = data.columns[variable.name]
        columns[names[variable.name]] = column.astype(object) if variable.is_text else np.asarray(column)
    return pd.DataFrame(columns)
