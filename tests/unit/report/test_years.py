"""Measures over the years: joined only where they may be, changes as R gives them, modes held where asked."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from small_city import numbered, questionnaire, response, sample, wave, words

from survey.analysis.contrasts import Difference
from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import Links, Questionnaire
from survey.report.detail.closely import family_of
from survey.report.figures import Figure, Quality, Results, Statistic
from survey.report.results import Sample, examine
from survey.report.tasks.concerns import concerns
from survey.report.tasks.saying import item_cards, shorts
from survey.report.years.linking import Link
from survey.report.years.modes import alike, held, mode_shares
from survey.report.years.saying.evaluation import evaluation_page
from survey.report.years.saying.pages import trend_page
from survey.report.years.testing import Verdict, change, together
from survey.report.years.trends import Trend, trends
from survey.wave.model import Channel, Mode, Wave
from survey.wave.response import Response

LANGUAGES = ("zh", "en", "ko")


def figure(estimate: float | None, se: float | None, df: int) -> Figure:
    """A figure with only what a change is made of."""
    quality = Quality.OK if estimate is not None else Quality.SUPPRESS
    return Figure(
        estimate=estimate, se=se, low=None, high=None, n=100, n_eff=None, df=df, deff=None, quality=quality, reason=None
    )


def reworded(asked: Questionnaire, version: str, item: str, **changes: object) -> Questionnaire:
    """Another version with one question changed."""
    sections = tuple(
        replace(s, questions=tuple(replace(q, **changes) if q.id == item else q for q in s.questions))  # type: ignore[arg-type]
        for s in asked.sections
    )
    return replace(asked, version=version, sections=sections)


def of_year(
    year: int, responses: list[Response], asked: Questionnaire | None = None, planned: Wave | None = None
) -> Sample:
    """A wave of the small city, answered and computed."""
    asked = asked or questionnaire()
    own = replace(
        planned or wave(), id=f"{year}-small", year=year, questionnaire=content_hash(asked), opens=date(year, 5, 1)
    )
    return examine(responses, own, asked, Channel.INVITED, "hash")


def results_of(*samples: Sample) -> list[Results]:
    return [one.results for one in samples]


def one_trend(series: list[Results], measure: str, statistic: Statistic = Statistic.SHARE) -> Trend:
    (trend,) = trends(series, [(measure, statistic)])
    return trend


def better(responses: list[Response], item: str, by: int) -> list[Response]:
    """The same responses with one item answered so many points higher."""
    return [
        replace(one, answers={**one.answers, item: max(1, min(5, int(one.answers[item]) + by))})  # type: ignore[arg-type]
        for one in responses
    ]


def test_a_change_has_the_variance_degrees_of_freedom_and_interval_that_r_gives() -> None:
    """R: d <- .0025^2/(.0009^2/20+.0016^2/12); 2*pt(-2,d); .1+c(-1,1)*qt(.975,d)*.05."""
    found = change(figure(0.60, 0.03, 20), figure(0.70, 0.04, 12), 0.95)
    assert found is not None
    assert (found.estimate, found.se) == pytest.approx((0.10, 0.05))
    assert found.df == pytest.approx(24.6224556795798, rel=1e-12)
    assert found.p == pytest.approx(0.0566466332204853, rel=1e-9)
    assert found.ci == pytest.approx((-0.00305705000385166, 0.20305705000385166), rel=1e-9)


def test_a_hidden_figure_gives_no_change_that_would_tell_it() -> None:
    assert change(figure(None, None, 10), figure(0.5, 0.02, 10), 0.95) is None
    assert change(figure(0.5, 0.02, 10), figure(None, None, 10), 0.95) is None
    assert change(figure(0.5, 0.02, 10), figure(0.6, 0.02, 0), 0.95) is None


def test_a_family_is_adjusted_as_r_does_and_only_what_is_sure_has_a_direction() -> None:
    """R: p.adjust(c(.0004, .011, .03, .2, .013), "holm")."""
    p = [0.0004, 0.011, 0.03, 0.2, 0.013]
    signs = [1, -1, 1, -1, 1]
    family = [
        Difference(estimate=0.1 * sign, se=0.1, df=30, t=1.0, p=own, ci=None)
        for sign, own in zip(signs, p, strict=True)
    ]
    tested = together(family, 0.95)
    assert [one.adjusted_p for one in tested] == pytest.approx([0.002, 0.044, 0.06, 0.2, 0.044])
    assert [one.verdict.value for one in tested] == ["higher", "lower", "unsure", "unsure", "higher"]
    assert together([], 0.95) == []


def test_a_line_goes_on_where_the_wording_stayed_and_breaks_where_it_did_not() -> None:
    before = reworded(questionnaire(), "0", "a", text=words("a, otherwise?"))
    series = results_of(of_year(2024, sample(1), before), of_year(2025, sample(2)), of_year(2026, sample(3)))
    broken, joined, index = (one_trend(series, name) for name in ("a", "b", "safety_index"))
    assert broken.links == (Link.REWORDED, Link.SAME)
    assert broken.since == 1
    assert all(line.steps[0] is None for line in broken.lines())
    assert broken.city.steps[1] is not None
    assert broken.tests == sum(line.steps[1] is not None for line in broken.lines()) >= 1
    assert joined.links == (Link.SAME, Link.SAME)
    assert joined.city.whole is not None
    assert index.links == (Link.REWORDED, Link.SAME)


def test_a_declared_change_of_wording_keeps_the_line() -> None:
    before = reworded(questionnaire(), "0", "a", text=words("a, otherwise?"), comparable_with=("1",))
    trend = one_trend(results_of(of_year(2025, sample(1), before), of_year(2026, sample(2))), "a")
    assert trend.links == (Link.DECLARED,)
    assert trend.city.steps[0] is not None


def test_other_codes_counted_as_satisfied_break_the_share_and_not_the_score() -> None:
    strict = replace(wave(), analysis=replace(wave().analysis, satisfied_five_point=(5,)))
    series = results_of(of_year(2025, sample(1), planned=strict), of_year(2026, sample(2)))
    assert one_trend(series, "a").links == (Link.RECOUNTED,)
    assert one_trend(series, "a", Statistic.SCORE).links == (Link.SAME,)


def test_an_index_of_other_items_breaks_the_line() -> None:
    fewer = replace(wave().analysis.indices[0], items=("a", "b"))
    other = replace(wave(), analysis=replace(wave().analysis, indices=(fewer,)))
    series = results_of(of_year(2025, sample(1), planned=other), of_year(2026, sample(2)))
    assert one_trend(series, "safety_index", Statistic.SCORE).links == (Link.RECOMPOSED,)


def test_a_change_is_the_difference_of_the_figures_that_are_shown() -> None:
    series = results_of(of_year(2025, sample(1)), of_year(2026, better(sample(2), "a", 1)))
    trend = one_trend(series, "a", Statistic.SCORE)
    for line in trend.lines():
        before, after = line.figures
        assert before is not None
        assert after is not None
        if line.steps[0]:
            assert before.estimate is not None
            assert after.estimate is not None
            assert line.steps[0].difference.estimate == pytest.approx(after.estimate - before.estimate)
    assert trend.city.steps[0] is not None
    assert trend.city.steps[0].verdict is Verdict.HIGHER
    assert trend.tests == sum(line.steps[0] is not None for line in trend.lines())


def test_what_no_wave_asked_has_no_trend() -> None:
    assert trends(results_of(of_year(2026, sample(1))), [("nothing", Statistic.SHARE)]) == ()


def test_one_wave_alone_is_shown_and_compared_with_nothing() -> None:
    trend = one_trend(results_of(of_year(2026, sample(1))), "a")
    assert (trend.links, trend.tests, trend.city.whole) == ((), 0, None)
    assert trend_page(trend, "en").sentences == ()


def with_modes(responses: list[Response], interviewed: float, seed: int) -> list[Response]:
    """Some answered to an interviewer, and they are two points kinder; nothing else differs."""
    chance, rows = random.Random(seed), []
    for one in responses:
        kinder = chance.random() < interviewed
        item = min(5, int(one.answers["a"]) + 2) if kinder else one.answers["a"]  # type: ignore[arg-type]
        mode = Mode.INTERVIEWER if kinder else Mode.PHONE
        rows.append(replace(one, mode=mode, answers={**one.answers, "a": item}))
    return rows


def test_a_change_of_the_mix_of_modes_is_no_change_where_the_mix_is_held() -> None:
    """The same people in both years, but far fewer are interviewed in the second."""
    people = sample(4, {1: 700, 2: 400, 3: 300, 4: 300})
    years = [of_year(2025, with_modes(people, 0.7, 1)), of_year(2026, with_modes(people, 0.3, 2))]
    fixed = [one.sample() for one in held(years)]
    assert not alike([mode_shares(one) for one in years])
    assert alike([mode_shares(one) for one in fixed])
    as_answered = one_trend(results_of(*years), "a", Statistic.SCORE).city.steps[0]
    at_fixed_mix = one_trend(results_of(*fixed), "a", Statistic.SCORE).city.steps[0]
    assert as_answered is not None
    assert at_fixed_mix is not None
    assert as_answered.verdict is Verdict.LOWER
    assert abs(at_fixed_mix.difference.estimate) < 0.15 * abs(as_answered.difference.estimate)


def test_holding_the_mix_keeps_the_margins_of_the_wave() -> None:
    year = of_year(2026, with_modes(sample(4), 0.4, 1))
    (fixed,) = (one.sample() for one in held([year]))
    for before, after in zip(year.results.weighting.margins, fixed.results.weighting.margins, strict=False):
        assert after.after == pytest.approx(before.target, abs=1e-6)
    assert mode_shares(fixed).shares == pytest.approx(mode_shares(year).shares, abs=1e-6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_say_what_is_compared_and_what_is_not(language: str) -> None:
    before = reworded(questionnaire(), "0", "a", text=words("a, otherwise?"))
    series = results_of(of_year(2025, sample(1), before), of_year(2026, better(sample(2), "b", 2)))
    broken, risen = (trend_page(one_trend(series, name), language) for name in ("a", "b"))
    assert broken.broken
    assert len(broken.breaks) == 1
    assert broken.sentences == ()
    assert broken.change_chart == ""
    assert "stroke-dasharray" in broken.city.chart
    assert not risen.broken
    assert risen.sentences[0].count("202") >= 2
    assert "▲" in risen.change_chart
    found = trends(series, [("b", Statistic.SHARE), ("safety_index", Statistic.SHARE)], steps=False)
    page = evaluation_page(series, found, language)
    assert [card.span for card in page.cards] == ["2025–2026", ""]
    assert not page.full
    assert len(page.places) == 1 + len(wave().districts)


def test_an_item_has_the_same_mark_on_every_page_and_hidden_districts_have_none() -> None:
    sizes = {1: 700, 2: 400, 3: 700, 4: 300}
    low = [
        replace(one, answers={**one.answers, "a": 4 if number % 5 == 0 else 1}) if one.answers["district"] == 3 else one
        for number, one in enumerate(sample(2, sizes))
    ]
    before = [replace(one, answers={**one.answers, "a": 2 + number % 4}) for number, one in enumerate(sample(1, sizes))]
    known = concerns([of_year(2025, before), of_year(2026, low)])
    item = next(one for one in known.items if one.measure.id == "a")
    spots = {spot.place.code: spot for spot in item.districts}
    assert spots[3].low
    assert spots[3].falling
    assert item in known.of_task(26)
    assert item in known.of_unit("public_security_bureau")
    assert known.of_task(9) == ()
    cards = item_cards(known.of_task(26), known, "en")
    assert any("West" in words and "below" in words for words in cards[0].findings)
    few = concerns([of_year(2026, numbered(sample(2, {1: 160, 2: 90, 3: 80, 4: 10})))])
    spots = {spot.place.code: spot for one in few.items if one.measure.id == "a" for spot in one.districts}
    assert not spots[4].share.shown
    assert spots[4].against_city is None


def test_a_task_that_only_a_choice_of_places_bears_on_is_not_called_unasked() -> None:
    asked = reworded(questionnaire(), "1", "places", links=Links(tasks=(9,)))
    known = concerns([of_year(2026, sample(1), asked)])
    assert [one.id for one in known.asked_otherwise(9)] == ["places"]
    assert known.asked_otherwise(26) == ()
    assert known.of_task(9) == ()


def test_where_all_districts_are_alike_none_is_low() -> None:
    same = [
        response(number, district=1 + number % 4, sex=1 + number % 2, age_group=1 + number % 3, a=1 + (number // 4) % 5)
        for number in range(480)
    ]
    known = concerns([of_year(2026, same)])
    assert known.before is None
    assert not any(item.pressing for item in known.items if item.measure.id == "a")
    assert known.changes == 0


def test_one_figure_has_one_verdict_on_the_page_of_a_question_and_on_those_of_tasks_and_units() -> None:
    """A district with few sampling units has few degrees of freedom, on whatever page its difference stands."""
    asked = reworded(questionnaire(), "1", "overall", links=Links(units=("public_security_bureau",)))
    found = of_year(2026, sample(2, {1: 700, 2: 400, 3: 80, 4: 300}), asked)
    known = concerns([found])
    families = [family_of(found, leading) for leading in (True, False)]
    pages = {(one.finding.measure.id, one.district.place.code): one for family in families for one in family.compared}
    marks = {
        (item.measure.id, spot.place.code): spot.against_city
        for item in known.items
        for spot in item.districts
        if spot.against_city
    }
    assert "overall" in {measure for measure, _ in marks}
    assert len(marks) > len(wave().districts)
    for name, mark in marks.items():
        assert mark.difference == pages[name].own
        assert (mark.verdict is not Verdict.UNSURE) == pages[name].differs
        row = pages[name].district.share
        assert mark.difference.df <= row.df
    assert known.compared == tuple(len(family.compared) for family in families)


def test_a_unit_with_many_items_has_what_is_sure_of_them_in_short() -> None:
    sizes = {1: 700, 2: 400, 3: 700, 4: 300}
    low = [
        replace(one, answers={**one.answers, "a": 1}) if one.answers["district"] == 3 else one
        for one in sample(2, sizes)
    ]
    known = concerns([of_year(2026, low)])
    items = known.of_unit("public_security_bureau")
    for language in LANGUAGES:
        short = {one.id: one for one in shorts(items, language)}
        assert set(short) == {one.measure.id for one in items if one.pressing}
        assert short["a"].low == {"zh": "West中", "en": "West", "ko": "West한"}[language]
        assert short["a"].falling == ""


def test_what_is_hidden_is_hidden_whatever_the_mix_and_nothing_else_is() -> None:
    """Two releases of the same cells that hide different ones would tell of both."""
    hidden = 0
    for seed in range(6):
        sizes = {1: 160, 2: 90, 3: (14, 24, 33, 40, 60, 80)[seed], 4: 35}
        years = [
            of_year(2025, with_modes(sample(seed, sizes), 0.7, 1)),
            of_year(2026, with_modes(sample(seed + 50, sizes), 0.2, 2)),
        ]
        for year, fixed in zip(years, held(years), strict=True):
            for before, after in zip(year.results.findings, fixed.sample().results.findings, strict=True):
                for row, same in zip(before.rows(), after.rows(), strict=True):
                    for statistic in Statistic:
                        own, other = row.figure(statistic), same.figure(statistic)
                        assert own.shown == other.shown
                        hidden += not own.shown
                        if own.shown:
                            assert other.quality is not Quality.SUPPRESS
                        else:
                            assert (other.reason, other.se, other.low) == (own.reason, None, None)
    assert hidden > 20
