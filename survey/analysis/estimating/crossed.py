"""All domains at once, where many rows gave the same answer: weights are added up by domain, answer and unit first.

The statistic still sees weights and answers, only each answer once. What follows costs the same for any number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.codes import codes_of
from survey.analysis.estimating.prepared import Prepared
from survey.analysis.estimating.results import Statistic
from survey.analysis.variance.rank import weights_of_pairs
from survey.analysis.variance.replicates import BATCHED, COUNTED

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
FEW, SAMPLE, SPARSE, SMALL = 128, 512, 8, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Rows that answered, by domain and answer.

    Attributes
    ----------
    prepared : Prepared
    rows : ndarray of int, shape (m,)
        Which rows of the design.
    domain : ndarray of int, shape (m,)
        0..D-1.
    cell : ndarray of int, shape (m,)
        Domain and answer as one number.
    domains : int
        D.
    columns : tuple of ndarray of float, each of shape (A,) or (A, q)
        The different answers.
    """

    prepared: Prepared
    rows: Ints
    domain: Ints
    cell: Ints
    domains: int
    columns: tuple[Floats, ...]

    @property
    def answers(self) -> int:
        """A."""
        return len(self.columns[0])

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
        cell=domain * answers + answer,
        domains=count,
        columns=tuple(column[first] for column in columns),
    )
