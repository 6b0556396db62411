"""The door: one data set, written as the ending of the file asks, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
from pyreadstat import PyreadstatError, ReadstatError
from xlsxwriter.exceptions import FileCreateError

from survey.report.export.dataset import Dataset
from survey.report.export.formats.ddi import write_ddi
from survey.report.export.formats.designs import write_do, write_r, write_sps
from survey.report.export.formats.parquet import write_parquet
from survey.report.export.formats.plain import Tell, write_csv, write_xlsx
from survey.report.export.formats.statistical import write_dta, write_sav
from survey.report.writing.files import replacing, writer_for

FORMATS: Mapping[str, Callable[[Dataset, Path, Tell], None]] = {
    ".csv": write_csv,
    ".xlsx": write_xlsx,
    ".sav": write_sav,
    ".dta": write_dta,
    ".parquet": write_parquet,
    ".xml": write_ddi,
    ".r": write_r,
    ".do": write_do,
    ".sps": write_sps,
}
"""By ending, small letters: data, DDI-Codebook, and the lines that declare the design in R, Stata and SPSS."""


def write(data: Dataset, path: Path, tell: Tell = lambda done, total: None) -> None:
    """Write `data` to `path` in the format of its ending; a file that was there stays until the new one is whole.

    Raises
    ------
    UnknownEnding
        There is no such format.
    OSError
        The file cannot be written.
    """
    writer = writer_for(path, FORMATS)
    with replacing(path) as part:
        try:
            writer(replace(data, file=path.stem), part, tell)
        except (
            FileCreateError,
            ReadstatError,
            PyreadstatError,
            duckdb.IOException,
        ) as problem:  # what these libraries make of a full disk
            raise OSError(str(problem)) from problem
