"""One measure over the waves: figures, breaks, and changes tested as one family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey.analysis.contrasts import Difference
from survey.report.estimating.measures import Measure
from survey.report.figures import Figure, Finding, Place, Results, Row, Statistic
from survey.report.years.linking import Link, finding_of, link
from survey.report.years.testing import Tested, change, together


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One place over the waves: a figure for each wave that asked (None where the wave had no such district)."""

    place: Place
    figures: tuple[Figure | None, ...]
    steps: tuple[Tested | None, ...]
    """Change from each wave to the next; None across a break, at a hidden figure, or where it was not tested."""
    whole: Tested | None
    """Change from the first wave that can be compared with the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One measure over the waves that asked it, oldest first."""

    measure: Measure
    """As the last wave defines it."""
    statistic: Statistic
    waves: tuple[Results, ...]
    links: tuple[Link, ...]
    """Between each wave and the next."""
    since: int
    """Position of the first wave that can be compared with the last one."""
    city: Line
    districts: tuple[Line, ...]
    tests: int
    """How many differences were tested together, on this trend and those it was asked with."""
    level: float

    def lines(self) -> Iterator[Line]:
        """The city, then its districts."""
        yield self.city
        yield from self.districts


_Key = tuple[int, int, int, int]
"""Number of the trend, of its line, and positions of the two waves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """A trend before its changes are tested."""

    measure: Measure
    statistic: Statistic
    waves: tuple[Results, ...]
    links: tuple[Link, ...]
    since: int
    places: tuple[Place, ...]
    figures: tuple[tuple[Figure | None, ...], ...]


def trends(
    series: Sequence[Results], asked: Sequence[tuple[str, Statistic]], *, steps: bool = True
) -> tuple[Trend, ...]:
    """Trends of some measures over waves (oldest first), all their changes tested as one family.

    Only what the links allow is compared. With `steps` every wave with the next, for the city and every district,
    and the first comparable wave with the last; without, only the latter. A measure that no wave asked is left out.
    """
    drawn = [one for name, statistic in asked if (one := _draw(series, name, statistic))]
    level = series[-1].wave.analysis.confidence_level if series else 0.95
    compared: dict[_Key, Difference] = {}
    for number, one in enumerate(drawn):
        for place, figures in enumerate(one.figures):
            for first, second in _pairs(one, steps):
                before, after = figures[first], figures[second]
                found = change(before, after, level) if before and after else None
                if found:
                    compared[number, place, first, second] = found
    tested = dict(zip(compared, together(list(compared.values()), level), strict=True))
    return tuple(_trend(number, one, tested, level) for number, one in enumerate(drawn))


def _draw(series: Sequence[Results], measure_id: str, statistic: Statistic) -> _Drawn | None:
    found = [(results, finding) for results in series if (finding := finding_of(results, measure_id))]
    if not found:
        return None
    links = tuple(
        link(before, after, (first.measure, second.measure), statistic)
        for (before, first), (after, second) in pairwise(found)
    )
    broken = [position for position, one in enumerate(links) if not one.joins]
    last = found[-1][1]
    places = (last.city.place, *(row.place for row in last.districts))
    return _Drawn(
        measure=last.measure,
        statistic=statistic,
        waves=tuple(results for results, _ in found),
        links=links,
        since=broken[-1] + 1 if broken else 0,
        places=places,
        figures=tuple(tuple(_figure(finding, place, statistic) for _, finding in found) for place in places),
    )


def _figure(finding: Finding, place: Place, statistic: Statistic) -> Figure | None:
    rows: tuple[Row, ...] = (finding.city, *finding.districts)
    same = (row for row in rows if (row.place.kind, row.place.code) == (place.kind, place.code))
    row = next(same, None)
    return row.figure(statistic) if row else None


def _pairs(one: _Drawn, steps: bool) -> list[tuple[int, int]]:
    last = len(one.waves) - 1
    pairs = [(position, position + 1) for position, own in enumerate(one.links) if own.joins] if steps else []
    if one.since < last and (one.since, last) not in pairs:
        pairs.append((one.since, last))
    return pairs


def _trend(number: int, one: _Drawn, tested: Mapping[_Key, Tested], level: float) -> Trend:
    last = len(one.waves) - 1

    def line(place: int) -> Line:
        return Line(
            place=one.places[place],
            figures=one.figures[place],
            steps=tuple(tested.get((number, place, first, first + 1)) for first in range(last)),
            whole=tested.get((number, place, one.since, last)),
        )

    return Trend(
        measure=one.measure,
        statistic=one.statistic,
        waves=one.waves,
        links=one.links,
        since=one.since,
        city=line(0),
        districts=tuple(line(place) for place in range(1, len(one.places))),
        tests=sum(1 for own in tested.values() if own.adjusted_p == own.adjusted_p),
        level=level,
    )
