"""Non-response and open links: weights that stand for those who are not there."""

from __future__ import annotations

import numpy as np
import pytest

from survey.analysis.design import design_of
from survey.analysis.errors import AnalysisError, DesignError, EmptyMarginError, NotConvergedError
from survey.analysis.estimate import estimate
from survey.analysis.models.response import community_propensities, response_propensities
from survey.analysis.statistics import mean, total
from survey.analysis.variance.jackknife import jk1
from survey.analysis.weights.open_link import ASSUMPTIONS, WITH_REFERENCE, model_based, participation_weights
from survey.analysis.weights.propensity import adjust_for_response, classes_by_propensity
from survey.analysis.weights.rake import Margin, rake

RANDOM = np.random.default_rng(5)
COMMUNITIES = 24
OLD = RANDOM.uniform(size=COMMUNITIES)
INVITED = np.full(COMMUNITIES, 40.0)
ANSWERED = np.floor(INVITED * (0.2 + 0.5 * OLD)).astype(int)
COMMUNITY = np.repeat(np.arange(COMMUNITIES), ANSWERED)
WEIGHTS = np.full(len(COMMUNITY), 5.0)
SAMPLED = INVITED * 5.0
CLASSES = classes_by_propensity(response_propensities(INVITED, ANSWERED.astype(float), OLD[:, None]), INVITED, 4)


def test_adjusted_weights_stand_for_all_who_were_sampled_class_by_class() -> None:
    done = adjust_for_response(design_of(WEIGHTS, clusters=[COMMUNITY]), COMMUNITY, CLASSES, SAMPLED)
    for k, each in enumerate(done.classes):
        assert done.design.weights[CLASSES[COMMUNITY] == k].sum() == pytest.approx(each.invited)
        assert each.factor == pytest.approx(1 / each.rate)
    assert sum(each.communities for each in done.classes) == COMMUNITIES


def test_classes_hold_whole_communities_ordered_by_propensity() -> None:
    assert CLASSES.shape == (COMMUNITIES,)
    assert np.all(np.diff(CLASSES[np.argsort(OLD)]) >= 0)
    assert np.bincount(CLASSES).tolist() == [6, 6, 6, 6]


def test_response_classes_take_off_the_bias_that_the_frame_explains() -> None:
    y = OLD[COMMUNITY]
    design = design_of(WEIGHTS, clusters=[COMMUNITY])
    plain = estimate(design, mean, y).value[0, 0]
    fair = estimate(adjust_for_response(design, COMMUNITY, CLASSES, SAMPLED).design, mean, y).value[0, 0]
    assert abs(fair - OLD.mean()) < 0.2 * abs(plain - OLD.mean())


def test_people_s_propensities_are_averaged_so_that_a_community_is_in_one_class() -> None:
    draw = np.random.default_rng(5)
    community = np.repeat(np.arange(60), 50)
    old = draw.normal(size=60)[community]
    weights = draw.uniform(1, 3, len(old))
    answered = draw.random(len(old)) < 1 / (1 + np.exp(-old))
    y = 3 + old + draw.normal(size=len(old))
    people = response_propensities(weights, weights * answered, np.column_stack([old, draw.normal(size=len(old))]))
    sampled = np.bincount(community, weights)
    classes = classes_by_propensity(community_propensities(people, weights, community), sampled)
    assert classes.shape == (60,)
    design = design_of(weights[answered], clusters=[community[answered]])
    fair = adjust_for_response(design, community[answered], classes, sampled)
    assert (np.diff([each.rate for each in fair.classes]) > 0).all()
    truth = weights @ y / weights.sum()
    before = estimate(design, mean, y[answered]).value[0, 0] - truth
    after = estimate(fair.design, mean, y[answered]).value[0, 0] - truth
    assert abs(after) < abs(before) / 4


def test_calibration_goes_on_from_the_adjusted_weights() -> None:
    done = adjust_for_response(design_of(WEIGHTS, clusters=[COMMUNITY]), COMMUNITY, CLASSES, SAMPLED).design
    half = (np.arange(len(COMMUNITY)) % 2).astype(np.intp)
    raked = rake(done, [Margin(name="half", code=half, totals=np.array([3000.0, 1800.0]), levels=("a", "b"))])
    assert raked.base == pytest.approx(done.weights)


def test_every_replicate_meets_the_sampled_weight_again() -> None:
    design = jk1(design_of(WEIGHTS, clusters=[COMMUNITY]))
    done = adjust_for_response(design, COMMUNITY, CLASSES, SAMPLED).design
    found = estimate(done, total, np.ones(len(COMMUNITY)))
    assert found.value[0, 0] == pytest.approx(SAMPLED.sum())
    assert found.se[0, 0] == pytest.approx(0.0, abs=1e-6)


def test_a_class_nobody_answered_in_names_its_communities() -> None:
    alone = CLASSES.copy()
    alone[3] = 4
    design = design_of(WEIGHTS[COMMUNITY != 3], clusters=[COMMUNITY[COMMUNITY != 3]])
    names = [f"community {i}" for i in range(COMMUNITIES)]
    with pytest.raises(EmptyMarginError, match=r"0 people answered for 200 sampled.*community 3"):
        adjust_for_response(design, COMMUNITY[COMMUNITY != 3], alone, SAMPLED, names)


def test_more_answers_than_invitations_are_refused() -> None:
    with pytest.raises(DesignError, match="only 1 sampled"):
        adjust_for_response(design_of(WEIGHTS, clusters=[COMMUNITY]), COMMUNITY, CLASSES, np.ones(COMMUNITIES))
    with pytest.raises(AnalysisError, match="30 answers from 20"):
        response_propensities(np.array([20.0, 50.0]), np.array([30.0, 10.0]), np.ones((2, 1)))


def margin(code: np.ndarray) -> Margin:
    return Margin(name="sex", code=code.astype(np.intp), totals=np.array([500.0, 700.0]), levels=("f", "m"))


def test_an_open_link_sample_is_labelled_and_says_what_it_assumes() -> None:
    done = model_based([margin(np.arange(30) % 2)])
    assert done.label == "open_link.model_based"
    assert done.assumptions == ASSUMPTIONS
    assert done.design.weights.sum() == pytest.approx(1200.0)
    assert WITH_REFERENCE in model_based([margin(np.arange(30) % 2)], np.full(30, 40.0)).assumptions
    with pytest.raises(DesignError, match="without margins"):
        model_based([])


def test_participation_weights_make_volunteers_look_like_the_reference() -> None:
    reference = np.column_stack([np.ones(200), np.arange(200) % 4 == 0]).astype(float)
    volunteers = np.column_stack([np.ones(60), np.arange(60) % 2 == 0]).astype(float)
    weights = participation_weights(volunteers, reference, np.full(200, 50.0))
    assert weights @ volunteers == pytest.approx(50.0 * reference.sum(axis=0))


def test_volunteers_with_a_property_the_reference_lacks_have_no_weights() -> None:
    reference = np.column_stack([np.ones(50), np.zeros(50)])
    volunteers = np.column_stack([np.ones(20), np.arange(20) % 2]).astype(float)
    with pytest.raises(NotConvergedError, match="coarser"):
        participation_weights(volunteers, reference, np.full(50, 10.0))
