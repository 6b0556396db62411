"""The shipped questionnaire: what it promises residents, the bureau and whoever edits it next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import product

import pytest

from survey.questionnaire.model import (
    Direction,
    FivePoint,
    MultipleChoice,
    OpenText,
    Question,
    Questionnaire,
    Score,
    Section,
    SectionKind,
    SingleChoice,
    Words,
)
from survey.questionnaire.plan import city_plan
from survey.questionnaire.read import shipped
from survey.questionnaire.routing import offered, path

HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
KANA = r"\u3040-\u30ff"
HANGUL = r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
LONGEST_PATH = 45
AREA_OF_CODES = {371002: {1}, 371071: {2}, 371072: {3}, 371073: {4}, 371003: {5, 6}, 371082: {7}, 371083: {8}}
QIAOTOU = 371002109


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return shipped()


def words(part: object) -> Iterator[Words]:
    """Every text below a part of the questionnaire."""
    if isinstance(part, Words):
        yield part
    elif isinstance(part, tuple | list):
        for one in part:
            yield from words(one)
    elif is_dataclass(part):
        for field in fields(part):
            yield from words(getattr(part, field.name))


def every_text(questionnaire: Questionnaire) -> list[Words]:
    return [*words(questionnaire), *questionnaire.missing_labels.values()]


def section(questionnaire: Questionnaire, section_id: str) -> Section:
    return next(one for one in questionnaire.sections if one.id == section_id)


def five_point(questionnaire: Questionnaire, direction: Direction) -> list[FivePoint]:
    return [q for q in questionnaire.questions() if isinstance(q, FivePoint) and q.direction is direction]


def options(question: Question) -> tuple[int, ...]:
    assert isinstance(question, SingleChoice)
    return tuple(option.code for option in question.options if option.code not in question.ends_if)


def test_nobody_is_asked_more_than_forty_five_questions(questionnaire: Questionnaire) -> None:
    asked = {question.id: options(question) for question in questionnaire.questions() if _decides(question.id)}
    paths = [path(questionnaire, dict(zip(asked, answers, strict=True))).asked for answers in product(*asked.values())]
    assert max(len(one) for one in paths) <= LONGEST_PATH
    assert {question for one in paths for question in one} == {question.id for question in questionnaire.questions()}


def _decides(question_id: str) -> bool:
    return question_id in {"age_group", "years_here", "district", "residence_status"}


def test_newcomers_are_asked_about_belonging_and_residents_registered_here_are_not(
    questionnaire: Questionnaire,
) -> None:
    belonging = {question.id for question in section(questionnaire, "belonging").questions}
    start = {"age_group": 3, "years_here": 2, "district": 7}
    for status in options(questionnaire.question("residence_status")):
        asked = path(questionnaire, {**start, "residence_status": status}).asked
        assert belonging.isdisjoint(asked) if status == 1 else belonging <= set(asked)


@pytest.mark.parametrize(("question", "code"), [("age_group", 90), ("years_here", 90), ("district", 10)])
def test_who_is_not_asked_is_told_before_the_first_opinion(
    questionnaire: Questionnaire, question: str, code: int
) -> None:
    answers = {"age_group": 3, "years_here": 2, "district": 7, question: code}
    ended = path(questionnaire, answers)
    assert ended.screened_out_by == question
    assert set(ended.asked) <= {one.id for one in section(questionnaire, "screening").questions}


def test_every_aspect_has_the_same_number_of_items_and_at_least_four(questionnaire: Questionnaire) -> None:
    aspects = [one for one in questionnaire.sections if one.kind is SectionKind.ASPECT]
    assert len(aspects) == 5
    assert {len(one.questions) for one in aspects} == {len(aspects[0].questions)}
    assert len(aspects[0].questions) >= 4
    for aspect in aspects:
        assert all(isinstance(q, FivePoint) and q.direction is Direction.SATISFACTION for q in aspect.questions)


def test_the_aspects_are_those_the_plan_names(questionnaire: Questionnaire) -> None:
    named = {one.id: one.aspect.zh for one in questionnaire.sections if one.aspect}
    scope = {number: city_plan().dimension(number).scope_zh for number in (5, 6, 8)}
    aspects = [named[one.id] for one in questionnaire.sections if one.kind is SectionKind.ASPECT]
    assert all(aspect in scope[8] for aspect in [*aspects, named["townscape"]])
    assert "城市自豪感" in scope[8]
    assert named["pride"] == "城市自豪感"
    assert named["feeling_safe"] in scope[6]
    assert named["belonging"] in scope[5]


def test_every_part_of_the_survey_is_there(questionnaire: Questionnaire) -> None:
    assert isinstance(questionnaire.question("overall_satisfaction"), Score)
    places = questionnaire.question("proud_places")
    assert isinstance(places, MultipleChoice)
    assert [option.code for option in places.options if option.write_in] == [96]
    assert [option.code for option in places.options if option.exclusive] == [97]
    assert [q.id for q in questionnaire.questions() if isinstance(q, OpenText)] == ["improve_first"]
    for background in ("age_group", "sex", "district", "street_town", "residence_status", "years_here"):
        assert isinstance(questionnaire.question(background), SingleChoice)
    for survey in ("townscape", "pride", "feeling_safe", "belonging"):
        items = [q for q in section(questionnaire, survey).questions if isinstance(q, FivePoint)]
        assert len(items) >= 3


def test_every_task_of_the_plan_is_asked_about_or_says_why_not(questionnaire: Questionnaire) -> None:
    asked = {task for question in questionnaire.questions() for task in question.links.tasks}
    excused = {task.number for task in city_plan().tasks if task.not_asked}
    assert [task.number for task in city_plan().tasks] == list(range(9, 61))
    assert asked.isdisjoint(excused)
    assert asked | excused == {task.number for task in city_plan().tasks}


def test_every_opinion_leads_to_a_unit_that_should_read_it(questionnaire: Questionnaire) -> None:
    units = {unit.id for unit in city_plan().units}
    assert len(units) == 41
    for question in questionnaire.questions():
        if isinstance(question, FivePoint | Score | OpenText):
            assert question.links.units
            assert question.links.dimension
        assert units.issuperset(question.links.units)


def test_whoever_asks_about_health_asks_for_consent_and_never_insists(questionnaire: Questionnaire) -> None:
    sensitive = [question for question in questionnaire.questions() if question.sensitive]
    assert {question.id for question in sensitive} == {"household_needs", "improve_first"}
    assert all(question.optional for question in sensitive)


def test_background_questions_count_as_quasi_identifiers(questionnaire: Questionnaire) -> None:
    marked = {question.id for question in questionnaire.questions() if question.quasi_identifier}
    asked = {
        question.id
        for one in questionnaire.sections
        if one.kind in {SectionKind.SCREENING, SectionKind.BACKGROUND}
        for question in one.questions
    }
    assert marked == asked


def test_satisfaction_is_asked_without_leaning(questionnaire: Questionnaire) -> None:
    asked = five_point(questionnaire, Direction.SATISFACTION)
    assert asked
    for question in asked:
        assert "满意不满意" in question.text.zh
        assert "how satisfied are you" in question.text.en.lower()
        assert "얼마나 만족하십니까" in question.text.ko


def test_agreement_is_asked_without_leaning(questionnaire: Questionnaire) -> None:
    asked = five_point(questionnaire, Direction.AGREEMENT)
    assert asked
    for question in asked:
        assert question.text.zh.startswith("您同意不同意")
        assert question.text.en.startswith("How far do you agree or disagree")
        assert question.text.ko.startswith("다음 말이 본인의 생각과 얼마나 같습니까?")


def test_residents_are_addressed_politely(questionnaire: Questionnaire) -> None:
    for text in every_text(questionnaire):
        assert "你" not in text.zh
        assert not re.search(r"(?<!니)(세요|어요|아요|해요)", text.ko), text.ko
    for question in questionnaire.questions():
        assert re.search(r"(십니까|습니까|입니까)\?", question.text.ko), question.id


def test_each_language_is_written_in_its_own_script(questionnaire: Questionnaire) -> None:
    for text in every_text(questionnaire):
        assert not re.search(f"[{HANGUL}{KANA}A-Za-z]", text.zh), text.zh
        assert re.search(f"[{HAN}]", text.zh) or text.zh.isdigit(), text.zh
        assert re.fullmatch(r"[\x20-\x7e’“”–]+", text.en), text.en
        assert not re.search(f"[{HAN}{KANA}，。；：？！（）「」]", text.ko), text.ko
        assert not re.search(r"[A-Za-z]", text.ko), text.ko


def test_every_text_fits_a_phone(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions():
        assert len(question.text.zh) <= 60, question.id
        assert len(question.text.en) <= 200, question.id
        assert len(question.text.ko) <= 110, question.id
        assert len(question.label.zh) <= 12, question.id
        assert len(question.label.en) <= 48, question.id
        assert len(question.label.ko) <= 24, question.id
        for option in getattr(question, "options", ()):
            assert len(option.label.zh) <= 20, option.label.zh
            assert len(option.label.en) <= 60, option.label.en
            assert len(option.label.ko) <= 32, option.label.ko


def test_every_street_is_offered_in_the_district_it_lies_in(questionnaire: Questionnaire) -> None:
    streets = questionnaire.question("street_town")
    assert isinstance(streets, SingleChoice)
    assert len(streets.options) == 75
    for option in streets.options:
        expected = {1, 3} if option.code == QIAOTOU else AREA_OF_CODES[option.code // 1000]
        assert set(option.when) == expected, option.label.en


def test_nanhai_shows_the_streets_of_wendeng(questionnaire: Questionnaire) -> None:
    streets = questionnaire.question("street_town")
    assert offered(streets, {"district": 6}) == offered(streets, {"district": 5}) != ()


def test_who_declines_the_district_gets_no_question_about_the_street(questionnaire: Questionnaire) -> None:
    assert "street_town" in path(questionnaire, {"district": 4}).asked
    assert "street_town" not in path(questionnaire, {"district": -2}).asked
