"""Which answers are accepted, and the complete record of an interview."""

import pytest
from hypothesis import given, settings
from test_routing import given_answers

from survey.questionnaire.model import Missing, write_in_id
from survey.questionnaire.routing import path
from survey.questionnaire.validation import AnswerProblem, Reason, check_answers, completed

NEWCOMER = {"adult": 1, "district": 1, "origin": 2}


@pytest.mark.parametrize(
    ("name", "answer", "reason"),
    [
        ("safe_crime", 6, Reason.OUTSIDE_SCALE),
        ("safe_crime", 0, Reason.OUTSIDE_SCALE),
        ("safe_crime", -5, Reason.OUTSIDE_SCALE),
        ("safe_crime", "4", Reason.WRONG_KIND),
        ("safe_crime", 4.0, Reason.WRONG_KIND),
        ("safe_crime", True, Reason.WRONG_KIND),
        ("safe_crime", (4,), Reason.WRONG_KIND),
        ("overall", 11, Reason.OUTSIDE_SCALE),
        ("overall", 10, None),
        ("overall", 0, None),
        ("origin", -1, Reason.OUTSIDE_SCALE),  # this question offers no "don't know"
        ("origin", Missing.PREFER_NOT_TO_SAY, None),
        ("origin", 7, Reason.OUTSIDE_SCALE),
        ("street", 101, None),
        ("street", 201, Reason.NOT_OFFERED),  # a street of another district
        ("street", 999, Reason.OUTSIDE_SCALE),
        ("street", "", None),
        ("places", (1, 2), None),
        ("places", (1, 1, 2, 2), None),
        ("places", (1, 2, 3), Reason.TOO_MANY),
        ("places", (97,), None),
        ("places", (1, 97), Reason.EXCLUSIVE),
        ("places", (1, -2), Reason.EXCLUSIVE),
        ("places", (-2,), None),
        ("places", -2, None),
        ("places", (1, 98), Reason.OUTSIDE_SCALE),
        ("places", 1, Reason.WRONG_KIND),
        ("places", ("1",), Reason.WRONG_KIND),
        ("places", (1, "2"), Reason.WRONG_KIND),
        ("years", 0, None),
        ("years", 110, None),
        ("years", 111, Reason.OUT_OF_BOUNDS),
        ("years", -2, None),
        ("years", -3, None),  # found by the server: as good as blank
        ("years", -7, Reason.OUTSIDE_SCALE),
        ("years", 3.5, Reason.WRONG_KIND),
        ("years", "3", Reason.WRONG_KIND),
    ],
)
def test_one_answer_is_accepted_or_told_why_not(small, name, answer, reason):
    wanted = () if reason is None else (AnswerProblem(name, reason),)
    assert check_answers(small, NEWCOMER | {name: answer}) == wanted


@pytest.mark.parametrize(("text", "long"), [("字" * 20, False), ("字" * 21, True), ("  " + "字" * 20 + "\r\n", False)])
def test_texts_are_measured_as_they_are_kept(small, text, long):
    answers = NEWCOMER | {"places": (1,), "why": text}
    assert check_answers(small, answers) == ((AnswerProblem("why", Reason.TOO_LONG),) if long else ())


def test_a_write_in_is_checked_only_where_its_option_is_chosen(small):
    long = {"places_other": "字" * 101}
    told = AnswerProblem("places_other", Reason.TOO_LONG)
    assert check_answers(small, NEWCOMER | {"places": (1, 96)} | long) == (told,)
    assert check_answers(small, NEWCOMER | {"places": (1, 2)} | long) == ()
    assert "places_other" not in completed(small, NEWCOMER | {"places": (1, 2)} | long)


@pytest.mark.parametrize("blank", [{}, {"adult": ""}, {"adult": -4}, {"adult": ()}])
def test_only_screening_questions_may_not_be_left_blank(small, blank):
    assert check_answers(small, {"district": 1} | blank) == (AnswerProblem("adult", Reason.REQUIRED),)
    assert check_answers(small, {"adult": 1, "district": 1}) == ()


def test_an_unknown_question_is_named(small):
    answers = NEWCOMER | {"phone_number": "1", "origin_other": "x"}
    assert check_answers(small, answers) == (
        AnswerProblem("origin_other", Reason.UNKNOWN_QUESTION),
        AnswerProblem("phone_number", Reason.UNKNOWN_QUESTION),
    )
    assert completed(small, answers) == completed(small, NEWCOMER)


def test_everything_wrong_is_told_in_the_order_of_asking(small):
    answers = {"years": 200, "places": (1, 97), "safe_crime": 9, "district": 1, "origin": 2}
    assert [problem.question_id for problem in check_answers(small, answers)] == [
        "adult", "safe_crime", "places", "years",
    ]  # fmt: skip


def test_answers_off_the_path_are_no_problem_and_are_dropped(small):
    answers = {"adult": 1, "district": 1, "origin": 1, "belong": 99, "why": "x" * 1000}
    assert check_answers(small, answers) == ()
    record = completed(small, answers)
    assert record["belong"] == record["why"] == Missing.NOT_ASKED
    assert record["safe_crime"] == Missing.LEFT_BLANK


def test_after_screening_out_nothing_was_asked(small):
    record = completed(small, {"adult": 2, "district": 1, "safe_crime": 5})
    assert record.pop("adult") == 2
    assert set(record.values()) == {Missing.NOT_ASKED}


def test_the_record_is_tidy(small):
    record = completed(
        small,
        NEWCOMER
        | {"places": (96, 1, 96), "places_other": " 海边\x00\ud800 ", "why": "一\r\n二\t三\x07", "belong": (-1,)},
    )
    assert record["places"] == (1, 96)
    assert record["places_other"] == "海边"
    assert record["why"] == "一\n二\t三"
    assert record["belong"] == -1


def test_codes_of_the_record_are_plain_whole_numbers(small):
    record = completed(small, NEWCOMER | {"belong": Missing.DONT_KNOW})
    assert {type(answer) for answer in record.values()} == {int}


@settings(max_examples=100, deadline=None)
@given(given_answers)
def test_completing_twice_changes_nothing(drawn):
    questionnaire, answers = drawn
    record = completed(questionnaire, answers)
    assert completed(questionnaire, record) == record
    assert path(questionnaire, record) == path(questionnaire, answers)
    assert check_answers(questionnaire, record) == tuple(
        problem for problem in check_answers(questionnaire, answers) if problem.reason is not Reason.UNKNOWN_QUESTION
    )


@settings(max_examples=100, deadline=None)
@given(given_answers)
def test_a_record_has_one_answer_for_every_question_and_not_asked_exactly_off_the_path(drawn):
    questionnaire, answers = drawn
    record, asked = completed(questionnaire, answers), path(questionnaire, answers).asked
    names = [question.id for question in questionnaire.questions()]
    assert [name for name in record if name in names] == names
    assert {name for name in names if record[name] != Missing.NOT_ASKED} == set(asked)
    assert set(record) - set(names) <= {write_in_id(name) for name in asked}
