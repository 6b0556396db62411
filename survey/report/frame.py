"""Responses of one sample as columns: the bridge between what was answered and what is estimated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import Questionnaire
from survey.report.columns import Codes, Gathered
from survey.report.estimating.sparse import left_out
from survey.wave.model import Channel, Wave
from survey.wave.response import Response

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]
Mask = npt.NDArray[np.bool_]

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
        Whether the figures count this resident: neither outside the margins (`AnalysisPlan.outside_margins`) nor in
        an area that is left out.
    left_out : ndarray of bool, shape (n,)
        Whether the margins count this resident, but too few answered in the area (`survey.report.estimating.sparse`).
    ineligible : int
        Respondents left out because their answers screened them out.
    """

    wave: Wave
    questionnaire: Questionnaire
    channel: Channel
    codes: Mapping[str, Codes]
    chosen: Mapping[str, tuple[tuple[int, Codes], ...]]
    district: Codes
    area: Texts
    inside: Mask
    left_out: Mask
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
    gathered = Gathered.of((one for one in responses if one.channel is channel), questionnaire)
    rows = gathered.eligible()
    codes = {name: column.codes()[rows] for name, column in gathered.numbers.items()}
    district = codes[wave.district_question]
    area, weights = _areas(wave, district), np.array(gathered.about["weight"], dtype=np.float64)[rows]
    counted = _inside(wave, codes)
    missed = counted & np.isin(area, left_out(wave.margins, area[counted], weights[counted]))
    return Frame(
        wave=wave,
        questionnaire=questionnaire,
        channel=channel,
        codes=codes,
        chosen={
            name: tuple((option, chosen[rows]) for option, chosen in column.columns())
            for name, column in gathered.choices.items()
        },
        district=district,
        area=area,
        inside=counted & ~missed,
        left_out=missed,
        base_weight=weights,
        stratum=gathered.texts("stratum", rows),
        psu=gathered.texts("psu", rows),
        mode=gathered.texts("mode", rows),
        language=gathered.texts("language", rows),
        ineligible=len(gathered.about["weight"]) - rows.size,
    )


def _areas(wave: Wave, district: Codes) -> Texts:
    area = {place.code: place.weighting_area for place in wave.districts}
    present, place = np.unique(district, return_inverse=True)
    return np.array([area.get(int(code), NOT_STATED) for code in present], dtype=np.str_)[place]


def _inside(wave: Wave, codes: Mapping[str, Codes]) -> Mask:
    size = next(iter(codes.values())).size
    outside = [np.isin(codes[question], excluded) for question, excluded in wave.analysis.outside_margins]
    inside: Mask = ~np.logical_or.reduce([np.zeros(size, dtype=np.bool_), *outside])
    return inside
