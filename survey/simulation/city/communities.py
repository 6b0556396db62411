"""Communities that we made up over the real streets and towns: the lists of real ones could not be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import Questionnaire, SingleChoice
from survey.simulation.city.assumptions import Places
from survey.wave.model import Wave

Ints = npt.NDArray[np.int64]

FIRST_TOWN, LAST_TOWN = 100, 399
"""Last three digits of a town's code in the statistical lists; below: subdistricts; above: other offices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Communities:
    """Simulated communities: columns of equal length."""

    district: Ints
    """Code of the district."""
    street: Ints
    """Code of the street or town."""
    number: Ints
    """1, 2, … within the street."""
    size: Ints
    """Adults."""

    def strata(self) -> tuple[str, ...]:
        """Stratum of each: district by subdistricts or towns."""
        return tuple(
            f"{district}-{'towns' if town else 'streets'}"
            for district, town in zip(self.district, is_town(self.street), strict=True)
        )

    def names(self) -> tuple[str, ...]:
        """A name of each that says it was made up."""
        return tuple(
            f"{street}-simulated-{number:03d}" for street, number in zip(self.street, self.number, strict=True)
        )


def is_town(street: Ints) -> npt.NDArray[np.bool_]:
    """Whether the code is a town's (a subdistrict or another office otherwise)."""
    last = street % 1000
    return (last >= FIRST_TOWN) & (last <= LAST_TOWN)


def streets_by_district(questionnaire: Questionnaire, wave: Wave, places: Places) -> Mapping[int, tuple[int, ...]]:
    """District code → codes of its streets: those the assumptions name, or those that the questionnaire offers there.

    A street offered in several districts is in one: the one that the assumptions name, or the first.
    """
    asked = street_question(questionnaire, wave.district_question)
    taken = {street for named in places.only_streets.values() for street in named}
    streets = {}
    for district in wave.districts:
        offered = {o.code for o in asked.options if not o.when or district.code in o.when} if asked else set()
        named = offered.intersection(places.only_streets.get(district.code, ()))
        own = named or offered - taken
        taken |= own
        streets[district.code] = tuple(sorted(own)) or (district.code * 1000 + 1,)
    return streets


def street_question(questionnaire: Questionnaire, district_question: str) -> SingleChoice | None:
    """The question for the street, whose choices the district decides."""
    for question in questionnaire.questions():
        if isinstance(question, SingleChoice) and question.filter_by == district_question:
            return question
    return None


def settle(
    streets: Mapping[int, tuple[int, ...]], adults: Mapping[int, int], places: Places, generator: np.random.Generator
) -> Communities:
    """Divide the adults of each district (by its code) over streets and communities, subdistricts first."""
    rows: list[tuple[int, int, int, int]] = []
    for district, total in adults.items():
        codes = np.array(sorted(streets[district]))
        pull = generator.gamma(4.0, size=len(codes)) * np.where(is_town(codes), 1.0, places.street_to_town)
        for street, people in zip(codes, apportion(pull, total), strict=True):
            count = max(2, round(people / places.community_size))
            share = generator.lognormal(sigma=places.size_spread, size=count)
            sizes = apportion(np.minimum(share, places.largest * share.mean()), int(people))
            rows += [(district, int(street), number, int(size)) for number, size in enumerate(sizes, 1) if size]
    columns = np.array(rows, dtype=np.int64)
    columns = columns[np.argsort(is_town(columns[:, 1]), kind="stable")].T
    return Communities(**dict(zip(("district", "street", "number", "size"), columns, strict=True)))


def joined(parts: Sequence[Communities]) -> Communities:
    """All communities of several areas."""
    return Communities(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("district", "street", "number", "size")
        }
    )


def apportion(shares: npt.NDArray[np.float64], total: int) -> Ints:
    """Whole numbers in proportion to `shares` that add up to `total` (largest remainders)."""
    exact = shares / shares.sum() * total
    whole: Ints = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return whole
