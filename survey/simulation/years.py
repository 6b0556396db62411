"""Several years of the simulated city: what changed from one to the next is known, and much of it is nothing.

The newest year is the shipped simulated wave as it is. An earlier one is the same city before the changes below, with
a sample drawn anew (other communities, other residents), so that the samples of two years are independent. The same
people think the same in both years but for the changes: where none is named, the true change is exactly zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import Question, Questionnaire, Words
from survey.simulation.city.assumptions import Assumptions, Table
from survey.simulation.submissions import Fieldwork
from survey.wave.model import Wave


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From `year` on everybody (of a district) thinks so much better of a section or question."""

    year: int
    what: str
    by: float
    """On the scale of opinions, where one person's answers vary by about 1."""
    district: int | None = None


CHANGES = (
    Change(year=2023, what="safety", by=0.10),
    Change(year=2024, what="nature", by=0.15),
    Change(year=2024, what="mobility", by=-0.10),
    Change(year=2025, what="mob_parking", by=-0.30),
    Change(year=2025, what="hum_compound", by=0.35),
    Change(year=2025, what="safe_weather", by=0.40, district=7),
    Change(year=2026, what="overall", by=0.15),
    Change(year=2026, what="mob_bus", by=-0.55, district=5),
    Change(year=2026, what="conv_elder", by=0.60, district=1),
)
"""Everything that changed. Townscape, pride, the sense of safety and belonging, and all of convenience outside
district 1, did not."""

REWORDED = 2024
"""The first year of the present wording; the years before asked an earlier version."""
EARLIER_VERSION = "2022.1"
WORDING: dict[str, tuple[Words, bool]] = {
    "nat_sea": (
        Words(
            zh="您对威海的海边环境满意不满意？",
            en="How satisfied are you with the seaside in Weihai?",
            ko="웨이하이의 바닷가 환경에 얼마나 만족하십니까?",
        ),
        False,
    ),
    "mob_bus": (
        Words(
            zh="您对坐公交车出行的条件满意不满意？（不坐公交车的，请选“不清楚/不适用”）",
            en="How satisfied are you with the conditions for getting around by bus? (If you do not take buses, "
            "please choose “Don’t know / does not apply”.)",
            ko="시내버스로 다니는 여건에 얼마나 만족하십니까? "
            "(버스를 타지 않으시면 ‘잘 모름/해당 없음’을 골라 주십시오)",
        ),
        True,
    ),
}
"""Question → how the earlier version worded it, and whether it declares that the answers may be joined."""
WORDING_EFFECT: dict[tuple[str, int | None], float] = {("nat_sea", None): 0.45}
"""The earlier, vaguer wording was answered more kindly: joined to the new one it would look like a fall."""

MORE_INTERVIEWS = 0.25
"""How much more often each earlier year was answered to an interviewer than the year after it."""


def year_before(wave: Wave, questionnaire: Questionnaire, years: int) -> tuple[Wave, Questionnaire]:
    """The wave and questionnaire of `years` before the shipped simulated wave; 0: that wave itself."""
    if years == 0:
        return wave, questionnaire
    year = wave.year - years
    asked = earlier_version(questionnaire) if year < REWORDED else questionnaire
    now, then = str(wave.year), str(year)
    title = Words(*(wave.title[language].replace(now, then) for language in ("zh", "en", "ko")))
    return (
        replace(
            wave,
            id=wave.id.replace(now, then),
            year=year,
            title=title,
            questionnaire=content_hash(asked),
            opens=date(year, 5, 1),
            closes=date(year, 6, 30),
        ),
        asked,
    )


def earlier_version(questionnaire: Questionnaire) -> Questionnaire:
    """The version asked before `REWORDED`."""

    def earlier(question: Question) -> Question:
        if question.id not in WORDING:
            return question
        text, declared = WORDING[question.id]
        return replace(question, text=text, comparable_with=(questionnaire.version,) if declared else ())

    sections = tuple(
        replace(section, questions=tuple(earlier(one) for one in section.questions))
        for section in questionnaire.sections
    )
    return replace(questionnaire, version=EARLIER_VERSION, sections=sections)


def fieldwork_of(fieldwork: Fieldwork, wave: Wave, years: int) -> Fieldwork:
    """How the wave of `years` before the shipped one was answered: an earlier city, a sample of its own."""
    if years == 0:
        return fieldwork
    return replace(fieldwork, draw=years, assumptions=_assumptions(fieldwork.assumptions, wave.year - years, years))


def _assumptions(now: Assumptions, year: int, years: int) -> Assumptions:
    """The city in `year`, which is `years` before the shipped wave: the changes that came after it are undone."""
    shifts = dict(WORDING_EFFECT) if year < REWORDED else {}
    for change in CHANGES:
        if change.year > year:
            key = (change.what, change.district)
            shifts[key] = shifts.get(key, 0.0) - change.by
    feelings = replace(now.feelings, shifts=shifts)
    return replace(now, feelings=feelings, turnout=replace(now.turnout, modes=_modes(now.turnout.modes, years)))


def _modes(now: Table, years: int) -> Table:
    """Shares by phone, web, interviewer and paper before people took to the phone."""
    factor = (1.0 + MORE_INTERVIEWS) ** years
    return tuple((phone, web, interviewer * factor, paper) for phone, web, interviewer, paper in now)
