"""Differences tested together: how sure each is, with the number of comparisons accounted for.

One family of tests is everything that a page compares. Holm's method holds the chance that a page calls anything a
change although nothing changed to one minus the confidence level, however the tests depend on each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from survey.analysis.contrasts import Difference, difference, satterthwaite
from survey.analysis.multiple import adjusted
from survey.report.figures import Figure


class Verdict(StrEnum):
    """What a test, adjusted for all others of its family, says about a difference."""

    HIGHER = "higher"
    LOWER = "lower"
    UNSURE = "unsure"
    """Chance alone could make it: no difference is claimed, nor is that there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One difference with its own interval, and what may be said of it among all that were tested with it."""

    difference: Difference
    adjusted_p: float
    verdict: Verdict


def change(before: Figure, after: Figure, level: float) -> Difference | None:
    r"""The figure `after` less the figure `before`, from samples drawn independently of each other.

    Variances add up; degrees of freedom by Satterthwaite's rule. None where one of the two is not shown or has no
    interval: nothing is told of a hidden figure by its change.
    """
    if before.estimate is None or after.estimate is None or before.se is None or after.se is None:
        return None
    if before.df <= 0 or after.df <= 0:
        return None
    variances = [before.se**2, after.se**2]
    df = satterthwaite(variances, [before.df, after.df])
    return difference(after.estimate - before.estimate, sum(variances), df, level)


def together(differences: Sequence[Difference], level: float) -> list[Tested]:
    """Test one family of differences against zero by Holm's method."""
    p = adjusted(np.array([one.p for one in differences], dtype=np.float64))
    return [
        Tested(difference=one, adjusted_p=float(q), verdict=verdict(one, bool(q < 1 - level)))
        for one, q in zip(differences, p, strict=True)
    ]


def verdict(one: Difference, sure: bool) -> Verdict:
    """The direction of a difference that its test is sure of."""
    if not sure:
        return Verdict.UNSURE
    return Verdict.HIGHER if one.estimate > 0 else Verdict.LOWER
