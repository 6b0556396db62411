"""The simulated city: one row an adult, so that what the survey tries to estimate is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import Questionnaire
from survey.simulation.city.assumptions import Assumptions
from survey.simulation.city.communities import (
    Communities,
    apportion,
    joined,
    settle,
    street_question,
    streets_by_district,
)
from survey.simulation.city.margins import AREA, Cells, Codes, joint
from survey.wave.model import Margin, Wave

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A population; the adults of a community stand side by side.

    Attributes
    ----------
    wave : Wave
        The wave whose margins it has.
    seed : int
        Everything random about the city comes from it.
    groups : mapping of str to ndarray of int, shape (N,)
        Codes of the district, the street, the margins' variables and the residence, by question id.
    inside : ndarray of bool, shape (N,)
        Whether the margins count this adult.
    community : ndarray of int, shape (N,)
        Index into `communities`.
    stratum, psu : ndarray of str, shape (number of communities,)
        Stratum and name of each community; the name says that it is simulated.
    first : ndarray of int, shape (number of communities,)
        Row of the first adult of each community.
    person : ndarray of float, shape (N,)
        What one person brings to every answer, standard normal.
    leaning : ndarray of float, shape (N,)
        What the person and the groups they belong to bring to every answer together.
    straight_lining : ndarray of bool, shape (N,)
        Whether this person gives every item of a section the same answer.
    """

    wave: Wave
    seed: int
    assumptions: Assumptions
    groups: Mapping[str, Codes]
    inside: Flags
    communities: Communities
    community: Codes
    stratum: npt.NDArray[np.str_]
    psu: npt.NDArray[np.str_]
    first: npt.NDArray[np.int64]
    person: npt.NDArray[np.float32]
    leaning: npt.NDArray[np.float32]
    straight_lining: Flags

    @property
    def size(self) -> int:
        """Number of adults."""
        return len(self.inside)

    @property
    def district(self) -> Codes:
        """Code of the district of each adult, shape (N,)."""
        return self.groups[self.wave.district_question]


def build(
    wave: Wave,
    questionnaire: Questionnaire,
    seed: int,
    adults: int | None = None,
    assumptions: Assumptions | None = None,
) -> City:
    """Draw a population.

    Parameters
    ----------
    wave : Wave
        Its margins give the numbers by area, sex and age.
    questionnaire : Questionnaire
        Its options give the streets of each district.
    seed : int
        Equal seeds give equal cities.
    adults : int, optional
        How many adults the margins shall count; by default all there are.
    assumptions : Assumptions, optional
        What the margins do not tell.
    """
    assumptions = assumptions or Assumptions()
    builder = _Builder(wave, assumptions, np.random.default_rng([seed, 0]))
    cells = joint(wave, adults)
    builder.streets.update(streets_by_district(questionnaire, wave, assumptions.places))
    parts = [builder.area(area, cells) for area in dict.fromkeys(d.weighting_area for d in wave.districts)]
    communities = joined([settled for settled, _ in parts])
    groups = {name: np.concatenate([people[name] for _, people in parts]) for name in parts[0][1]}
    community = np.repeat(np.arange(len(communities.size), dtype=np.int32), communities.size)
    groups[wave.district_question] = communities.district.astype(np.int32)[community]
    asked = street_question(questionnaire, wave.district_question)
    if asked:
        groups[asked.id] = communities.street.astype(np.int32)[community]
    inside = np.ones(len(community), dtype=np.bool_)
    for question, codes in wave.analysis.outside_margins:
        inside &= ~np.isin(groups[question], codes)
    person = builder.generator.standard_normal(len(community), dtype=np.float32)
    leaning = effect(groups, assumptions.feelings.groups, np.arange(len(community)))
    leaning += assumptions.feelings.person * person
    return City(
        wave=wave,
        seed=seed,
        assumptions=assumptions,
        groups=groups,
        inside=inside,
        communities=communities,
        community=community,
        stratum=np.array(communities.strata()),
        psu=np.array(communities.names()),
        first=np.cumsum(communities.size) - communities.size,
        person=person,
        leaning=leaning.astype(np.float32),
        straight_lining=builder.generator.random(len(community), dtype=np.float32)
        < assumptions.feelings.straight_lining,
    )


def effect(
    groups: Mapping[str, Codes], effects: Mapping[str, tuple[float, ...]], rows: Rows
) -> npt.NDArray[np.float64]:
    """Sum over questions of the effects (of the codes from 1 on) of what the people in `rows` are, shape of `rows`.

    A question that `groups` does not have adds nothing.
    """
    total = np.zeros(len(rows))
    for question, by_code in effects.items():
        if question in groups:
            total += np.array([0.0, *by_code])[groups[question][rows]]
    return total


def margins(city: City) -> tuple[Margin, ...]:
    """The wave's margins with this city's own totals: what a census of it would count."""
    counted = []
    for margin in city.wave.margins:
        totals = np.bincount(cells(city, margin)[city.inside], minlength=len(margin.cells))
        pairs = zip(margin.cells, totals.tolist(), strict=True)
        counted.append(replace(margin, cells=tuple(replace(cell, total=float(total)) for cell, total in pairs)))
    return tuple(counted)


def cells(city: City, margin: Margin) -> npt.NDArray[np.intp]:
    """Position in `margin.cells` of every adult, shape (N,)."""
    names, codes = zip(*(_levels(city, variable) for variable in margin.variables), strict=True)
    position = np.zeros([len(levels) for levels in names], dtype=np.intp)
    for number, cell in enumerate(margin.cells):
        if all(level in levels for level, levels in zip(cell.levels, names, strict=True)):
            position[tuple(levels.index(level) for level, levels in zip(cell.levels, names, strict=True))] = number
    return np.asarray(position[codes])


def _levels(city: City, variable: str) -> tuple[list[str], npt.NDArray[np.intp]]:
    """The levels that occur of a variable of the margins, and every adult's position among them."""
    if variable != AREA:
        found, codes = np.unique(city.groups[variable], return_inverse=True)
        return [str(code) for code in found], codes
    area = {district.code: district.weighting_area for district in city.wave.districts}
    names, codes = np.unique([area[int(code)] for code in city.communities.district], return_inverse=True)
    return names.tolist(), codes[city.community]


@dataclass(slots=True)
class _Builder:
    """Draws one weighting area after the other from one stream of random numbers."""

    wave: Wave
    assumptions: Assumptions
    generator: np.random.Generator
    streets: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def area(self, area: str, cells: Cells) -> tuple[Communities, dict[str, Codes]]:
        """The communities of a weighting area and its people in their order."""
        own = np.flatnonzero(cells.area == area)
        rows = np.repeat(own, cells.count[own])
        rows, residence = self._with_outside(rows)
        people = {name: codes[rows] for name, codes in cells.codes.items()}
        for question, _ in self.wave.analysis.outside_margins:
            people[question] = residence
        settled = settle(self.streets, self._adults(area, len(rows)), self.assumptions.places, self.generator)
        order = np.argsort(self._pull(people, len(rows)))
        return settled, {name: codes[order] for name, codes in people.items()}

    def _with_outside(self, rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Codes]:
        """Residents the margins count and, added to them, those they do not count; with residence codes."""
        places = self.assumptions.places
        codes, shares = zip(*places.inside, strict=True)
        residence = [self.generator.choice(np.array(codes, dtype=np.int32), size=len(rows), p=shares)]
        added = [rows]
        if self.wave.analysis.outside_margins:
            for code, share in places.outside:
                count = self.generator.poisson(share * len(rows))
                added.append(self.generator.choice(rows, size=count))
                residence.append(np.full(count, code, dtype=np.int32))
        return np.concatenate(added), np.concatenate(residence)

    def _adults(self, area: str, total: int) -> dict[int, int]:
        """District code → adults of the area who live there."""
        districts = [district.code for district in self.wave.districts if district.weighting_area == area]
        named = self.assumptions.places.within_area if len(districts) > 1 else {}
        rest = [code for code in districts if code not in named]
        left = 1.0 - sum(named[code] for code in districts if code in named)
        shares = np.array([named.get(code, left / max(1, len(rest))) for code in districts])
        return dict(zip(districts, map(int, apportion(shares, total)), strict=True))

    def _pull(self, people: Mapping[str, Codes], count: int) -> npt.NDArray[np.float64]:
        """The higher, the nearer to the towns, which stand last among the communities."""
        noise = self.generator.standard_normal(count)
        age = people.get(self.assumptions.age_question)
        if age is None:
            return noise
        spread = float(np.std(age)) or 1.0
        return noise + self.assumptions.places.older_in_towns * (age - np.mean(age)) / spread
