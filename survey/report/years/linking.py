"""Which waves stand in one line, and between which of them a measure may be compared."""

from __future__ import annotations

from enum import StrEnum

from survey.questionnaire.comparable import Comparison, compared
from survey.report.estimating.measures import Measure
from survey.report.figures import Finding, Results, Statistic


class Link(StrEnum):
    """What stands between the same measure in two waves."""

    SAME = "same"
    DECLARED = "declared"
    """Worded otherwise; a version of the questionnaire declares that the answers may be joined."""
    REWORDED = "reworded"
    """Worded otherwise, and nobody declares that: the line is broken."""
    RECOMPOSED = "recomposed"
    """The index was made of other items: broken."""
    RECOUNTED = "recounted"
    """Other answers counted as satisfied: the share is broken, the score is not."""

    @property
    def joins(self) -> bool:
        """Whether the two waves may be compared."""
        return self in (Link.SAME, Link.DECLARED)


def finding_of(results: Results, measure_id: str) -> Finding | None:
    """The finding of a measure; None where the wave did not ask it."""
    return next((one for one in results.findings if one.measure.id == measure_id), None)


def link(before: Results, after: Results, measures: tuple[Measure, Measure], statistic: Statistic) -> Link:
    """What stands between the measure of the wave `before` and that of the wave `after` (same id in both)."""
    first, second = measures
    if (sorted(first.items), first.answered) != (sorted(second.items), second.answered):
        return Link.RECOMPOSED
    said = {compared(before.questionnaire, after.questionnaire, item) for item in second.items}
    if not all(one.joins for one in said) or (first.low, first.high) != (second.low, second.high):
        return Link.REWORDED
    if statistic is Statistic.SHARE and (first.satisfied, first.at_least) != (second.satisfied, second.at_least):
        return Link.RECOUNTED
    return Link.DECLARED if Comparison.DECLARED in said else Link.SAME
