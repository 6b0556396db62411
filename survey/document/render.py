"""Writing a report by its file ending: in this process, or in one of its own.

The libraries that lay out pages, with their fonts, weigh several times what a web worker holds. A worker never
imports them: it sends the document, which is plain texts, to a process that ends with the file.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module

from survey.document.errors import WritingFailed
from survey.document.model import Document

WRITERS: Mapping[str, str] = {
    ".pdf": "survey.document.pdf.write:pdf",
    ".docx": "survey.document.word.write:docx",
}
"""Ending → the function that writes it, imported when it is called."""

LONGEST = 300
"""Seconds a process of its own may take."""


def write(document: Document, ending: str) -> bytes:
    """The file's content, written in this process.

    Raises
    ------
    WritingFailed
        A library of the system is missing; the message names it.
    """
    module, name = WRITERS[ending].split(":")
    try:
        writer = getattr(import_module(module), name)
    except OSError as problem:
        raise WritingFailed(
            f"A library that lays out pages is missing (see RUN_PACKAGES in the Makefile): {problem}"
        ) from problem
    written: bytes = writer(document)
    return written


def write_apart(document: Document, ending: str) -> bytes:
    """The file's content, written in a process of its own; `WritingFailed` says what that process said last."""
    command = [sys.executable, "-m", "survey.document.render", ending]
    try:
        done = subprocess.run(command, input=pickle.dumps(document), capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as problem:
        raise WritingFailed(f"The report was not finished after {LONGEST} seconds.") from problem
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise WritingFailed(said[-1] if said else f"The writing process ended with status {done.returncode}.")
    return done.stdout


def main() -> None:
    """The process of its own: a document comes in, a file goes out. Reads only what its parent sends."""
    document = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(write(document, sys.argv[1]))


if __name__ == "__main__":
    main()
