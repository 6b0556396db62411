"""Where answers are added up: combinations of a domain with a sampling unit or calibration cell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
SPARSE, SMALL = 8, 65_536


class Spots:
    """Combinations of a domain and a code that there are, domain by domain.

    Parameters
    ----------
    domain : ndarray of int, shape (G,)
        0..D-1.
    domains : int
        D.
    code : ndarray of int, shape (G,)
        0..count-1: sampling unit, calibration cell, or both.
    count : int
        Number of codes.
    """

    def __init__(self, domain: Ints, domains: int, code: Ints, count: int) -> None:
        key, size = domain * count + code, domains * count
        if size > max(SPARSE * len(key), SMALL):
            found, self.place = np.unique(key, return_inverse=True)
        else:
            present = np.bincount(key, minlength=size) > 0
            found, self.place = np.flatnonzero(present), (np.cumsum(present) - 1)[key]
        self.domain, self.code = np.divmod(found, count)
        self.shape = count, domains
        self._ends = np.searchsorted(self.domain, np.arange(domains + 1))

    def __len__(self) -> int:
        return len(self.code)

    def of(self, domain: int) -> slice:
        """Where the spots of a domain are.

        Parameters
        ----------
        domain : int
            0..D-1.

        Returns
        -------
        slice
            Their codes are sorted.
        """
        return slice(self._ends[domain], self._ends[domain + 1])

    def scored(self, masses: Floats, scores: Floats) -> Floats:
        """Masses of answers times their scores.

        Parameters
        ----------
        masses : ndarray of float, shape (spots, I, A)
            Weights.
        scores : ndarray of float, shape (D, I, A, k)
            Per unit of weight.

        Returns
        -------
        ndarray of float, shape (count, D, I, k)
            Totals.
        """
        found = np.zeros((*self.shape, scores.shape[1], scores.shape[3]))
        for domain in range(self.shape[1]):
            there = self.of(domain)
            own = np.matmul(masses[there].transpose(1, 0, 2), scores[domain])
            found[self.code[there], domain] = own.transpose(1, 0, 2)
        return found

    def spread(self, flags: Flags) -> Flags:
        """Flags of spots laid out.

        Parameters
        ----------
        flags : ndarray of bool, shape (spots, I)
            Of each item.

        Returns
        -------
        ndarray of bool, shape (count, D, I)
            False where there is no spot.
        """
        found = np.zeros((*self.shape, flags.shape[1]), dtype=bool)
        found[self.code, self.domain] = flags
        return found
