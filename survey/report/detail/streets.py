"""Streets and towns: the direct estimate where there are answers enough, and a small-area estimate beside it.

Model
    Fay and Herriot's, by REML, over all streets that may be told of: the share of a street is its district's level
    plus a street's own effect; how far a street's own answers count depends on how many they are. Sampling variances
    are smoothed, since those of a few dozen answers in one or two communities are not to be trusted:
    deff · p(1 − p)/n, with the district's share p and the city's design effect. The estimates of a district are made to
    agree with the direct share of all its streets in the model (ratio benchmark), and carry their mean squared error.

Disclosure
    A direct estimate is shown only under the rules of every other cell. Who knows the design effect, the district's
    share and the number of answers can work out how far a street's own answers count, and from the small-area estimate
    the direct one. So a street of fewer answers than the plan's smallest cell, and streets that would give such a one
    away, have neither estimate, and their answers enter no other's. What remains hidden is hidden for its quality, and
    the small-area estimate is there to mend that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.analysis.errors import AnalysisError
from survey.analysis.models.small_area import SmallAreas, benchmark, fay_herriot
from survey.questionnaire.model import Questionnaire, SingleChoice
from survey.report.estimating.estimates import figures
from survey.report.estimating.suppression import Estimated, hide, release, secret
from survey.report.figures import Figure, Finding, Place, PlaceKind, Reason, Row
from survey.report.results import Sample, domains, row_of
from survey.wave.model import Wave

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
FEWEST_AREAS = 5
"""Streets beyond the districts' levels that the model needs at least."""
WIDEST = 0.30
"""An interval this wide or wider says too little to be shown (as for shares)."""
NORMAL = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Modelled:
    """A small-area estimate with its 95 % interval, 0–1."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """One street: what may be shown of its direct estimate, and the modelled one (None where there is none)."""

    row: Row
    modelled: Modelled | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """One measure by district and street. `fitted` tells whether the model could be fitted at all."""

    finding: Finding
    districts: tuple[tuple[Row, tuple[Street, ...]], ...]
    fitted: bool


def street_question(wave: Wave, questionnaire: Questionnaire) -> SingleChoice | None:
    """The question whose options depend on the district, if the questionnaire has one."""
    for question in questionnaire.questions():
        if isinstance(question, SingleChoice) and question.filter_by == wave.district_question:
            return question
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Area:
    """A street inside a district, on its way to the model."""

    district: int
    direct: Estimated
    shown: Row
    secret: bool


def streets(sample: Sample, finding: Finding, question: SingleChoice) -> Streets:
    """A measure's share by street, direct and modelled."""
    places, code = _places(sample, question)
    plan, design = sample.results.wave.analysis, sample.results.weighting.design
    raw = finding.measure.raw(sample.frame)
    counted, scores = finding.measure.counts(raw), finding.measure.scaled(raw)
    count = len(finding.districts)
    parts = domains(sample.frame)[1]
    wholes = figures(design, counted, scores, np.where(parts < count, parts, -1), count, plan.confidence_level)
    direct = figures(design, counted, scores, code, len(places), plan.confidence_level)
    areas: list[_Area] = []
    for district, whole in enumerate(wholes):
        own = [place for place, (of, _) in enumerate(places) if of == district]
        if not finding.districts[district].share.shown:
            own = []
        told = _released(whole, [direct[place] for place in own], plan.smallest_cell)
        for place, (shown, is_secret) in zip(own, told, strict=True):
            if shown.share.n:
                option = question.options[places[place][1]]
                name = Place(kind=PlaceKind.STREET, code=option.code, name=option.label)
                row = row_of(name, shown)
                areas.append(_Area(district=district, direct=direct[place], shown=row, secret=is_secret))
    modelled = _modelled(areas, finding)
    return Streets(
        finding=finding,
        districts=tuple(
            (
                row,
                tuple(
                    Street(row=area.shown, modelled=one)
                    for area, one in zip(areas, modelled, strict=True)
                    if area.district == district
                ),
            )
            for district, row in enumerate(finding.districts)
        ),
        fitted=any(modelled),
    )


def _released(whole: Estimated, parts: Sequence[Estimated], smallest: int) -> list[tuple[Estimated, bool]]:
    """What may be shown of each street, and whether nothing may be told of it at all."""
    _, released = release(whole, parts, smallest)
    return [
        (replace(one, share=_without(one.share), score=_without(one.score)) if is_secret else one, is_secret)
        for one, is_secret in zip(released, secret(whole, parts, smallest), strict=True)
    ]


def _without(figure: Figure) -> Figure:
    return hide(figure, Reason.COMPLEMENT) if figure.shown else figure


def _places(sample: Sample, question: SingleChoice) -> tuple[list[tuple[int, int]], Codes]:
    """Streets as (district, option), and for each respondent which of them, -1 for none; shape (n,)."""
    frame = sample.frame
    codes = {district.code: place for place, district in enumerate(frame.wave.districts)}
    places = [
        (codes[district], number)
        for number, option in enumerate(question.options)
        for district in (option.when or tuple(codes))
        if district in codes
    ]
    _, parts = domains(frame)
    answered = frame.codes[question.id]
    code = np.full(frame.rows, -1, dtype=np.intp)
    for place, (district, number) in enumerate(places):
        code[(parts == district) & (answered == question.options[number].code)] = place
    return places, code


def _modelled(areas: list[_Area], finding: Finding) -> list[Modelled | None]:
    done: list[Modelled | None] = [None] * len(areas)
    deff = max(finding.city.share.deff or 1.0, 1.0)
    levels = [row.share.estimate for row in finding.districts]
    used = [place for place, area in enumerate(areas) if _enough(area, levels)]
    present = sorted({areas[place].district for place in used})
    if len(used) < len(present) + FEWEST_AREAS:
        return done
    direct = np.array([areas[place].direct.share.estimate for place in used], dtype=np.float64)
    level = np.array([levels[areas[place].district] for place in used], dtype=np.float64)
    size = np.array([areas[place].direct.share.n for place in used], dtype=np.float64)
    of = np.array([present.index(areas[place].district) for place in used])
    error = np.sqrt(deff * level * (1 - level) / size)
    try:
        fitted = fay_herriot(direct, error, np.eye(len(present))[of])
        for number in range(len(present)):
            own = np.flatnonzero(of == number)
            weight = np.array([areas[used[place]].direct.size for place in own])
            together = float(np.average(direct[own], weights=weight))
            agreed = benchmark(_only(fitted, own), direct[own], weight, together)
            for place, value, mse in zip(own, agreed.estimates, agreed.mse, strict=True):
                done[used[place]] = _shown(float(value), float(mse))
    except AnalysisError:
        return [None] * len(areas)
    return done


def _enough(area: _Area, levels: list[float | None]) -> bool:
    level, direct = levels[area.district], area.direct.share
    return not area.secret and direct.estimate is not None and level is not None and 0 < level < 1


def _only(areas: SmallAreas, own: Codes) -> SmallAreas:
    return replace(areas, estimates=areas.estimates[own], mse=areas.mse[own], shrinkage=areas.shrinkage[own])


def _shown(value: float, mse: float) -> Modelled | None:
    half = NORMAL * float(np.sqrt(mse))
    value = min(max(value, 0.0), 1.0)
    low, high = max(0.0, value - half), min(1.0, value + half)
    return Modelled(estimate=value, low=low, high=high) if high - low < WIDEST else None
