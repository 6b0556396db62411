"""A definition file is read as it stands, or refused with the place named."""

import pytest

from survey.questionnaire.errors import DefinitionError
from survey.questionnaire.model import Direction, FivePoint, Missing, MultipleChoice, Number, OpenText, Score
from survey.questionnaire.notation.table import decoded
from survey.questionnaire.plan import city_plan
from survey.questionnaire.read import read, shipped

SAID = '{ zh = "一", en = "One", ko = "일" }'
ORIGIN = 'section "place" › question "origin"'
PLACES = 'section "belonging" › question "places"'
ADULT = 'section "screening" › question "adult"'
STREET = 'section "place" › question "street"'
WHY = 'section "last" › question "why"'
YEARS = 'section "last" › question "years"'
FIVE = 'scale "satisfaction5" › points'
MIDDLE = '  { code = 3, label = { zh = "Middle中", en = "Middle", ko = "Middle한" } },'
CRIME = 'section "safety" › question "safe_crime"'


def problems(text, plan):
    with pytest.raises(DefinitionError) as refused:
        read(text, plan)
    return [(problem.place, problem.message) for problem in refused.value.problems]


def changed(text, old, new):
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def test_every_kind_is_read_as_it_stands(small):
    kinds = {one.id: type(one) for one in small.questions()}
    assert kinds["safe_crime"] is FivePoint
    assert kinds["overall"] is Score
    assert kinds["places"] is MultipleChoice
    assert kinds["why"] is OpenText
    assert kinds["years"] is Number
    crime = small.question("safe_crime")
    assert crime.direction is Direction.SATISFACTION
    assert [point.code for point in crime.points] == [1, 2, 3, 4, 5]
    assert (crime.links.dimension, crime.links.tasks, crime.links.units) == (6, (9,), ("police",))
    assert small.question("adult").missing == ()
    assert small.question("district").missing == (Missing.PREFER_NOT_TO_SAY,)
    assert small.question("years").missing == (Missing.DONT_KNOW, Missing.PREFER_NOT_TO_SAY)
    assert small.question("street").options[2].when == (2,)
    assert [option.code for option in small.question("places").options if option.exclusive] == [97]
    assert small.missing_labels[Missing.LEFT_BLANK].ko == "Left blank한"
    assert small.sections[3].ask_if[0].any_of == (2, 3)


def test_the_shipped_questionnaire_and_plan_have_nothing_wrong():
    plan = city_plan()
    assert [dimension.number for dimension in plan.dimensions] == list(range(1, 9))
    assert [task.number for task in plan.tasks] == list(range(9, 61))
    assert len(plan.units) == 41
    assert sum(1 for _ in shipped().questions()) > 30


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        # languages and texts
        (', ko = "Label origin한"', "", f"{ORIGIN} › label.ko", "language is missing"),
        ('"Label origin한"', '" "', f"{ORIGIN} › label.ko", "empty"),
        ('"Label origin한"', "3", f"{ORIGIN} › label.ko", "must be a text, not the number 3"),
        ('ko = "Label origin한"', 'ko = "한", jp = "日"', f"{ORIGIN} › label.jp", "no language"),
        ('ko = "Title한"', 'xx = "Title한"', "title.ko", "language is missing"),
        ('ko = "Thanks한"', 'ko = ""', "notices › thanks.ko", "empty"),
        ('ko = "Middle한"', 'ko = ""', 'scale "satisfaction5" › point 3 › label.ko', "empty"),
        ('ko = "None한"', 'ko = ""', f"{PLACES} › option 97 › label.ko", "empty"),
        # names that stand twice
        ('id = "safe_road"', 'id = "safe_crime"', f"{CRIME} › id", "stands twice"),
        ('id = "safe_road"', 'id = "origin"', 'section "safety" › question "origin" › id', 'section "place" has it'),
        ('id = "last"', 'id = "place"', 'section "place" › id', "stands twice"),
        ('id = "score0_10"', 'id = "satisfaction5"', 'scale "satisfaction5" › id', "stands twice"),
        ("code = -3", "code = -2", "missing -2 › code", "stands twice"),
        ("{ code = 102", "{ code = 101", f"{STREET} › option 101", "stands twice"),
        ('en = "Option 2"', 'en = "Option 1"', f"{ADULT} › options", "stands 2 times"),
        ('id = "years"', 'id = "places_other"', f"{PLACES} › id", 'the id "places_other", which is a question'),
        # references that lead nowhere
        ('{ question = "origin", any', '{ question = "orgin", any', 'section "belonging" › ask_if 1 › question', "no"),
        (
            '{ question = "places", any_of = [1, 97] }',
            '{ question = "years", any_of = [1] }',
            f"{WHY} › ask_if 1 › question",
            "does not come earlier",
        ),
        (
            '{ question = "places", any_of = [1, 97] }',
            '{ question = "why", any_of = [1] }',
            f"{WHY} › ask_if 1 › question",
            "does not come earlier",
        ),
        ("any_of = [1, 97]", "any_of = [1, 98]", f"{WHY} › ask_if 1 › any_of", "98 is no an"),
        ("any_of = [1, 97]", "any_of = []", f"{WHY} › ask_if 1 › any_of", "is empty"),
        ("any_of = [1, 97]", "any_of = [1, 1]", f"{WHY} › ask_if 1 › any_of", "1 twice"),
        ("tasks = [9]", "tasks = [10]", f"{CRIME} › tasks", "no task 10"),
        ('units = ["police"]', 'units = ["army"]', f"{CRIME} › units", 'no unit "army"'),
        ("dimension = 6", "dimension = 9", f"{CRIME} › dimension", "no dimension 9"),
        ('scale = "satisfaction5"', 'scale = "unknown5"', f"{CRIME} › scale", 'no scale "unknown5"'),
        ('scale = "satisfaction5"', 'scale = "score0_10"', f"{CRIME} › scale", "is not one for this kind"),
        ('filter_by = "district"', 'filter_by = "dstrict"', f"{STREET} › filter_by", "no qu"),
        ('filter_by = "district"', 'filter_by = "origin"', f"{STREET} › filter_by", "earli"),
        ('filter_by = "district"\n', "", f"{STREET} › option 101 › when", "needs filter_by"),
        ("when = [2]", "when = [4]", f"{STREET} › option 201 › when", "4 is no option"),
        ("when = [2]", "when = [9]", f"{STREET} › option 201 › when", "ends the interview"),
        ("ends_if = [2]", "ends_if = [3]", f"{ADULT} › ends_if", "3 is no answer"),
        ("ends_if = [2]", "ends_if = [1, 2]", f"{ADULT} › ends_if", "every answer ends"),
        # what cannot be
        (MIDDLE, MIDDLE.replace("3", "6"), FIVE, "unbalanced"),
        (MIDDLE, "", FIVE, "1, 2, 4, 5"),
        ('en = "Very good"', 'en = "Good"', FIVE, 'label "Good" stands 2 times'),
        ('"satisfaction"', '"delight"', 'scale "satisfaction5" › direction', "is none of satisfaction, agreement"),
        ("high = 10\n", "high = 0\n", 'scale "score0_10" › high', "not above low"),
        ("low = 0\nhigh = 10\n", "low = -5\nhigh = 5\n", 'scale "score0_10" › low', "below 0"),
        ("most = 2", "most = 5", f"{PLACES} › most", "5 is more than the 4 options"),
        ("most = 2", "most = 1", f"{PLACES} › most", "single choice"),
        ("high = 110", "high = 0", f"{YEARS} › high", "not above low"),
        ("low = 0\nhigh = 110", "low = -5\nhigh = 110", f"{YEARS} › low", "below 0"),
        ("longest = 20", "longest = 0", f"{WHY} › longest", "at least 1"),
        ("code = 97", "code = -97", f"{PLACES} › option -97", "below 0"),
        ("exclusive = true", "write_in = true", f"{PLACES} › options", "only one can open a write-in field"),
        ("missing = []", "optional = true", f"{ADULT} › optional", "cannot be optional"),
        ("missing = []", "missing = [-3]", f"{ADULT} › missing", "-3 is not offered"),
        ('kind = "aspect"', 'kind = "aspct"', 'section "safety" › kind', '"aspct" is none of'),
        ('kind = "number"', 'kind = "nmber"', f"{YEARS} › kind", '"nmber" is none of'),
        ('id = "origin"', 'id = "Origin 1"', 'section "place" › question "Origin 1" › id', "is no id"),
        # keys and types
        ("optional = true", "optinal = true", f"{STREET} › optinal", "unknown key"),
        ("longest = 20", "most = 20", f"{WHY} › most", "unknown key"),
        ('version = "1"', 'version = "1"\nauthor = "x"', "author", "unknown key"),
        ("write_in = true", "writein = true", f"{PLACES} › option 96 › writein", "unknown key"),
        ("any_of = [1, 97]", "any_of = [1], none_of = [2]", f"{WHY} › ask_if 1 › none_of", "unknown key"),
        ("optional = true", 'optional = "yes"', f"{STREET} › optional", 'the text "yes"'),
        ("most = 2", "most = 2.5", f"{PLACES} › most", "whole number, not the number 2.5"),
        ("most = 2", "most = true", f"{PLACES} › most", "whole number, not true or false"),
        ("tasks = [9]", 'tasks = ["9"]', f"{CRIME} › tasks", "list of whole numbers"),
        ("tasks = [9]", "tasks = 9", f"{CRIME} › tasks", "list of whole numbers, not the number 9"),
        ('version = "1"', "version = 1", "version", "must be a text"),
        ('version = "1"\n', "", "version", "is missing"),
        ("code = -4", "code = -5", "missing -5 › code", "is none of"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(text, plan, old, new, place, says):
    found = problems(changed(text, old, new), plan)
    assert any(at == place and says in message for at, message in found), found


def test_an_exclusive_option_means_nothing_in_a_single_choice(text, plan):
    found = problems(
        changed(text, 'label = { zh = "Street 101中"', 'exclusive = true, label = { zh = "Street 101中"'), plan
    )
    assert found == [(f"{STREET} › option 101", "exclusive means nothing in a single choice")]


def test_all_problems_are_told_at_once(text, plan):
    text = changed(text, ', ko = "Label origin한"', "")
    text = changed(text, "tasks = [9]", "tasks = [10, 11]")
    text = changed(text, "most = 2", "most = 9\nunit = 3")
    found = problems(text, plan)
    assert len(found) == 5
    assert {place for place, _ in found} == {
        f"{ORIGIN} › label.ko",
        f"{CRIME} › tasks",
        f"{PLACES} › most",
        f"{PLACES} › unit",
    }


def test_a_file_that_is_no_toml_is_refused_with_line_and_column(plan):
    assert problems('id = "a"\ntitle = \n', plan) == [("line 2, column 9", "not valid TOML: Invalid value")]


def test_a_file_that_is_no_utf_8_is_refused_with_its_line():
    with pytest.raises(DefinitionError, match="line 2: is not UTF-8"):
        decoded("a\n威海".encode("gb18030"))
    assert decoded("\ufeff威海".encode()) == "威海"


def test_an_empty_file_is_refused_and_not_an_accident(plan):
    assert {place for place, _ in problems("", plan)} >= {"id", "version", "title", "section", "missing"}


def test_korean_typed_in_parts_is_the_same_text(text, plan):
    parts = "".join(("ᄒ", "ᅡ", "ᆫ"))
    assert read(text.replace("한", parts), plan) == read(text, plan)
