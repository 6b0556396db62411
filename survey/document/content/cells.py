"""Figures as they stand in a cell: hidden ones with a sign and the letter of their reason, which the notes explain."""

from __future__ import annotations

from dataclasses import dataclass, field

from survey.language import Say
from survey.report.figures import Figure, Quality, Reason, Row, Statistic
from survey.report.saying.wording import figure_interval, figure_value, reason_text

HIDDEN, CAUTION = "⊘", "△"


@dataclass(slots=True)
class Cells:
    """Writes the figures of one table and remembers which reasons its notes have to explain."""

    language: str
    smallest: int
    say: Say
    _reasons: dict[tuple[str, Reason], str] = field(default_factory=dict)

    def value(self, figure: Figure, statistic: Statistic) -> str:
        """The estimate; with a sign where it is hidden or to be read with caution."""
        sign = self._sign(figure)
        if figure.estimate is None:
            return sign
        shown = figure_value(figure, statistic, self.language)
        return f"{shown} {sign}" if sign else shown

    def interval(self, figure: Figure, statistic: Statistic) -> str:
        """The interval; a dash where there is none."""
        return figure_interval(figure, statistic, self.language) or "—"

    def pair(self, row: Row, statistic: Statistic) -> tuple[str, str]:
        """Estimate and interval of a row."""
        figure = row.figure(statistic)
        return self.value(figure, statistic), self.interval(figure, statistic)

    def stacked(self, row: Row, statistic: Statistic) -> str:
        """Estimate with the interval below it."""
        value, interval = self.pair(row, statistic)
        return value if interval == "—" else f"{value}\n{interval}"

    def notes(self) -> tuple[str, ...]:
        """What the signs and letters mean that were written so far."""
        kinds = {sign for sign, _ in self._reasons}
        words = []
        if HIDDEN in kinds:
            words.append(self.say("%(sign)s: not shown.") % {"sign": HIDDEN})
        if CAUTION in kinds:
            words.append(self.say("%(sign)s: to be read with caution.") % {"sign": CAUTION})
        for (_, reason), letter in self._reasons.items():
            values = {"letter": letter, "reason": reason_text(reason, self.smallest, self.say)}
            words.append(self.say("%(letter)s: %(reason)s.") % values)
        return (" ".join(words),) if words else ()

    def _sign(self, figure: Figure) -> str:
        if figure.quality is Quality.OK:
            return ""
        sign = HIDDEN if figure.estimate is None else CAUTION
        if figure.reason is None:
            return sign
        letter = self._reasons.setdefault((sign, figure.reason), chr(ord("a") + len(self._reasons)))
        return f"{sign} {letter}"
