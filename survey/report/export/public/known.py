"""What others may know of a person, and what gives it away: whether a question was asked tells what it hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.questionnaire.model import Missing, MultipleChoice, Number, Question, Questionnaire, SingleChoice
from survey.report.export.dataset import Column, Dataset
from survey.report.export.public.classes import Integers, classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What others may know of a person beside the district.

    `fixed` are questions the weights depend on, whose answers never vary within a class; answers to the `loose` ones
    may be withheld; the `dropped` ones are not published. `behind` names for each question that is asked of some only
    those of them that decide it, directly or through others.
    """

    fixed: tuple[Question, ...]
    loose: tuple[SingleChoice | MultipleChoice, ...]
    dropped: frozenset[str]
    behind: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Columns that are withheld together, by name, and all that they tell others, each of shape (n,)."""

    names: tuple[str, ...]
    tells: tuple[Integers, ...]


def known(data: Dataset) -> Known:
    """What others may know of the people in a data set: its quasi-identifiers."""
    weighted = {variable for margin in data.wave.margins for variable in margin.variables}
    every = [question for question in data.questionnaire.questions() if question.quasi_identifier]
    district = data.wave.district_question
    dropped = {q.id for q in every if isinstance(q, Number) or (isinstance(q, SingleChoice) and q.filter_by)}
    fixed = [q for q in every if isinstance(q, SingleChoice) and q.id in weighted and q.id != district]
    fixed = [q for q in fixed if q.id not in dropped]
    loose = [q for q in every if q not in fixed and q.id != district and q.id not in dropped]
    return Known(
        fixed=tuple(fixed),
        loose=tuple(q for q in loose if isinstance(q, SingleChoice | MultipleChoice)),
        dropped=frozenset(dropped),
        behind=_behind(data.questionnaire, frozenset(q.id for q in every) - {district}),
    )


def together(
    columns: Mapping[str, Column], fixed: Sequence[Integers], about: Known, questionnaire: Questionnaire
) -> list[Together]:
    """What to withhold together, so that no column gives back what another withholds.

    Parameters
    ----------
    columns
        Of the rows that are published, by name.
    fixed
        What is published of every row, each of shape (n,).
    about
        What others may know.
    questionnaire
        Whose rules decide who is asked what.

    Returns
    -------
    list of Together
        First one for each loose question, with every question that hangs on it; then questions that hang only on what
        is published in fewer levels or not at all, where they tell more than `fixed`.
    """
    hanging = [q for q in questionnaire.questions() if about.behind.get(q.id) and q.id not in about.dropped]
    hanging = [q for q in hanging if q not in about.fixed]
    found = [_loose(question, hanging, columns, about) for question in about.loose]
    free = [q for q in hanging if about.behind[q.id].isdisjoint(one.id for one in about.loose)]
    others: dict[bytes, Together] = {}
    for question in free:
        names = parts(question, columns)
        tells = [told for name in names if _says_more(told := _asked(question, columns[name]), fixed)]
        if tells:
            key = b"".join(told.tobytes() for told in tells)
            before = others.get(key, Together(names=(), tells=tuple(tells)))
            others[key] = Together(names=(*before.names, *names), tells=before.tells)
    return [*found, *others.values()]


def parts(question: Question, columns: Mapping[str, Column]) -> list[str]:
    """The columns of a question; none for open texts, which no file holds."""
    if isinstance(question, MultipleChoice):
        return [name for option in question.options if (name := f"{question.id}_{option.code}") in columns]
    return [question.id] if question.id in columns else []


def _behind(questionnaire: Questionnaire, identifying: frozenset[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for section in questionnaire.sections:
        for question in section.questions:
            parents = {one.question for one in (*section.ask_if, *question.ask_if)}
            if isinstance(question, SingleChoice) and question.filter_by:
                parents.add(question.filter_by)
            through = frozenset[str]().union(*(found.get(parent, frozenset()) for parent in parents))
            found[question.id] = through | (parents & identifying)
    return found


def _loose(
    question: SingleChoice | MultipleChoice, hanging: Sequence[Question], columns: Mapping[str, Column], about: Known
) -> Together:
    own = parts(question, columns)
    names, tells = list(own), [columns[name].astype(np.int64) for name in own]
    for other in hanging:
        if question.id in about.behind[other.id]:
            for name in parts(other, columns):
                names.append(name)
                tells.append(_asked(other, columns[name]))
    return Together(names=tuple(names), tells=tuple(_different(tells)))


def _asked(question: Question, column: Column) -> Integers:
    """What it tells of the questions before: whether it was asked, or, where these choose its options, its answer."""
    if isinstance(question, SingleChoice) and question.filter_by:
        return column.astype(np.int64)
    return np.not_equal(column, int(Missing.NOT_ASKED)).astype(np.int64)


def _says_more(told: Integers, fixed: Sequence[Integers]) -> bool:
    before, _ = classes(fixed, len(told))
    after, _ = classes([*fixed, told], len(told))
    return bool(before.max(initial=0) != after.max(initial=0))


def _different(columns: Sequence[Integers]) -> Iterator[Integers]:
    seen = set()
    for column in columns:
        if (key := column.tobytes()) not in seen:
            seen.add(key)
            yield column
