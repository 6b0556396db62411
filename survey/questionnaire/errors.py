"""What can be wrong with a definition file, told with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self


class Message(str):
    """A text in plain English that remembers how it was made, so that the edge can say it in another language.

    `text` stands in the catalogues; `values` are what it names, messages themselves where they are words.
    """

    text: str
    values: Mapping[str, object]

    def __new__(cls, text: str, /, **values: object) -> Self:
        made = super().__new__(cls, text % values if values else text)
        made.text, made.values = text, values
        return made

    def said(self, say: Callable[[str], str]) -> str:
        """The message in the language of `say`, which gives a text of the catalogues."""
        words = say(self.text)
        return words % {name: said(value, say) for name, value in self.values.items()} if self.values else words


def said(value: object, say: Callable[[str], str]) -> str:
    """A message in the language of `say`; anything else as it is written."""
    return value.said(say) if isinstance(value, Message) else str(value)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it stands (``section "safety" › question "safe_crime" › text.ko``) and what is wrong."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class DefinitionError(Exception):
    """A definition (questionnaire, plan or wave) that cannot be used; tells all problems at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
