"""One measure by groups of residents: what may be shown of each group, beside the city."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from survey.report.detail.groups import MODE, Codes, Grouping, groupings
from survey.report.estimating.estimates import every_figure
from survey.report.estimating.suppression import Estimated, alone, release
from survey.report.figures import Finding, Place, PlaceKind, Row
from survey.report.frame import Frame
from survey.report.results import Sample, domains, row_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One measure by one grouping: the city, then the groups."""

    grouping: Grouping
    finding: Finding
    city: Row
    rows: tuple[Row, ...]


def breakdown(sample: Sample, finding: Finding, grouping: Grouping) -> Breakdown:
    """A measure by the groups of `grouping`: `by_groups` of one."""
    return by_groups(sample, (finding,), (grouping,))[0]


def by_groups(sample: Sample, findings: Sequence[Finding], every: Iterable[Grouping]) -> tuple[Breakdown, ...]:
    """Measures by the groups of one grouping after the other.

    The groups inside the margins divide the city; what of them may be shown is decided as for districts, so that no
    hidden group can be worked out. Groups outside the margins are judged alone.
    """
    frame, plan = sample.frame, sample.results.wave.analysis
    design, level = sample.results.weighting.design, plan.confidence_level
    answers = [finding.measure.answers(frame) for finding in findings]
    wholes = every_figure(design, answers, domains(frame)[0], 1, level)
    done = []
    for grouping in every:
        groups = every_figure(design, answers, grouping.codes(frame), len(grouping.levels), level)
        done += [
            Breakdown(
                grouping=grouping,
                finding=finding,
                city=finding.city,
                rows=_rows(grouping, whole, own, plan.smallest_cell),
            )
            for finding, (whole,), own in zip(findings, wholes, groups, strict=True)
        ]
    return tuple(done)


def _rows(grouping: Grouping, whole: Estimated, every: list[Estimated], smallest: int) -> tuple[Row, ...]:
    of_city = [one for one, of in zip(every, grouping.levels, strict=True) if not of.outside]
    released = iter(release(whole, of_city, smallest)[1])
    return tuple(
        row_of(
            Place(kind=PlaceKind.GROUP, code=place, name=of.name),
            _alone(one, smallest) if of.outside else next(released),
        )
        for place, (one, of) in enumerate(zip(every, grouping.levels, strict=True))
    )


def _alone(one: Estimated, smallest: int) -> Estimated:
    return Estimated(share=alone(one.share, smallest), score=alone(one.score, smallest), size=one.size)


def breakdowns(sample: Sample, finding: Finding) -> tuple[Breakdown, ...]:
    """A measure by every grouping of its wave but the mode."""
    every = groupings(sample.results.wave, sample.results.questionnaire)
    return by_groups(sample, (finding,), [one for one in every if one.id != MODE])


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeMix:
    """How residents answered, by district.

    Attributes
    ----------
    counts : ndarray of int, shape (d, m)
        Answers of each district by mode.
    shares : ndarray of float, shape (d + 1, m)
        Weighted shares of the modes in each district, then in the city; nan where nobody answered.
    """

    counts: Codes
    shares: np.ndarray[tuple[int, int], np.dtype[np.float64]]

    @property
    def widest(self) -> float:
        """Largest distance of a district's share of one mode from the city's, 0–1; 0 with one district."""
        distance = np.abs(self.shares[:-1] - self.shares[-1])
        return float(np.nanmax(distance)) if np.isfinite(distance).any() else 0.0


def mode_mix(frame: Frame, weights: np.ndarray[tuple[int], np.dtype[np.float64]], modes: Grouping) -> ModeMix:
    """Modes of those inside the margins, by district and in the city."""
    _, parts = domains(frame)
    districts, width = len(frame.wave.districts), len(modes.levels)
    mode = modes.codes(frame)
    known = (mode >= 0) & frame.inside
    placed = known & (parts >= 0)
    cell = parts[placed] * width + mode[placed]
    counts = np.bincount(cell, minlength=districts * width).reshape(districts, width)
    sums = np.bincount(cell, weights[placed], districts * width).reshape(districts, width)
    sums = np.vstack([sums, np.bincount(mode[known], weights[known], width)])
    with np.errstate(invalid="ignore", divide="ignore"):
        return ModeMix(counts=counts, shares=sums / sums.sum(axis=1, keepdims=True))
