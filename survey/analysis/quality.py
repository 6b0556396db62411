"""May a cell be published: NCHS standards for shares, simpler rules for means, and complementary suppression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from survey.analysis.intervals import ROUNDING, Interval, Share, korn_graubard

Mark = Literal["ok", "caution", "suppress"]
NO_DATA = "no data"
NO_WEIGHT = "all weights are 0"
ONE_UNIT = "one sampling unit"
NO_RATIO = "the denominator is 0"
NO_DF = "no degrees of freedom"
FIXED = "fixed by the margins"
FEW = "n is under 30"
FEW_EFFECTIVE = "effective n is under 30"
WIDE = "interval is 0.30 or wider"
WIDE_RELATIVE = "interval is wider than 130 % of the share"
LOW_DF = "df is under 8"
EXTREME = "share is 0 or 1"
SMALL_SAMPLE = "sample is too small for a share like the whole's"
COMPLEMENT = "hides another cell"
SMALLEST, LEAST_DF = 30, 8
WIDEST, NARROW, RELATIVE = 0.30, 0.05, 1.30
PARTS_DIFFER = 1.5
"""Odds of a share in a part and in the whole: the ratio that is reckoned with before the part is looked at."""
STANDARD_LEVEL = 0.95
"""The level the standards are written for, whatever level is shown."""


@dataclass(frozen=True, slots=True)
class Quality:
    """A mark and, unless it is ok, the reason."""

    mark: Mark
    reason: str | None = None


OK = Quality("ok")


def quality_of_share(p: float, n: float, n_eff: float | None, df: float, korn_graubard: Interval) -> Quality:
    """Mark a share by the NCHS data presentation standards for proportions.

    Parameters
    ----------
    p : float
        Share.
    n, n_eff : float
        Rows that answered; effective sample size, if there is one.
    df : float
        Degrees of freedom of the domain.
    korn_graubard : (float, float), optional
        Korn and Graubard's 95 % interval.

    Returns
    -------
    Quality
        ``suppress``, ``caution`` or ``ok``, with the reason [1]_.

    References
    ----------
    .. [1] Parker et al. (2017), National Center for Health Statistics Data Presentation Standards for
       Proportions, Vital Health Stat. 2(175).
    """
    few = _few(n, n_eff)
    if few is not None:
        return few
    if korn_graubard is None:
        return Quality("suppress", NO_DF)
    width = korn_graubard[1] - korn_graubard[0]
    if width >= WIDEST:
        return Quality("suppress", WIDE)
    if width > NARROW and width > RELATIVE * p:
        return Quality("suppress", WIDE_RELATIVE)
    if df < LEAST_DF:
        return Quality("caution", LOW_DF)
    return Quality("caution", EXTREME) if p in (0.0, 1.0) else OK


def _few(n: float, n_eff: float | None) -> Quality | None:
    if n < SMALLEST:
        return Quality("suppress", FEW)
    if _small(n_eff):
        return Quality("suppress", FEW_EFFECTIVE)
    return None


def _small(n_eff: float | None) -> bool:
    """Under the smallest size, rounding aside: a simple random sample of it has just that effective size."""
    return n_eff is not None and n_eff < SMALLEST * (1 - ROUNDING)


def quality_of_mean(n: float, n_eff: float | None, df: float) -> Quality:
    """Mark a mean or total.

    Parameters
    ----------
    n, n_eff : float
        Rows that answered; effective sample size, if there is one.
    df : float
        Degrees of freedom of the domain.

    Returns
    -------
    Quality
        ``suppress`` under 30 rows, ``caution`` under 8 df or an effective size under 30.
    """
    if n < SMALLEST:
        return Quality("suppress", FEW)
    if df < LEAST_DF:
        return Quality("caution", LOW_DF)
    if _small(n_eff):
        return Quality("caution", FEW_EFFECTIVE)
    return OK


def quality_in_publication(own: Quality, n: float, df: float, whole: float, deff: float | None) -> Quality:
    """Mark a share of a part of the population for publication: by what it is, and by what its sample could be.

    Parameters
    ----------
    own : Quality
        Mark of the share by itself (`quality_of_share`).
    n, df : float
        Rows that answered in the part, and its degrees of freedom.
    whole : float
        The same share in the whole that the part belongs to, such as the city.
    deff : float, optional
        Design effect of the share in the whole; 1 where there is none.

    Returns
    -------
    Quality
        As `own`, or ``caution`` in place of ``ok`` where the standards would hide a share like the whole's, or one with
        odds half as high again or two thirds as high, in a sample like this.

    Notes
    -----
    The width that the standards judge depends on the estimate. Where they hide a rare answer in most samples, they
    pass just those in which it came out high, and the intervals of these miss the truth: when samples pass with
    probability q, up to α/q of them may [1]_. The whole's share hardly depends on the part's own answers, so judging
    by it picks no samples; ``docs/statistics.md`` has the coverage with and without.

    References
    ----------
    .. [1] On intervals after a choice: Benjamini, Yekutieli (2005), J. Amer. Statist. Assoc. 100, 71-81.
    """
    if own.mark != "ok" or own.reason == FIXED or n < SMALLEST:
        return own
    size = n / (deff or 1.0)
    likely = [whole * odds / (1 - whole + whole * odds) for odds in (1 / PARTS_DIFFER, 1.0, PARTS_DIFFER)]
    hidden = any(_expected(p, n, df, size).mark == "suppress" for p in likely)
    return Quality("caution", SMALL_SAMPLE) if hidden else own


def _expected(p: float, n: float, df: float, size: float) -> Quality:
    """Mark of a share of p in a sample of n that is worth a simple random one of `size`."""
    se = float(np.sqrt(p * (1 - p) / size))
    like = Share(p=p, se=se, n=n, df=df, level=STANDARD_LEVEL, logit_se=float("nan"))
    return quality_of_share(p, n, size, df, korn_graubard(like))


def complementary(marks: Sequence[Quality], sizes: Sequence[float]) -> list[Quality]:
    """Hide a second cell of a set that adds to a published whole, so that the first can't be had by subtraction.

    Parameters
    ----------
    marks : sequence of Quality
        Of cells that partition a published total.
    sizes : sequence of float
        Rows of each cell; the smallest shown one is hidden.

    Returns
    -------
    list of Quality
        Unchanged unless exactly one cell is suppressed.
    """
    done = list(marks)
    hidden = [i for i, mark in enumerate(done) if mark.mark == "suppress" and sizes[i] > 0]
    shown = [i for i, mark in enumerate(done) if mark.mark != "suppress" and sizes[i] > 0]
    if len(hidden) == 1 and shown:
        second = shown[int(np.argmin([sizes[i] for i in shown]))]
        done[second] = Quality("suppress", COMPLEMENT)
    return done
