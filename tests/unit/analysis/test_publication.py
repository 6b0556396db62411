"""A share is published by what its sample could show, not by how it happened to come out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from survey.analysis.intervals import Share, korn_graubard
from survey.analysis.quality import FIXED, OK, SMALL_SAMPLE, Quality, quality_in_publication, quality_of_share

LUCKY = 0.11
"""A share so high that the standards let it pass in a sample in which they hide most of those where 5 % is true."""


def alone(p: float, n: float, df: float = 30) -> Quality:
    se = float(np.sqrt(p * (1 - p) / n))
    share = Share(p=p, se=se, n=n, df=df, level=0.95, logit_se=float("nan"))
    return quality_of_share(p, n, n, df, korn_graubard(share))


def test_a_rare_answer_in_a_small_sample_is_doubted_where_it_came_out_high() -> None:
    assert alone(0.05, 124).mark == "suppress"
    assert alone(LUCKY, 124) == OK
    assert quality_in_publication(OK, 124, 30, whole=0.05, deff=1.0) == Quality("caution", SMALL_SAMPLE)


def test_a_sample_that_can_show_the_share_leaves_its_mark_alone() -> None:
    caution = Quality("caution", "df is under 8")
    assert quality_in_publication(OK, 600, 100, whole=0.05, deff=1.0) == OK
    assert quality_in_publication(caution, 600, 5, whole=0.5, deff=1.0) == caution


def test_a_share_that_the_margins_fix_needs_no_sample() -> None:
    fixed = Quality("ok", FIXED)
    assert quality_in_publication(fixed, 124, 30, whole=0.05, deff=1.0) == fixed


def test_what_is_hidden_for_itself_keeps_its_reason() -> None:
    hidden = alone(0.05, 124)
    assert quality_in_publication(hidden, 124, 30, whole=0.05, deff=1.0) == hidden
    assert quality_in_publication(hidden, 9_000, 30, whole=0.5, deff=1.0) == hidden


@pytest.mark.parametrize("deff", [None, 1.0])
def test_clustering_of_the_whole_counts_against_the_part(deff: float | None) -> None:
    assert quality_in_publication(OK, 60, 20, whole=0.5, deff=deff) == OK
    assert quality_in_publication(OK, 60, 20, whole=0.5, deff=1.9).mark == "caution"


@pytest.mark.parametrize("whole", [0.0, 1.0])
def test_a_whole_that_agrees_raises_no_doubt(whole: float) -> None:
    assert quality_in_publication(OK, 200, 30, whole=whole, deff=None) == OK


def test_the_page_of_formulas_holds_the_tables_of_the_coverage_study() -> None:
    root = Path(__file__).parents[3]
    tables = (root / "benchmarks" / "coverage.md").read_text(encoding="utf-8")
    assert "2000 samples" in tables
    assert tables.rstrip() in (root / "docs" / "statistics.md").read_text(encoding="utf-8")
