"""Answers gathered into columns a few responses at a time, while the processor still holds them close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import (
    Answer,
    FivePoint,
    Missing,
    MultipleChoice,
    Number,
    Question,
    Questionnaire,
    Score,
    SingleChoice,
)
from survey.wave.response import Response

Codes = npt.NDArray[np.signedinteger[Any]]
"""Codes in the shortest type that holds them all."""
Rows = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

CHUNK = 250
"""Responses read at a time: their answers fit into a processor's own memory."""
CODED = (FivePoint, Score, SingleChoice, Number)
BLANK = int(Missing.LEFT_BLANK)
_Answered = Sequence[dict[str, Answer]]


@dataclass(slots=True)
class Numbers:
    """A question answered by one number."""

    question: Question
    parts: list[npt.NDArray[np.int64]] = field(default_factory=list)

    def read(self, answered: _Answered) -> None:
        """Take the answers of some more responses."""
        codes = map(dict.get, answered, repeat(self.question.id), repeat(BLANK))
        self.parts.append(np.fromiter(cast(Iterable[int], codes), np.int64, len(answered)))

    def codes(self) -> Codes:
        """The column, shape (n,)."""
        return shortest(np.concatenate([np.zeros(0, dtype=np.int64), *self.parts]))


@dataclass(slots=True)
class Choices:
    """A multiple choice: which options were chosen, or why none was."""

    question: MultipleChoice
    sizes: list[int] = field(default_factory=list)
    given: list[int] = field(default_factory=list)

    def read(self, answered: _Answered) -> None:
        """Take the answers of some more responses."""
        chosen = [_chosen(one) for one in map(dict.get, answered, repeat(self.question.id), repeat(BLANK))]
        self.sizes.extend(map(len, chosen))
        self.given.extend(chain.from_iterable(chosen))

    def columns(self) -> tuple[tuple[int, Codes], ...]:
        """For each option a column, shape (n,): 1 chosen, 0 not, or the negative code of a question not answered."""
        sizes, given = np.array(self.sizes, dtype=np.intp), np.array(self.given, dtype=np.int64)
        row = np.repeat(np.arange(sizes.size), sizes)
        why = np.zeros(sizes.size, dtype=np.int64)
        alone = (sizes[row] == 1) & (given < 0)
        why[row[alone]] = given[alone]

        def of(option: int) -> Codes:
            marked = why.copy()
            marked[row[given == option]] = 1
            return shortest(marked)

        return tuple((option.code, of(option.code)) for option in self.question.options)


@dataclass(slots=True)
class Gathered:
    """Responses as columns, in the order in which they came."""

    numbers: dict[str, Numbers]
    choices: dict[str, Choices]
    about: dict[str, list[Any]]
    """What is known of a response beside its answers, by the names of `ABOUT`."""

    @classmethod
    def of(cls, responses: Iterable[Response], questionnaire: Questionnaire) -> Gathered:
        """Columns of every question that is not answered in words."""
        questions = tuple(questionnaire.questions())
        gathered = cls(
            numbers={one.id: Numbers(one) for one in questions if isinstance(one, CODED)},
            choices={one.id: Choices(one) for one in questions if isinstance(one, MultipleChoice)},
            about={name: [] for name in ABOUT},
        )
        columns: list[Numbers | Choices] = [*gathered.numbers.values(), *gathered.choices.values()]
        waiting = iter(responses)
        while chunk := list(islice(waiting, CHUNK)):
            answered = [one.answers if isinstance(one.answers, dict) else dict(one.answers) for one in chunk]
            for column in columns:
                column.read(answered)
            for name, read in ABOUT.items():
                gathered.about[name].extend(map(read, chunk))
        return gathered

    def texts(self, name: str, rows: Rows) -> npt.NDArray[np.str_]:
        """One of `ABOUT`, in the order of `rows`."""
        return np.array(self.about[name], dtype=np.str_)[rows]

    def eligible(self) -> Rows:
        """Rows of those whom no answer screened out, sorted by random ids so that no order of arrival is left."""
        ids = self.about["submission_id"]
        kept = np.ones(len(ids), dtype=np.bool_)
        for column in self.numbers.values():
            if column.question.ends_if:
                kept &= ~np.isin(column.codes(), column.question.ends_if)
        order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.intp)
        return order[kept[order]]


def _chosen(answer: Answer) -> tuple[int, ...]:
    if type(answer) is tuple:
        return answer
    return (answer,) if isinstance(answer, int) and answer < 0 else ()


def shortest(codes: npt.NDArray[np.int64]) -> Codes:
    """The same codes in the shortest type that holds them all."""
    low, high = int(codes.min(initial=0)), int(codes.max(initial=0))
    kinds = (np.int8, np.int16, np.int32)
    kind = next((one for one in kinds if np.iinfo(one).min <= low and high <= np.iinfo(one).max), np.int64)
    return codes.astype(kind)


def _weight(response: Response) -> float:
    return response.sampled.design_weight if response.sampled else 1.0


def _stratum(response: Response) -> str:
    return response.sampled.stratum if response.sampled else ""


def _psu(response: Response) -> str:
    return response.sampled.psu if response.sampled else response.submission_id


ABOUT: dict[str, Callable[[Response], Any]] = {
    "submission_id": attrgetter("submission_id"),
    "weight": _weight,
    "stratum": _stratum,
    "psu": _psu,
    "mode": lambda response: response.mode.value,
    "language": attrgetter("language"),
}
"""How to read what is known of a response beside its answers. One without a sampled unit is a unit of its own."""
