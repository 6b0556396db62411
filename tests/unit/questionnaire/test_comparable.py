"""Answers of two versions are joined only where the question stayed as it was, or a version says they may be."""

from dataclasses import replace

import pytest
from small_questionnaire import PLAN, SMALL

from survey.questionnaire.canonical import canonical, content_hash, from_canonical
from survey.questionnaire.comparable import Comparison, compared
from survey.questionnaire.errors import DefinitionError
from survey.questionnaire.model import Condition, Words
from survey.questionnaire.read import read

CRIME = "safe_crime"
OTHER_WORDS = Words("换了说法", "Worded otherwise", "다르게 묻기")


def reworded(questionnaire, version, **changes):
    """The questionnaire as another version, with one question changed."""
    sections = tuple(
        replace(
            section,
            questions=tuple(replace(one, **changes) if one.id == CRIME else one for one in section.questions),
        )
        for section in questionnaire.sections
    )
    return replace(questionnaire, version=version, sections=sections)


def test_a_question_that_stayed_is_the_same_whatever_else_the_versions_changed(small):
    later = reworded(small, "2", label=OTHER_WORDS, quasi_identifier=True)
    assert compared(small, later, CRIME) is Comparison.SAME
    assert compared(small, reworded(small, "2", text=OTHER_WORDS), "overall") is Comparison.SAME


def test_another_wording_is_a_break_until_a_version_declares_otherwise(small):
    later = reworded(small, "2", text=OTHER_WORDS)
    assert compared(small, later, CRIME) is Comparison.CHANGED
    assert not compared(small, later, CRIME).joins
    declared = reworded(small, "2", text=OTHER_WORDS, comparable_with=(small.version,))
    assert compared(small, declared, CRIME) is Comparison.DECLARED
    assert compared(declared, small, CRIME) is Comparison.DECLARED
    assert compared(declared, small, CRIME).joins


@pytest.mark.parametrize("version", ["3", "1 "])
def test_a_declaration_holds_only_for_the_version_it_names(small, version):
    later = reworded(small, "2", text=OTHER_WORDS, comparable_with=(version,))
    assert compared(small, later, CRIME) is Comparison.CHANGED


def test_one_language_reworded_alone_is_a_break(small):
    text = small.question(CRIME).text
    later = reworded(small, "2", text=replace(text, ko="다르게 묻기"))
    assert compared(small, later, CRIME) is Comparison.CHANGED


def test_other_people_asked_is_a_break(small):
    later = reworded(small, "2", ask_if=(Condition(question="origin", any_of=(1,)),))
    assert compared(small, later, CRIME) is Comparison.CHANGED


def test_what_one_version_does_not_ask_is_not_compared(small):
    assert compared(small, small, "no_such_question") is Comparison.ABSENT
    assert compared(small, replace(small, id="another"), CRIME) is Comparison.ABSENT


def test_a_declaration_is_read_kept_and_hashed_and_its_absence_changes_no_hash(small):
    line = 'id = "safe_crime"\n'
    assert SMALL.count(line) == 1
    declared = read(SMALL.replace(line, line + 'comparable_with = ["2020", "2021"]\n'), PLAN)
    assert declared.question(CRIME).comparable_with == ("2020", "2021")
    assert from_canonical(canonical(declared)) == declared
    assert content_hash(declared) != content_hash(small)
    assert "comparable_with" not in canonical(small)


@pytest.mark.parametrize(
    ("written", "told"),
    [('["{version}"]', "is this version itself"), ('[""]', "without a name"), ('["a", "a"]', "names a twice")],
)
def test_a_declaration_that_means_nothing_is_refused(small, written, told):
    line = 'id = "safe_crime"\n'
    text = SMALL.replace(line, line + f"comparable_with = {written.replace('{version}', small.version)}\n")
    with pytest.raises(DefinitionError) as refused:
        read(text, PLAN)
    assert [problem.place for problem in refused.value.problems] == [
        'section "safety" › question "safe_crime" › comparable_with'
    ]
    assert told in refused.value.problems[0].message
