"""How often do 95 % intervals hold the truth? `make bench-coverage`.

Draws samples from a simulated city with clusters of unequal size and non-response that depends on age and sex, rakes
each to the city's margins, and compares every interval with the known truth: by kind of interval, district (from about
60 to 600 answers) and share (from 2 to 98 %, the same in every district or different), in every sample, where the
plan's quality is ok, and where the stricter rule of publication is. Prints tables and writes coverage.md and
coverage.csv.

Target: where quality is ok, at least 93.5 % less Monte Carlo error, and not above 97 % for means and logit intervals.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from covering.outcomes import outcomes
from covering.tables import pages, write
from covering.tally import Tally
from rich.progress import track

from survey.analysis.estimate import estimate
from survey.analysis.statistics import mean
from survey.cli.simulate import definition
from survey.simulation.city.assumptions import Assumptions, Places
from survey.simulation.city.population import build
from survey.simulation.sample import Plan
from survey.simulation.study import Study

HERE = Path(__file__).parent
ASSUMPTIONS = Assumptions(places=replace(Places(), community_size=400.0, size_spread=0.7, within_area={6: 0.05}))
PLAN = Plan(invited=6_300, per_community=14, allocation=0.7)


@click.command()
@click.option("--samples", default=2_000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=2026, show_default=True)
def main(samples: int, seed: int) -> None:
    """Draw the samples, print the tables and write them beside this file."""
    wave, questionnaire = definition()
    city = build(wave, questionnaire, seed, adults=1_000_000, assumptions=ASSUMPTIONS)
    study, every, tally = Study.of(city, PLAN), list(outcomes(city, seed)), Tally()
    answers = np.column_stack([outcome.values for outcome in every])
    codes, district = np.unique(city.district, return_inverse=True)
    for number in track(range(samples), description="Samples"):
        survey = study.survey(np.random.default_rng([seed, 3, number]))
        inside, y = city.inside[survey.row], answers[survey.row]
        whole = estimate(survey.raked, mean, y, by=np.where(inside, 0, -1), domains=1)
        parts = estimate(survey.raked, mean, y, by=np.where(inside, district[survey.row], -1), domains=len(codes))
        tally.judge(every, whole, parts)
    write(tally, HERE / "coverage.csv")
    text = "\n".join(pages(tally)) + "\n"
    (HERE / "coverage.md").write_text(text, encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
