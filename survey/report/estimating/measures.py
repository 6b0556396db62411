"""What is measured: every five-point item, every score and every index of the wave's frozen plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.questionnaire.model import Direction, FivePoint, Links, Question, Questionnaire, Score, Words
from survey.report.errors import UnknownMeasure
from survey.report.frame import Floats, Frame
from survey.wave.model import AnalysisPlan, Index, Wave


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing the wave measures, with the scale its raw values stand on.

    `satisfied` holds the frozen codes an answer must have to count; for an index it is empty and `at_least` holds the
    raw mean its respondents must reach: the lowest code that counts as satisfied on its items.
    """

    id: str
    label: Words
    text: Words | None
    items: tuple[str, ...]
    answered: int
    low: int
    high: int
    agreement: bool
    satisfied: tuple[int, ...]
    at_least: float | None
    links: Links
    section: str
    is_index: bool

    def raw(self, frame: Frame) -> Floats:
        """Raw value of each respondent, shape (n,), on the scale from `low` to `high`; nan where there is none.

        An index is the mean of the items a respondent answered, given at least `answered` of them.
        """
        if not self.is_index:
            return frame.answers(self.items[0])
        columns = np.column_stack([frame.answers(item) for item in self.items])
        known = np.isfinite(columns)
        count = known.sum(axis=1)
        total = np.where(known, columns, 0.0).sum(axis=1)
        return np.where(count >= max(1, self.answered), total / np.maximum(count, 1), np.nan)

    def score(self, frame: Frame) -> Floats:
        """Raw value carried to 0–100, shape (n,): (raw − low) / (high − low) × 100."""
        return self.scaled(self.raw(frame))

    def counted(self, frame: Frame) -> Floats:
        """1.0 where the respondent counts as satisfied, 0.0 where not, nan where there is no value; shape (n,)."""
        return self.counts(self.raw(frame))

    def answers(self, frame: Frame) -> Floats:
        """Whether each respondent counts as satisfied, and the score, shape (n, 2); nan in both where neither is."""
        raw = self.raw(frame)
        return np.column_stack([self.counts(raw), self.scaled(raw)])

    def scaled(self, raw: Floats) -> Floats:
        """Raw values carried to 0–100."""
        return 100.0 * (raw - self.low) / (self.high - self.low)

    def counts(self, raw: Floats) -> Floats:
        """Which raw values count as satisfied, as 1.0 and 0.0; nan where there is none."""
        holds = np.isin(raw, self.satisfied) if self.at_least is None else raw >= self.at_least - 1e-9
        return np.where(np.isfinite(raw), holds.astype(np.float64), np.nan)

    def to_raw(self, score: float) -> float:
        """A 0–100 score on the raw scale again."""
        return self.low + score * (self.high - self.low) / 100.0


def measures(wave: Wave, questionnaire: Questionnaire) -> tuple[Measure, ...]:
    """The headline first, then the indices, then every item in the order of asking."""
    items = [
        _item(question, wave.analysis, section.id)
        for section in questionnaire.sections
        for question in section.questions
        if isinstance(question, FivePoint | Score)
    ]
    indices = [_index(index, wave.analysis, questionnaire) for index in wave.analysis.indices]
    every = [*indices, *items]
    return tuple(sorted(every, key=lambda measure: measure.id != wave.analysis.headline))


def find(every: tuple[Measure, ...], measure_id: str) -> Measure:
    """The measure with this id; `UnknownMeasure` when there is none."""
    for measure in every:
        if measure.id == measure_id:
            return measure
    raise UnknownMeasure(measure_id)


def _item(question: FivePoint | Score, plan: AnalysisPlan, section: str) -> Measure:
    low, high = _bounds(question)
    return Measure(
        id=question.id,
        label=question.label,
        text=question.text,
        items=(question.id,),
        answered=1,
        low=low,
        high=high,
        agreement=_agreement(question),
        satisfied=plan.satisfied_score if isinstance(question, Score) else plan.satisfied_five_point,
        at_least=None,
        links=question.links,
        section=section,
        is_index=False,
    )


def _index(index: Index, plan: AnalysisPlan, questionnaire: Questionnaire) -> Measure:
    questions = [questionnaire.question(item) for item in index.items]
    bounds = {_bounds(question) for question in questions}
    (low, high), *mixed = sorted(bounds)
    if mixed:
        raise ValueError(f"index {index.id!r}: its items stand on different scales, {sorted(bounds)}")
    codes = plan.satisfied_score if isinstance(questions[0], Score) else plan.satisfied_five_point
    section = next(s.id for s in questionnaire.sections if questions[0] in s.questions)
    return Measure(
        id=index.id,
        label=index.label,
        text=None,
        items=index.items,
        answered=index.answered,
        low=low,
        high=high,
        agreement=all(_agreement(question) for question in questions),
        satisfied=(),
        at_least=float(min(codes)),
        links=_joined([question.links for question in questions]),
        section=section,
        is_index=True,
    )


def _bounds(question: Question) -> tuple[int, int]:
    match question:
        case FivePoint(points=points):
            codes = [point.code for point in points]
            return min(codes), max(codes)
        case Score(low=low, high=high):
            return low, high
        case _:
            raise ValueError(f"{question.id!r} is not on a scale")


def _agreement(question: Question) -> bool:
    return isinstance(question, FivePoint) and question.direction is Direction.AGREEMENT


def _joined(links: list[Links]) -> Links:
    dimensions = {link.dimension for link in links}
    return Links(
        dimension=dimensions.pop() if len(dimensions) == 1 else None,
        tasks=tuple(sorted({task for link in links for task in link.tasks})),
        units=tuple(dict.fromkeys(unit for link in links for unit in link.units)),
    )
