"""Who answers, by which channel and mode, and in which language."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.simulation.city.population import City, effect
from survey.wave.model import Mode

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MODES = (Mode.PHONE, Mode.WEB, Mode.INTERVIEWER, Mode.PAPER)
MODES_OPEN = (Mode.PHONE, Mode.WEB)
OPEN_BY_PHONE = 0.85
LANGUAGES = ("zh", "en", "ko")


def propensity(city: City, rows: Ints) -> Floats:
    """Probability that an invited adult answers, by age and sex, shape of `rows`."""
    turnout = city.assumptions.turnout
    return 1.0 / (1.0 + np.exp(-turnout.intercept - effect(city.groups, turnout.groups, rows)))


def answers_invited(city: City, rows: Ints, generator: np.random.Generator) -> Flags:
    """Which of the invited answer."""
    return generator.random(len(rows)) < propensity(city, rows)


def comes_by_open_link(city: City, count: int, generator: np.random.Generator) -> Ints:
    """Rows of `count` adults who follow the open link: younger, less satisfied, more of them foreign.

    Without replacement, with odds in proportion to their inclination (largest Gumbel keys).
    """
    turnout = city.assumptions.turnout
    everybody = np.arange(city.size)
    inclination = effect(city.groups, turnout.groups_open, everybody) + turnout.person_open * city.person
    inclination += np.where(city.inside, 0.0, turnout.outside_open)
    keys = inclination + generator.gumbel(size=city.size)
    chosen = np.argpartition(keys, -count)[-count:]
    return np.sort(chosen)


def modes(city: City, rows: Ints, generator: np.random.Generator) -> list[Mode]:
    """Mode of each invited respondent, by age."""
    age = city.groups[city.assumptions.age_question][rows]
    picked = pick(np.array(city.assumptions.turnout.modes)[age - 1], generator)
    return [MODES[index] for index in picked]


def modes_open(count: int, generator: np.random.Generator) -> list[Mode]:
    """Mode of those who came by the open link."""
    picked = pick(np.tile((OPEN_BY_PHONE, 1.0 - OPEN_BY_PHONE), (count, 1)), generator)
    return [MODES_OPEN[index] for index in picked]


def languages(city: City, rows: Ints, generator: np.random.Generator) -> list[str]:
    """Language of each respondent: Chinese, but for residents from outside the mainland."""
    shares = np.tile((1.0, 0.0, 0.0), (len(rows), 1))
    for question, _ in city.wave.analysis.outside_margins:
        for code, spoken in city.assumptions.turnout.languages.items():
            shares[city.groups[question][rows] == code] = spoken
    return [LANGUAGES[index] for index in pick(shares, generator)]


def pick(shares: Floats, generator: np.random.Generator) -> Ints:
    """One column for each row of `shares` (n, k), with these probabilities."""
    ends = np.cumsum(shares, axis=1)
    return np.asarray((generator.random((len(shares), 1)) * ends[:, -1:] >= ends).sum(axis=1), dtype=np.int64)
