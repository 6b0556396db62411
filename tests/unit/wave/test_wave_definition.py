"""A wave's definition is read as it stands, or refused with the place named; its text and hash hold it whole."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_questionnaire import PLAN, SMALL, said

from survey.language import say as speak
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.errors import DefinitionError, Message
from survey.questionnaire.read import read as read_questionnaire
from survey.wave.canonical import analysis_hash, canonical, from_canonical
from survey.wave.model import FormMarks, Margin, MarginCell, PassMark
from survey.wave.read import read

QUESTIONNAIRE = read_questionnaire(SMALL, PLAN)

WAVE = f"""
id = "2026"
year = 2026
opens = 2026-05-01
closes = 2026-06-30
simulated = false
district_question = "district"
title = {said("Wave")}
asked_by = {said("Bureau")}
contact = {said("12345")}
results_published = {said("Later")}

[[district]]
code = 1
name = {said("One")}
weighting_area = "north"
[[district]]
code = 2
name = {said("Two")}
weighting_area = "north"
[[district]]
code = 3
name = {said("Three")}
weighting_area = "south"

[[margin]]
variables = ["weighting_area"]
source = {said("Census")}
cells = [{{ levels = ["north"], total = 300 }}, {{ levels = ["south"], total = 100.5 }}]
[[margin]]
variables = ["weighting_area", "origin"]
source = {said("Register")}
assumption = {said("Assumed")}
cells = [
  {{ levels = ["north", "1"], total = 200 }},
  {{ levels = ["north", "2"], total = 100 }},
  {{ levels = ["south", "1"], total = 50.5 }},
  {{ levels = ["south", "2"], total = 50 }},
]

[sampling]
description = {said("Drawn")}
strata = {said("Areas")}
primary_sampling_unit = {said("Community")}

[analysis]
headline = "overall"
smallest_cell = 20
[[analysis.index]]
id = "safety"
label = {said("Safety")}
items = ["safe_crime", "safe_road"]
answered = 1
[[analysis.outside_margins]]
question = "origin"
codes = [3]
[[analysis.pass_mark]]
measure = "safety"
share = 0.9
source = {said("Standard")}

[marks]
form_number = "A1"
"""


@pytest.fixture(scope="module")
def wave():
    return read(WAVE, QUESTIONNAIRE)


def test_a_wave_is_read_as_it_stands(wave):
    assert (wave.opens, wave.closes) == (date(2026, 5, 1), date(2026, 6, 30))
    assert wave.questionnaire == content_hash(QUESTIONNAIRE)
    assert [district.weighting_area for district in wave.districts] == ["north", "north", "south"]
    assert wave.margins[0].cells[1] == MarginCell(levels=("south",), total=100.5)
    assert wave.margins[0].assumption is None
    assert wave.margins[1].assumption.en == "Assumed"
    assert wave.analysis.satisfied_five_point == (4, 5)
    assert (wave.analysis.smallest_cell, wave.analysis.confidence_level) == (20, 0.95)
    assert wave.analysis.outside_margins == (("origin", (3,)),)
    assert wave.analysis.pass_marks[0].share == 0.9
    assert wave.marks == FormMarks(form_number="A1")


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("2026-06-30", "2026-04-30", "closes", "before the wave opens"),
        ("2026-05-01", '"2026-05-01"', "opens", "without quotation marks"),
        ("2026-05-01", "2026-05-01T08:00:00", "opens", "must be a date"),
        ("year = 2026", "year = 2023", "opens", "does not fit a wave of the year 2023"),
        ("year = 2026", "year = 26", "year", "no year"),
        ('id = "2026"', 'id = "2026/05"', "id", "no id of a wave"),
        ("simulated = false\n", "", "simulated", "is missing"),
        ('ko = "Bureau한"', 'ko = ""', "asked_by.ko", "empty"),
        ('ko = "Register한"', 'jp = "x"', "margin 2 › source.ko", "language is missing"),
        ('_question = "district"', '_question = "town"', "district_question", 'no question "town"'),
        ('_question = "district"', '_question = "years"', "district_question", "no single choice"),
        ("code = 3", "code = 2", "district 2 › code", "stands twice"),
        ("code = 3", "code = 4", "district 4 › code", 'no option of question "district"'),
        ("code = 3", "code = 9", "district 9 › code", "ends the interview"),
        ("code = 3", "code = 2", "district", "option 3 of question"),
        ('variables = ["weighting_area"]', 'variables = ["town"]', "margin 1 › variables", '"town" is neither'),
        ('variables = ["weighting_area"]', 'variables = ["years"]', "margin 1 › variables", "no single choice"),
        ('variables = ["weighting_area"]', "variables = []", "margin 1 › variables", "is empty"),
        ('levels = ["south"]', 'levels = ["sout"]', "margin 1 › cell sout", "no combination"),
        ('levels = ["south"]', 'levels = ["sout"]', "margin 1 › cells", "south is missing"),
        ('levels = ["south"]', 'levels = ["north"]', "margin 1 › cell north", "stands twice"),
        ('["south", "2"]', '["south", "3"]', "margin 2 › cell south × 3", "no combination"),
        ('["south", "2"]', '["south", "3"]', "margin 2 › cells", "south × 2 is missing"),
        ('["south", "2"]', '["south"]', "margin 2 › cell south", "no combination"),
        ('["south", "2"]', '["south", 2]', "margin 2 › cell 4 › levels", "list of texts"),
        ("total = 100.5", "total = 0", "margin 1 › cell south › total", "not above 0"),
        ("total = 100.5", "total = inf", "margin 1 › cell 2 › total", "must be a number"),
        ("total = 100.5", 'total = "100"', "margin 1 › cell 2 › total", "must be a number"),
        ("total = 100.5", "total = 101", "margin 2 › cells", "south: 100.5 residents, but margin 1 has 101.0"),
        ("[[analysis.outside_margins]]", "[[analysis.outside]]", "analysis › outside", "unknown key"),
        ('question = "origin"', 'question = "orign"', 'analysis › outside_margins "orign" › question', "no question"),
        ('question = "origin"', 'question = "years"', 'analysis › outside_margins "years" › question', "no single"),
        ("codes = [3]", "codes = [3, 8]", 'analysis › outside_margins "origin" › codes', "8 is no option"),
        ('"safe_road"]', '"safe_rod"]', 'analysis › index "safety" › items', 'no question "safe_rod"'),
        ('"safe_road"]', '"overall"]', 'analysis › index "safety" › items', "no five-point scale"),
        ('"safe_road"]', '"safe_crime"]', 'analysis › index "safety" › items', "safe_crime twice"),
        ("answered = 1", "answered = 3", 'analysis › index "safety" › answered', "between 1 and its 2"),
        ("answered = 1", "answered = 0", 'analysis › index "safety" › answered', "between 1 and its 2"),
        ('id = "safety"', 'id = "overall"', 'analysis › index "overall" › id', "a question has this id"),
        ('headline = "overall"', 'headline = "origin"', "analysis › headline", '"origin" is no index'),
        ('measure = "safety"', 'measure = "safty"', 'analysis › pass_mark "safty" › measure', "is no index"),
        ("share = 0.9", "share = 90", 'analysis › pass_mark "safety" › share', "between 0 and 1"),
        ("smallest_cell = 20", "smallest_cell = 0", "analysis › smallest_cell", "below 1"),
        ("smallest_cell = 20", "confidence_level = 95", "analysis › confidence_level", "between 0.5 and 1"),
        ("smallest_cell = 20", "satisfied_five_point = [5, 6]", "analysis › satisfied_five_point", "6 is on no such"),
        ("smallest_cell = 20", "satisfied_five_point = [3, 5]", "analysis › satisfied_five_point", "best codes"),
        ("smallest_cell = 20", "satisfied_five_point = []", "analysis › satisfied_five_point", "is empty"),
        ("smallest_cell = 20", "satisfied_score = [9, 10, 11]", "analysis › satisfied_score", "11 is on no such"),
        ('form_number = "A1"', 'number = "A1"', "marks › number", "unknown key"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(old, new, place, says):
    assert old in WAVE
    with pytest.raises(DefinitionError) as refused:
        read(WAVE.replace(old, new, 1), QUESTIONNAIRE)
    found = [(problem.place, problem.message) for problem in refused.value.problems]
    assert any(at == place and says in message for at, message in found), found
    for _, message in found:
        assert isinstance(message, Message), "cannot be said in another language"
        assert all(message.text != speak(language)(message.text) for language in ("zh", "ko"))


def test_several_indices_of_one_name_are_refused():
    again = WAVE[WAVE.index("[[analysis.index]]") : WAVE.index("[[analysis.outside")]
    with pytest.raises(DefinitionError, match='analysis › index "safety" › id: stands twice'):
        read(WAVE.replace(again, again + again), QUESTIONNAIRE)


def test_an_index_is_of_one_scale():
    agreement = SMALL.replace('direction = "satisfaction"', 'direction = "agreement"', 1)
    mixed = read_questionnaire(
        agreement.replace('[[scale]]\nid = "score0_10"', _second_scale(agreement) + '\n[[scale]]\nid = "score0_10"')
        .replace('scale = "satisfaction5"', 'scale = "other5"', 1),
        PLAN,
    )  # fmt: skip
    with pytest.raises(DefinitionError, match="satisfaction and agreement are not one scale"):
        read(WAVE, mixed)


def _second_scale(text):
    start = text.index("[[scale]]")
    first = text[start : text.index("[[scale]]", start + 1)]
    return first.replace("satisfaction5", "other5").replace('"agreement"', '"satisfaction"')


def test_all_problems_are_told_at_once():
    text = WAVE.replace("2026-06-30", "2026-04-30").replace('"safe_road"]', '"safe_rod"]').replace('"Later"', '""')
    with pytest.raises(DefinitionError) as refused:
        read(text, QUESTIONNAIRE)
    assert [problem.place for problem in refused.value.problems] == [
        "results_published.en", "closes", 'analysis › index "safety" › items',
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(min_value=0.1, max_value=1e9), min_size=4, max_size=4))
def test_the_canonical_text_holds_everything_whatever_the_totals(wave, totals):
    second = wave.margins[1]
    cells = tuple(replace(cell, total=total) for cell, total in zip(second.cells, totals, strict=True))
    other = replace(wave, margins=(wave.margins[0], replace(second, cells=cells)))
    again = from_canonical(canonical(other))
    assert again == other
    assert analysis_hash(again) == analysis_hash(other)
    assert (analysis_hash(other) == analysis_hash(wave)) == (other == wave)


def test_the_analysis_hash_changes_with_whatever_decides_the_results(wave):
    plan = wave.analysis
    frozen = [
        replace(wave, questionnaire="0" * 64),
        replace(wave, district_question="origin"),
        replace(wave, districts=wave.districts[:2]),
        replace(wave, districts=(replace(wave.districts[0], weighting_area="south"), *wave.districts[1:])),
        replace(wave, margins=wave.margins[:1]),
        replace(wave, margins=(Margin(**_fields(wave.margins[0], assumption=wave.title)), wave.margins[1])),
        replace(wave, analysis=replace(plan, headline="safety")),
        replace(wave, analysis=replace(plan, satisfied_five_point=(3, 4, 5))),
        replace(wave, analysis=replace(plan, smallest_cell=30)),
        replace(wave, analysis=replace(plan, outside_margins=())),
        replace(wave, analysis=replace(plan, pass_marks=(PassMark(measure="safety", share=0.8, source=wave.title),))),
    ]
    assert len({analysis_hash(wave), *map(analysis_hash, frozen)}) == len(frozen) + 1


def test_the_frozen_plan_says_what_it_left_to_the_default(wave):
    assert '"satisfied_five_point":[4,5]' in canonical(wave)
    assert '"confidence_level":0.95' in canonical(wave)


def test_the_analysis_hash_stays_while_only_dates_and_words_around_the_survey_change(wave):
    other = replace(wave, closes=date(2026, 7, 31), contact=wave.title, marks=FormMarks(), year=2027)
    assert analysis_hash(other) == analysis_hash(wave)


def _fields(margin, **changes):
    return {"variables": margin.variables, "cells": margin.cells, "source": margin.source} | changes
