"""Response classes: never finer than a community, and the sample's weight is kept."""

from __future__ import annotations

import numpy as np
import pytest

from survey.analysis.design import design_of
from survey.analysis.errors import EmptyMarginError
from survey.analysis.estimate import estimate
from survey.analysis.statistics import mean
from survey.analysis.weights.propensity import adjust_for_response, propensity_classes, response


def test_classes_bring_the_mean_back_to_that_of_the_whole_sample() -> None:
    draw = np.random.default_rng(5)
    community = np.repeat(np.arange(60), 50)
    old = draw.normal(size=60)[community]
    weights = draw.uniform(1, 3, len(old))
    answered = draw.random(len(old)) < 1 / (1 + np.exp(-old))
    y = 3 + old + draw.normal(size=len(old))
    code = propensity_classes(old[:, None], answered, weights, community)
    found = response(code[community], answered, weights)
    assert (np.diff(found.rate) > 0).all()
    design = design_of(weights[answered], None, [community[answered]])
    adjusted = adjust_for_response(design, code[community[answered]], found)
    assert adjusted.weights.sum() == pytest.approx(weights.sum())
    truth = weights @ y / weights.sum()
    before = estimate(design, mean, y[answered]).value[0, 0] - truth
    after = estimate(adjusted, mean, y[answered]).value[0, 0] - truth
    assert abs(after) < abs(before) / 4


def test_a_community_is_in_one_class() -> None:
    draw = np.random.default_rng(6)
    community = np.arange(200) % 10
    answered = draw.random(200) < 0.5
    code = propensity_classes(draw.normal(size=(200, 2)), answered, np.ones(200), community, 3)
    assert code.shape == (10,)
    assert set(code) <= {0, 1, 2}


def test_a_class_in_which_nobody_answered_is_named_with_its_counts() -> None:
    with pytest.raises(EmptyMarginError, match="response class harbour: 0 of 3 people answered"):
        response(
            np.array([0, 0, 0, 1, 1, 1]),
            np.array([True, True, True, False, False, False]),
            np.ones(6),
            ("hill", "harbour"),
        )
