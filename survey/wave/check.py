"""What a wave and the questionnaire it asks must say about each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from survey.questionnaire.errors import Problem
from survey.questionnaire.model import FivePoint, Question, Questionnaire, Score, SingleChoice
from survey.questionnaire.routing import codes
from survey.wave.margins import margins
from survey.wave.model import AnalysisPlan, Index, Wave


def check(wave: Wave, questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Everything wrong with `wave` as a whole, set against the questionnaire."""
    questions = {question.id: question for question in questionnaire.questions()}
    return (
        *_dates(wave),
        *_districts(wave, questions.get(wave.district_question)),
        *margins(wave, questions),
        *_indices(wave.analysis, questions),
        *_satisfied(wave.analysis, questions),
        *_thresholds(wave.analysis),
        *_measures(wave.analysis, questions),
        *_outside(wave.analysis, questions),
    )


def _dates(wave: Wave) -> Iterator[Problem]:
    if wave.closes < wave.opens:
        yield Problem("closes", f"{wave.closes} is before the wave opens ({wave.opens})")
    if not 1900 <= wave.year < 2100:
        yield Problem("year", f"{wave.year} is no year of a wave")
    elif abs(wave.opens.year - wave.year) > 1:
        yield Problem("opens", f"{wave.opens} does not fit a wave of the year {wave.year}")


def _districts(wave: Wave, asked: Question | None) -> Iterator[Problem]:
    if asked is None:
        yield Problem("district_question", f'the questionnaire has no question "{wave.district_question}"')
    elif not isinstance(asked, SingleChoice):
        yield Problem("district_question", f'question "{asked.id}" is no single choice')
    else:
        yield from _district_codes(wave, asked)


def _district_codes(wave: Wave, asked: SingleChoice) -> Iterator[Problem]:
    staying = set(codes(asked)) - set(asked.ends_if)
    for code, times in Counter(district.code for district in wave.districts).items():
        if times > 1:
            yield Problem(f"district {code} › code", "stands twice")
        if code not in codes(asked):
            yield Problem(f"district {code} › code", f'is no option of question "{asked.id}"')
        elif code not in staying:
            yield Problem(f"district {code} › code", f'this answer to question "{asked.id}" ends the interview')
    for code in sorted(staying - {district.code for district in wave.districts}):
        yield Problem("district", f'option {code} of question "{asked.id}" is no district of the wave')


def _indices(plan: AnalysisPlan, questions: dict[str, Question]) -> Iterator[Problem]:
    for name, times in Counter(index.id for index in plan.indices).items():
        if times > 1:
            yield Problem(f'analysis › index "{name}" › id', "stands twice")
        if name in questions:
            yield Problem(f'analysis › index "{name}" › id', "a question has this id")
    for index in plan.indices:
        yield from _index(index, questions)


def _index(index: Index, questions: dict[str, Question]) -> Iterator[Problem]:
    place = f'analysis › index "{index.id}"'
    directions = set()
    for item in index.items:
        match questions.get(item):
            case None:
                yield Problem(f"{place} › items", f'the questionnaire has no question "{item}"')
            case FivePoint(direction=direction):
                directions.add(direction)
            case _:
                yield Problem(f"{place} › items", f'question "{item}" has no five-point scale')
    if len(directions) > 1:
        yield Problem(f"{place} › items", "satisfaction and agreement are not one scale")
    if not 1 <= index.answered <= len(index.items):
        yield Problem(f"{place} › answered", f"{index.answered} is not between 1 and its {len(index.items)} items")


def _satisfied(plan: AnalysisPlan, questions: dict[str, Question]) -> Iterator[Problem]:
    scores = {code for question in questions.values() if isinstance(question, Score) for code in codes(question)}
    for key, chosen, possible in (
        ("satisfied_five_point", plan.satisfied_five_point, {1, 2, 3, 4, 5}),
        ("satisfied_score", plan.satisfied_score, scores),
    ):
        if not chosen:
            yield Problem(f"analysis › {key}", "is empty")
        if possible and not set(chosen) <= possible:
            outside = ", ".join(str(code) for code in chosen if code not in possible)
            yield Problem(f"analysis › {key}", f"{outside} is on no such scale of the questionnaire")
        elif possible and set(chosen) != set(sorted(possible)[-len(chosen) :]):
            yield Problem(f"analysis › {key}", "must be the best codes of the scale, without a gap")


def _thresholds(plan: AnalysisPlan) -> Iterator[Problem]:
    if not 0.5 <= plan.confidence_level < 1:
        yield Problem("analysis › confidence_level", f"{plan.confidence_level} is not between 0.5 and 1")
    if plan.smallest_cell < 1:
        yield Problem("analysis › smallest_cell", f"{plan.smallest_cell} is below 1")
    for mark in plan.pass_marks:
        if not 0 < mark.share <= 1:
            yield Problem(f'analysis › pass_mark "{mark.measure}" › share', f"{mark.share} is not between 0 and 1")


def _measures(plan: AnalysisPlan, questions: dict[str, Question]) -> Iterator[Problem]:
    measured = {index.id for index in plan.indices}
    measured |= {name for name, question in questions.items() if isinstance(question, FivePoint | Score)}
    wanted: Iterable[tuple[str, str]] = (
        ("headline", plan.headline),
        *((f'pass_mark "{mark.measure}" › measure', mark.measure) for mark in plan.pass_marks),
    )
    for part, name in wanted:
        if name not in measured:
            yield Problem(f"analysis › {part}", f'"{name}" is no index, five-point or score question')


def _outside(plan: AnalysisPlan, questions: dict[str, Question]) -> Iterator[Problem]:
    for name, chosen in plan.outside_margins:
        place = f'analysis › outside_margins "{name}"'
        match questions.get(name):
            case SingleChoice() as question:
                for code in chosen:
                    if code not in codes(question):
                        yield Problem(f"{place} › codes", f'{code} is no option of question "{name}"')
            case None:
                yield Problem(f"{place} › question", f'the questionnaire has no question "{name}"')
            case _:
                yield Problem(f"{place} › question", f'question "{name}" is no single choice')
