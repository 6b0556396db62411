"""Writing a file so that nobody ever sees half of it, and choosing its format by its ending."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from survey.report.errors import UnknownEnding

_Writer = TypeVar("_Writer")


def writer_for(path: Path, writers: Mapping[str, _Writer]) -> _Writer:
    """The writer for the ending of `path`; `UnknownEnding` names those there are."""
    try:
        return writers[path.suffix.lower()]
    except KeyError:
        known = ", ".join(sorted(writers))
        raise UnknownEnding(
            f"{path}: files ending in {path.suffix or 'nothing'} cannot be written; use {known}."
        ) from None


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step (`replacing`)."""
    with replacing(path) as part:
        part.write_bytes(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new file beside `path` to write to: takes its place when all went well, is gone when not (OSError)."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
