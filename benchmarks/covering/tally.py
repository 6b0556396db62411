"""How often each kind of interval held the truth: in every sample, and in those a rule lets pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from covering.outcomes import MEAN, Outcome
from survey.analysis.estimate import Estimate
from survey.analysis.intervals import Interval, Share, chosen, share_intervals, t_interval
from survey.analysis.quality import quality_in_publication, quality_of_mean, quality_of_share

LEVEL = 0.95
KINDS = ("published", "logit", "korn_graubard", "wilson", "wald")
RULES = ("every sample", "ok by the plan's quality", "ok for publication")


@dataclass(slots=True)
class Count:
    """Intervals of one kind for one place and outcome: by rule, samples that passed, and that held the truth."""

    passed: list[int] = field(default_factory=lambda: [0, 0, 0])
    held: list[int] = field(default_factory=lambda: [0, 0, 0])

    def add(self, interval: Interval, truth: float, passes: tuple[bool, bool, bool]) -> None:
        """One sample more; no interval holds nothing."""
        held = interval is not None and interval[0] <= truth <= interval[1]
        for rule, passed in enumerate(passes):
            self.passed[rule] += passed
            self.held[rule] += passed and held


@dataclass(slots=True)
class Tally:
    """Counts by outcome (name, alike), kind of interval and place (0 is the city), and answers by place."""

    counts: dict[tuple[str, bool, str, int], Count] = field(default_factory=dict)
    answers: dict[int, float] = field(default_factory=dict)
    samples: int = 0

    def of(self, name: str, kind: str, place: int, *, alike: bool = True) -> Count:
        """The count to add to."""
        return self.counts.setdefault((name, alike, kind, place), Count())

    def judge(self, every: list[Outcome], whole: Estimate, parts: Estimate) -> None:
        """Add one sample: estimates of the city and of its districts, one column for each outcome."""
        self.samples += 1
        for place in range(len(every[0].truth)):
            done, domain = (whole, 0) if place == 0 else (parts, place - 1)
            self.answers[place] = self.answers.get(place, 0.0) + float(done.n[domain])
            for column, outcome in enumerate(every):
                at = (domain, column)
                judged = _of_mean(done, at) if outcome.name == MEAN else _of_share(done, at, whole)
                for kind, interval, passes in judged:
                    count = self.of(outcome.name, kind, place, alike=outcome.alike)
                    count.add(interval, outcome.truth[place], passes)


def _of_mean(done: Estimate, at: tuple[int, int]) -> Iterator[tuple[str, Interval, tuple[bool, bool, bool]]]:
    value, se, n_eff, _ = _numbers(done, at)
    n, df = float(done.n[at[0]]), float(done.df[at[0]])
    ok = quality_of_mean(n, n_eff, df).mark == "ok"
    yield "t", t_interval(value, se, df, LEVEL), (True, ok, ok)


def _of_share(
    done: Estimate, at: tuple[int, int], whole: Estimate
) -> Iterator[tuple[str, Interval, tuple[bool, bool, bool]]]:
    p, se, n_eff, _ = _numbers(done, at)
    n, df, spread = float(done.n[at[0]]), float(done.df[at[0]]), p * (1 - p)
    share = Share(p=p, se=se, n=n, df=df, level=LEVEL, logit_se=se / spread if spread > 0 else float("nan"))
    intervals = share_intervals(share)
    own = quality_of_share(p, n, n_eff, df, intervals["korn_graubard"])
    city, _, _, deff = _numbers(whole, (0, at[1]))
    shown = own if done is whole else quality_in_publication(own, n, df, city, deff)
    for kind in KINDS:
        passes = (True, own.mark == "ok", shown.mark == "ok")
        yield kind, intervals[chosen(share) if kind == "published" else kind], passes


def _numbers(done: Estimate, at: tuple[int, int]) -> tuple[float, float, float | None, float | None]:
    """Estimate, standard error, effective size and design effect."""
    value, se, simple = float(done.value[at]), float(np.sqrt(done.variance[at])), float(done.simple[at])
    if not se > 0 or not simple > 0:
        return value, se, None, None
    return value, se, float(done.n[at[0]]) * simple / se**2, se**2 / simple
