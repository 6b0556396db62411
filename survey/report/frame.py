"""Responses of one sample as columns: the bridge between what was answered and what is estimated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import (
    Answer,
    FivePoint,
    Missing,
    MultipleChoice,
    Number,
    Question,
    Questionnaire,
    Score,
    SingleChoice,
)
from survey.wave.model import Channel, Wave
from survey.wave.response import Response

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]
Mask = npt.NDArray[np.bool_]

CODED = (FivePoint, Score, SingleChoice, Number)
AREA = "weighting_area"
NOT_STATED = ""
"""Area of a resident who did not say which district they live in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One sample of one wave, a row for each eligible respondent, sorted so that no order of arrival is left.

    Attributes
    ----------
    codes : mapping of question id to ndarray of int, shape (n,)
        Every question answered by one number; negative codes are `Missing`.
    chosen : mapping of question id to tuple of (option code, ndarray of int, shape (n,))
        For multiple choices: 1 chosen, 0 not chosen, negative codes where the question has no answer.
    district : ndarray of int, shape (n,)
        Code of the wave's district; negative where it was not said.
    area : ndarray of str, shape (n,)
        Weighting area; `NOT_STATED` where the district was not said.
    inside : ndarray of bool, shape (n,)
        Whether the margins count this resident (`AnalysisPlan.outside_margins`).
    ineligible : int
        Respondents left out because their answers screened them out.
    """

    wave: Wave
    questionnaire: Questionnaire
    channel: Channel
    codes: Mapping[str, Integers]
    chosen: Mapping[str, tuple[tuple[int, Integers], ...]]
    district: Integers
    area: Texts
    inside: Mask
    base_weight: Floats
    stratum: Texts
    psu: Texts
    mode: Texts
    language: Texts
    ineligible: int

    @property
    def rows(self) -> int:
        """Number of eligible respondents."""
        return int(self.district.size)

    def answers(self, question_id: str) -> Floats:
        """Codes of a question, shape (n,), with nan wherever there is no substantive answer."""
        codes = self.codes[question_id]
        return np.where(codes >= 0, codes.astype(np.float64), np.nan)


def frame(responses: Iterable[Response], wave: Wave, questionnaire: Questionnaire, channel: Channel) -> Frame:
    """Columns of the responses that came through `channel`; the two samples are never mixed.

    An invited response brings its stratum, PSU and design weight. An open-link response has none: it is a sampling
    unit of its own with base weight 1, and whatever is estimated from it rests on a model, not on the draw.
    """
    ends = {question.id: question.ends_if for question in questionnaire.questions() if question.ends_if}
    reached = [response for response in responses if response.channel is channel]
    eligible = sorted(
        (response for response in reached if not _screened_out(ends, response)),
        key=lambda response: response.submission_id,
    )
    answers = [one.answers if isinstance(one.answers, dict) else dict(one.answers) for one in eligible]
    codes = {
        question.id: _codes(question, answers) for question in questionnaire.questions() if isinstance(question, CODED)
    }
    chosen = {
        question.id: _chosen(question, answers)
        for question in questionnaire.questions()
        if isinstance(question, MultipleChoice)
    }
    district = codes[wave.district_question]
    return Frame(
        wave=wave,
        questionnaire=questionnaire,
        channel=channel,
        codes=codes,
        chosen=chosen,
        district=district,
        area=_areas(wave, district),
        inside=_inside(wave, codes),
        base_weight=np.array([r.sampled.design_weight if r.sampled else 1.0 for r in eligible], dtype=np.float64),
        stratum=np.array([r.sampled.stratum if r.sampled else "" for r in eligible], dtype=np.str_),
        psu=np.array([r.sampled.psu if r.sampled else r.submission_id for r in eligible], dtype=np.str_),
        mode=np.array([r.mode.value for r in eligible], dtype=np.str_),
        language=np.array([r.language for r in eligible], dtype=np.str_),
        ineligible=len(reached) - len(eligible),
    )


def _screened_out(ends: Mapping[str, tuple[int, ...]], response: Response) -> bool:
    return any(response.answers.get(question) in codes for question, codes in ends.items())


def _codes(question: Question, rows: list[dict[str, Answer]]) -> Integers:
    blank = int(Missing.LEFT_BLANK)
    return np.fromiter(map(dict.get, rows, repeat(question.id), repeat(blank)), np.int64, len(rows))


def _chosen(question: MultipleChoice, rows: list[dict[str, Answer]]) -> tuple[tuple[int, Integers], ...]:
    """For each option 1, 0, or the negative code of a question without an answer."""
    answers = [row.get(question.id, int(Missing.LEFT_BLANK)) for row in rows]
    missing = np.array([_missing(answer) for answer in answers], dtype=np.int64)
    chosen = [answer if isinstance(answer, tuple) else () for answer in answers]
    row = np.repeat(np.arange(len(rows)), [len(codes) for codes in chosen])
    code = np.fromiter(chain.from_iterable(chosen), np.int64)

    def of(option: int) -> Integers:
        marked = np.zeros(len(rows), dtype=np.int64)
        marked[row[code == option]] = 1
        return np.where(missing < 0, missing, marked)

    return tuple((option.code, of(option.code)) for option in question.options)


def _missing(answer: Answer) -> int:
    """The negative code that stands for the whole answer, or 0 where options were chosen."""
    code = answer[0] if isinstance(answer, tuple) and len(answer) == 1 else answer
    return code if isinstance(code, int) and code < 0 else 0


def _areas(wave: Wave, district: Integers) -> Texts:
    area = {place.code: place.weighting_area for place in wave.districts}
    return np.array([area.get(int(code), NOT_STATED) for code in district], dtype=np.str_)


def _inside(wave: Wave, codes: Mapping[str, Integers]) -> Mask:
    size = next(iter(codes.values())).size
    outside = [np.isin(codes[question], excluded) for question, excluded in wave.analysis.outside_margins]
    inside: Mask = ~np.logical_or.reduce([np.zeros(size, dtype=np.bool_), *outside])
    return inside
