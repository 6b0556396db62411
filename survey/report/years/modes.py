"""A trend at a fixed mix of modes: what moves is then not that more people answered on a phone.

How a question is put can move its answer (to an interviewer people are more satisfied than on paper), so a change of
the mix of modes looks like a change of opinion. Held fixed, the modes are one margin more in every wave: their shares
within each weighting area are raked to the mean of the waves [1]_. That removes the change of the mix, not the effect
of a mode, and adds to the variance.

References
----------
.. [1] Buelens, van den Brakel (2015), Measurement error calibration in mixed-mode sample surveys, Sociological
   Methods & Research 44, 391-426.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.questionnaire.model import Words
from survey.report.estimating.weighting import Weighting
from survey.report.figures import Results
from survey.report.frame import AREA, Floats, Frame
from survey.report.results import Sample, estimated, weighed
from survey.wave.model import Margin, MarginCell, Mode

MODE = "answering mode"
"""Name of the margin; no question can have it (ids have no spaces)."""
MODES = tuple(Mode)
ALIKE = 0.03
"""Largest difference of a mode's share between two waves that is still called the same mix."""

Mix = Mapping[str, Floats]
"""Weighting area → weight of each of `MODES`, adding up to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeShares:
    """Weighted shares of the modes in one wave, in the order of `MODES`."""

    wave: str
    shares: tuple[float, ...]


def mode_shares(sample: Sample) -> ModeShares:
    """How the residents of a wave answered, weighted, among those whom the margins count."""
    weights = np.where(sample.frame.inside, sample.results.weighting.weights, 0.0)
    sums = _sums(sample.frame, weights)
    return ModeShares(wave=sample.frame.wave.id, shares=tuple((sums / sums.sum()).tolist()))


def alike(mixes: Sequence[ModeShares]) -> bool:
    """Whether no mode's share differs by more than `ALIKE` between any two waves."""
    table = np.array([one.shares for one in mixes])
    return bool(len(mixes) < 2 or (table.max(axis=0) - table.min(axis=0)).max() <= ALIKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One wave weighted at the fixed mix of modes; `released` is what is shown of it as answered."""

    frame: Frame
    weighting: Weighting
    released: Results

    def sample(self, only: Collection[str] | None = None) -> Sample:
        """The wave with its findings, of all measures or of those with the ids in `only`; hidden as when answered."""
        hash_of_plan = self.released.analysis_hash
        return Sample(self.frame, estimated(self.frame, self.weighting, hash_of_plan, only, self.released))


def held(samples: Sequence[Sample]) -> tuple[Held, ...]:
    """The same waves, each weighted so that the modes have the shares that they have in the mean of all waves.

    Raises
    ------
    WeightingImpossible
        A wave cannot meet even its first margin.
    """
    mixes = [_mix(sample) for sample in samples]
    areas = dict.fromkeys(area for mix in mixes for area in mix)
    mean = {area: np.mean([mix[area] for mix in mixes if area in mix], axis=0) for area in areas}
    return tuple(_held(sample, mean) for sample in samples)


def _mix(sample: Sample) -> Mix:
    frame, weights = sample.frame, sample.results.weighting.weights
    found = {}
    for area in np.unique(frame.area[frame.inside]).tolist():
        sums = _sums(frame, np.where(frame.inside & (frame.area == area), weights, 0.0))
        if area and sums.sum() > 0:
            found[area] = sums / sums.sum()
    return found


def _sums(frame: Frame, weights: Floats) -> Floats:
    return np.array([weights[frame.mode == mode.value].sum() for mode in MODES])


def _held(sample: Sample, mean: Mix) -> Held:
    frame, wave = sample.frame, sample.frame.wave
    code = np.zeros(frame.rows, dtype=np.int8)
    for place, mode in enumerate(MODES):
        code[frame.mode == mode.value] = place
    areas = _area_totals(wave.margins[0])
    cells = [
        MarginCell(levels=(area, str(number)), total=float(total * mean[area][number]))
        for area, total in areas.items()
        for number in range(len(MODES))
        if area in mean and mean[area][number] > 0
    ]
    name = Words("各种作答方式所占比例", "Shares of the modes", "응답 방식별 비율")
    margin = Margin(variables=(AREA, MODE), cells=tuple(cells), source=name)
    fixed = replace(
        frame,
        wave=replace(wave, margins=(*wave.margins, margin)),
        codes={**frame.codes, MODE: code},
    )
    return Held(frame=fixed, weighting=weighed(fixed), released=sample.results)


def _area_totals(margin: Margin) -> dict[str, float]:
    """Residents of each weighting area; empty when the margin is not by area."""
    totals: dict[str, float] = {}
    if AREA in margin.variables:
        place = margin.variables.index(AREA)
        for cell in margin.cells:
            totals[cell.levels[place]] = totals.get(cell.levels[place], 0.0) + cell.total
    return totals
