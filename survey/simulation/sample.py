"""The invited sample: communities with probability proportional to size, then a fixed number of adults in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.simulation.city.population import City

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many are drawn where."""

    invited: int
    """Adults to invite in the whole city; rounding to whole communities moves it a little."""
    per_community: int = 20
    """Adults to invite in each sampled community."""
    allocation: float = 0.75
    """Districts get a sample in proportion to this power of their adults: 1 favours the city, 0 small districts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Invited adults: columns of equal length.

    Attributes
    ----------
    row : ndarray of int, shape (n,)
        Row in the city.
    stratum : ndarray of str, shape (n,)
        District by subdistricts or towns.
    psu : ndarray of str, shape (n,)
        Name of the simulated community.
    design_weight : ndarray of float, shape (n,)
        Adults each stands for: the inverse of the probability of being drawn, exactly.
    """

    row: Ints
    stratum: Texts
    psu: Texts
    design_weight: Floats


def draw(city: City, plan: Plan, generator: np.random.Generator) -> Sample:
    """Draw a stratified two-stage sample.

    Strata are districts by subdistricts or towns. Communities are drawn systematically with probability
    proportional to their adults from a random order, at least two in each stratum; then simple random samples of
    adults without replacement. Within a stratum every adult has the same probability.

    Raises
    ------
    ValueError
        When a stratum is too small for two communities of `per_community` adults; names the stratum.
    """
    strata, sizes = city.stratum, city.communities.size
    wanted = _allocate(city, plan)
    rows, communities, weights = [], [], []
    for stratum in sorted(wanted):
        members = np.flatnonzero((strata == stratum) & (sizes >= plan.per_community))
        count = _communities(stratum, sizes[members], wanted[stratum] / plan.per_community)
        probability = count * sizes[members] / sizes[members].sum()
        hit = _systematic(probability, generator)
        chosen = members[hit]
        inside = _without_replacement(sizes[chosen], plan.per_community, generator)
        rows.append((city.first[chosen][:, None] + inside).ravel())
        communities.append(np.repeat(chosen, plan.per_community))
        weight = sizes[chosen] / (probability[hit] * plan.per_community)
        weights.append(np.repeat(weight, plan.per_community))
    drawn = np.concatenate(communities)
    return Sample(
        row=np.concatenate(rows),
        stratum=strata[drawn],
        psu=city.psu[drawn],
        design_weight=np.concatenate(weights),
    )


def _allocate(city: City, plan: Plan) -> dict[str, float]:
    """Stratum → adults to invite: districts by the power of their size, strata of a district by their size."""
    sizes, districts = city.communities.size, city.communities.district
    adults = {int(district): int(sizes[districts == district].sum()) for district in np.unique(districts)}
    scale = plan.invited / sum(total**plan.allocation for total in adults.values())
    wanted = {}
    for stratum in np.unique(city.stratum):
        own = city.stratum == stratum
        total = adults[int(districts[own][0])]
        wanted[str(stratum)] = scale * total**plan.allocation * int(sizes[own].sum()) / total
    return wanted


def _communities(stratum: str, sizes: Ints, wanted: float) -> int:
    """How many communities: as many as wanted, at least two, and none of them certain."""
    most = int(sizes.sum() / sizes.max()) if len(sizes) else 0
    if most < 2:
        raise ValueError(f"stratum {stratum}: too few communities of enough adults to draw two of them")
    return int(np.clip(round(wanted), 2, most))


def _systematic(probability: Floats, generator: np.random.Generator) -> Ints:
    """Which are drawn at equal steps along their summed probabilities, in random order."""
    order = generator.permutation(len(probability))
    ends = np.cumsum(probability[order])
    steps = generator.random() + np.arange(round(ends[-1]))
    return np.asarray(order[np.minimum(np.searchsorted(ends, steps, side="right"), len(order) - 1)])


def _without_replacement(sizes: Ints, count: int, generator: np.random.Generator) -> Ints:
    """For each size, `count` different numbers below it, in ascending order; shape (len(sizes), count)."""
    keys = generator.random((len(sizes), int(sizes.max())))
    keys[np.arange(keys.shape[1]) >= sizes[:, None]] = np.inf
    return np.asarray(np.sort(np.argsort(keys, axis=1)[:, :count], axis=1))
