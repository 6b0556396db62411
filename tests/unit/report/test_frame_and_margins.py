"""Responses become columns, and the wave's margins are made to fit them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_city import DONT_KNOW, PREFER_NOT, questionnaire, response, sample, wave

from survey.questionnaire.model import Missing
from survey.report.estimating.margins import OUTSIDE, Fitting, targets
from survey.report.estimating.weighting import weigh
from survey.report.frame import Frame, frame
from survey.wave.model import Channel
from survey.wave.response import Response


def framed(responses: list[Response], channel: Channel = Channel.INVITED) -> Frame:
    return frame(responses, wave(), questionnaire(), channel)


def full_sample() -> list[Response]:
    """Somebody in every cell of every margin."""
    return [
        response(place, district=district, sex=sex, age_group=age, weight=10.0 + place % 7)
        for place, (district, sex, age) in enumerate(
            (district, sex, age) for district in (1, 2, 3, 4) for sex in (1, 2) for age in (1, 2, 3) for _ in range(2)
        )
    ]


def total_of(area: str, sample: Frame, weights: np.ndarray) -> float:
    return float(weights[sample.inside & (sample.area == area)].sum())


def test_the_two_samples_are_never_mixed() -> None:
    both = [*sample(), *(response(10_000 + n, channel=Channel.OPEN) for n in range(5))]
    assert framed(both).rows == 400
    shown = framed(both, Channel.OPEN)
    assert shown.rows == 5
    assert shown.base_weight.tolist() == [1.0] * 5


def test_no_answer_is_a_gap_and_not_a_number() -> None:
    columns = framed([response(1, a=DONT_KNOW), response(2, a=PREFER_NOT), response(3, a=5)])
    assert np.isnan(columns.answers("a")).tolist() == [True, True, False]
    assert columns.codes["a"].tolist() == [DONT_KNOW, PREFER_NOT, 5]


def test_a_multiple_choice_is_one_column_an_option_and_keeps_why_there_is_no_answer() -> None:
    columns = framed(
        [response(1, places=(1, 96)), response(2, places=(PREFER_NOT,)), response(3, places=DONT_KNOW), response(4)]
    )
    told = {option: chosen.tolist() for option, chosen in columns.chosen["places"]}
    blank = int(Missing.LEFT_BLANK)
    assert told == {
        1: [1, PREFER_NOT, DONT_KNOW, blank],
        2: [0, PREFER_NOT, DONT_KNOW, blank],
        96: [1, PREFER_NOT, DONT_KNOW, blank],
    }


def test_who_was_screened_out_is_counted_and_left_out() -> None:
    columns = framed([response(1), response(2, district=10)])
    assert (columns.rows, columns.ineligible) == (1, 1)


def test_a_district_without_a_census_count_is_weighted_with_the_area_that_counts_it() -> None:
    columns = framed([response(1, district=4), response(2, district=PREFER_NOT)])
    assert columns.area.tolist() == ["south", ""]


def test_raking_meets_every_margin() -> None:
    columns = framed(full_sample())
    weighting = weigh(columns)
    assert not weighting.adjustments
    assert total_of("north", columns, weighting.weights) == pytest.approx(6000)
    women = columns.inside & (columns.codes["sex"] == 2) & (columns.area == "south")
    assert weighting.weights[women].sum() == pytest.approx(1500)
    assert all(row.after == pytest.approx(row.target) for row in weighting.margins)


def test_who_did_not_state_their_sex_keeps_the_share_the_draw_gives_them_in_their_area() -> None:
    responses = full_sample()
    hidden = [replace(one, answers={**one.answers, "sex": PREFER_NOT}) for one in responses[:2]]
    columns = framed([*hidden, *responses[2:]])
    weighting = weigh(columns)
    base, north = columns.base_weight, columns.area == "north"
    unstated = north & (columns.codes["sex"] == PREFER_NOT)
    share = base[unstated].sum() / base[north].sum()
    assert weighting.weights[unstated].sum() == pytest.approx(6000 * share)
    men = north & (columns.codes["sex"] == 1)
    assert weighting.weights[men].sum() == pytest.approx(6000 * (1 - share) * 0.5)
    assert total_of("north", columns, weighting.weights) == pytest.approx(6000)
    assert [(one.kind, one.rows) for one in weighting.adjustments] == [(Fitting.NOT_STATED, 2)]


def test_who_did_not_state_the_district_counts_for_the_city_alone() -> None:
    responses = full_sample()
    unplaced = replace(responses[0], answers={**responses[0].answers, "district": PREFER_NOT})
    columns = framed([unplaced, *responses[1:]])
    weighting = weigh(columns)
    share = columns.base_weight[columns.area == ""].sum() / columns.base_weight.sum()
    assert total_of("", columns, weighting.weights) == pytest.approx(10_000 * share)
    assert total_of("west", columns, weighting.weights) == pytest.approx(1000 * (1 - share))
    assert weighting.weights.sum() == pytest.approx(10_000)


def test_who_no_margin_counts_keeps_the_design_weight_and_stays_in_the_design() -> None:
    abroad = response(900, residence=5, weight=33.0)
    columns = framed([*full_sample(), abroad])
    weighting = weigh(columns)
    outside = ~columns.inside
    assert weighting.weights[outside].tolist() == pytest.approx([33.0])
    assert weighting.weights[~outside].sum() == pytest.approx(10_000)
    assert all(OUTSIDE in [cell.stated for cell in target.cells] for target in targets(columns)[0])


def test_an_empty_cell_is_joined_to_its_neighbour_and_named() -> None:
    young_gone = [one for one in full_sample() if (one.answers["district"], one.answers["age_group"]) != (3, 1)]
    columns = framed(young_gone)
    weighting = weigh(columns)
    (told,) = weighting.adjustments
    assert (told.kind, told.levels, told.into) == (Fitting.COLLAPSED, ("west",), ("1", "2"))
    west = columns.area == "west"
    middle = west & (columns.codes["age_group"] == 2)
    assert weighting.weights[middle].sum() == pytest.approx(750)
    assert weighting.weights[west].sum() == pytest.approx(1000)


def test_an_area_nobody_answered_in_is_left_out_and_named() -> None:
    columns = framed([one for one in full_sample() if one.answers["district"] != 3])
    weighting = weigh(columns)
    (told,) = weighting.adjustments
    assert (told.kind, told.levels) == (Fitting.UNCOVERED, ("west",))
    assert weighting.weights.sum() == pytest.approx(9000)


def crowd(district: int, count: int, **more: int) -> list[Response]:
    """Residents of a district, evenly of every sex and age group."""
    levels = [(sex, age) for sex in (1, 2) for age in (1, 2, 3)]
    drawn = [levels[place % len(levels)] for place in range(count)]
    return [
        response(1000 * district + place, district=district, **{"sex": sex, "age_group": age, **more})
        for place, (sex, age) in enumerate(drawn)
    ]


def test_an_area_with_a_handful_of_answers_does_not_carry_its_part_of_the_city() -> None:
    handful = crowd(1, 3)
    columns = framed([*crowd(2, 600), *crowd(3, 300), *handful])
    weighting = weigh(columns)
    (told,) = [one for one in weighting.adjustments if one.kind is Fitting.UNCOVERED]
    assert told.levels == ("north",)
    assert columns.left_out.sum() == len(handful)
    assert not (columns.left_out & columns.inside).any()
    assert weighting.weights[columns.inside].sum() == pytest.approx(4000)
    assert weighting.weights[columns.left_out] == pytest.approx(columns.base_weight[columns.left_out])


def test_few_answers_that_weigh_what_the_draw_gives_them_stay() -> None:
    columns = framed([*crowd(1, 36), *crowd(2, 18), *crowd(3, 6)])
    assert not weigh(columns).adjustments
    assert not columns.left_out.any()


def test_a_handful_in_a_cell_is_weighted_together_with_its_neighbour() -> None:
    old = crowd(1, 4, age_group=3)
    columns = framed([*crowd(1, 600), *crowd(2, 300), *crowd(3, 100)])
    assert not weigh(columns).adjustments
    sparse = [one for one in crowd(1, 600) if one.answers["age_group"] != 3]
    columns = framed(
        [
            *sparse,
            *(replace(one, submission_id=f"old-{n}") for n, one in enumerate(old)),
            *crowd(2, 300),
            *crowd(3, 100),
        ]
    )
    (told,) = weigh(columns).adjustments
    assert (told.kind, told.levels, told.into) == (Fitting.COLLAPSED, ("north",), ("2", "3"))


def test_a_level_that_nobody_has_is_named_as_left_out() -> None:
    columns = framed([*crowd(1, 60, sex=1), *crowd(2, 60, sex=1), *crowd(3, 60, sex=1)])
    told = [one for one in weigh(columns).adjustments if one.kind is Fitting.UNCOVERED]
    assert [(one.variables, one.levels) for one in told] == [(("sex",), ("2",))]


def test_margins_that_cannot_be_met_together_fall_back_on_the_first_and_say_so() -> None:
    # In the north all men are young and all women old, while the census has half men and a quarter young.
    responses = [
        one
        for one in full_sample() * 15
        if one.answers["district"] != 1 or (one.answers["sex"], one.answers["age_group"]) in {(1, 1), (2, 3)}
    ]
    columns = framed(responses)
    weighting = weigh(columns)
    assert weighting.only_first
    assert "north" in weighting.why
    men = (columns.area == "north") & (columns.codes["sex"] == 1)
    assert weighting.weights[men].sum() == pytest.approx(3000)


def test_an_open_link_response_starts_from_weight_one_and_is_raked_too() -> None:
    answers = [dict(one.answers) for one in full_sample()]
    opened = [response(place, channel=Channel.OPEN, **own) for place, own in enumerate(answers)]
    columns = framed(opened, Channel.OPEN)
    weighting = weigh(columns)
    assert weighting.base.tolist() == [1.0] * len(opened)
    assert total_of("north", columns, weighting.weights) == pytest.approx(6000)
