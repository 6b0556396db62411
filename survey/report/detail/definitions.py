"""What other customary definitions of "satisfied" would give, beside the frozen one; and a simple random sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from survey.analysis.contrasts import Verdict, against
from survey.report.estimating.estimates import share_figures
from survey.report.estimating.measures import Measure
from survey.report.estimating.suppression import alone
from survey.report.figures import Figure, Finding, Statistic
from survey.report.results import Sample, domains
from survey.wave.model import PassMark

NORMAL = 1.96
"""What a poll's report multiplies the standard error of a simple random sample with."""


class Definition(StrEnum):
    """Customary ways of counting."""

    TOP_TWO = "top_two"
    """The two best of five words (4–5); on 0–10 the scores from 8."""
    TOP_THREE = "top_three"
    """The middle word counts too (3–5); on 0–10 the scores from 6 (及格)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A measure counted otherwise, for the city."""

    definition: Definition
    at_least: float
    city: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Share of the city's residents whose answer lies in one of five bands, worst first."""

    low: int
    high: int
    share: Figure
    at_most: float | None
    """The upper end of its interval where the share is hidden for its quality alone: a reader adds up the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """The city by every customary definition; both are empty when the city's frozen figure is hidden."""

    defined: tuple[Defined, ...]
    bands: tuple[Band, ...]


def definitions(sample: Sample, finding: Finding) -> Definitions:
    """What the other definitions give for the city. By district only the frozen figure is given, so that there are no
    tables whose differences would give hidden cells away, and nobody can choose a definition by district.

    Thresholds on the scale from 0 to 10 are the customary ones: 8 for satisfied, 6 for 基本满意 (a pass).
    """
    if not finding.city.share.shown:
        return Definitions(defined=(), bands=())
    measure, design = finding.measure, sample.results.weighting.design
    raw = measure.raw(sample.frame)
    city, _ = domains(sample.frame)
    level, smallest = sample.results.wave.analysis.confidence_level, sample.results.wave.analysis.smallest_cell

    def share(holds: npt.NDArray[np.bool_]) -> Figure:
        counted = np.where(np.isfinite(raw), holds.astype(np.float64), np.nan)
        return share_figures(design, counted, city, 1, level)[0]

    def band(low: int, high: int, found: Figure) -> Band:
        kept = alone(found, smallest)
        at_most = None if kept.shown or found.n < smallest else found.high
        return Band(low=low, high=high, share=kept, at_most=at_most)

    return Definitions(
        defined=tuple(
            Defined(definition=definition, at_least=threshold, city=alone(share(raw >= threshold - 1e-9), smallest))
            for definition, threshold in _thresholds(measure)
        ),
        bands=tuple(
            band(low, high, share((raw >= least - 1e-9) & (raw < below - 1e-9)))
            for low, high, least, below in _bands(measure)
        ),
    )


def _thresholds(measure: Measure) -> tuple[tuple[Definition, float], ...]:
    top_two, top_three = (8.0, 6.0) if _is_ten(measure) else (4.0, 3.0)
    return ((Definition.TOP_TWO, top_two), (Definition.TOP_THREE, top_three))


def _bands(measure: Measure) -> list[tuple[int, int, float, float]]:
    """Answers named by a band, and the raw values inside: the five words, to which an index's mean is rounded."""
    if _is_ten(measure):
        return [(0, 1, 0, 2), (2, 3, 2, 4), (4, 6, 4, 7), (7, 8, 7, 9), (9, 10, 9, 11)]
    return [(word, word, word - 0.5, word + 0.5) for word in range(1, 6)]


def _is_ten(measure: Measure) -> bool:
    return (measure.low, measure.high) == (0, 10)


def simple_interval(figure: Figure, statistic: Statistic) -> tuple[float, float] | None:
    """What a simple random sample of as many answers would have claimed: p ± 1.96·√(p(1 − p)/n) for a share.

    For a score the standard error of a simple random sample is the one behind the design effect.
    """
    if figure.estimate is None or figure.n < 1:
        return None
    if statistic is Statistic.SHARE:
        spread = max(figure.estimate * (1 - figure.estimate), 0.0)  # a share of 1 may be over it by rounding
        half = NORMAL * float(np.sqrt(spread / figure.n))
        return max(0.0, figure.estimate - half), min(1.0, figure.estimate + half)
    if figure.se is None or not figure.deff:
        return None
    half = NORMAL * figure.se / float(np.sqrt(figure.deff))
    return figure.estimate - half, figure.estimate + half


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A pass mark with the answer the interval gives."""

    mark: PassMark
    finding: Finding
    verdict: Verdict


def verdict(figure: Figure, share: float) -> Verdict:
    """Whether the interval lies at or over the mark, under it, or across it."""
    if figure.low is None or figure.high is None:
        return "can't tell"
    return against((figure.low, figure.high), share)


def pass_marks(findings: Sequence[Finding], marks: Sequence[PassMark]) -> tuple[Answered, ...]:
    """Every pass mark of the plan, answered for the city."""
    by_id = {finding.measure.id: finding for finding in findings}
    return tuple(
        Answered(mark=mark, finding=by_id[mark.measure], verdict=verdict(by_id[mark.measure].city.share, mark.share))
        for mark in marks
        if mark.measure in by_id
    )
