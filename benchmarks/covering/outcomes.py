"""What everybody in the city has, with the truth for the city and each district."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.simulation.city.opinions import latent
from survey.simulation.city.population import City

Floats = npt.NDArray[np.float64]
SHARES = (0.02, 0.03, 0.05, 0.07, 0.10, 0.25, 0.50, 0.75, 0.90, 0.93, 0.95, 0.97, 0.98)
SPREAD = 0.4
"""Standard deviation of the districts' logits where districts differ."""
MEAN = "mean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One answer of everybody.

    Attributes
    ----------
    name : str
        "mean" or the share in the whole city as a percentage.
    alike : bool
        Whether the truth is the same in every district.
    values : ndarray of float, shape (N,)
        Answer of each adult.
    truth : tuple of float
        Of the city, then of each district.
    """

    name: str
    alike: bool
    values: Floats
    truth: tuple[float, ...]


def outcomes(city: City, seed: int) -> Iterator[Outcome]:
    """An opinion, and the shares above a cut: the same in every district, then different in each."""
    felt = latent(city, "coverage", "opinion").astype(np.float64)
    yield _outcome(city, MEAN, felt, alike=True)
    generator = np.random.default_rng([seed, 4])
    codes, district = np.unique(city.district, return_inverse=True)
    for alike in (True, False):
        for share in SHARES:
            apart = generator.normal(0.0, SPREAD, len(codes)) * (not alike)
            wanted = 1 / (1 + np.exp(-np.log(share / (1 - share)) - apart))
            inside = [felt[city.inside & (district == place)] for place in range(len(codes))]
            cuts = np.array([np.quantile(own, 1 - part) for own, part in zip(inside, wanted, strict=True)])
            yield _outcome(city, f"{share:.0%}", (felt > cuts[district]).astype(np.float64), alike=alike)


def _outcome(city: City, name: str, values: Floats, *, alike: bool) -> Outcome:
    parts = [city.inside, *(city.inside & (city.district == code) for code in np.unique(city.district))]
    return Outcome(name=name, alike=alike, values=values, truth=tuple(float(values[part].mean()) for part in parts))
