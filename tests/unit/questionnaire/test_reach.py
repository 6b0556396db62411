"""Every question can be asked of somebody: what never can be is refused, what can be passes."""

import pytest
from small_questionnaire import HEAD, options, question, section

from survey.questionnaire.errors import DefinitionError
from survey.questionnaire.read import read

ADULT = question("adult", "single", f"missing = []\nends_if = [2]\noptions = [{options(1, 2)}]")
AREA = question("area", "single", f"options = [{options(1, 2, 3)}]")
KINDS = question(
    "kinds",
    "multiple",
    f'most = 2\noptions = [{options(1, 2, 3)}, {{ code = 9, exclusive = true, label = {{zh="无",en="No",ko="무"}} }}]',
)


def street(*whens):
    every = ", ".join(
        f'{{ code = {10 * when + 1}, when = [{when}], label = {{ zh = "街{when}", en = "S{when}", ko = "길{when}" }} }}'
        for when in whens
    )
    return question("street", "single", f'filter_by = "area"\noptions = [{every}]')


def needing(*conditions):
    told = ", ".join(f'{{ question = "{name}", any_of = {list(codes)} }}' for name, codes in conditions)
    return f"ask_if = [{told}]"


def of_area_1(name, *codes):
    return question(name, "single", f"options = [{options(1, 2)}]\n{needing(('area', codes))}")


def last(*conditions):
    return section("end", "survey", question("last", "number", f"low = 0\nhigh = 9\n{needing(*conditions)}"))


def first(*questions):
    return section("start", "background", *questions)


@pytest.mark.parametrize(
    ("parts", "place", "says"),
    [
        pytest.param(
            [first(AREA), last(("area", [1]), ("area", [2]))],
            'section "end" › question "last" › ask_if',
            'contradictory: no answer to question "area"',
            id="two conditions exclude each other",
        ),
        pytest.param(
            [
                first(AREA),
                section(
                    "end",
                    "survey",
                    question("last", "number", "low = 0\nhigh = 9\n" + needing(("area", [2, 3]))),
                    lines=needing(("area", [1])),
                ),
            ],
            'section "end" › question "last" › ask_if',
            'contradictory: no answer to question "area"',
            id="a question excludes what its section needs",
        ),
        pytest.param(
            [
                first(AREA),
                section(
                    "end",
                    "survey",
                    question("last", "number", "low = 0\nhigh = 9"),
                    lines=needing(("area", [1]), ("area", [2])),
                ),
            ],
            'section "end" › ask_if',
            'contradictory: no answer to question "area"',
            id="a section excludes itself",
        ),
        pytest.param(
            [first(ADULT), last(("adult", [2]))],
            'section "end" › question "last" › ask_if 1 › any_of',
            '2 to question "adult" ends the interview',
            id="after the end",
        ),
        pytest.param(
            [first(AREA, of_area_1("shop", 1)), last(("shop", [1]), ("area", [2, 3]))],
            'section "end" › question "last" › ask_if',
            'can never be asked: no answer to question "area"',
            id="excluded through another question",
        ),
        pytest.param(
            [first(AREA, of_area_1("shop", 1), of_area_1("park", 2)), last(("shop", [1]), ("park", [1, 2]))],
            'section "end" › question "last" › ask_if',
            'can never be asked: no answer to question "area"',
            id="needs two questions that nobody is asked both",
        ),
        pytest.param(
            [first(AREA, street(1, 2)), last(("street", [11]), ("area", [2]))],
            'section "end" › question "last" › ask_if',
            "can never be asked",
            id="needs a street of another area",
        ),
        pytest.param(
            [first(AREA, street(1, 2)), last(("street", [11, 21]), ("area", [3]))],
            'section "end" › question "last" › ask_if',
            "can never be asked",
            id="needs a street where there is none",
        ),
        pytest.param(
            [first(AREA, street(1, 2)), last(("street", [-1]), ("area", [3]))],
            'section "end" › question "last" › ask_if',
            "can never be asked",
            id="needs no street told where there is none",
        ),
        pytest.param(
            [
                first(AREA),
                section("middle", "survey", street(1, 2), lines=needing(("area", [3]))),
            ],
            'section "middle" › question "street" › filter_by',
            "can never be asked",
            id="nothing is offered to anybody who is asked",
        ),
        pytest.param(
            [
                first(AREA),
                section("middle", "survey", street(1, 2), lines=needing(("area", [2]))),
            ],
            'section "middle" › question "street" › option 11 › when',
            "can never be offered",
            id="an option nobody who is asked is offered",
        ),
        pytest.param(
            [first(KINDS), last(("kinds", [1]), ("kinds", [9]))],
            'section "end" › question "last" › ask_if',
            'contradictory: no answer to question "kinds"',
            id="an exclusive option together with another",
        ),
        pytest.param(
            [first(KINDS), last(("kinds", [1]), ("kinds", [2]), ("kinds", [3]))],
            'section "end" › question "last" › ask_if',
            'contradictory: no answer to question "kinds"',
            id="more options than may be chosen",
        ),
        pytest.param(
            [first(KINDS), last(("kinds", [1]), ("kinds", [-1]))],
            'section "end" › question "last" › ask_if',
            'contradictory: no answer to question "kinds"',
            id="chosen and not known",
        ),
    ],
)
def test_what_nobody_can_be_asked_is_refused(plan, parts, place, says):
    with pytest.raises(DefinitionError) as refused:
        read(HEAD + "".join(parts), plan)
    found = [(problem.place, problem.message) for problem in refused.value.problems]
    assert [at for at, _ in found] == [place], found
    assert says in found[0][1]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([first(AREA), last(("area", [1, 2]), ("area", [2, 3]))], id="conditions overlap"),
        pytest.param([first(ADULT), last(("adult", [1]))], id="the answer that goes on"),
        pytest.param([first(AREA), last(("area", [-1, -2]))], id="those who did not answer"),
        pytest.param([first(AREA, of_area_1("shop", 1, 2)), last(("shop", [1]), ("area", [2, 3]))], id="through one"),
        pytest.param(
            [first(AREA, of_area_1("shop", 1, 2), of_area_1("park", 2, 3)), last(("shop", [1]), ("park", [1]))],
            id="two questions that some are asked both",
        ),
        pytest.param([first(AREA, street(1, 2)), last(("street", [11, 21]), ("area", [2]))], id="a street there"),
        pytest.param([first(AREA, street(1, 2)), last(("street", [-2]), ("area", [2]))], id="no street told there"),
        pytest.param([first(KINDS), last(("kinds", [1]), ("kinds", [2]))], id="two options together"),
        pytest.param([first(KINDS), last(("kinds", [1, 9]), ("kinds", [2, 9]))], id="an exclusive option alone"),
    ],
)
def test_what_somebody_can_be_asked_passes(plan, parts):
    read(HEAD + "".join(parts), plan)


def test_what_hangs_on_an_unreachable_question_is_not_told_again(plan):
    parts = [
        first(AREA),
        section(
            "middle",
            "survey",
            question("lost", "single", f"options = [{options(1, 2)}]\n" + needing(("area", [1]), ("area", [2]))),
        ),
        last(("lost", [1])),
    ]
    with pytest.raises(DefinitionError) as refused:
        read(HEAD + "".join(parts), plan)
    assert [problem.place for problem in refused.value.problems] == ['section "middle" › question "lost" › ask_if']
