"""The form reads what was sent as it came; a page shows it again as it was."""

from __future__ import annotations

import pytest
from small_questionnaire import PLAN, SMALL
from werkzeug.datastructures import MultiDict

from survey.forms.questionnaire_form import answers, form_class
from survey.questionnaire.read import read

SENSITIVE = SMALL.replace('id = "years"', 'id = "years"\nsensitive = true\nquasi_identifier = true')


def form(sent, text=SMALL, language="en"):
    return form_class(read(text, PLAN), language)(formdata=MultiDict(sent))


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ({"overall": "10"}, {"overall": 10}),
        ({"overall": "-1"}, {"overall": -1}),
        ({"overall": "ten"}, {"overall": "ten"}),
        ({"places": ["2", "1"]}, {"places": (2, 1)}),
        ({"places": ["-2"]}, {"places": (-2,)}),
        ({"places": ["1", "x"]}, {"places": "x"}),
        ({"places": ["96"], "places_other": "  the old pier "}, {"places": (96,), "places_other": "the old pier"}),
        ({"years": " 12 "}, {"years": 12}),
        ({"years": "３５"}, {"years": 35}),
        ({"years": "12.5"}, {"years": "12.5"}),
        ({"years": "", "years_missing": "-2"}, {"years": -2}),
        ({"why": " -1 "}, {"why": "-1"}),
        ({"why": "  "}, {}),
        ({"nobody_asked": "1"}, {}),
    ],
)
def test_what_was_sent_is_read_as_it_came(sent, read_as):
    assert answers(form(sent)) == read_as


def test_who_declines_is_believed_whatever_was_typed_before():
    assert answers(form({"why": "something", "why_missing": "-2"})) == {"why": -2}


@pytest.mark.parametrize(
    ("choice", "read_as"), [("yes", {"years": 12}), ("no", {"years": -2}), ("", {}), ("maybe", {})]
)
def test_a_sensitive_answer_counts_only_where_asking_was_allowed(choice, read_as):
    assert answers(form({"years": "12", "consent_years": choice}, SENSITIVE)) == read_as


def test_one_class_for_each_questionnaire_and_language():
    questionnaire = read(SMALL, PLAN)
    assert form_class(questionnaire, "ko") is form_class(questionnaire, "ko")
    assert form_class(questionnaire, "ko") is not form_class(questionnaire, "zh")


def test_rows_say_their_choice_in_the_language_of_the_form_and_what_was_chosen():
    questionnaire = read(SMALL, PLAN)
    shown = form({"places": ["2", "97"], "district": "-2"}, language="ko")
    (group,) = shown["places"].groups()
    assert [row.label for row in group.rows][:2] == ["Option 1한", "Option 2한"]
    assert [row.code for row in group.rows if row.checked] == [2, 97]
    assert [row.code for row in group.rows if row.exclusive] == [97]
    assert [row.code for row in group.rows if row.write_in] == [96]
    assert [row.checked for row in shown.missing(questionnaire.question("district"))] == [True]
    assert shown.missing(questionnaire.question("adult")) == ()


def test_choices_offered_to_the_same_people_stand_together():
    assert [(group.when, [row.code for row in group.rows]) for group in form({})["street"].groups()] == [
        ((1,), [101, 102]),
        ((2,), [201]),
    ]


def test_both_ends_of_a_scale_of_numbers_are_named_where_they_are_heard():
    (group,) = form({})["overall"].groups()
    assert [row.end for row in group.rows if row.end] == ["Worst", "Best"]
