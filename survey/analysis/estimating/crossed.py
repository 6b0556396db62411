"""All domains at once, where many rows gave the same answer: weights are added up by domain, answer and unit first.

The statistic still sees weights and answers, only each answer once. What follows costs the same for any number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.errors import DesignError
from survey.analysis.estimating.prepared import Prepared
from survey.analysis.estimating.results import Part, Statistic
from survey.analysis.stages import Stage
from survey.analysis.variance.linear import variances
from survey.analysis.variance.rank import pairs_of, rank_of_pairs, weights_of_pairs
from survey.analysis.variance.replicates import BATCHED, COUNTED, replicate_covariance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
FEW, SAMPLE, SPARSE, SMALL = 128, 512, 8, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Rows that answered, by domain and answer.

    Attributes
    ----------
    prepared : Prepared
    rows : ndarray of int, shape (m,)
        Which rows of the design.
    domain, answer : ndarray of int, shape (m,)
        0..D-1 and 0..A-1.
    domains : int
        D.
    columns : tuple of ndarray of float, each of shape (A,) or (A, q)
        The different answers.
    """

    prepared: Prepared
    rows: Ints
    domain: Ints
    answer: Ints
    domains: int
    columns: tuple[Floats, ...]

    @property
    def answers(self) -> int:
        """A."""
        return len(self.columns[0])

    @property
    def cell(self) -> Ints:
        """Domain and answer as one number, shape (m,)."""
        return self.domain * self.answers + self.answer

    def by(self, code: Ints, count: int, values: Floats | None) -> Floats:
        """Add up by domain, answer and a code of the rows.

        Parameters
        ----------
        code : ndarray of int, shape (m,)
            0..count-1.
        count : int
            Number of codes.
        values : ndarray of float, shape (m,), or None
            What to add; None counts the rows.

        Returns
        -------
        ndarray of float, shape (D, A, count)
            Sums.
        """
        cells = self.domains * self.answers
        sums = np.bincount(self.cell * count + code, values, cells * count)
        return np.asarray(sums, dtype=float).reshape(self.domains, -1, count)


def crossed(
    prepared: Prepared, statistic: Statistic, columns: tuple[Floats, ...], rows: Ints, by: Ints | None, count: int
) -> Crossed | None:
    """Cross domains with answers.

    Parameters
    ----------
    prepared : Prepared
        A design of n rows.
    statistic : callable
        ``(weights, *columns) -> Linear``.
    columns : tuple of ndarray of float, each of shape (n,) or (n, q)
        What it reads.
    rows : ndarray of int, shape (m,)
        Rows that answered.
    by : ndarray of int, shape (n,), optional
        Domain of each row.
    count : int
        Number of domains D.

    Returns
    -------
    Crossed or None
        None for a statistic that is not known to depend on the weights of equal answers only through their sum
        (`batched`, not `counted`), and where there would be more cells than is worth it.
    """
    plain = getattr(statistic, "func", statistic)
    if plain not in BATCHED or plain in COUNTED or not len(rows) or not columns:
        return None
    flat = [part for column in columns for part in (column.T if column.ndim > 1 else column[None])]
    if any(len(np.unique(part[rows[:SAMPLE]])) > FEW for part in flat):
        return None
    answer, answers = codes_of(*(part[rows] for part in flat))
    design = prepared.design
    widths = [stage.units for stage in prepared.stages]
    widths += [] if design.controls is None else [design.controls.cells]
    if design.replicates is not None:
        table = weights_of_pairs(design)
        if table is None:
            return None
        widths.append(len(table[0]))
    if answers * count * max(widths) > max(SPARSE * len(rows), SMALL):
        return None
    first = np.zeros(answers, dtype=np.intp)
    first[answer] = rows
    domain = np.zeros(len(rows), dtype=np.intp) if by is None else by[rows]
    return Crossed(
        prepared=prepared,
        rows=rows,
        domain=domain,
        answer=answer,
        domains=count,
        columns=tuple(column[first] for column in columns),
    )


def parts_of(cross: Crossed, statistic: Statistic, *, joint: bool) -> list[Part]:
    """Estimate every domain.

    Parameters
    ----------
    cross : Crossed
        D domains.
    statistic : callable
        ``(weights, *columns) -> Linear`` with k values.
    joint : bool
        Keep the totals of the units.

    Returns
    -------
    list of Part
        D of them.
    """
    prepared, rows = cross.prepared, cross.rows
    design = prepared.design
    weights = design.weights[rows]
    masses = [cross.by(stage.unit[rows], stage.units, weights) for stage in prepared.stages]
    sums = masses[0].sum(axis=2)
    present = np.bincount(cross.cell, minlength=sums.size).reshape(sums.shape) > 0
    weighty = weights != 0
    inside = [_inside(cross, stage, weighty) for stage in prepared.stages]
    some = np.asarray(inside[0].any(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        values, scores = _evaluated(cross, statistic, sums, present)
        n = _number(cross)
        size = sums.sum(axis=1)
        kish = n * np.bincount(cross.domain, prepared.squares[rows], cross.domains) / size**2
        kish = np.where(size > 0, kish, np.nan)
        simple = _simple(sums, scores, n, size)
    empty = ~some
    values[empty & ~np.isfinite(values).all(axis=1)] = np.nan
    scores[empty] = 0.0
    df, units = _degrees(cross, inside[0], weighty)
    failed: list[str | None] = [None] * cross.domains
    replicated: list[Floats | None] = [None] * cross.domains
    variance, totals = np.zeros_like(values), None
    if design.replicates is None:
        totals = _totals(cross, masses, scores)
        variance, failed = variances(design, totals, inside)
        variance[empty] = 0.0
        failed = [words if some[i] else None for i, words in enumerate(failed)]
    else:
        found = _replicated(cross, statistic)
        for i in np.flatnonzero(some):
            replicated[i] = found[i]
            variance[i] = np.diag(replicate_covariance(design.replicates, found[i], values[i]))
    return [
        Part(
            value=values[i],
            variance=variance[i],
            totals=_own(cross, totals, i, values.shape[1]) if joint else None,
            df=float(df[i]),
            n=float(n[i]),
            units=float(units[i]),
            size=float(size[i]),
            kish=float(kish[i]),
            simple=simple[i],
            failed=failed[i],
            replicates=replicated[i],
        )
        for i in range(cross.domains)
    ]


def _number(cross: Crossed) -> Floats:
    """Raw rows of each domain, shape (D,)."""
    counts = cross.prepared.design.counts
    found = np.bincount(cross.domain, None if counts is None else counts[cross.rows], cross.domains)
    return np.asarray(found, dtype=float)


def _inside(cross: Crossed, stage: Stage, weighty: Flags) -> Flags:
    """Units of a stage with members whose weight is not 0, shape (D, U)."""
    key = cross.domain * stage.units + stage.unit[cross.rows]
    shape = cross.domains, stage.units
    return np.bincount(key if weighty.all() else key[weighty], minlength=shape[0] * shape[1]).reshape(shape) > 0


def _evaluated(cross: Crossed, statistic: Statistic, sums: Floats, present: Flags) -> tuple[Floats, Floats]:
    """Values, shape (D, k), and scores of every answer, shape (D, A, k), 0 for answers nobody gave."""
    values, scores = [], []
    for weights, there in zip(sums, present, strict=True):
        if there.all():
            linear = statistic(weights, *cross.columns)
            scores.append(linear.scores)
        else:
            linear = statistic(weights[there], *(column[there] for column in cross.columns))
            own = np.zeros((len(there), len(linear.value)))
            own[there] = linear.scores
            scores.append(own)
        values.append(linear.value)
    return np.array(values), np.array(scores)


def _simple(sums: Floats, scores: Floats, n: Floats, size: Floats) -> Floats:
    """Variance under simple random sampling, shape (D, k)."""
    centre = np.einsum("da,dak->dk", sums, scores) / size[:, None]
    spread = np.einsum("da,dak->dk", sums, np.square(scores - centre[:, None]))
    simple = spread * (size / (n - 1))[:, None]
    return np.where(((n < 2) | (size <= 0))[:, None], np.nan, simple)


def _degrees(cross: Crossed, inside: Flags, weighty: Flags) -> tuple[Floats, Floats]:
    """Degrees of freedom and first-stage units of each domain."""
    design, units = cross.prepared.design, inside.sum(axis=1).astype(float)
    if design.replicates is not None:
        return _ranks(cross, weighty) - 1, units
    first = cross.prepared.stages[0]
    domain, unit = np.nonzero(inside)
    shape = cross.domains, len(first.sampled)
    strata = np.bincount(domain * shape[1] + first.stratum[unit], minlength=shape[0] * shape[1]).reshape(shape) > 0
    return np.asarray(units - strata.sum(axis=1)), units


def _totals(cross: Crossed, masses: list[Floats], scores: Floats) -> list[Floats]:
    """Totals of weighted scores less what the controls explain, by unit of each stage, each of shape (U, D·k)."""
    prepared = cross.prepared
    design, projection = prepared.design, prepared.design.projection
    sums = [_spread(mass, scores) for mass in masses]
    if projection is None or design.controls is None:
        return sums
    controls, rows = projection.controls, cross.rows
    old = design.base if not controls.unweighted else design.counts
    mass = cross.by(controls.cell[rows], controls.cells, None if old is None else old[rows])
    fitted = projection.fit(_spread(mass, scores))
    parts = zip(prepared.stages, prepared.masses, sums, strict=True)
    return [own - projection.explained(stage.unit, stage.units, whole, fitted) for stage, whole, own in parts]


def _spread(mass: Floats, scores: Floats) -> Floats:
    """Scores times the masses of their answers, (D, A, U) and (D, A, k) to (U, D·k)."""
    return np.asarray(np.matmul(mass.transpose(0, 2, 1), scores).transpose(1, 0, 2).reshape(mass.shape[2], -1))


def _own(cross: Crossed, totals: list[Floats] | None, i: int, width: int) -> list[Floats]:
    if totals is None:
        return [np.zeros((stage.units, width)) for stage in cross.prepared.stages]
    return [sums[:, i * width : (i + 1) * width] for sums in totals]


def _place(cross: Crossed) -> tuple[Ints, Ints, Floats]:
    """Pairs of unit and cell there are, which of them each row has, and their replicate weights."""
    design = cross.prepared.design
    found = weights_of_pairs(design)
    if found is None:
        raise DesignError("the design has no replicates")
    known, table = found
    own = pairs_of(design)[cross.rows]
    if known[-1] > SPARSE * len(own) + SMALL:
        return known, np.searchsorted(known, own), table
    place = np.zeros(known[-1] + 1, dtype=np.intp)
    place[known] = np.arange(len(known))
    return known, place[own], table


def _ranks(cross: Crossed, weighty: Flags) -> Floats:
    known, place, _ = _place(cross)
    key = (cross.domain * len(known) + place)[weighty]
    inside = np.bincount(key, minlength=cross.domains * len(known)).reshape(cross.domains, -1) > 0
    return np.array([rank_of_pairs(cross.prepared.design, known[there]) for there in inside], dtype=float)


def _replicated(cross: Crossed, statistic: Statistic) -> list[Floats]:
    """The statistic in every replicate, for each domain of shape (R, k)."""
    design = cross.prepared.design
    known, place, table = _place(cross)
    whole = design.replicates is not None and design.replicates.whole
    masses = cross.by(place, len(known), None if whole else design.base[cross.rows])
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for mass in masses:
            used = np.flatnonzero(mass.any(axis=0))
            there = mass.any(axis=1)
            low, high = (used[0], used[-1] + 1) if len(used) else (0, 0)
            weights = mass[there, low:high] @ table[low:high]
            found.append(statistic(weights, *(column[there] for column in cross.columns)).value.T)
    return found
