"""One TOML table read with types: what is wrong is noted with its place, and reading goes on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from typing import TypeVar
from unicodedata import normalize

from survey.questionnaire.errors import DefinitionError, Message, Problem
from survey.questionnaire.model import LANGUAGES, Words

ID = re.compile(r"[a-z][a-z0-9_]*")
_POSITION = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")
_ABSENT = object()
TEXT, WHOLE_NUMBER, _EMPTY = Message("a text"), Message("a whole number"), Message("is empty")
_Choice = TypeVar("_Choice", bound=StrEnum)


def decoded(raw: bytes) -> str:
    """The text of a definition file, with or without a byte order mark; DefinitionError when it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        place = Message("line %(line)s", line=line)
        raise DefinitionError([Problem(place, Message("is not UTF-8: save the file as UTF-8"))]) from error


def document(text: str) -> Table:
    """The whole file as a table; DefinitionError when it is not TOML at all."""
    try:
        return Table(tomllib.loads(text), "", [])
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _POSITION.fullmatch(message)
        what = found[1] if found else message
        place = Message("line %(line)s, column %(column)s", line=found[2], column=found[3]) if found else "file"
        raise DefinitionError([Problem(place, Message("not valid TOML: %(what)s", what=what))]) from error


class Table:
    """Typed access to a TOML table.

    A value that is missing or of the wrong type adds a problem and gives a neutral value of the right type, so that
    one reading finds everything. `finish` adds a problem for each key nobody asked for.
    """

    def __init__(self, values: Mapping[str, object], place: str, problems: list[Problem]) -> None:
        self.values = values
        self.place = place
        self.problems = problems
        self._known: set[str] = set()

    def at(self, part: str) -> str:
        """The place of a part of this table."""
        return f"{self.place} › {part}" if self.place else part

    def problem(self, part: str, message: str) -> None:
        """Note what is wrong with a part of this table."""
        self.problems.append(Problem(self.at(part), message))

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self.values

    def _take(self, key: str, wanted: str, default: object) -> object:
        self._known.add(key)
        if key in self.values:
            return self.values[key]
        if default is _ABSENT:
            self.problem(key, Message("is missing: %(wanted)s is needed", wanted=wanted))
        return _ABSENT

    def text(self, key: str, default: object = _ABSENT) -> str:
        """A text that is not empty; without a default it must be there."""
        value = self._take(key, TEXT, default)
        if value is _ABSENT:
            return default if isinstance(default, str) else ""
        if not isinstance(value, str):
            self.problem(key, no_such_value(TEXT, value))
        elif not value.strip() and value != default:
            self.problem(key, _EMPTY)
        else:
            return value
        return ""

    def id(self, key: str = "id") -> str:
        """An identifier: small letters, digits and _, beginning with a letter."""
        value = self.text(key)
        if value and not ID.fullmatch(value):
            words = Message('"%(id)s" is no id: use small letters, digits and _, beginning with a letter', id=value)
            self.problem(key, words)
        return value

    def choice(self, key: str, kinds: type[_Choice]) -> _Choice | None:
        """One of the words of an enumeration."""
        value = self.text(key)
        if value in set(kinds):
            return kinds(value)
        if value:
            self.problem(key, Message('"%(value)s" is none of %(known)s', value=value, known=", ".join(kinds)))
        return None

    def integer(self, key: str, default: object = _ABSENT) -> int:
        """A whole number; without a default it must be there."""
        value = self._take(key, WHOLE_NUMBER, default)
        if value is _ABSENT:
            return default if isinstance(default, int) else 0
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.problem(key, no_such_value(WHOLE_NUMBER, value))
        return default if isinstance(default, int) else 0

    def number(self, key: str, default: object = _ABSENT) -> float:
        """A finite number; without a default it must be there."""
        value = self._take(key, Message("a number"), default)
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return float(value)
        if value is not _ABSENT:
            self.problem(key, no_such_value(Message("a number"), value))
        return float(default) if isinstance(default, int | float) else 0.0

    def flag(self, key: str, default: bool | None = False) -> bool:
        """True or false; with the default None it must be there."""
        value = self._take(key, Message("true or false"), _ABSENT if default is None else default)
        if value is not _ABSENT and not isinstance(value, bool):
            self.problem(key, no_such_value(Message("true or false"), value))
        return value if isinstance(value, bool) else bool(default)

    def day(self, key: str) -> date:
        """A date without a time, written bare: 2026-05-01."""
        value = self._take(key, Message("a date like 2026-05-01"), _ABSENT)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not _ABSENT:
            self.problem(key, no_such_value(Message("a date like 2026-05-01 without quotation marks"), value))
        return date.min

    def integers(self, key: str, default: object = _ABSENT) -> tuple[int, ...]:
        """A list of whole numbers, none twice."""
        return tuple(v for v in self._list(key, Message("a list of whole numbers"), int, default) if isinstance(v, int))

    def texts(self, key: str, default: object = _ABSENT, *, twice: bool = False) -> tuple[str, ...]:
        """A list of texts, none twice unless that is allowed."""
        return tuple(v for v in self._list(key, Message("a list of texts"), str, default, twice) if isinstance(v, str))

    def _list(self, key: str, wanted: str, kind: type, default: object, twice: bool = False) -> tuple[object, ...]:
        value = self._take(key, wanted, default)
        if value is _ABSENT:
            return default if isinstance(default, tuple) else ()
        if not isinstance(value, list) or not all(isinstance(v, kind) and not isinstance(v, bool) for v in value):
            self.problem(key, no_such_value(wanted, value))
            return ()
        for repeated in [] if twice else dict.fromkeys(v for v in value if value.count(v) > 1):
            self.problem(key, Message("names %(value)s twice", value=repeated))
        return tuple(value)

    def words(self, key: str) -> Words:
        """A text in every language."""
        value = self._take(key, Message("a text in %(languages)s", languages=", ".join(LANGUAGES)), _ABSENT)
        if value is _ABSENT:
            return Words("", "", "")
        if not isinstance(value, dict):
            self.problem(key, no_such_value(Message("a table of %(languages)s", languages=", ".join(LANGUAGES)), value))
            return Words("", "", "")
        for extra in sorted(set(value) - set(LANGUAGES)):
            self.problem(f"{key}.{extra}", Message("is no language of the survey"))
        return Words(*(self._said(f"{key}.{language}", value.get(language, _ABSENT)) for language in LANGUAGES))

    def _said(self, part: str, value: object) -> str:
        if value is _ABSENT:
            self.problem(part, Message("this language is missing"))
        elif not isinstance(value, str):
            self.problem(part, no_such_value(TEXT, value))
        elif not value.strip():
            self.problem(part, _EMPTY)
        else:
            return normalize("NFC", value.strip())
        return ""

    def words_if_any(self, key: str) -> Words | None:
        """A text in every language, or None when the key is not written."""
        self._known.add(key)
        return self.words(key) if self.has(key) else None

    def table(self, key: str) -> Table:
        """A table below this one."""
        value = self._take(key, Message("a table"), _ABSENT)
        if value is not _ABSENT and not isinstance(value, dict):
            self.problem(key, no_such_value(Message("a table"), value))
        return Table(value if isinstance(value, dict) else {}, self.at(key), self.problems)

    def tables(self, key: str, noun: str, name: str = "id") -> Iterator[Table]:
        """The tables of a list (``[[key]]``), each with a place that names it: ``noun "id"``, or its number."""
        value = self._take(key, Message("a list of tables"), ())
        if value is _ABSENT:
            return
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, no_such_value(Message("a list of tables"), value))
            return
        for position, item in enumerate(value, start=1):
            label = item.get(name)
            shown = f'"{label}"' if isinstance(label, str) and label else label if isinstance(label, int) else position
            yield Table(item, self.at(f"{noun} {shown}"), self.problems)

    def finish(self) -> None:
        """Note every key that nothing asked for."""
        for key in self.values:
            if key not in self._known:
                self.problem(key, Message("unknown key"))


def no_such_value(wanted: str, value: object) -> Message:
    """What is told of a value of the wrong type."""
    return Message("must be %(wanted)s, not %(found)s", wanted=wanted, found=told(value))


def told(value: object) -> str:
    """A value of the wrong type, as the file's author would call it."""
    match value:
        case bool():
            return Message("true or false")
        case str():
            return Message('the text "%(text)s"', text=value)
        case int() | float():
            return Message("the number %(number)s", number=value)
        case list():
            return Message("this list")
        case dict():
            return Message("a table")
        case _:
            return str(value)
