"""How often do 95 % intervals hold the truth? `make bench-coverage`.

Draws samples from a simulated city with clusters of unequal size and non-response that depends on age and sex, rakes
each to the city's margins, and compares every interval with the known truth: by kind of interval, district (from about
60 to 600 answers) and share (from 2 to 98 %). Prints what misses the target, writes everything to coverage.csv.

Target: where quality is ok, at least 93.5 % less Monte Carlo error, and not above 97 % for means and logit intervals.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from survey.analysis.estimate import Estimate, estimate
from survey.analysis.intervals import Interval, Share, chosen, share_intervals, t_interval
from survey.analysis.quality import quality_of_mean, quality_of_share
from survey.analysis.statistics import mean
from survey.cli.simulate import definition
from survey.simulation.city.assumptions import Assumptions, Places
from survey.simulation.city.opinions import latent
from survey.simulation.city.population import City, build
from survey.simulation.sample import Plan
from survey.simulation.study import Answered, Study

Floats = npt.NDArray[np.float64]

SHARES = (0.02, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.98)
KINDS = ("wald", "logit", "wilson", "korn_graubard", "published")
LEVEL, LEAST, MOST = 0.95, 0.935, 0.97
HERE = Path(__file__).parent
ASSUMPTIONS = Assumptions(places=replace(Places(), community_size=400.0, size_spread=0.7, within_area={6: 0.05}))
PLAN = Plan(invited=6_000, per_community=10, allocation=0.75)


@dataclass(slots=True)
class Count:
    """Intervals of one kind for one district and measure."""

    samples: int = 0
    held: int = 0
    ok: int = 0
    ok_held: int = 0
    answers: float = 0.0

    def add(self, interval: Interval, truth: float, n: float, *, ok: bool) -> None:
        """One sample more; no interval holds nothing."""
        held = interval is not None and interval[0] <= truth <= interval[1]
        self.samples += 1
        self.held += held
        self.ok += ok
        self.ok_held += ok and held
        self.answers += n


@dataclass(slots=True)
class Tally:
    """Counts by measure ("mean" or a share), kind of interval and district (0 is the city)."""

    counts: dict[tuple[str, str, int], Count] = field(default_factory=dict)

    def of(self, measure: str, kind: str, district: int) -> Count:
        """The count to add to."""
        return self.counts.setdefault((measure, kind, district), Count())


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something everybody in the city has: its values, shape (N,), and its truth for the city and each district."""

    name: str
    values: Floats
    truth: tuple[float, ...]
    share: bool


def outcomes(city: City) -> Iterator[Outcome]:
    """An opinion, and the shares who are above the cut that makes its share the same in every district."""
    felt = latent(city, "coverage", "opinion").astype(np.float64)
    yield _outcome(city, "mean", felt, share=False)
    districts = np.unique(city.district)
    for share in SHARES:
        cuts = np.zeros(districts.max() + 1)
        for code in districts:
            cuts[code] = np.quantile(felt[city.inside & (city.district == code)], 1 - share)
        yield _outcome(city, f"{share:.0%}", (felt > cuts[city.district]).astype(np.float64), share=True)


def _outcome(city: City, name: str, values: Floats, *, share: bool) -> Outcome:
    parts = [city.inside, *(city.inside & (city.district == code) for code in np.unique(city.district))]
    return Outcome(name, values, tuple(float(values[part].mean()) for part in parts), share)


def judge(tally: Tally, city: City, survey: Answered, outcome: Outcome) -> None:
    """Add the intervals of one outcome in one sample."""
    inside, y = city.inside[survey.row], outcome.values[survey.row]
    codes, district = np.unique(city.district, return_inverse=True)
    whole = estimate(survey.raked, mean, y, by=np.where(inside, 0, -1), domains=1)
    parts = estimate(survey.raked, mean, y, by=np.where(inside, district[survey.row], -1), domains=len(codes))
    for place, truth in enumerate(outcome.truth):
        done, domain = (whole, 0) if place == 0 else (parts, place - 1)
        number = 0 if place == 0 else int(codes[place - 1])
        for kind, interval, ok in (_of_share if outcome.share else _of_mean)(done, domain):
            tally.of(outcome.name, kind, number).add(interval, truth, float(done.n[domain]), ok=ok)


def _of_mean(done: Estimate, domain: int) -> Iterator[tuple[str, Interval, bool]]:
    value, se, df, n = (float(np.ravel(x[domain])[0]) for x in (done.value, done.se, done.df, done.n))
    n_eff = n * float(done.simple[domain, 0]) / se**2 if se > 0 else None
    yield "t", t_interval(value, se, df, LEVEL), quality_of_mean(n, n_eff, df).mark == "ok"


def _of_share(done: Estimate, domain: int) -> Iterator[tuple[str, Interval, bool]]:
    p, se, df, n = (float(np.ravel(x[domain])[0]) for x in (done.value, done.se, done.df, done.n))
    spread = p * (1 - p)
    share = Share(p=p, se=se, n=n, df=df, level=LEVEL, logit_se=se / spread if spread > 0 else float("nan"))
    intervals = share_intervals(share)
    n_eff = n * float(done.simple[domain, 0]) / se**2 if se > 0 else None
    ok = quality_of_share(p, n, n_eff, df, intervals["korn_graubard"]).mark == "ok"
    for kind in KINDS:
        yield kind, intervals[chosen(share) if kind == "published" else kind], ok


def misses(tally: Tally) -> Iterator[tuple[str, str, int, Count, str]]:
    """Cells whose coverage where quality is ok misses the target by more than Monte Carlo error (two errors)."""
    for (measure, kind, district), count in tally.counts.items():
        if count.ok < 200 or kind in ("wald", "wilson"):
            continue
        rate, error = count.ok_held / count.ok, 2 * np.sqrt(LEVEL * (1 - LEVEL) / count.ok)
        if rate < LEAST - error:
            yield measure, kind, district, count, "too low"
        elif rate > MOST + error and kind in ("t", "logit"):
            yield measure, kind, district, count, "too high"


def write(tally: Tally, file: Path) -> None:
    """All counts as CSV."""
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(("measure", "interval", "district", "mean_n", "samples", "coverage", "ok", "coverage_where_ok"))
        for (measure, kind, district), c in tally.counts.items():
            where_ok = f"{c.ok_held / c.ok:.4f}" if c.ok else ""
            row = (measure, kind, district or "city", f"{c.answers / c.samples:.0f}", c.samples)
            rows.writerow((*row, f"{c.held / c.samples:.4f}", c.ok, where_ok))


def show(tally: Tally, console: Console) -> None:
    """Coverage of the published interval and of means by district, where quality is ok; then what misses the target."""
    districts = sorted({district for _, _, district in tally.counts})
    table = Table("interval", *(str(d) if d else "city" for d in districts), title="Coverage where quality is ok, %")
    for measure, kind in dict.fromkeys((m, k) for m, k, _ in tally.counts if k in ("t", "published", "logit")):
        cells = [tally.of(measure, kind, district) for district in districts]
        table.add_row(f"{measure} {kind}", *(f"{100 * c.ok_held / c.ok:.1f}" if c.ok else "-" for c in cells))
    answers = [tally.of("mean", "t", district) for district in districts]
    table.add_row("answers", *(f"{c.answers / max(1, c.samples):.0f}" for c in answers))
    console.print(table)
    for measure, kind, district, count, why in misses(tally):
        rate = count.ok_held / count.ok
        console.print(f"{why}: {measure} {kind}, district {district or 'city'}: {rate:.1%} of {count.ok}")


@click.command()
@click.option("--samples", default=2_000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=2026, show_default=True)
def main(samples: int, seed: int) -> None:
    """Draw the samples, print the table and write it beside this file."""
    wave, questionnaire = definition()
    city = build(wave, questionnaire, seed, adults=1_000_000, assumptions=ASSUMPTIONS)
    study, every, tally = Study.of(city, PLAN), list(outcomes(city)), Tally()
    for number in track(range(samples), description="Samples"):
        survey = study.survey(np.random.default_rng([seed, 3, number]))
        for outcome in every:
            judge(tally, city, survey, outcome)
    write(tally, HERE / "coverage.csv")
    show(tally, Console(width=140))


if __name__ == "__main__":
    main()
