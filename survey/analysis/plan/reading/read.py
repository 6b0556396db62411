"""Reading a plan: JSON or TOML, its keys checked before anything is computed."""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from survey.analysis.errors import PlanError

FORMAT = 1
LARGEST = sys.float_info.max
REMARKS = frozenset({"title", "note", "description", "comment"})
PLAN_KEYS = frozenset({"format", "data", "categories", "designs", "ask"})
DESIGN_KEYS = frozenset(
    {"data", "rows", "weights", "strata", "clusters", "nested", "fpc"}
    | {"single_psu", "single_psu_in_domains", "adjust", "replicates"}
)
ASK_KEYS = frozenset(
    {"id", "design", "designs", "statistic", "by", "level", "y", "x", "where", "p", "interval", "threshold"}
    | {"answered", "lower", "upper", "repeat", "plus", "minus", "shared_psus", "formula", "family", "terms"}
    | {"rows", "columns", "kind", "se", "regressors", "method", "data"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of a plan with its place, so that every message can name it.

    Attributes
    ----------
    place : str
        Such as ``ask.overall`` or ``designs.city``.
    content : mapping
    """

    place: str
    content: Mapping[str, Any]

    def key(self, name: str) -> str:
        """Where a key of this section stands."""
        return f"{self.place}.{name}"

    def has(self, name: str) -> bool:
        """Whether the key is there and not null."""
        return self.content.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A text; refused when missing without default."""
        value = self.content.get(name, default)
        if not isinstance(value, str):
            raise PlanError(self.key(name), "is missing" if value is None else f"{value!r} is no text")
        return value

    def choice(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of several words."""
        value, words = self.text(name, default), list(allowed)
        if value not in words:
            near = get_close_matches(value, words, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; it must be one of {', '.join(words)}"
            raise PlanError(self.key(name), f"{value!r} is not known{hint}")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts; one text alone is a list of one, a missing key an empty one."""
        value = self.content.get(name)
        if value is None:
            return []
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            raise PlanError(self.key(name), f"{value!r} is no list of column names")
        return list(values)

    def number(self, name: str, default: float | None = None) -> float:
        """A number; refused when missing without default."""
        value = self.content.get(name, default)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise PlanError(self.key(name), "is missing" if value is None else f"{value!r} is no number")
        if self.has(name) and not abs(value) <= LARGEST:
            raise PlanError(self.key(name), f"{value!r} is no number")
        return float(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.content.get(name, default)
        value = default if value is None else value
        if not isinstance(value, bool):
            raise PlanError(self.key(name), f"{value!r} is neither true nor false")
        return value

    def section(self, name: str) -> Section | None:
        """A table inside this one, or none."""
        value = self.content.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise PlanError(self.key(name), f"{value!r} is no table of keys")
        return Section(place=self.key(name), content=value)

    def check_keys(self, allowed: frozenset[str]) -> None:
        """Refuse keys that nothing reads."""
        for name in self.content:
            if name not in allowed | REMARKS:
                near = get_close_matches(name, sorted(allowed), n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise PlanError(self.key(name), f"this key is not known{hint}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as read: its folder, the hash of its bytes, its designs and asks."""

    folder: Path
    sha256: str
    data: Path | None
    categories: frozenset[str]
    designs: Mapping[str, Section]
    asks: tuple[Section, ...]


def read_plan(path: Path, data: Path | None = None) -> Plan:
    """Read a plan; `data` overrides its data file.

    Raises
    ------
    PlanError
        The file can't be read, or a key is missing, doubled or of the wrong kind; names the key.
    """
    content, digest = _load(path)
    whole = Section(place="plan", content=content)
    for name in whole.content:
        if name not in PLAN_KEYS | REMARKS:
            near = get_close_matches(name, sorted(PLAN_KEYS), n=1)
            raise PlanError(name, f"this key is not known{f'; did you mean {near[0]}?' if near else ''}")
    if content.get("format") != FORMAT or isinstance(content.get("format"), bool):
        raise PlanError("format", f"must be {FORMAT}, the plan has {content.get('format')!r}")
    named = whole.text("data") if whole.has("data") else None
    return Plan(
        folder=path.parent,
        sha256=digest,
        data=data if data is not None else path.parent / named if named is not None else None,
        categories=frozenset(whole.texts("categories")),
        designs=_designs(content),
        asks=_asks(content),
    )


def _load(path: Path) -> tuple[dict[str, Any], str]:
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        content = tomllib.loads(text) if path.suffix.lower() == ".toml" else _json(text)
    except OSError as problem:
        raise PlanError("plan", f"{path} can't be read: {problem.strerror}") from problem
    except (ValueError, RecursionError) as problem:
        raise PlanError("plan", f"{path.name} can't be read: {problem}") from problem
    if not isinstance(content, dict):
        raise PlanError("plan", f"{path.name} is no table of keys")
    return content, hashlib.sha256(raw).hexdigest()


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(pairs)
        if len(content) < len(pairs):
            names = [name for name, _ in pairs]
            double = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"the key {double!r} is there twice in one table")
        return content

    return json.loads(text, object_pairs_hook=once)


def _designs(content: Mapping[str, Any]) -> dict[str, Section]:
    designs = content.get("designs", {})
    if not isinstance(designs, dict):
        raise PlanError("designs", "must map names to designs")
    for name, value in designs.items():
        if not isinstance(value, dict):
            raise PlanError(f"designs.{name}", f"{value!r} is no table of keys")
    return {name: Section(place=f"designs.{name}", content=value) for name, value in designs.items()}


def _asks(content: Mapping[str, Any]) -> tuple[Section, ...]:
    asks = content.get("ask")
    if not isinstance(asks, list):
        raise PlanError("ask", "is missing" if asks is None else "must be a list")
    sections, seen = [], set()
    for number, ask in enumerate(asks):
        if not isinstance(ask, dict):
            raise PlanError(f"ask[{number}]", f"{ask!r} is no table of keys")
        name = ask.get("id")
        if not isinstance(name, str) or not name:
            raise PlanError(f"ask[{number}].id", "is missing" if name is None else f"{name!r} is no text")
        if name in seen:
            raise PlanError(f"ask[{number}].id", f"{name!r} is there twice")
        seen.add(name)
        sections.append(Section(place=f"ask.{name}", content=ask))
    return tuple(sections)
