"""Which parts of a published whole must be hidden with those that may not be shown.

The attacker is assumed to know everything but the hidden values: the whole, every shown part, and how many residents
each part stands for, exactly and unrounded. From these the hidden parts' sum follows, and from the sum bounds for each
hidden part (the parts of one whole are linked by one equation, so these bounds are those of linear programming).

A hidden share is protected when its bounds leave at least `LEAST_OPEN` answers of its cell open; where they do not,
the shown part with the fewest answers is hidden too, and so on. Residents who are in no part (who did not state their
district) count as one more hidden part, which nothing is published about.

Tables of the same release share only their wholes: every grouping of a measure divides the same city, and streets
divide a district. With the whole shown, what one grouping shows says nothing about the parts of another; where a whole
is hidden, nothing that divides it is shown (`survey.report.disclosure.release`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LEAST_OPEN = 3
"""Answers an attacker must be left in doubt about, at least."""
NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One cell: its value between 0 and 1, the residents it stands for, its answers."""

    value: float
    size: float
    n: int


def hidden_with(whole: Part, parts: Sequence[Part], hidden: Flags) -> Flags | None:
    """Hide more parts of a published whole until no hidden one can be worked out.

    Parameters
    ----------
    whole : Part
        Shown.
    parts : sequence of Part, length k
        Disjoint, inside the whole.
    hidden : ndarray of bool, shape (k,)
        Parts that may not be shown. Empty parts (n = 0) give nothing away.

    Returns
    -------
    ndarray of bool, shape (k,), or None
        All parts to hide; None when even hiding all of them does not protect them, so that the whole has to go.
    """
    done = hidden.copy()
    while not protected(whole, parts, done):
        shown = [place for place, part in enumerate(parts) if part.n > 0 and not done[place]]
        if not shown:
            return None
        done[min(shown, key=lambda place: parts[place].n)] = True
    return done


def protected(whole: Part, parts: Sequence[Part], hidden: Flags) -> bool:
    """Whether the bounds of every hidden part leave enough answers open."""
    low, high = bounds(whole, parts, hidden)
    open_answers = np.array([part.n for part in parts], dtype=np.float64) * (high - low)
    needed = np.array([min(LEAST_OPEN, part.n) for part in parts], dtype=np.float64)
    return bool((~hidden | (open_answers >= needed - NOTHING)).all())


def bounds(whole: Part, parts: Sequence[Part], hidden: Flags) -> tuple[Floats, Floats]:
    """What the published figures say about each hidden part: lowest and highest possible value, each of shape (k,).

    With S the hidden parts' sum of size × value, part i lies between (S − sizes of the others) / size and S / size,
    within 0 and 1.
    """
    size = np.array([part.size for part in parts], dtype=np.float64)
    value = np.array([part.value if part.size > 0 else 0.0 for part in parts], dtype=np.float64)
    left = whole.size * whole.value - float((size * value)[~hidden].sum())
    open_size = max(whole.size - float(size[~hidden].sum()), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.clip((left - (open_size - size)) / size, 0.0, 1.0)
        high = np.clip(left / size, 0.0, 1.0)
    empty = size <= 0
    return np.where(empty, 0.0, low), np.where(empty, 1.0, high)
