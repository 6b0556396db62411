"""What may be shown of one measure: quality rules, the smallest cell, and no hidden cell that can be worked out.

`release` is the one door: pages, exports and reports show only figures that came through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.analysis import quality
from survey.report.disclosure.partition import Part, hidden_with
from survey.report.figures import Figure, Quality, Reason, Row

STATISTICS = ("share", "score")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """Share and score of one measure in one place before anything is hidden; `size`: residents it stands for."""

    share: Figure
    score: Figure
    size: float


def alone(figure: Figure, smallest: int) -> Figure:
    """A figure that is part of no whole: hidden under `smallest` answers, or where the engine's rules suppress it."""
    if figure.n == 0:
        return hide(figure, Reason.NO_DATA)
    if figure.n < smallest:
        return hide(figure, Reason.FEW)
    if figure.quality is Quality.SUPPRESS:
        return hide(figure, figure.reason or Reason.FEW)
    return figure


def release(whole: Estimated, parts: Sequence[Estimated], smallest: int) -> tuple[Estimated, tuple[Estimated, ...]]:
    """What may be shown of a whole and of parts that divide it.

    The share of a part is also held to what its sample could show (`survey.analysis.quality.quality_in_publication`).
    A part hidden by its own rules takes others with it until neither the shares nor the scores give it away
    (`survey.report.disclosure.partition`). A second part hidden for the shares is hidden for the scores too, and the
    other way round, because the one bounds the other; for the same reason a part whose share is too uncertain to be
    shown keeps its score only where no part has too few answers. Where the whole is hidden, no part is shown.
    """
    top = replace(whole, share=alone(whole.share, smallest), score=alone(whole.score, smallest))
    parts = [replace(part, share=_in_publication(part.share, whole.share)) for part in parts]
    done = [replace(part, share=alone(part.share, smallest), score=alone(part.score, smallest)) for part in parts]
    shown = [name for name in STATISTICS if getattr(top, name).shown]
    few = any(0 < part.share.n < smallest for part in parts)
    more = np.array(
        [few and not (part.share.shown and part.score.shown) and part.share.n > 0 for part in done], dtype=bool
    )
    settled = False
    while not settled:
        wanted = more.copy()
        for name in tuple(shown):
            own = np.array([not getattr(part, name).shown and getattr(part, name).n > 0 for part in done], dtype=bool)
            found = hidden_with(part_of(whole, name), [part_of(part, name) for part in parts], own | more)
            if found is None:
                shown.remove(name)
            else:
                wanted |= found & ~own
        settled, more = bool((wanted == more).all()), wanted
    gone = [name for name in STATISTICS if name not in shown]
    hidden = [_hidden(part, STATISTICS if too else gone) for part, too in zip(done, more, strict=True)]
    return _hidden(top, gone), tuple(hidden)


def as_released(one: Estimated, row: Row) -> Estimated:
    """What may be shown of a place whose figures were released before with other weights: the same, and no more.

    Whether a figure is worth publishing was decided then; where these weights make it too uncertain to be published on
    its own, it stands beside the other with caution.
    """

    def as_before(figure: Figure, before: Figure) -> Figure:
        if not before.shown:
            return hide(figure, before.reason or Reason.COMPLEMENT)
        return replace(figure, quality=Quality.CAUTION) if figure.quality is Quality.SUPPRESS else figure

    return replace(one, share=as_before(one.share, row.share), score=as_before(one.score, row.score))


def secret(whole: Estimated, parts: Sequence[Estimated], smallest: int) -> tuple[bool, ...]:
    """Parts of which nothing at all may be told, also not through a model that their answers enter.

    Those of fewer than `smallest` answers, and as many others as it takes until they cannot be worked out even when
    everything else is known: figures that are hidden for their quality alone are no secret.
    """
    found = np.array([0 < part.share.n < smallest for part in parts], dtype=bool)
    while True:
        more = found.copy()
        for name in STATISTICS:
            wanted = hidden_with(part_of(whole, name), [part_of(part, name) for part in parts], more)
            more = np.ones_like(more) if wanted is None else wanted
        if (more == found).all():
            return tuple(more.tolist())
        found = more


def _in_publication(part: Figure, whole: Figure) -> Figure:
    """The share of a part, marked as the coverage study asks of what is published."""
    if whole.estimate is None or part.n == whole.n:  # a part that is the whole
        return part
    own = quality.Quality(part.quality.value, part.reason)
    mark = quality.quality_in_publication(own, part.n, part.df, whole.estimate, whole.deff)
    return replace(part, quality=Quality(mark.mark), reason=Reason(mark.reason) if mark.reason else None)


def hide(figure: Figure, reason: Reason) -> Figure:
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


def _hidden(one: Estimated, names: Sequence[str]) -> Estimated:
    """Without these statistics; what was hidden already keeps its own reason."""

    def without(name: str, figure: Figure) -> Figure:
        return hide(figure, Reason.COMPLEMENT) if name in names and figure.shown else figure

    return replace(one, share=without("share", one.share), score=without("score", one.score))


def part_of(one: Estimated, name: str) -> Part:
    """The share or the score of one place as the rules of disclosure see it."""
    figure: Figure = getattr(one, name)
    scale = 1.0 if name == "share" else 100.0
    return Part(value=0.0 if figure.estimate is None else figure.estimate / scale, size=one.size, n=figure.n)
