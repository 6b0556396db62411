"""The public-use file: what anybody may have, and what was done so that nobody in it can be recognised.

k-anonymity: every row looks like at least `SMALLEST_CLASS` - 1 others in everything that others may know of a person.

- Who no margin counts (few, and easily recognised) is left out, as are street or town, numbers such as exact ages,
  texts, the language of the answers, the design weight and everything else that points to a community.
- Neighbouring levels of what the weights depend on (age, sex …) are joined for everybody; rows that stay in too small
  a class all the same are left out, and the others of their weighting area weigh the more.
- Other background answers have at most `MOST_LEVELS` levels and are withheld row by row where a class is too small,
  and with them every question that hangs on them: whether it was asked would give the answer back.
- Districts with fewer answers than the pages show figures for are one district, and one stratum.
- Weights are averaged within the classes, so that a weight tells nothing that the class does not.
- Strata and PSUs get numbers by chance, new in each file, and rows are in the order of these numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.language import say as speaking
from survey.questionnaire.model import SingleChoice
from survey.report.errors import TooFewForPublic
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
from survey.report.export.public.districts import few_joined
from survey.report.export.public.known import Together, known, together
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
class _Made:
    """Rows that may be published, what was joined, withheld and dropped, and how many rows were left out."""

    columns: Mapping[str, Column]
    groups: Mapping[str, Groups]
    withheld: frozenset[str]
    dropped: frozenset[str]
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
    TooFewForPublic
        So few answered that nothing can be published.
    """
    about, district = known(data), data.wave.district_question
    inside, smallest = data.columns["inside_margins"] == 1, data.wave.analysis.smallest_cell
    columns = {name: column[inside] for name, column in data.columns.items()}
    columns, districts = few_joined(columns, district, smallest)
    names = [question.id for question in about.fixed]
    geography = [_numbered(columns["stratum"]), _codes(columns, district)]
    groups = large_enough(geography, [_codes(columns, name) for name in names], k, TOLERATED)
    joined = {name: recoded(_codes(columns, name), found) for name, found in zip(names, groups, strict=True)}
    fixed = [*geography, *joined.values()]
    cell, count = classes(fixed, int(inside.sum()))
    stays = count >= k
    if not stays.any() or inside.sum() < smallest:
        raise TooFewForPublic(f'Wave "{data.wave.id}": too few answered for a public file.')
    weight = _averaged(_raised(columns, stays), cell[stays])
    columns = {name: column[stays] for name, column in {**columns, **joined}.items()} | {"weight": weight}
    coarse = {q.id: coarsened(_codes(columns, q.id), MOST_LEVELS) for q in about.loose if isinstance(q, SingleChoice)}
    columns |= {name: recoded(_codes(columns, name), found) for name, found in coarse.items()}
    published = [column[stays] for column in fixed]
    variables = together(columns, published, about, data.questionnaire)
    made = _Made(
        columns=_without(columns, published, variables, k),
        groups={**dict(zip(names, groups, strict=True)), **coarse, district: districts},
        withheld=frozenset(name for variable in variables for name in variable.names),
        dropped=about.dropped,
        left_out=int((~stays).sum()),
    )
    return _published(data, made, generator, k)


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


def _without(
    columns: Mapping[str, Column], fixed: Sequence[Integers], variables: Sequence[Together], k: int
) -> dict[str, Column]:
    """The columns with what makes a row stand out withheld; the mode of answering counts as known too."""
    modes = _numbered(columns["mode"])
    done = withhold(fixed, [*(one.tells for one in variables), [modes]], k)
    found = dict(columns)
    for place, one in enumerate(variables):
        for name in one.names:
            found[name] = np.where(done.withheld[:, place], WITHHELD, _codes(found, name))
    found["mode"] = np.where(done.withheld[:, len(variables)], "", columns["mode"])
    return found


def _published(data: Dataset, made: _Made, generator: np.random.Generator, k: int) -> Dataset:
    say = speaking(data.language)
    stratum, psu = (_by_chance(made.columns[name], generator) for name in ("stratum", "psu"))
    numbered = {**made.columns, "stratum": stratum, "psu": psu}
    if not data.clustered:
        numbered |= {"stratum": np.ones_like(stratum), "psu": generator.permutation(len(psu)).astype(np.int64) + 1}
    order = np.lexsort([generator.random(len(psu)), numbered["psu"], numbered["stratum"]])
    variables = tuple(
        published_variable(one, made.groups.get(one.name, ()), WITHHELD if one.name in made.withheld else None, say)
        for one in data.variables
        if one.name in _KEPT or (one.role is Role.ITEM and one.question not in made.dropped)
    )
    codes = next((dict(one.codes) for one in variables if one.name == data.wave.district_question), {})
    joined = [str(codes.get(found[0], "")) for found in made.groups[data.wave.district_question] if len(found) > 1]
    withheld = {one.label: float((numbered[one.name] == WITHHELD).mean()) for one in variables if one.role is Role.ITEM}
    return replace(
        data,
        variables=variables,
        columns={one.name: numbered[one.name][order] for one in variables},
        margins=(),
        replicates=0,
        notes=(*data.notes[:-1], *notes(k, made.left_out, "; ".join(joined), withheld, data.language, say)),
        public=True,
    )


def _by_chance(column: Column, generator: np.random.Generator) -> Integers:
    """Numbers from 1 in a random order in place of names."""
    codes = _numbered(column)
    return (generator.permutation(int(codes.max()) + 1)[codes] + 1).astype(np.int64)
