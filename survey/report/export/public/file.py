"""The public-use file: what anybody may have, and what was done so that nobody in it can be recognised.

k-anonymity: every row looks like at least `SMALLEST_CLASS` - 1 others in everything that others may know of a person.

- Who no margin counts (few, and easily recognised) is left out, as are street or town, numbers such as exact ages,
  texts, the language of the answers, the design weight and everything else that points to a community.
- Neighbouring levels of what the weights depend on (age, sex …) are joined for everybody; rows that stay in too small
  a class all the same are left out, and the others of their weighting area weigh the more.
- Other background answers have at most `MOST_LEVELS` levels and are withheld row by row where a class is too small.
- Weights are averaged within the classes, so that a weight tells nothing that the class does not.
- Strata and PSUs get numbers by chance, new in each file, and rows are in the order of these numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.language import say as speaking
from survey.questionnaire.model import MultipleChoice, Number, Question, SingleChoice
from survey.report.errors import NoAnswers
from survey.report.export.dataset import Column, Dataset
from survey.report.export.public.classes import (
    Groups,
    Integers,
    classes,
    coarsened,
    large_enough,
    recoded,
    withhold,
)
from survey.report.export.public.words import notes, published_variable
from survey.report.export.variables import Role
from survey.report.frame import AREA

SMALLEST_CLASS = 5
MOST_LEVELS = 3
TOLERATED = 0.01
"""Share of the rows that is rather left out than that levels are joined for everybody."""
WITHHELD = -5
"""Code of an answer that is not published; below the codes of `Missing`."""
_KEPT = ("wave", "weight", "stratum", "psu", "channel", "mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What others may know of a person beside the district.

    `fixed` are questions the weights depend on, whose answers never vary within a class; answers to the `loose` ones
    may be withheld; the `dropped` ones are not published.
    """

    fixed: tuple[Question, ...]
    loose: tuple[Question, ...]
    dropped: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Rows that may be published, what was joined, and how many rows were left out."""

    columns: Mapping[str, Column]
    groups: Mapping[str, Groups]
    left_out: int


def public(data: Dataset, generator: np.random.Generator, k: int = SMALLEST_CLASS) -> Dataset:
    """The public-use file of a confidential data set.

    Parameters
    ----------
    data
        As `dataset` makes it.
    generator
        Gives strata and PSUs their numbers: not to be foreseen by anybody, or they could be undone.
    k
        Smallest class.

    Raises
    ------
    NoAnswers
        So few answered that nothing can be published.
    """
    known = _known(data)
    inside = data.columns["inside_margins"] == 1
    columns = {name: column[inside] for name, column in data.columns.items()}
    names = [question.id for question in known.fixed]
    geography = [_numbered(columns["stratum"]), _codes(columns, data.wave.district_question)]
    groups = large_enough(geography, [_codes(columns, name) for name in names], k, TOLERATED)
    joined = {name: recoded(_codes(columns, name), found) for name, found in zip(names, groups, strict=True)}
    fixed = [*geography, *joined.values()]
    cell, count = classes(fixed, int(inside.sum()))
    stays = count >= k
    if not stays.any():
        raise NoAnswers(f'Wave "{data.wave.id}": too few answered for a public file.')
    weight = _averaged(_raised(columns, stays), cell[stays])
    columns = {name: column[stays] for name, column in {**columns, **joined}.items()} | {"weight": weight}
    coarse = {q.id: coarsened(_codes(columns, q.id), MOST_LEVELS) for q in known.loose if isinstance(q, SingleChoice)}
    columns |= {name: recoded(_codes(columns, name), found) for name, found in coarse.items()}
    made = _Made(
        columns=_without(columns, [column[stays] for column in fixed], known, k),
        groups={**dict(zip(names, groups, strict=True)), **coarse},
        left_out=int((~stays).sum()),
    )
    return _published(data, made, known, generator, k)


def _known(data: Dataset) -> _Known:
    weighted = {variable for margin in data.wave.margins for variable in margin.variables}
    every = [question for question in data.questionnaire.questions() if question.quasi_identifier]
    district = data.wave.district_question
    dropped = {q.id for q in every if isinstance(q, Number) or (isinstance(q, SingleChoice) and q.filter_by)}
    fixed = [q for q in every if isinstance(q, SingleChoice) and q.id in weighted and q.id != district]
    fixed = [q for q in fixed if q.id not in dropped]
    loose = [q for q in every if q not in fixed and q.id != district and q.id not in dropped]
    return _Known(
        fixed=tuple(fixed),
        loose=tuple(q for q in loose if isinstance(q, SingleChoice | MultipleChoice)),
        dropped=frozenset(dropped),
    )


def _codes(columns: Mapping[str, Column], name: str) -> Integers:
    return columns[name].astype(np.int64)


def _numbered(column: Column) -> Integers:
    return np.unique(column, return_inverse=True)[1].astype(np.int64)


def _raised(columns: Mapping[str, Column], stays: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Column:
    """Weights of the rows that stay, each area weighing as much as before."""
    area, weight = _numbered(columns[AREA]), columns["weight"].astype(np.float64)
    before, after = np.bincount(area, weight), np.bincount(area, weight * stays)
    factor = np.divide(before, after, out=np.ones_like(before), where=after > 0)
    return (weight * factor[area])[stays]


def _averaged(weight: Column, cell: Integers) -> Column:
    """Each weight replaced by the mean of its class, so that the sum of each class stays."""
    sums, sizes = np.bincount(cell, weight.astype(np.float64)), np.bincount(cell)
    return sums[cell] / sizes[cell]


def _without(columns: Mapping[str, Column], fixed: Sequence[Integers], known: _Known, k: int) -> dict[str, Column]:
    """The columns with what makes a row stand out withheld; the mode of answering counts as known too."""
    parts = [_parts(question, columns) for question in known.loose]
    loose = [[_codes(columns, name) for name in part] for part in parts]
    modes = _numbered(columns["mode"])
    done = withhold(fixed, [*loose, [modes]], k)
    found = dict(columns)
    for place, part in enumerate(parts):
        for name in part:
            found[name] = np.where(done.withheld[:, place], WITHHELD, _codes(columns, name))
    found["mode"] = np.where(done.withheld[:, len(parts)], "", columns["mode"])
    return found


def _parts(question: Question, columns: Mapping[str, Column]) -> list[str]:
    if isinstance(question, MultipleChoice):
        return [name for option in question.options if (name := f"{question.id}_{option.code}") in columns]
    return [question.id]


def _published(data: Dataset, made: _Made, known: _Known, generator: np.random.Generator, k: int) -> Dataset:
    say = speaking(data.language)
    stratum, psu = (_by_chance(made.columns[name], generator) for name in ("stratum", "psu"))
    numbered = {**made.columns, "stratum": stratum, "psu": psu}
    if not data.clustered:
        numbered |= {"stratum": np.ones_like(stratum), "psu": generator.permutation(len(psu)).astype(np.int64) + 1}
    order = np.lexsort([generator.random(len(psu)), numbered["psu"], numbered["stratum"]])
    loose = {question.id for question in known.loose}
    variables = tuple(
        published_variable(one, made.groups.get(one.name, ()), WITHHELD if one.question in loose else None, say)
        for one in data.variables
        if one.name in _KEPT or (one.role is Role.ITEM and one.question not in known.dropped)
    )
    withheld = {one.label: float((numbered[one.name] == WITHHELD).mean()) for one in variables if one.role is Role.ITEM}
    return replace(
        data,
        variables=variables,
        columns={one.name: numbered[one.name][order] for one in variables},
        margins=(),
        replicates=0,
        notes=(*data.notes[:-1], *notes(k, made.left_out, withheld, data.language, say)),
        public=True,
    )


def _by_chance(column: Column, generator: np.random.Generator) -> Integers:
    """Numbers from 1 in a random order in place of names."""
    codes = _numbered(column)
    return (generator.permutation(int(codes.max()) + 1)[codes] + 1).astype(np.int64)
