"""What every page of results needs: the wave and sample an address names, its results, and how a page is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from survey.language import format_share
from survey.report.detail.groups import MODE, groupings
from survey.report.detail.streets import street_question
from survey.report.errors import NoAnswers, UnknownGrouping, UnknownMeasure, WeightingImpossible
from survey.report.figures import Finding
from survey.report.results import Sample
from survey.report.saying import notes
from survey.storage.records import StoredWave
from survey.wave.model import Channel
from survey.web.computed import memory
from survey.web.desk.page import page
from survey.web.house import house
from survey.web.wanted import Asked, wanted, why_nothing

blueprint = Blueprint("results", __name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """The wave and sample an address names, how many responses each sample has, and the sample's results."""

    stored: StoredWave
    channel: Channel
    counts: Mapping[Channel, int]
    sample: Sample

    @property
    def first_group(self) -> str | None:
        """The grouping whose page comes first, if there is any."""
        results = self.sample.results
        found = [one.id for one in groupings(results.wave, results.questionnaire) if one.id != MODE]
        return found[0] if found else None

    @property
    def has_tasks(self) -> bool:
        """Whether a question leads to the plan's tasks or units."""
        return any(one.links.tasks or one.links.units for one in self.sample.results.questionnaire.questions())

    @property
    def has_streets(self) -> bool:
        """Whether residents were asked for their street."""
        return street_question(self.sample.results.wave, self.sample.results.questionnaire) is not None

    def finding(self, measure_id: str) -> Finding:
        """The finding of this measure; `UnknownMeasure` when there is none."""
        for finding in self.sample.results.findings:
            if finding.measure.id == measure_id:
                return finding
        raise UnknownMeasure(measure_id)

    def kept(self, name: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made once for this state of the data."""
        return memory().detail(self.sample, name, make)


def shown(wave_id: str, make: Callable[[Shown], ResponseReturnValue], without: int = 200) -> ResponseReturnValue:
    """The page or file that `make` gives for a wave; where there are no results, the page that says why.

    That page has the status `without` when the wave stands, and 404 for what does not exist.
    """
    asked = wanted(wave_id)
    if not isinstance(asked, Asked):
        return problem(asked, 404)
    about = {"stored": asked.stored, "channel": asked.channel, "counts": asked.counts}
    try:
        with house().sessions() as session:
            sample = memory().get(session, asked.stored, asked.channel)
    except NoAnswers:
        return problem(why_nothing(asked), without, about)
    except WeightingImpossible as error:
        return problem("weighting", without, about, str(error))
    try:
        return make(Shown(asked.stored, asked.channel, asked.counts, sample))
    except UnknownMeasure:
        return problem("unknown_measure", 404, about)
    except UnknownGrouping:
        return problem("unknown_group", 404, about)


def problem(kind: str, status: int, about: Mapping[str, object] | None = None, detail: str = "") -> ResponseReturnValue:
    """The page that says what is the matter and what to do."""
    return page("results/problem.html", kind=kind, shown=about, detail=detail), status


def results_page(template: str, found: Shown, **values: object) -> str:
    """A page of one wave, with what stands at the foot of every one of them."""
    results, language = found.sample.results, g.language
    say = house().say(language)
    return page(
        template,
        shown=found,
        results=results,
        foot=notes.foot(results, language, say),
        uncovered=notes.uncovered(results, language, say),
        method=notes.method(results, language, say),
        level=format_share(results.wave.analysis.confidence_level, language),
        computed=results.computed.strftime("%Y-%m-%d %H:%M UTC"),
        **values,
    )
