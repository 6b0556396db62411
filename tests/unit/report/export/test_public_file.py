"""Nobody in a public file can be told from at least four others, however much is known of them."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_city import PREFER_NOT, numbered, questionnaire, response, sample, wave

from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import Condition, Missing, Question, Questionnaire
from survey.questionnaire.validation import completed
from survey.report.errors import NoAnswers
from survey.report.export.dataset import Column, Dataset, dataset
from survey.report.export.public.classes import Integers, classes, large_enough, recoded, withhold
from survey.report.export.public.file import SMALLEST_CLASS, WITHHELD, public
from survey.report.results import examine
from survey.wave.model import Channel
from survey.wave.response import Response

KNOWN = ("district", "sex", "age_group", "residence", "places", "years")
ROUTED = {
    "a": Condition(question="residence", any_of=(1,)),
    "b": Condition(question="a", any_of=(1, 2, 3)),
    "c": Condition(question="age_group", any_of=(2,)),
}
"""Items that only some are asked: for what they are, for what they said before, for an age that levels may hide."""


def asked() -> Questionnaire:
    """The small questionnaire, in which others may know most of a person's background, and some of it decides."""

    def changed(question: Question) -> Question:
        condition = ROUTED.get(question.id)
        return replace(question, quasi_identifier=question.id in KNOWN, ask_if=(condition,) if condition else ())

    plain = questionnaire()
    sections = tuple(replace(one, questions=tuple(map(changed, one.questions))) for one in plain.sections)
    return replace(plain, sections=sections)


def respondents(seed: int) -> list[Response]:
    """A sample with rare people in it: the only one of a kind, some who said nothing, some nobody counts."""
    chance = random.Random(seed)
    rows = [
        replace(one, answers={**one.answers, "residence": chance.choice((1, 1, 1, 1, PREFER_NOT))})
        for one in sample(seed)
    ]
    rows += [response(0, sex=PREFER_NOT, age_group=PREFER_NOT, places=(96,), years=99)]
    rows += [response(n, residence=5, weight=3.0) for n in range(6)]
    rows += [response(n, district=4, age_group=3, places=(1, 2, 96)) for n in range(2)]
    return [
        replace(one, questionnaire=content_hash(asked()), answers=completed(asked(), one.answers))
        for one in numbered(rows)
    ]


def confidential(seed: int, channel: Channel = Channel.INVITED) -> Dataset:
    rows = [replace(one, channel=channel) for one in respondents(seed)]
    rows = [replace(one, sampled=None) if channel is Channel.OPEN else one for one in rows]
    plan = replace(wave(), questionnaire=content_hash(asked()))
    return dataset(examine(rows, plan, asked(), channel, ""), "en")


def groups(published: Dataset, name: str) -> dict[int, int]:
    """Which published level each code became, read from the published labels as anybody would."""
    variable = next(one for one in published.variables if one.name == name)
    return {int(word.split()[-1]): int(code) for code, label in variable.codes for word in label.split(" / ")}


def candidates(whole: Dataset, published: Dataset, row: int) -> int:
    """Published rows that may be this person, to somebody who knows all that others may know, stratum and mode too.

    Who was asked what follows from what they know and the published rules.
    """
    fits = np.ones(published.rows, dtype=np.bool_)
    for name in ("district", "sex", "age_group", "residence"):
        truth, level = int(whole.columns[name][row]), groups(published, name)
        column = published.columns[name]
        fits &= (column == level.get(truth, truth)) | (column == WITHHELD)
    for option in (1, 2, 96):
        column = published.columns[f"places_{option}"]
        fits &= (column == whole.columns[f"places_{option}"][row]) | (column == WITHHELD)
    for name in ROUTED:
        column, was_asked = published.columns[name], whole.columns[name][row] != Missing.NOT_ASKED
        fits &= ((column != Missing.NOT_ASKED) == was_asked) | (column == WITHHELD)
    mode = published.columns["mode"]
    return int((fits & ((mode == whole.columns["mode"][row]) | (mode == ""))).sum())


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("seed", range(3))
def test_linking_with_everything_others_know_finds_nobody_or_a_crowd(seed: int, channel: Channel) -> None:
    whole = confidential(seed, channel)
    published = public(whole, np.random.default_rng(seed))
    found = [candidates(whole, published, row) for row in range(whole.rows)]
    assert published.rows > 0.9 * whole.rows
    assert all(count == 0 or count >= SMALLEST_CLASS for count in found)
    assert any(count < SMALLEST_CLASS for count in _in_confidential(whole)), "the sample holds nobody who stands out"


def _in_confidential(whole: Dataset) -> list[int]:
    names = ("stratum", "district", "sex", "age_group", "residence", "places_1", "places_2", "places_96")
    columns = [np.unique(whole.columns[name], return_inverse=True)[1].astype(np.int64) for name in names]
    return classes(columns, whole.rows)[1].tolist()


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_look_alike_are_at_least_five_with_one_weight(seed: int) -> None:
    published = public(confidential(seed), np.random.default_rng(seed))
    names = [n for n in published.columns if n.startswith(("sex", "age", "residence", "district", "places", "stratum"))]
    columns = [published.columns[name].astype(np.int64) for name in names]
    columns.append(np.unique(published.columns["mode"], return_inverse=True)[1].astype(np.int64))
    columns += [_asked(published.columns[name]) for name in ROUTED]
    code, count = classes(columns, published.rows)
    assert count.min() >= SMALLEST_CLASS
    for one in range(int(code.max()) + 1):
        assert np.ptp(published.columns["weight"][code == one]) == pytest.approx(0.0, abs=1e-9)


def _asked(column: Column) -> Integers:
    """What a routed item tells: withheld, asked or not asked."""
    return np.where(column == WITHHELD, -1, column != Missing.NOT_ASKED).astype(np.int64)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_withheld_does_not_follow_from_who_was_asked(seed: int) -> None:
    published = public(confidential(seed), np.random.default_rng(seed))
    hidden = published.columns["residence"] == WITHHELD
    assert 0 < hidden.sum() < published.rows
    for name in ("a", "b"):
        assert (published.columns[name][hidden] == WITHHELD).all()
        assert WITHHELD in dict(next(one for one in published.variables if one.name == name).missing)


@pytest.mark.parametrize("sizes", [{1: 160, 2: 90, 3: 80, 4: 9}, {1: 160, 2: 90, 3: 12, 4: 9}, {1: 20, 2: 12, 3: 9}])
def test_districts_whose_figures_no_page_shows_cannot_be_told_apart(sizes: dict[int, int]) -> None:
    rows = [replace(one, questionnaire=content_hash(asked())) for one in sample(1, sizes)]
    plan = replace(wave(), questionnaire=content_hash(asked()))
    published = public(dataset(examine(rows, plan, asked(), Channel.INVITED, ""), "en"), np.random.default_rng(1))
    level = groups(published, "district")
    few = {district for district, size in sizes.items() if size < plan.analysis.smallest_cell}
    together = {district for district in sizes if level[district] == level[min(few)]}
    assert few <= together
    assert len(together) > 1
    assert sum(sizes[district] for district in together) >= plan.analysis.smallest_cell
    for name in ("stratum", "weight"):
        here = published.columns[name][published.columns["district"] == level[min(few)]]
        assert len(set(here)) <= (1 if name == "stratum" else 6)


def test_nothing_points_to_a_community_a_text_or_who_no_margin_counts() -> None:
    whole = confidential(1)
    published, again = (public(whole, np.random.default_rng(seed)) for seed in (1, 2))
    gone = {"base_weight", "language", "weighting_area", "inside_margins", "years", "margin_1", "margin_2"}
    assert gone.isdisjoint(published.columns)
    assert 5 not in published.columns["residence"]
    assert published.columns["psu"].dtype.kind == published.columns["stratum"].dtype.kind == "i"
    assert len(np.unique(published.columns["psu"])) == len(np.unique(whole.columns["psu"]))
    sizes = [np.bincount(one.columns["psu"])[1:].tolist() for one in (published, again)]
    assert sizes[0] != sizes[1]
    assert sorted(sizes[0]) == sorted(sizes[1])


def test_what_is_published_still_gives_nearly_the_same_estimate() -> None:
    whole = confidential(1)
    published = public(whole, np.random.default_rng(1))
    assert published.columns["weight"].sum() == pytest.approx(10_000, rel=1e-9)
    inside = whole.columns["inside_margins"] == 1
    truth = np.average(whole.columns["overall"][inside], weights=whole.columns["weight"][inside])
    assert np.average(published.columns["overall"], weights=published.columns["weight"]) == pytest.approx(
        truth, abs=0.1
    )


def test_the_file_says_k_and_what_was_done() -> None:
    notes = " ".join(public(confidential(1), np.random.default_rng(1)).notes)
    assert "k = 5" in notes
    assert "Answers withheld" in notes
    assert "bureau's own analysis" not in notes


def test_too_few_answers_make_no_public_file() -> None:
    rows = [response(n, sex=1 + n % 2, age_group=1 + n % 3, district=1 + n % 4) for n in range(12)]
    rows = [replace(one, questionnaire=content_hash(asked())) for one in numbered(rows)]
    data = dataset(
        examine(rows, replace(wave(), questionnaire=content_hash(asked())), asked(), Channel.INVITED, ""), "en"
    )
    with pytest.raises(NoAnswers, match="too few answered"):
        public(data, np.random.default_rng(1))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_whatever_the_answers_classes_reach_k(seed: int, k: int) -> None:
    generator = np.random.default_rng(seed)
    size = int(generator.integers(30, 200))
    geography = [generator.integers(0, 3, size)]
    age = generator.integers(1, 7, size)
    joined = recoded(age, large_enough(geography, [age], k, 0.01)[0])
    stays = classes([*geography, joined], size)[1] >= k
    fixed = [geography[0][stays], joined[stays]]
    loose = [[generator.integers(0, 4, int(stays.sum()))], [generator.integers(0, 2, int(stays.sum()))] * 2]
    done = withhold(fixed, loose, k).withheld
    seen = [np.where(done[:, place], -1, column) for place, variable in enumerate(loose) for column in variable]
    assert classes([*fixed, *seen], int(stays.sum()))[1].min() >= k
