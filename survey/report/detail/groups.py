"""Which groups of residents a wave can be looked at by: background questions and how residents answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.questionnaire.model import MultipleChoice, Question, Questionnaire, SectionKind, SingleChoice, Words
from survey.report.errors import UnknownGrouping
from survey.report.frame import Frame
from survey.wave.model import Mode, Wave

Codes = npt.NDArray[np.intp]
BACKGROUND = (SectionKind.SCREENING, SectionKind.BACKGROUND)
MODE = "mode"
MODES = {
    Mode.PHONE: Words(zh="手机自填", en="On a phone", ko="휴대전화로 직접 응답"),
    Mode.WEB: Words(zh="电脑自填", en="On a computer", ko="컴퓨터로 직접 응답"),
    Mode.INTERVIEWER: Words(zh="访员面访", en="With an interviewer", ko="면접원과 대면"),
    Mode.PAPER: Words(zh="纸质问卷", en="On paper", ko="종이 설문지"),
}
ORIGIN: Mapping[str, tuple[tuple[Words, tuple[int, ...]], ...]] = {
    "residence_status": (
        (Words(zh="威海本地居民", en="Local residents", ko="웨이하이 출신 주민"), (1,)),
        (Words(zh="外来居民（国内）", en="Newcomers from elsewhere in China", ko="국내 다른 지역 출신 주민"), (2, 3)),
        (
            Words(
                zh="港澳台和外国籍居民",
                en="Hong Kong, Macao, Taiwan and foreign nationals",
                ko="홍콩·마카오·대만 및 외국 국적 주민",
            ),
            (4, 5, 6),
        ),
    )
}
"""Options of the shipped questionnaire that are one group together."""
YES = Words(zh="家中有", en="Yes", ko="있음")
NO = Words(zh="家中没有", en="No", ko="없음")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One group: its name, and the answers that put a resident in it."""

    name: Words
    codes: tuple[int, ...]
    outside: bool
    """Whom no margin counts: never part of the city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """A way of dividing residents. `question` is the background question, "mode" for how they answered."""

    id: str
    label: Words
    question: str
    option: int | None
    """For a multiple choice: the option that was chosen or not."""
    levels: tuple[Level, ...]

    def codes(self, frame: Frame) -> Codes:
        """Level of each respondent, shape (n,); -1 where it was not said, or where level and margins disagree."""
        level = np.full(frame.rows, -1, dtype=np.intp)
        for place, one in enumerate(self.levels):
            level[self._in(frame, one) & (frame.inside != one.outside)] = place
        return level

    def _in(self, frame: Frame, level: Level) -> npt.NDArray[np.bool_]:
        if self.question == MODE:
            return np.asarray(frame.mode == tuple(MODES)[level.codes[0]].value)
        if self.option is None:
            return np.isin(frame.codes[self.question], level.codes)
        chosen = next(column for code, column in frame.chosen[self.question] if code == self.option)
        return np.isin(chosen, level.codes)


def groupings(wave: Wave, questionnaire: Questionnaire) -> tuple[Grouping, ...]:
    """Every background question that divides residents into named groups, but where they live; then the mode."""
    found: list[Grouping] = []
    for section in questionnaire.sections:
        if section.kind in BACKGROUND:
            for question in section.questions:
                found.extend(_of(question, wave))
    modes = tuple(Level(name=name, codes=(place,), outside=False) for place, name in enumerate(MODES.values()))
    label = Words(zh="答卷方式", en="How they answered", ko="응답 방식")
    return (*found, Grouping(id=MODE, label=label, question=MODE, option=None, levels=modes))


def find_grouping(every: tuple[Grouping, ...], grouping_id: str) -> Grouping:
    """The grouping with this id; `UnknownGrouping` when there is none."""
    for grouping in every:
        if grouping.id == grouping_id:
            return grouping
    raise UnknownGrouping(grouping_id)


def _of(question: Question, wave: Wave) -> list[Grouping]:
    outside = dict(wave.analysis.outside_margins)
    if isinstance(question, SingleChoice) and question.filter_by is None and question.id != wave.district_question:
        excluded = outside.get(question.id, ())
        return [
            Grouping(
                id=question.id,
                label=question.label,
                question=question.id,
                option=None,
                levels=tuple(
                    Level(name=name, codes=codes, outside=set(codes) <= set(excluded))
                    for name, codes in _levels(question)
                ),
            )
        ]
    if isinstance(question, MultipleChoice):
        return [
            Grouping(
                id=f"{question.id}_{option.code}",
                label=option.label,
                question=question.id,
                option=option.code,
                levels=(Level(name=YES, codes=(1,), outside=False), Level(name=NO, codes=(0,), outside=False)),
            )
            for option in question.options
            if not option.exclusive and not option.write_in
        ]
    return []


def _levels(question: SingleChoice) -> list[tuple[Words, tuple[int, ...]]]:
    codes = [option.code for option in question.options if option.code not in question.ends_if]
    joined = ORIGIN.get(question.id, ())
    if sorted(codes) == sorted(code for _, some in joined for code in some):
        return list(joined)
    return [(option.label, (option.code,)) for option in question.options if option.code in codes]
