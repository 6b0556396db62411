"""All findings of one sample: every measure for the city, for each district, and apart for who no margin counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from survey.analysis.design import Design
from survey.questionnaire.model import Questionnaire
from survey.report.errors import NoAnswers, WeightingImpossible
from survey.report.estimating.estimates import every_figure
from survey.report.estimating.measures import Measure, measures
from survey.report.estimating.suppression import Estimated, alone, as_released, release
from survey.report.estimating.weighting import Weighting, weigh
from survey.report.figures import Finding, Place, PlaceKind, Reason, Results, Row
from survey.report.frame import Frame, frame
from survey.wave.model import Channel, Wave
from survey.wave.response import Response

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample of a wave and what was estimated from it."""

    frame: Frame
    results: Results


def examine(
    responses: Iterable[Response], wave: Wave, questionnaire: Questionnaire, channel: Channel, analysis_hash: str
) -> Sample:
    """Frame, weights and findings of the responses that came through `channel`; raises as `weighed`.

    Design weights beyond what numbers of a computer can hold make sums overflow: that is a fault of these weights, told
    as `WeightingImpossible`.
    """
    try:
        with np.errstate(over="raise"):
            columns = frame(responses, wave, questionnaire, channel)
            return Sample(columns, compute(columns, analysis_hash))
    except (np.linalg.LinAlgError, FloatingPointError, OverflowError) as problem:
        raise WeightingImpossible(f"the design weights can't be computed with: {problem}") from problem


def compute(frame: Frame, analysis_hash: str) -> Results:
    """Weigh the sample and estimate everything its wave's frozen plan names; raises as `weighed`."""
    return estimated(frame, weighed(frame), analysis_hash)


def weighed(frame: Frame) -> Weighting:
    """The design of the sample, raked.

    Raises
    ------
    NoAnswers
        Nobody whom the margins count has answered.
    WeightingImpossible
        Not even the first margin can be met.
    """
    if not frame.inside.any():
        answered = frame.rows + frame.ineligible
        who = f"{answered} of the {frame.channel} sample have answered, but none of them is counted by the margins"
        if not answered:
            who = f"nobody of the {frame.channel} sample has answered yet"
        raise NoAnswers(f'Wave "{frame.wave.id}": {who}.')
    return weigh(frame)


def estimated(
    frame: Frame,
    weighting: Weighting,
    analysis_hash: str,
    only: Collection[str] | None = None,
    released: Results | None = None,
) -> Results:
    """Findings of every measure of a weighted sample, or of those with the ids in `only`.

    `released` are the findings of the same answers with other weights: what is hidden there is hidden here, and
    nothing else, for two releases of the same cells that hide different ones would tell of both.
    """
    asked = [one for one in measures(frame.wave, frame.questionnaire) if only is None or one.id in only]
    return Results(
        wave=frame.wave,
        questionnaire=frame.questionnaire,
        channel=frame.channel,
        analysis_hash=analysis_hash,
        findings=_findings(asked, frame, weighting.design, released),
        weighting=weighting,
        respondents=frame.rows,
        ineligible=frame.ineligible,
        outside=int((~frame.inside & ~frame.left_out).sum()),
        computed=datetime.now(UTC),
    )


def _findings(asked: Sequence[Measure], frame: Frame, design: Design, released: Results | None) -> tuple[Finding, ...]:
    level, districts = frame.wave.analysis.confidence_level, len(frame.wave.districts)
    city, parts = domains(frame)
    answers = [measure.answers(frame) for measure in asked]
    wholes = every_figure(design, answers, city, 1, level)
    divided = every_figure(design, answers, parts, districts + 1, level)
    before = {one.measure.id: one for one in released.findings} if released else {}
    missed = [bool((frame.left_out & (frame.district == one.code)).any()) for one in frame.wave.districts]
    return tuple(
        _finding(measure, frame.wave, _shown(before.get(measure.id), frame.wave, whole, inside, outside), missed)
        for measure, (whole,), (*inside, outside) in zip(asked, wholes, divided, strict=True)
    )


def _shown(
    before: Finding | None, wave: Wave, whole: Estimated, inside: Sequence[Estimated], outside: Estimated
) -> tuple[Estimated, ...]:
    """What may be shown of the city, its districts and those outside the margins."""
    if before is not None:
        rows = (before.city, *before.districts, before.outside)
        return tuple(as_released(one, row) for one, row in zip((whole, *inside, outside), rows, strict=True))
    smallest = wave.analysis.smallest_cell
    top, shown = release(whole, inside, smallest)
    apart = replace(outside, share=alone(outside.share, smallest), score=alone(outside.score, smallest))
    return (top, *shown, apart)


def _finding(measure: Measure, wave: Wave, released: Sequence[Estimated], missed: Sequence[bool]) -> Finding:
    top, *every, apart = released
    shown = [_left_out(one) if gone else one for one, gone in zip(every, missed, strict=True)]
    return Finding(
        measure=measure,
        city=row_of(Place(kind=PlaceKind.CITY), top),
        districts=tuple(
            row_of(Place(kind=PlaceKind.DISTRICT, code=district.code, name=district.name), one)
            for district, one in zip(wave.districts, shown, strict=True)
        ),
        outside=row_of(Place(kind=PlaceKind.OUTSIDE), apart),
    )


def _left_out(one: Estimated) -> Estimated:
    return replace(
        one, share=replace(one.share, reason=Reason.LEFT_OUT), score=replace(one.score, reason=Reason.LEFT_OUT)
    )


def domains(frame: Frame) -> tuple[Codes, Codes]:
    """Domain codes of the rows, shape (n,): the city (0 or -1); districts, then those outside the margins."""
    districts = frame.wave.districts
    parts = np.full(frame.rows, -1, dtype=np.intp)
    for place, district in enumerate(districts):
        parts[(frame.district == district.code) & frame.inside] = place
    parts[~frame.inside & ~frame.left_out] = len(districts)
    return np.where(frame.inside, 0, -1).astype(np.intp), parts


def row_of(place: Place, one: Estimated) -> Row:
    """What was released for a place, as a row."""
    return Row(place=place, share=one.share, score=one.score)
