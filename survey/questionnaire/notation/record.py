"""Frozen dataclasses to plain JSON values and back, led by their type hints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


def to_json(record: object) -> str:
    """Canonical JSON: sorted keys, no spaces, and no field that is absent by default (None, false, nothing in it).

    So a field added later keeps the text, and the hash, of what was published before. Defaults that say something
    (which codes count as satisfied) are written, for what is published must not follow a default that changes.
    """
    return json.dumps(plain(record), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(kind: type, text: str) -> Any:
    """The record of type `kind` that `to_json` wrote; ValueError, KeyError or TypeError for any other text."""
    return _restored(kind, json.loads(text))


def plain(value: object) -> object:
    """The value as JSON can hold it. A class that is one of several is told by its `kind`."""
    if is_dataclass(value) and not isinstance(value, type):
        held = {f.name: plain(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name) != _absent(f)}
        return held if "kind" in held or not hasattr(value, "kind") else {"kind": value.kind, **held}
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return [plain(one) for one in value]
        case Mapping():
            return {str(plain(key)): plain(one) for key, one in value.items()}
        case _:
            return value


def _absent(field: Any) -> object:
    return MISSING if field.default is MISSING or field.default else field.default


def _restored(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin is UnionType:
        return _restored_union(get_args(kind), value)
    if origin is tuple:
        return _restored_tuple(get_args(kind), value)
    if origin is Mapping:
        of_key, of_value = get_args(kind)
        return MappingProxyType({of_key(int(key)): _restored(of_value, one) for key, one in value.items()})
    if is_dataclass(kind):
        return _restored_record(kind, value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is float:
        return float(value)
    if not isinstance(value, kind) and not issubclass(kind, Enum):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return kind(value)


def _restored_record(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    hints = _hints(kind)
    held = {name: one for name, one in value.items() if name != "kind" or "kind" in hints}
    unknown = held.keys() - hints.keys()
    if unknown:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: _restored(hints[name], one) for name, one in held.items()})


def _restored_tuple(parts: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if parts[-1] is Ellipsis:
        return tuple(_restored(parts[0], one) for one in value)
    return tuple(_restored(part, one) for part, one in zip(parts, value, strict=True))


def _restored_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None
    held = [kind for kind in kinds if kind is not NoneType]
    if len(held) == 1:
        return _restored(held[0], value)
    by_kind = {kind.kind: kind for kind in held}
    return _restored(by_kind[value["kind"]], value)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
