"""The variables of a microdata file: names, labels, codes, and an order that later questionnaires only add to.

A column is named by the question's id (a multiple choice has one column an option: ``id_code``), and an id is never
used again for another question. The columns of the first version of a questionnaire come first, in the order of
asking; each later version adds its own at the end. A question that was dropped keeps its column, filled with
`Missing.NOT_ASKED`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from survey.language import COLON, Say
from survey.questionnaire.model import (
    FivePoint,
    MultipleChoice,
    Number,
    OpenText,
    Question,
    Questionnaire,
    Score,
    SingleChoice,
)

Codes = tuple[tuple[int | str, str], ...]
"""Code → label; texts as codes only in columns of texts."""


class Level(StrEnum):
    """Level of measurement."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SCALE = "scale"


class Role(StrEnum):
    """What a column is for."""

    WEIGHT = "weight"
    DESIGN = "design"
    ABOUT = "about"
    ITEM = "item"
    MARGIN = "margin"
    REPLICATE = "replicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column: its label, the question behind it, what its codes mean and which of them are missing."""

    name: str
    label: str
    role: Role
    level: Level
    text: str = ""
    question: str = ""
    codes: Codes = ()
    missing: Codes = ()
    is_text: bool = False


def versions_up_to(wanted: Questionnaire, published: Iterable[Questionnaire]) -> tuple[Questionnaire, ...]:
    """The versions of a questionnaire up to the wanted one, by their version numbers, the oldest first."""
    earlier = [one for one in published if one.id == wanted.id and _number(one) < _number(wanted)]
    return (*sorted(earlier, key=_number), wanted)


def items(versions: Iterable[Questionnaire], language: str, say: Say) -> dict[str, Variable]:
    """Every item column by its name, in the stable order; labels as in the newest version that asks it."""
    found: dict[str, Variable] = {}
    for questionnaire in versions:
        for question in questionnaire.questions():
            found.update((one.name, one) for one in _columns(question, questionnaire, language, say))
    return found


def _number(questionnaire: Questionnaire) -> tuple[tuple[int, str], ...]:
    """Versions in the order people count: 2026.2 before 2026.10."""
    parts = re.findall(r"\d+|\D+", questionnaire.version)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def _columns(question: Question, questionnaire: Questionnaire, language: str, say: Say) -> Iterator[Variable]:
    label, text = question.label[language], question.text[language]
    missing: Codes = tuple(
        (int(code), words[language]) for code, words in sorted(questionnaire.missing_labels.items(), reverse=True)
    )
    match question:
        case FivePoint(points=points):
            codes: Codes = tuple((point.code, point.label[language]) for point in points)
            level = Level.ORDINAL
        case Score():
            codes = ((question.low, question.low_label[language]), (question.high, question.high_label[language]))
            level = Level.ORDINAL
        case SingleChoice(options=options):
            codes, level = tuple((option.code, option.label[language]) for option in options), Level.NOMINAL
        case Number():
            codes, level = (), Level.SCALE
        case MultipleChoice(options=options):
            for option in options:
                yield Variable(
                    name=f"{question.id}_{option.code}",
                    label=f"{label}{COLON[language]}{option.label[language]}",
                    role=Role.ITEM,
                    level=Level.NOMINAL,
                    text=text,
                    question=question.id,
                    codes=((1, say("chosen")), (0, say("not chosen"))),
                    missing=missing,
                )
            return
        case OpenText():
            return
        case _:
            assert_never(question)
    yield Variable(
        name=question.id,
        label=label,
        role=Role.ITEM,
        level=level,
        text=text,
        question=question.id,
        codes=codes,
        missing=missing,
    )
