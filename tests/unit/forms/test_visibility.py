"""The style sheet that routes without a script follows the published rules; the browser tests see what it does."""

from __future__ import annotations

from small_questionnaire import PLAN, SMALL

from survey.forms.visibility import only_if, visibility_style
from survey.questionnaire.read import read, shipped


def test_a_condition_carries_those_of_the_question_it_looks_at():
    style = visibility_style(read(SMALL, PLAN))
    assert ".plain #q-why{display:none}" in style
    assert (
        ".plain form:has(#origin-2:checked,#origin-3:checked):has(#places-1:checked,#places-97:checked) #q-why" in style
    )


def test_an_ending_answer_hides_all_that_follows_and_shows_why():
    style = visibility_style(read(SMALL, PLAN))
    assert ".plain form:has(#adult-2:checked) #q-adult .stop{display:block}" in style
    assert ".plain form:has(#adult-2:checked) #s-screening~*" in style


def test_nothing_of_it_applies_where_the_browser_cannot_or_the_script_runs():
    style = visibility_style(shipped())
    assert style.startswith("@supports selector(:has(*)){")
    assert all(
        rule.startswith((".plain ", "}")) for rule in style.split("{", 1)[1].replace("}", "}\n").split("\n") if rule
    )


def test_browsers_that_cannot_are_told_in_words():
    questionnaire = read(SMALL, PLAN)
    (reason,) = only_if(questionnaire, questionnaire.sections[3].ask_if, "ko")
    assert (reason.question, reason.choices) == ("Label origin한", ("Option 2한", "Option 3한"))
