"""Who is asked what, by the rules that are published."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_questionnaire import PLAN, SMALL

from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import MultipleChoice, Number, OpenText, SingleChoice, write_in_id
from survey.questionnaire.read import read, shipped
from survey.questionnaire.routing import codes, offered, path, rules

ASKED = {"small": read(SMALL, PLAN), "shipped": shipped()}


def answers_to(question):
    """Answers a respondent, or somebody who tampers with the form, might send."""
    missing = st.sampled_from([-1, -2, -3, -4])
    match question:
        case Number(low=low, high=high):
            return st.integers(low - 1, high + 1) | missing
        case OpenText():
            return st.text(max_size=30) | missing
        case MultipleChoice():
            return st.lists(st.sampled_from([*codes(question), -1]), max_size=4).map(tuple) | missing
        case _:
            return st.sampled_from(codes(question)) | st.sampled_from(codes(question)[:2]) | missing


def answer_sets(questionnaire):
    choices = {question.id: answers_to(question) for question in questionnaire.questions()}
    choices |= {
        write_in_id(question.id): st.text(max_size=120)
        for question in questionnaire.questions()
        if isinstance(question, SingleChoice | MultipleChoice) and any(option.write_in for option in question.options)
    }
    staying = {
        question.id: st.sampled_from([code for code in codes(question) if code not in question.ends_if])
        for question in questionnaire.questions()
        if question.ends_if
    }
    return st.fixed_dictionaries({}, optional=choices) | st.fixed_dictionaries(
        staying, optional={name: drawn for name, drawn in choices.items() if name not in staying}
    )


given_answers = st.sampled_from(sorted(ASKED)).flatmap(
    lambda name: st.tuples(st.just(ASKED[name]), answer_sets(ASKED[name]))
)


def path_by_published_rules(published, answers):
    """What a script does that knows nothing but the published JSON."""
    given, asked = {}, []

    def holds(name, any_of):
        answer = given.get(name)
        return any(code in any_of for code in (answer if isinstance(answer, list) else [answer]))

    for rule in published["questions"]:
        if not all(holds(one["question"], one["any_of"]) for one in rule.get("ask_if", [])):
            continue
        when = rule.get("when", {})
        if "filter_by" in rule and not any(
            str(code) not in when or given.get(rule["filter_by"]) in when[str(code)] for code in rule["codes"]
        ):
            continue
        asked.append(rule["id"])
        if rule["id"] in answers:
            given[rule["id"]] = answers[rule["id"]]
            if holds(rule["id"], rule.get("ends_if", [])):
                return asked, rule["id"]
    return asked, None


@settings(max_examples=100, deadline=None)
@given(given_answers)
def test_the_published_rules_alone_give_the_same_path(drawn):
    questionnaire, answers = drawn
    published, sent = json.loads(json.dumps([rules(questionnaire), answers]))
    found = path(questionnaire, answers)
    assert path_by_published_rules(published, sent) == (list(found.asked), found.screened_out_by)


@settings(max_examples=100, deadline=None)
@given(given_answers, st.data())
def test_answers_off_the_path_decide_nothing(drawn, data):
    questionnaire, answers = drawn
    found = path(questionnaire, answers)
    off = {
        question.id: answers_to(question) for question in questionnaire.questions() if question.id not in found.asked
    }
    on = {name: answer for name, answer in answers.items() if name in found.asked}
    assert path(questionnaire, on) == found
    assert path(questionnaire, on | data.draw(st.fixed_dictionaries({}, optional=off))) == found


@settings(max_examples=60, deadline=None)
@given(given_answers)
def test_the_path_keeps_the_order_of_asking_and_ends_where_it_is_screened_out(drawn):
    questionnaire, answers = drawn
    found = path(questionnaire, answers)
    order = [question.id for question in questionnaire.questions()]
    assert list(found.asked) == [name for name in order if name in found.asked]
    if found.screened_out_by:
        assert found.asked[-1] == found.screened_out_by


def test_a_resident_is_asked_what_concerns_the_resident(small):
    base = {"adult": 1, "district": 1, "origin": 1}
    assert path(small, base).asked == (
        "adult", "district", "street", "origin", "safe_crime", "safe_road", "overall", "years",
    )  # fmt: skip
    newcomer = path(small, {**base, "origin": 3, "places": (2, 97)}).asked
    assert newcomer[-4:] == ("belong", "places", "why", "years")


def test_an_ending_answer_is_the_last_one(small):
    found = path(small, {"adult": 2, "district": 1, "origin": 2})
    assert (found.asked, found.screened_out_by) == (("adult",), "adult")


def test_a_hidden_answer_to_a_screened_section_opens_nothing(small):
    """Places were chosen, then the registration changed: the answer stays on the phone and counts no more."""
    found = path(small, {"adult": 1, "district": 1, "origin": 1, "places": (1,)})
    assert "why" not in found.asked


@pytest.mark.parametrize(("district", "streets"), [(1, [101, 102]), (2, [201]), (3, []), (-2, []), (None, [])])
def test_streets_are_those_of_the_district(small, district, streets):
    answers = {"adult": 1} if district is None else {"adult": 1, "district": district}
    assert [option.code for option in offered(small.question("street"), answers)] == streets
    assert ("street" in path(small, answers).asked) == bool(streets)


def test_rules_are_small_plain_json_that_names_its_version(small):
    published = rules(small)
    assert json.loads(json.dumps(published)) == published
    assert published["hash"] == content_hash(small)
    by_id = {rule["id"]: rule for rule in published["questions"]}
    assert by_id["adult"] == {
        "id": "adult", "section": "screening", "kind": "single", "codes": [1, 2], "required": True, "ends_if": [2],
    }  # fmt: skip
    assert by_id["street"] == {
        "id": "street", "section": "place", "kind": "single", "codes": [101, 102, 201], "missing": [-1, -2],
        "filter_by": "district", "when": {"101": [1], "102": [1], "201": [2]}, "optional": True,
    }  # fmt: skip
    assert by_id["places"] == {
        "id": "places", "section": "belonging", "kind": "multiple", "codes": [1, 2, 3, 96, 97], "missing": [-1, -2],
        "ask_if": [{"question": "origin", "any_of": [2, 3]}], "exclusive": [97], "most": 2, "write_in": [96],
        "longest": 100,
    }  # fmt: skip
    assert by_id["years"]["bounds"] == [0, 110]
    assert by_id["why"]["longest"] == 20
    assert by_id["overall"]["codes"] == list(range(11))
    assert len(json.dumps(rules(shipped()))) < 16_000
