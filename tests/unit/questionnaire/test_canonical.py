"""One content, one text, one hash."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_questionnaire import PLAN, SMALL

from survey.questionnaire.canonical import canonical, content_hash, from_canonical
from survey.questionnaire.model import (
    Condition,
    Direction,
    FivePoint,
    Links,
    Missing,
    MultipleChoice,
    Notices,
    Number,
    OpenText,
    Option,
    Point,
    Questionnaire,
    Score,
    Section,
    SectionKind,
    SingleChoice,
    Words,
)
from survey.questionnaire.read import read, shipped

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
words = st.builds(Words, texts, texts, texts)
numbers = st.integers(min_value=-4, max_value=10**9)
code_lists = st.lists(numbers, max_size=3).map(tuple)
conditions = st.lists(st.builds(Condition, question=texts, any_of=code_lists), max_size=2).map(tuple)
option_lists = st.lists(
    st.builds(Option, code=numbers, label=words, exclusive=st.booleans(), write_in=st.booleans(), when=code_lists),
    max_size=3,
).map(tuple)
common = {
    "id": texts,
    "text": words,
    "label": words,
    "links": st.builds(
        Links, dimension=st.none() | numbers, tasks=code_lists, units=st.lists(texts, max_size=2).map(tuple)
    ),
    "missing": st.sampled_from([(), (Missing.DONT_KNOW,), (Missing.DONT_KNOW, Missing.PREFER_NOT_TO_SAY)]),
    "ask_if": conditions,
    "ends_if": code_lists,
    "optional": st.booleans(),
    "sensitive": st.booleans(),
    "quasi_identifier": st.booleans(),
}
points = st.lists(st.builds(Point, code=numbers, label=words), max_size=5).map(tuple)
questions = st.one_of(
    st.builds(FivePoint, **common, direction=st.sampled_from(Direction), points=points),
    st.builds(Score, **common, low=numbers, high=numbers, low_label=words, high_label=words),
    st.builds(SingleChoice, **common, options=option_lists, filter_by=st.none() | texts),
    st.builds(MultipleChoice, **common, options=option_lists, most=st.none() | numbers),
    st.builds(Number, **common, low=numbers, high=numbers, unit=st.none() | words),
    st.builds(OpenText, **common, longest=numbers),
)
sections = st.builds(
    Section,
    id=texts,
    kind=st.sampled_from(SectionKind),
    title=words,
    questions=st.lists(questions, max_size=3).map(tuple),
    introduction=st.none() | words,
    aspect=st.none() | words,
    ask_if=conditions,
)
questionnaires = st.builds(
    Questionnaire,
    id=texts,
    version=texts,
    title=words,
    notices=st.builds(Notices, **{field.name: words for field in fields(Notices)}),
    missing_labels=st.dictionaries(st.sampled_from(Missing), words),
    sections=st.lists(sections, max_size=2).map(tuple),
)


@settings(max_examples=100, deadline=None)
@given(questionnaires)
def test_the_canonical_text_holds_everything(questionnaire):
    text = canonical(questionnaire)
    again = from_canonical(text)
    assert again == questionnaire
    assert canonical.__wrapped__(again) == text  # not what is remembered for an equal questionnaire


@settings(max_examples=100, deadline=None)
@given(questionnaires.filter(lambda q: any(True for _ in q.questions())), st.data())
def test_any_change_of_any_question_changes_the_hash(questionnaire, data):
    asked = data.draw(st.sampled_from(list(questionnaire.questions())))
    field = data.draw(st.sampled_from(sorted(common)))
    changed = replace(asked, **{field: data.draw(common[field].filter(lambda v: v != getattr(asked, field)))})
    other = replace(
        questionnaire,
        sections=tuple(
            replace(section, questions=tuple(changed if q is asked else q for q in section.questions))
            for section in questionnaire.sections
        ),
    )
    assert content_hash(other) != content_hash(questionnaire)


def test_comments_and_the_order_of_keys_change_nothing():
    turned = SMALL.replace('id = "small"\nversion = "1"', '# The small one\nversion   = "1"\nid = "small"')
    assert turned != SMALL
    assert content_hash(read(turned, PLAN)) == content_hash(read(SMALL, PLAN))


def test_the_order_of_options_is_content():
    asked = read(SMALL, PLAN)
    place = asked.sections[1]
    origin = replace(place.questions[1], options=place.questions[1].options[::-1])
    other = replace(asked, sections=(asked.sections[0], replace(place, questions=(origin,)), *asked.sections[2:]))
    assert content_hash(other) != content_hash(asked)


def test_the_shipped_questionnaire_survives_its_canonical_text():
    assert from_canonical(canonical(shipped())) == shipped()
    assert len(content_hash(shipped())) == 64


def test_keys_are_sorted_whatever_the_order_of_fields_in_the_program():
    text = canonical(shipped())
    assert json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text


def test_what_is_absent_is_left_out_so_that_fields_added_later_change_no_hash():
    without = canonical(read(SMALL.replace("optional = true\nquasi", "quasi"), PLAN))
    assert '"optional"' not in without
    assert "null" not in without
    assert "false" not in without
    assert '"optional":true' in canonical(read(SMALL, PLAN))


def test_defaults_that_say_something_are_written_so_that_they_stay_frozen():
    text = canonical(read(SMALL.replace("longest = 20\n", ""), PLAN))
    assert '"longest":500' in text
    assert '"missing":[-1,-2]' in text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 3}', canonical(read(SMALL, PLAN))[:-1]])
def test_other_texts_are_no_questionnaire(text):
    with pytest.raises((ValueError, KeyError, TypeError)):
        from_canonical(text)


def test_a_canonical_text_with_a_field_nobody_knows_is_refused():
    text = canonical(read(SMALL, PLAN)).replace('"longest":20', '"longest":20,"later":1')
    with pytest.raises(TypeError, match="later"):
        from_canonical(text)
