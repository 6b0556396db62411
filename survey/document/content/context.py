"""What every part of a report is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.document.content.cells import Cells
from survey.document.content.numbering import Numbering
from survey.document.model import Paragraph
from survey.language import Say, format_share
from survey.report.detail.comparisons import StandsOut
from survey.report.estimating.measures import Measure
from survey.report.figures import Figure, Finding, Results, Row, Statistic
from survey.report.results import Sample
from survey.report.saying import notes
from survey.report.saying.pages.rows import simple_text
from survey.report.saying.wording import answers_texts, place_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The sample, the place the report is about (None: the whole city), the language."""

    sample: Sample
    district: int | None
    language: str
    say: Say
    numbering: Numbering
    family: StandsOut
    """Every district against the city in the headline and the indices, tested together."""
    others: StandsOut
    """Every district against the city in all other questions, tested together."""
    earlier: tuple[Sample, ...] = ()
    """The waves before, oldest first, that stand in one line with this one."""
    invitations: int = 0
    """Of the wave; 0 where none were kept."""

    @property
    def results(self) -> Results:
        """What is reported."""
        return self.sample.results

    @property
    def level(self) -> str:
        """Level of the intervals: "95%"."""
        return format_share(self.results.wave.analysis.confidence_level, self.language)

    def row(self, finding: Finding) -> Row:
        """The finding where the report is about."""
        if self.district is None:
            return finding.city
        return next(row for row in finding.districts if row.place.code == self.district)

    def place(self) -> str:
        """Name of where the report is about."""
        return place_name(self.row(self.results.findings[0]).place, self.language, self.say)

    def cells(self) -> Cells:
        """A writer of figures for one table."""
        return Cells(self.language, self.results.wave.analysis.smallest_cell, self.say)

    def answers(self, rows: Sequence[Row]) -> tuple[str, ...]:
        """How many answered in each row of one table, where it may be told."""
        return answers_texts(rows, self.results.wave.analysis.smallest_cell, self.language)

    def indices(self) -> tuple[Finding, ...]:
        """Findings of the frozen plan's indices."""
        return tuple(finding for finding in self.results.findings if finding.measure.is_index)

    def items(self) -> tuple[Finding, ...]:
        """Findings of single questions, in the order of asking."""
        order = {question.id: place for place, question in enumerate(self.results.questionnaire.questions())}
        items = [finding for finding in self.results.findings if not finding.measure.is_index]
        return tuple(sorted(items, key=lambda finding: order[finding.measure.id]))

    def label(self, finding: Finding) -> str:
        """What is measured, in a few words."""
        return self.label_of(finding.measure)

    def label_of(self, measure: Measure) -> str:
        """A measure in a few words."""
        return measure.label[self.language]

    def simple(self, figure: Figure) -> str:
        """The interval a simple random sample of as many answers would have claimed for a share."""
        return simple_text(figure, Statistic.SHARE, self.language) or "—"

    def uncovered(self) -> tuple[Paragraph, ...]:
        """What the figures for the city leave out: said before them."""
        return tuple(Paragraph(text=words) for words in notes.uncovered(self.results, self.language, self.say))
