"""What is found out about a measure beside its figures, and how it is drawn and said."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from small_city import numbered, questionnaire, response, sample, wave, words

from survey.language import say
from survey.questionnaire.model import Option, SingleChoice
from survey.report.detail.breakdowns import breakdown, mode_mix
from survey.report.detail.closely import family_of, look_closely, modes_of
from survey.report.detail.comparisons import rank_ranges
from survey.report.detail.definitions import simple_interval, verdict
from survey.report.detail.groups import MODE, find_grouping, groupings
from survey.report.detail.priorities import Zone, priorities
from survey.report.detail.streets import street_question, streets
from survey.report.errors import UnknownGrouping
from survey.report.figures import Finding, Statistic
from survey.report.results import Sample, domains, examine
from survey.report.saying.pages.sentences import mix_sentence, sure_note, sure_sentences
from survey.report.saying.pictures.scatter import Point, Scatter, scatter
from survey.report.saying.pictures.tiles import Tile, places, short_name, tile_picture
from survey.wave.model import Channel, Index, Mode
from survey.wave.response import Response

SPACE = "{http://www.w3.org/2000/svg}"


def examined(responses: list[Response], indices: tuple[Index, ...] = ()) -> Sample:
    planned = wave()
    plan = replace(planned.analysis, indices=(*planned.analysis.indices, *indices))
    return examine(responses, replace(planned, analysis=plan), questionnaire(), Channel.INVITED, "plan")


def finding(one: Sample, measure: str) -> Finding:
    return next(found for found in one.results.findings if found.measure.id == measure)


def alike(seed: int) -> list[Response]:
    """A city whose districts answer alike: every difference is chance."""
    chance = random.Random(seed)
    return [
        response(
            number,
            weight=chance.uniform(5, 20),
            district=1 + number // 6 % 4,
            sex=chance.choice((1, 2)),
            age_group=chance.choice((1, 2, 3)),
            overall=chance.randrange(11),
            **{item: chance.choice((2, 3, 4, 5)) for item in ("a", "b", "c", "proud")},
        )
        for number in range(720)
    ]


# ---- groups


def test_a_group_is_its_weighted_mean() -> None:
    one = examined(sample())
    found = breakdown(one, finding(one, "a"), find_grouping(groupings(wave(), questionnaire()), "sex"))
    weights, answers = one.results.weighting.weights, one.frame.answers("a")
    for row, code in zip(found.rows, (1, 2), strict=True):
        rows = (one.frame.codes["sex"] == code) & np.isfinite(answers)
        assert row.score.estimate == pytest.approx(25 * (np.average(answers[rows], weights=weights[rows]) - 1))
        assert row.score.n == rows.sum()


def test_groups_are_background_questions_and_the_mode_but_never_where_somebody_lives() -> None:
    assert [one.id for one in groupings(wave(), questionnaire())] == ["sex", "age_group", "residence", MODE]
    with pytest.raises(UnknownGrouping):
        find_grouping(groupings(wave(), questionnaire()), "district")


def test_the_mix_of_modes_is_weighted_and_compared_with_the_city() -> None:
    one = examined([replace(r, mode=Mode.PAPER if r.answers["district"] == 3 else Mode.PHONE) for r in sample()])
    mix = modes_of(one)
    weights, area = one.results.weighting.weights, one.frame.district
    paper = weights[area == 3].sum() / weights.sum()
    assert mix.shares[-1][3] == pytest.approx(paper)
    assert mix.widest == pytest.approx(1 - paper)
    assert mix.counts.sum() == one.frame.rows
    modes = find_grouping(groupings(wave(), questionnaire()), MODE)
    assert mode_mix(one.frame, weights, modes).widest == mix.widest
    assert "not compared at a fixed mix of modes" in mix_sentence(mix, "en", say("en"))


# ---- comparisons and ranks


def test_noise_is_called_a_difference_no_more_often_than_the_test_says() -> None:
    false = sum(bool(family_of(examined(alike(seed)), leading=False).sure) for seed in range(60))
    assert false <= 8  # 60 samples at 5 %: 3 expected, 8 or fewer in 99.6 of 100 runs


def levelled(levels: dict[int, float]) -> list[Response]:
    """Answers to `a` of whom, by district, about so many are satisfied."""
    chance = random.Random(8)
    return [
        replace(
            one,
            submission_id=f"{number:06d}",
            answers={**one.answers, "a": 5 if chance.random() < levels[1 + number // 6 % 4] else 1},
        )
        for number, one in enumerate(alike(3) * 5)
    ]


def test_what_differs_is_said_of_the_right_district_in_the_right_direction() -> None:
    answered = examined(levelled({1: 0.25, 2: 0.95, 3: 0.25, 4: 0.25}))
    found = family_of(answered, leading=False)
    (told,) = [sentence for sentence in sure_sentences(found, "en", say("en")) if sentence.startswith("a:")]
    higher, lower = told.rstrip(".").split("; a lower one in ")
    assert higher == "a: tests show a higher share than the whole city’s in South"
    assert set(lower.split(", ")) == {
        str(one.district.place.name and one.district.place.name.en)
        for one in found.sure
        if one.finding.measure.id == "a" and one.difference < 0
    }  # fmt: skip
    assert "North" in lower
    assert f"{len(found.compared)} comparisons" in sure_note(found, "en", say("en"))
    assert len(found.compared) == 4 * 4


def test_ranks_are_one_range_where_nothing_is_sure_and_places_where_everything_is() -> None:
    one = examined(levelled(dict.fromkeys((1, 2, 3, 4), 0.5)))
    (range_,) = rank_ranges(one, finding(one, "a"))
    assert (range_.best, range_.worst, len(range_.districts)) == (1, 4, 4)
    one = examined(levelled({1: 0.12, 2: 0.62, 3: 0.9, 4: 0.35}))
    ranked = rank_ranges(one, finding(one, "a"))
    assert [(r.best, r.worst, [row.place.code for row in r.districts]) for r in ranked] == [
        (1, 1, [3]), (2, 2, [2]), (3, 3, [4]), (4, 4, [1]),
    ]  # fmt: skip


def test_a_hidden_district_has_no_rank() -> None:
    one = examined(sample(sizes={1: 300, 2: 200, 3: 28, 4: 250}))
    found = finding(one, "a")
    ranked = {row.place.code for range_ in rank_ranges(one, found) for row in range_.districts}
    assert ranked == {row.place.code for row in found.districts if row.share.shown}
    assert 3 not in ranked


# ---- definitions


def test_the_interval_of_a_simple_random_sample_is_the_textbook_one() -> None:
    one = finding(examined(sample()), "a").city.share
    even = replace(one, estimate=0.5, n=100)
    assert simple_interval(even, Statistic.SHARE) == pytest.approx((0.402, 0.598))
    assert simple_interval(replace(even, estimate=0.99), Statistic.SHARE) == pytest.approx((0.97049821, 1.0))
    assert simple_interval(replace(even, estimate=None), Statistic.SHARE) is None


@pytest.mark.parametrize(
    ("low", "high", "answer"), [(0.9, 0.95, "meets"), (0.85, 0.95, "can't tell"), (0.8, 0.899, "fails")]
)
def test_a_mark_is_met_missed_or_open(low: float, high: float, answer: str) -> None:
    figure = replace(finding(examined(sample()), "a").city.share, low=low, high=high)
    assert verdict(figure, 0.9) == answer
    assert verdict(replace(figure, low=None), 0.9) == "can't tell"


def test_bands_add_to_one_and_to_the_definitions() -> None:
    one = examined(numbered(sample() * 8))
    for measure in ("a", "overall", "safety_index"):
        found = finding(one, measure)
        looked = look_closely(one, found, family_of(one, leading=False)).definitions
        shares = [band.share.estimate or 0.0 for band in looked.bands]
        hidden = sum(not band.share.shown for band in looked.bands)
        assert sum(shares) == pytest.approx(1) if not hidden else sum(shares) < 1
        assert measure != "safety_index" or not hidden
        if measure == "a":
            assert sum(shares[3:]) == pytest.approx(found.city.share.estimate)
            assert sum(shares[2:]) == pytest.approx(looked.defined[1].city.estimate)


# ---- priorities


def test_what_surely_matters_and_is_surely_low_is_first_to_improve() -> None:
    chance = random.Random(7)
    rows = []
    for number in range(900):
        a, b, c = chance.choice((1, 2, 3)), chance.choice((4, 5)), chance.choice((4, 5))
        overall = min(10, max(0, 3 * a + chance.choice((-1, 0, 1))))
        places_ = {"district": 1 + number % 4, "sex": 1 + number % 2, "age_group": 1 + number % 3}
        rows.append(response(number, a=a, b=b, c=c, overall=overall, **places_))
    indices = tuple(Index(id=f"i_{item}", label=words(item), items=(item,), answered=1) for item in "abc")
    planned = replace(wave(), analysis=replace(wave().analysis, indices=indices))
    found = priorities(examine(rows, planned, questionnaire(), Channel.INVITED, "plan"))
    assert found is not None
    zones = {one.finding.measure.id: one.zone for one in found.placed}
    assert zones == {"i_a": Zone.IMPROVE, "i_b": Zone.FINE, "i_c": Zone.FINE}
    assert max(found.placed, key=lambda one: one.driver.coefficient).finding.measure.id == "i_a"


def test_with_fewer_than_three_indices_there_are_no_priorities() -> None:
    assert priorities(examined(sample())) is None


# ---- streets


def test_streets_borrow_from_their_district_and_nothing_is_told_of_small_ones() -> None:
    asked = questionnaire()
    options = tuple(
        Option(code=100 * district + street, label=words(f"street {district}-{street}"), when=(district,))
        for district in (1, 2)
        for street in range(1, 9)
    )
    street = SingleChoice(
        id="street", text=words("street?"), label=words("street"), options=options, filter_by="district"
    )
    first, *others = asked.sections
    asked = replace(asked, sections=(replace(first, questions=(*first.questions, street)), *others))
    chance = random.Random(3)
    rows = [
        response(
            number,
            district=1 + number % 2,
            sex=1 + number // 2 % 2,
            age_group=1 + number % 3,
            a=4 if chance.random() < 0.6 else 2,
            street=100 * (1 + number % 2) + 1 + min(7, int(chance.expovariate(0.6))),
        )
        for number in range(900)
    ]
    one = examine(rows, wave(), asked, Channel.INVITED, "plan")
    found = street_question(wave(), asked)
    assert found is street
    told = streets(one, finding(one, "a"), street)
    assert told.fitted
    weights, code = one.results.weighting.weights, one.frame.codes["street"]
    _, parts = domains(one.frame)
    for place, (row, own) in enumerate(told.districts[:2]):
        enough = [street for street in own if street.row.share.n >= wave().analysis.smallest_cell]
        few = [street for street in own if street not in enough]
        assert few
        assert not any(street.modelled or street.row.share.shown or street.row.score.shown for street in few)
        modelled = [street for street in enough if street.modelled]
        assert modelled
        sizes = [weights[(code == street.row.place.code) & (parts == place)].sum() for street in modelled]
        if len(modelled) == len(own):
            values = [street.modelled.estimate for street in modelled if street.modelled]
            assert np.average(values, weights=sizes) == pytest.approx(row.share.estimate, abs=0.01)
        for street_ in modelled:
            assert street_.modelled is not None
            assert street_.modelled.low <= street_.modelled.estimate <= street_.modelled.high
        small = [street for street in own if street.row.share.n < 30]
        assert all(not street.row.share.shown for street in small)


# ---- pictures


def test_weihais_districts_lie_where_they_lie_and_others_in_their_order() -> None:
    assert places(wave().districts) == ((0, 0), (0, 1), (0, 2), (1, 0))
    assert short_name("环翠区（不含高区）") == "环翠区"
    assert short_name("Wendeng (without Nanhai)") == "Wendeng"
    assert short_name("원덩구(문등구), 난하이신구 제외") == "원덩구"


def test_a_tile_says_its_numbers_in_words_and_a_hidden_one_its_reason() -> None:
    tiles = [
        Tile(row=0, column=0, name="<North>", value="41%", interval="35–47%", remark="▲", low=35.0, high=47.0),
        Tile(row=1, column=2, name="西", value="⊘", interval="", remark="样本量太小不能公布数字", low=None, high=None),
    ]
    drawn = ElementTree.fromstring(tile_picture("x", "title", "words", tiles))
    text = ["".join(element.itertext()) for element in drawn.iter(f"{SPACE}text")]
    assert text[:4] == ["<North>", "41%", "35–47%", "▲"]
    assert "".join(text[6:]) == "样本量太小不能公布数字"
    assert len([rect for rect in drawn.iter(f"{SPACE}rect") if "url(#x-hatch)" in rect.get("fill", "")]) == 1


def test_a_point_is_hollow_unless_it_is_sure() -> None:
    points = tuple(
        Point(number=number, across=(0.1, -0.1, 0.3), up=(2.0, 1.0, 3.0), sure=number == 1) for number in (1, 2)
    )
    drawn = scatter(
        Scatter(
            id="s", title="a < b", description="&", across="x", up="y", corners=("1", "2", "3", "4"), zone="z",
            points=points,
        )
    )  # fmt: skip
    classes = [circle.get("class") for circle in ElementTree.fromstring(drawn).iter(f"{SPACE}circle")]
    assert classes == ["mark", "hollow"]
