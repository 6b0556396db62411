"""Every item that leads to a task or unit: by district against the city and against the wave before.

One figure has one verdict: against the city an item has the mark of its own page, from the family it is tested with
there (survey/report/detail/closely.py). The changes of all items since the wave before are one family more, so that an
item has the same mark on the page of every task and unit it concerns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.analysis.contrasts import Difference, against
from survey.analysis.contrasts import Verdict as Reached
from survey.questionnaire.model import Question
from survey.report.detail.closely import family_of
from survey.report.detail.comparisons import StandsOut
from survey.report.estimating.measures import Measure
from survey.report.figures import Figure, Finding, Place, Results, Row, Statistic
from survey.report.results import Sample
from survey.report.years.linking import Link, finding_of, link
from survey.report.years.testing import Tested, Verdict, change, together, verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One item in one place: the share, tested against the city and against the wave before."""

    place: Place
    share: Figure
    against_city: Tested | None
    """District less city; None for the city and where it is hidden."""
    since_before: Tested | None
    """This wave less the one before; None where they cannot be compared."""

    @property
    def low(self) -> bool:
        """Sure to be below the city."""
        return self.against_city is not None and self.against_city.verdict is Verdict.LOWER

    @property
    def falling(self) -> bool:
        """Sure to have fallen."""
        return self.since_before is not None and self.since_before.verdict is Verdict.LOWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item that leads to tasks or units, in the city and every district."""

    measure: Measure
    city: Spot
    districts: tuple[Spot, ...]
    link: Link | None
    """What stands between it and the wave before; None where that wave did not ask it."""
    pass_mark: float | None
    reached: Reached | None
    """Whether the city meets the item's pass mark, where the wave's plan has one."""

    def spots(self) -> tuple[Spot, ...]:
        """The city, then its districts."""
        return (self.city, *self.districts)

    @property
    def pressing(self) -> tuple[Spot, ...]:
        """Where it is sure to be low or falling."""
        return tuple(spot for spot in self.spots() if spot.low or spot.falling)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerns:
    """All items of a wave that lead to tasks or units."""

    results: Results
    before: Results | None
    """The wave before, which the changes are from."""
    items: tuple[Item, ...]
    compared: tuple[int, ...]
    """How many comparisons with the city each family tests together: headline and indices, then all other questions."""
    changes: int
    """How many changes are tested together."""
    level: float

    def of_task(self, number: int) -> tuple[Item, ...]:
        """Items linked to a task of the plan."""
        return tuple(item for item in self.items if number in item.measure.links.tasks)

    def of_unit(self, unit: str) -> tuple[Item, ...]:
        """Items whose result a unit should read."""
        return tuple(item for item in self.items if unit in item.measure.links.units)

    def asked_otherwise(self, number: int) -> tuple[Question, ...]:
        """Questions linked to a task that are no items: their answers are counted, not rated."""
        rated = {item.measure.id for item in self.items}
        return tuple(
            one for one in self.results.questionnaire.questions() if number in one.links.tasks and one.id not in rated
        )


def concerns(series: Sequence[Sample], families: Sequence[StandsOut] | None = None) -> Concerns:
    """The items of the newest wave of a series (oldest first, not empty).

    `families` are its comparisons of districts with the city (survey/report/detail/closely.py), where they are known.
    """
    sample = series[-1]
    results, before = sample.results, series[-2].results if len(series) > 1 else None
    level = results.wave.analysis.confidence_level
    findings = [
        one
        for one in results.findings
        if not one.measure.is_index and (one.measure.links.tasks or one.measure.links.units)
    ]
    families = families or tuple(family_of(sample, leading) for leading in (True, False))
    against_city = _against_city(families)
    compared: dict[tuple[str, int], Difference] = {}
    links: dict[str, Link | None] = {}
    for finding in findings:
        name = finding.measure.id
        links[name], changes = _since(results, before, finding, level)
        for place, one in changes.items():
            compared[name, place] = one
    changed = dict(zip(compared, together(list(compared.values()), level), strict=True))

    def spot(finding: Finding, place: int, row: Row) -> Spot:
        return Spot(
            place=row.place,
            share=row.share,
            against_city=against_city.get((finding.measure.id, row.place.code)),
            since_before=changed.get((finding.measure.id, place)),
        )

    return Concerns(
        results=results,
        before=before,
        items=tuple(
            _item(
                results,
                finding,
                [spot(finding, place, row) for place, row in enumerate((finding.city, *finding.districts))],
                links[finding.measure.id],
            )
            for finding in findings
        ),
        compared=tuple(len(family.compared) for family in families),
        changes=sum(1 for one in changed.values() if np.isfinite(one.adjusted_p)),
        level=level,
    )


def _item(results: Results, finding: Finding, spots: Sequence[Spot], own: Link | None) -> Item:
    marks = {mark.measure: mark.share for mark in results.wave.analysis.pass_marks}
    mark, share = marks.get(finding.measure.id), finding.city.share
    interval = (share.low, share.high) if share.low is not None and share.high is not None else None
    return Item(
        measure=finding.measure,
        city=spots[0],
        districts=tuple(spots[1:]),
        link=own,
        pass_mark=mark,
        reached=None if mark is None else against(interval, mark),
    )


def _against_city(families: Sequence[StandsOut]) -> dict[tuple[str, int | None], Tested]:
    """District less city by measure and district, each with the verdict of the family its measure belongs to."""
    return {
        (one.finding.measure.id, one.district.place.code): Tested(
            difference=one.own, adjusted_p=one.adjusted_p, verdict=verdict(one.own, one.differs)
        )
        for family in families
        for one in family.compared
    }


def _since(
    results: Results, before: Results | None, finding: Finding, level: float
) -> tuple[Link | None, dict[int, Difference]]:
    earlier = finding_of(before, finding.measure.id) if before else None
    if before is None or earlier is None:
        return None, {}
    own = link(before, results, (earlier.measure, finding.measure), Statistic.SHARE)
    if not own.joins:
        return own, {}
    rows = {row.place.code: row for row in earlier.districts}
    pairs = [(earlier.city, finding.city), *((rows.get(row.place.code), row) for row in finding.districts)]
    found = {
        place: one
        for place, (first, second) in enumerate(pairs)
        if first and (one := change(first.share, second.share, level))
    }
    return own, found
