"""The phone's script, the style sheet and the server ask the same questions."""

from __future__ import annotations

import random

import pytest
from small_questionnaire import PLAN, SMALL

from survey.forms.names import input_of
from survey.questionnaire.model import MultipleChoice, OpenText, Question
from survey.questionnaire.read import read, shipped
from survey.questionnaire.routing import codes, offered, path, rules

INTERVIEWS = 4000
PAGES = 60
ASKED = {"small": read(SMALL, PLAN), "shipped": shipped()}


def drawn(question: Question, chance: random.Random) -> object:
    """An answer that somebody might give, or try to."""
    likely = [*codes(question), *(int(way) for way in question.missing)] or [1]
    if isinstance(question, MultipleChoice):
        return tuple(chance.sample(likely, chance.randint(1, min(3, len(likely)))))
    return "words" if isinstance(question, OpenText) else chance.choice(likely)


def interviews(questionnaire, count, seed):
    """Random answers to some questions; most of them are not screened out at once."""
    chance = random.Random(seed)
    for _ in range(count):
        given = {}
        for question in questionnaire.questions():
            if chance.random() < 0.8:
                staying = [code for code in codes(question) if code not in question.ends_if]
                given[question.id] = (
                    chance.choice(staying) if question.ends_if and chance.random() < 0.9 else drawn(question, chance)
                )
        yield given


@pytest.mark.parametrize("name", sorted(ASKED))
def test_the_script_takes_the_servers_path(new_phone, name):
    questionnaire = ASKED[name]
    page = new_phone()
    page.goto("/en")
    given = list(interviews(questionnaire, INTERVIEWS, seed=2026))
    found = page.evaluate(
        "([rules, given]) => given.map(one => surveyRouting.path(rules, one))", [rules(questionnaire), given]
    )
    expected = [path(questionnaire, one) for one in given]
    assert [(tuple(one["asked"]), one["screened_out_by"]) for one in found] == [
        (one.asked, one.screened_out_by) for one in expected
    ]
    assert len({one.asked for one in expected}) >= 5


def test_the_script_offers_the_choices_the_server_offers(new_phone):
    page = new_phone()
    page.goto("/en")
    street = shipped().question("street_town")
    districts = codes(shipped().question("district"))
    found = page.evaluate(
        """([rules, id, districts]) => {
            const rule = rules.questions.find(one => one.id === id);
            return districts.map(district => rule.codes.filter(code => surveyRouting.offered(rule, code, {district})));
        }""",
        [rules(shipped()), street.id, districts],
    )
    assert found == [[option.code for option in offered(street, {"district": district})] for district in districts]


def test_the_style_sheet_shows_the_servers_path(new_phone):
    page = new_phone()
    page.route("**/respond.js*", lambda route: route.abort())
    page.goto("/en")
    for given in interviews(shipped(), PAGES, seed=8):
        routed = path(shipped(), given)
        shown = page.evaluate(
            """ids => {
                document.querySelectorAll('input').forEach(one => { one.checked = false; });
                ids.forEach(id => { document.getElementById(id).checked = true; });
                return [...document.querySelectorAll('[data-question]')]
                    .filter(one => one.getClientRects().length).map(one => one.dataset.question);
            }""",
            [one for question in shipped().questions() for one in touched(question, given.get(question.id))],
        )
        assert tuple(shown) == routed.asked, given


def touched(question: Question, answer: object) -> list[str]:
    """Ids of the inputs that are checked when somebody gives this answer."""
    codes_given = answer if isinstance(answer, tuple) else (answer,)
    return [input_of(question, code) for code in codes_given if isinstance(code, int)]
