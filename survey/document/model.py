"""A report as it is written down: every text in the reader's language, every number already in words.

The same document becomes a PDF and a Word file, so that the two never say different things. It holds plain texts only
and can be sent to another process.
"""

from __future__ import annotations

from dataclasses import dataclass

SHORT = 12
"""Rows of a table that is kept on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Sentences one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Terms and what stands for them; an empty text is a line left free to be written on."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table. The widths of a table's columns add up to 1."""

    head: str
    width: float
    number: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a table; its first cell is its head. A cell may have a second line after a line feed."""

    cells: tuple[str, ...]
    strong: bool = False
    hidden: bool = False
    """Whether a figure of it may not be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A head between the rows of a table."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A numbered table with its notes."""

    label: str
    caption: str
    columns: tuple[Column, ...]
    lines: tuple[Line | Group, ...]
    notes: tuple[str, ...] = ()

    @property
    def short(self) -> bool:
        """Whether it should stand on one page."""
        return len(self.lines) <= SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A numbered figure: a vector picture and the same in words."""

    label: str
    caption: str
    alternative: str
    svg: str


Block = Paragraph | Points | Facts | Table | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter (level 1) or a section of one (level 2)."""

    id: str
    number: str
    title: str
    level: int
    blocks: tuple[Block, ...]
    fresh: bool
    """Begins a page."""
    wide: bool = False
    """Printed across the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The first page."""

    title: str
    kind: str
    place: str
    facts: Facts
    marks: Facts
    """Of a government survey form."""
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report."""

    language: str
    cover: Cover
    band: str
    """Stands on every page of a simulated wave; empty for a real one."""
    contents: str
    """Head of the table of contents."""
    chapters: tuple[Chapter, ...]

    @property
    def title(self) -> str:
        """Title and place in one line."""
        return f"{self.cover.title} · {self.cover.kind} · {self.cover.place}"
