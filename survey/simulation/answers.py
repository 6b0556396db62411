"""From opinions to filled questionnaires: what respondents say, leave out, pick and write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import (
    Answer,
    Answers,
    FivePoint,
    Missing,
    MultipleChoice,
    Number,
    OpenText,
    Option,
    Question,
    Questionnaire,
    Score,
    Section,
    SingleChoice,
    write_in_id,
)
from survey.questionnaire.validation import completed
from survey.simulation.city.opinions import opinion
from survey.simulation.city.population import City
from survey.simulation.response import pick

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Column = list[Answer | None]

SENTENCES = {
    "zh": (
        "（模拟回答）希望晚上路灯再亮一些。",
        "（模拟回答）希望家附近多几处能坐下休息的地方。",
        "（模拟回答）希望公交车的间隔短一些。",
        "（模拟回答）希望老小区的停车位多一些。",
    ),
    "en": (
        "(Simulated answer) Brighter street lamps at night.",
        "(Simulated answer) More places to sit down near home.",
        "(Simulated answer) Shorter waiting times for buses.",
    ),
    "ko": (
        "(모의 응답) 밤에 가로등이 더 밝았으면 합니다.",
        "(모의 응답) 집 근처에 앉아 쉴 곳이 더 있었으면 합니다.",
        "(모의 응답) 버스 배차 간격이 짧아졌으면 합니다.",
    ),
}
PLACES = {
    "zh": "（模拟回答）家门口的小公园",
    "en": "(Simulated answer) The small park next door",
    "ko": "(모의 응답) 집 앞 작은 공원",
}
FIRST_PICK, NEXT_PICK = 0.35, 0.88
"""How likely the most popular option of a multiple choice is picked, and each further one compared with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondents:
    """Who fills in a questionnaire: rows of the city, shape (n,), and the language of each."""

    city: City
    row: Ints
    language: Sequence[str]
    generator: np.random.Generator

    def random(self) -> Floats:
        """Uniform numbers, shape (n,)."""
        return self.generator.random(len(self.row))


def sheets(questionnaire: Questionnaire, people: Respondents) -> list[Answers]:
    """Complete answers of each respondent, in the order of `people`; the routing is obeyed."""
    columns: dict[str, Column] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            columns[question.id] = _with_gaps(question, _column(section, question, people), people)
            if isinstance(question, SingleChoice | MultipleChoice):
                columns[write_in_id(question.id)] = _write_ins(question.options, columns[question.id], people)
    return [
        completed(
            questionnaire, {name: value for name, column in columns.items() if (value := column[number]) is not None}
        )
        for number in range(len(people.row))
    ]


def _column(section: Section, question: Question, people: Respondents) -> Column:
    match question:
        case FivePoint() | Score():
            return [*opinion(people.city, section.id, question, people.row).tolist()]
        case SingleChoice():
            return [*_choices(question, people).tolist()]
        case MultipleChoice():
            return [*_picks(question, people)]
        case Number(low=low, high=high):
            return [*people.generator.integers(low, high, size=len(people.row), endpoint=True).tolist()]
        case OpenText():
            return [*_texts(people)]
        case _:
            assert_never(question)


def _choices(question: SingleChoice, people: Respondents) -> Ints:
    """What the city knows of the respondents, or else a draw from the assumed shares."""
    known = people.city.groups.get(question.id)
    if known is not None:
        return known[people.row].astype(np.int64)
    offered = [option.code for option in question.options if option.code not in question.ends_if]
    shares = _shares(question.id, len(offered), people)
    if shares is None:
        shares = np.tile(NEXT_PICK ** np.arange(len(offered)), (len(people.row), 1))
    return np.array(offered)[pick(shares, people.generator)]


def _picks(question: MultipleChoice, people: Respondents) -> Column:
    """Some options of each respondent, at most as many as allowed; an exclusive one when there is no other."""
    codes = np.array([option.code for option in question.options if not option.exclusive])
    shares = _shares(question.id, len(codes), people)
    if shares is None:
        shares = np.tile(FIRST_PICK * NEXT_PICK ** np.arange(len(codes)), (len(people.row), 1))
    keys = people.generator.random(shares.shape) / np.maximum(shares, 1e-9)
    most = question.most or len(codes)
    order = np.argsort(keys, axis=1)[:, :most]
    none = tuple(option.code for option in question.options if option.exclusive)[:1]
    picked: Column = []
    for number, best in enumerate(order):
        chosen = tuple(sorted(int(codes[index]) for index in best if keys[number, index] < 1.0))
        picked.append(chosen or none or None)
    return picked


def _shares(question_id: str, options: int, people: Respondents) -> Floats | None:
    """Assumed shares (n, options); None where nothing is assumed.

    Raises
    ------
    ValueError
        When the assumption does not fit the question's options.
    """
    background = people.city.assumptions.background.get(question_id)
    if background is None:
        return None
    table = np.array(background.shares)
    if table.shape[1] != options:
        raise ValueError(f"{question_id}: shares of {table.shape[1]} options are assumed, {options} are offered")
    if background.depends_on is None:
        return np.tile(table[0], (len(people.row), 1))
    return np.asarray(table[people.city.groups[background.depends_on][people.row] - 1])


def _texts(people: Respondents) -> Column:
    writes = people.random() < people.city.assumptions.feelings.open_text
    which = people.random()
    return [
        SENTENCES[language][int(part * len(SENTENCES[language]))] if wrote else None
        for language, wrote, part in zip(people.language, writes, which, strict=True)
    ]


def _write_ins(options: Sequence[Option], column: Column, people: Respondents) -> Column:
    opens = {option.code for option in options if option.write_in}
    return [
        PLACES[language] if opens.intersection(answer if isinstance(answer, tuple) else (answer,)) else None
        for language, answer in zip(people.language, column, strict=True)
    ]


def _with_gaps(question: Question, column: Column, people: Respondents) -> Column:
    """Who does not know, does not want to say, or leaves an optional question blank."""
    feelings = people.city.assumptions.feelings
    if isinstance(question, OpenText):
        return column
    draws = people.random()
    gaps: list[tuple[float, Answer | None]] = []
    if Missing.PREFER_NOT_TO_SAY in question.missing:
        gaps.append((feelings.prefer_not, int(Missing.PREFER_NOT_TO_SAY)))
    if Missing.DONT_KNOW in question.missing:
        gaps.append((feelings.dont_know, int(Missing.DONT_KNOW)))
    if not question.ends_if:
        gaps.append((feelings.left_blank_optional if question.optional else feelings.left_blank, None))
    start = 0.0
    for share, code in gaps:
        gap: Answer | None = (code,) if isinstance(question, MultipleChoice) and isinstance(code, int) else code
        column = [gap if start <= draw < start + share else answer for draw, answer in zip(draws, column, strict=True)]
        start += share
    return column
