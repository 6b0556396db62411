"""What a wave and the questionnaire it asks must say about each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from survey.questionnaire.errors import Message, Problem
from survey.questionnaire.model import FivePoint, Question, Questionnaire, Score, SingleChoice
from survey.questionnaire.routing import codes
from survey.wave.margins import margins
from survey.wave.model import AnalysisPlan, Index, Wave

TWICE, EMPTY = Message("stands twice"), Message("is empty")


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
        told = Message("%(closes)s is before the wave opens (%(opens)s)", closes=wave.closes, opens=wave.opens)
        yield Problem("closes", told)
    if not 1900 <= wave.year < 2100:
        yield Problem("year", Message("%(year)s is no year of a wave", year=wave.year))
    elif abs(wave.opens.year - wave.year) > 1:
        told = Message("%(opens)s does not fit a wave of the year %(year)s", opens=wave.opens, year=wave.year)
        yield Problem("opens", told)


def _districts(wave: Wave, asked: Question | None) -> Iterator[Problem]:
    if asked is None:
        yield Problem("district_question", _unknown(wave.district_question))
    elif not isinstance(asked, SingleChoice):
        yield Problem("district_question", _no_single_choice(asked.id))
    else:
        yield from _district_codes(wave, asked)


def _district_codes(wave: Wave, asked: SingleChoice) -> Iterator[Problem]:
    staying = set(codes(asked)) - set(asked.ends_if)
    for code, times in Counter(district.code for district in wave.districts).items():
        if times > 1:
            yield Problem(f"district {code} › code", TWICE)
        if code not in codes(asked):
            told = Message('is no option of question "%(question)s"', question=asked.id)
            yield Problem(f"district {code} › code", told)
        elif code not in staying:
            told = Message('this answer to question "%(question)s" ends the interview', question=asked.id)
            yield Problem(f"district {code} › code", told)
    for code in sorted(staying - {district.code for district in wave.districts}):
        told = Message('option %(code)s of question "%(question)s" is no district', code=code, question=asked.id)
        yield Problem("district", told)


def _indices(plan: AnalysisPlan, questions: dict[str, Question]) -> Iterator[Problem]:
    for name, times in Counter(index.id for index in plan.indices).items():
        if times > 1:
            yield Problem(f'analysis › index "{name}" › id', TWICE)
        if name in questions:
            yield Problem(f'analysis › index "{name}" › id', Message("a question has this id"))
    for index in plan.indices:
        yield from _index(index, questions)


def _index(index: Index, questions: dict[str, Question]) -> Iterator[Problem]:
    place = f'analysis › index "{index.id}"'
    directions = set()
    for item in index.items:
        match questions.get(item):
            case None:
                yield Problem(f"{place} › items", _unknown(item))
            case FivePoint(direction=direction):
                directions.add(direction)
            case _:
                told = Message('question "%(question)s" has no five-point scale', question=item)
                yield Problem(f"{place} › items", told)
    if len(directions) > 1:
        yield Problem(f"{place} › items", Message("satisfaction and agreement are not one scale"))
    if not 1 <= index.answered <= len(index.items):
        told = Message(
            "%(count)s is not between 1 and its %(items)s items", count=index.answered, items=len(index.items)
        )
        yield Problem(f"{place} › answered", told)


def _satisfied(plan: AnalysisPlan, questions: dict[str, Question]) -> Iterator[Problem]:
    scores = {code for question in questions.values() if isinstance(question, Score) for code in codes(question)}
    for key, chosen, possible in (
        ("satisfied_five_point", plan.satisfied_five_point, {1, 2, 3, 4, 5}),
        ("satisfied_score", plan.satisfied_score, scores),
    ):
        if not chosen:
            yield Problem(f"analysis › {key}", EMPTY)
        if possible and not set(chosen) <= possible:
            outside = ", ".join(str(code) for code in chosen if code not in possible)
            told = Message("%(codes)s is on no such scale of the questionnaire", codes=outside)
            yield Problem(f"analysis › {key}", told)
        elif possible and set(chosen) != set(sorted(possible)[-len(chosen) :]):
            yield Problem(f"analysis › {key}", Message("must be the best codes of the scale, without a gap"))


def _thresholds(plan: AnalysisPlan) -> Iterator[Problem]:
    if not 0.5 <= plan.confidence_level < 1:
        yield Problem("analysis › confidence_level", _not_between(plan.confidence_level, 0.5))
    if plan.smallest_cell < 1:
        yield Problem("analysis › smallest_cell", Message("%(number)s is below 1", number=plan.smallest_cell))
    for mark in plan.pass_marks:
        if not 0 < mark.share <= 1:
            yield Problem(f'analysis › pass_mark "{mark.measure}" › share', _not_between(mark.share, 0))


def _measures(plan: AnalysisPlan, questions: dict[str, Question]) -> Iterator[Problem]:
    measured = {index.id for index in plan.indices}
    measured |= {name for name, question in questions.items() if isinstance(question, FivePoint | Score)}
    wanted: Iterable[tuple[str, str]] = (
        ("headline", plan.headline),
        *((f'pass_mark "{mark.measure}" › measure', mark.measure) for mark in plan.pass_marks),
    )
    for part, name in wanted:
        if name not in measured:
            told = Message('"%(name)s" is no index, five-point or score question', name=name)
            yield Problem(f"analysis › {part}", told)


def _outside(plan: AnalysisPlan, questions: dict[str, Question]) -> Iterator[Problem]:
    for name, chosen in plan.outside_margins:
        place = f'analysis › outside_margins "{name}"'
        match questions.get(name):
            case SingleChoice() as question:
                for code in chosen:
                    if code not in codes(question):
                        told = Message('%(code)s is no option of question "%(question)s"', code=code, question=name)
                        yield Problem(f"{place} › codes", told)
            case None:
                yield Problem(f"{place} › question", _unknown(name))
            case _:
                yield Problem(f"{place} › question", _no_single_choice(name))


def _unknown(question: str) -> Message:
    return Message('the questionnaire has no question "%(question)s"', question=question)


def _no_single_choice(question: str) -> Message:
    return Message('question "%(question)s" is no single choice', question=question)


def _not_between(number: float, low: float) -> Message:
    return Message("%(number)s is not between %(low)s and 1", number=number, low=low)
