"""Laws of the drawn sample: its design weights are the inverse of the probabilities with which people are drawn."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from survey.questionnaire.model import Questionnaire
from survey.simulation.city.assumptions import Assumptions, Places
from survey.simulation.city.population import City, build
from survey.simulation.response import comes_by_open_link, languages, pick, propensity
from survey.simulation.sample import Plan, draw
from survey.wave.model import Wave

PLAN = Plan(invited=2_000, per_community=10)


def test_design_weights_add_up_to_every_stratum(city: City) -> None:
    sample = draw(city, PLAN, np.random.default_rng(1))
    adults: dict[str, int] = defaultdict(int)
    for stratum, size in zip(city.communities.strata(), city.communities.size.tolist(), strict=True):
        adults[stratum] += size if size >= PLAN.per_community else 0
    weights: dict[str, float] = defaultdict(float)
    for stratum, weight in zip(sample.stratum.tolist(), sample.design_weight.tolist(), strict=True):
        weights[stratum] += weight
    assert weights == pytest.approx(adults)


def test_every_stratum_has_two_communities_and_nobody_is_drawn_twice(city: City) -> None:
    sample = draw(city, PLAN, np.random.default_rng(2))
    units: dict[str, set[str]] = defaultdict(set)
    for stratum, psu in zip(sample.stratum.tolist(), sample.psu.tolist(), strict=True):
        units[stratum].add(psu)
    assert min(map(len, units.values())) >= 2
    assert len(set(sample.row.tolist())) == len(sample.row)
    assert len(sample.row) == pytest.approx(PLAN.invited, rel=0.05)


def test_a_person_is_drawn_as_often_as_the_design_weight_says(wave: Wave, questionnaire: Questionnaire) -> None:
    """Three hundred draws from a small city: the share of draws that somebody is in, against 1/weight."""
    places = replace(Places(), community_size=60.0)
    small = build(wave, questionnaire, seed=5, adults=30_000, assumptions=Assumptions(places=places))
    plan, draws = Plan(invited=600, per_community=5), 300
    generator = np.random.default_rng(6)
    times, expected = np.zeros(small.size), {}
    for _ in range(draws):
        sample = draw(small, plan, generator)
        times[sample.row] += 1
        expected.update(zip(sample.stratum.tolist(), (1 / sample.design_weight).tolist(), strict=True))
    strata = small.stratum[small.community]
    big_enough = small.communities.size[small.community] >= plan.per_community
    for stratum, probability in expected.items():
        own = (strata == stratum) & big_enough
        assert times[own].mean() / draws == pytest.approx(probability, rel=1e-9)
        # People of small and of large communities alike: that is what proportional to size means.
        large = small.communities.size[small.community] > np.median(small.communities.size[small.community[own]])
        if (own & large).any() and stratum in ("7-streets", "8-towns", "1-streets"):
            assert times[own & large].mean() / draws == pytest.approx(probability, rel=0.1)


def test_a_stratum_that_is_too_small_is_refused_by_name(city: City) -> None:
    with pytest.raises(ValueError, match=r"stratum \d-(streets|towns): too few communities"):
        draw(city, Plan(invited=2_000, per_community=100_000), np.random.default_rng(1))


def test_the_names_of_communities_say_that_they_are_simulated(city: City) -> None:
    names = city.communities.names()
    assert all("-simulated-" in name for name in names)
    assert len(set(names)) == len(names)


def test_older_people_and_women_answer_more_often(city: City) -> None:
    rows = np.arange(city.size)
    chance, age, sex = propensity(city, rows), city.groups["age_group"], city.groups["sex"]
    assert chance[age == 5].mean() > chance[age == 1].mean() + 0.2
    assert chance[sex == 2].mean() > chance[sex == 1].mean() + 0.03


def test_the_open_link_draws_the_young_and_the_dissatisfied(city: City) -> None:
    rows = comes_by_open_link(city, 2_000, np.random.default_rng(3))
    assert len(set(rows.tolist())) == 2_000
    assert city.groups["age_group"][rows].mean() < city.groups["age_group"].mean() - 0.8
    assert city.person[rows].mean() < -0.3
    assert city.inside[rows].mean() < city.inside.mean()


def test_koreans_answer_in_korean_and_locals_in_chinese(city: City) -> None:
    korean = np.flatnonzero(city.groups["residence_status"] == 5)
    local = np.flatnonzero(city.groups["residence_status"] == 1)
    spoken = languages(city, korean, np.random.default_rng(4))
    assert spoken.count("ko") / len(spoken) > 0.75
    assert set(languages(city, local[:500], np.random.default_rng(4))) == {"zh"}


def test_picking_follows_the_shares() -> None:
    shares = np.tile((0.2, 0.0, 0.8), (20_000, 1))
    counts = np.bincount(pick(shares, np.random.default_rng(5)), minlength=3) / 20_000
    assert counts == pytest.approx((0.2, 0.0, 0.8), abs=0.015)
