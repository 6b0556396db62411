"""A disk without room: an error of the system, no half file, and what was there stays."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_city import questionnaire, sample, wave

from survey.report.export.dataset import Dataset, dataset
from survey.report.export.write import FORMATS, write
from survey.report.results import examine
from survey.wave.model import Channel


@pytest.fixture(scope="module")
def data() -> Dataset:
    return dataset(examine(sample(), wave(), questionnaire(), Channel.INVITED, "plan"), "zh")


@contextmanager
def no_room(size: int) -> Iterator[None]:
    """No file may grow over `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # archives that close over the full disk
@pytest.mark.parametrize("ending", [ending for ending in FORMATS if ending not in (".r", ".do", ".sps")])
def test_a_full_disk_is_an_error_of_the_system_and_leaves_what_was_there(
    data: Dataset, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"file{ending}"
    path.write_text("before", encoding="utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with no_room(900), pytest.raises(OSError, match=r"."):
        write(data, path)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.read_text(encoding="utf-8") == "before"
