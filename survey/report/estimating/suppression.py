"""What may be shown: the engine's quality rules, the wave's smallest cell, and no hidden district by subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from survey.analysis import quality
from survey.analysis.quality import complementary
from survey.report.figures import Figure, Quality, Reason


def alone(figure: Figure, smallest: int) -> Figure:
    """A figure that is part of no whole: hidden under `smallest` answers, or where the engine's rules suppress it."""
    if figure.n == 0:
        return _hidden(figure, Reason.NO_DATA)
    if figure.n < smallest:
        return _hidden(figure, Reason.FEW)
    if figure.quality is Quality.SUPPRESS:
        return _hidden(figure, figure.reason or Reason.FEW)
    return figure


def released(city: Figure, districts: Sequence[Figure], smallest: int) -> tuple[Figure, tuple[Figure, ...]]:
    """What may be shown of the city and of its districts.

    Where exactly one district is hidden although somebody answered there, the city's figure and the others would give
    it away, so the shown district with the fewest answers is hidden with it; where none is left to hide, the city is.
    """
    whole = alone(city, smallest)
    parts = [alone(figure, smallest) for figure in districts]
    if not whole.shown:
        return whole, tuple(parts)
    marks = [quality.Quality(part.quality.value, part.reason) for part in parts]
    judged = complementary(marks, [part.n for part in parts])
    parts = [
        _hidden(part, Reason.COMPLEMENT) if part.shown and mark.mark == "suppress" else part
        for part, mark in zip(parts, judged, strict=True)
    ]
    concealed = [part for part in parts if not part.shown and part.n > 0]
    if len(concealed) == 1 and concealed[0].n < whole.n:
        whole = _hidden(whole, Reason.COMPLEMENT)
    return whole, tuple(parts)


def _hidden(figure: Figure, reason: Reason) -> Figure:
    """The figure without its numbers: only how many answered and why nothing is shown."""
    return replace(
        figure,
        estimate=None,
        se=None,
        low=None,
        high=None,
        n_eff=None,
        deff=None,
        quality=Quality.SUPPRESS,
        reason=reason,
    )
