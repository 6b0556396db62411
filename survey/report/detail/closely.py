"""One measure looked at closely, and which family of comparisons it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from survey.report.detail.breakdowns import ModeMix, mode_mix
from survey.report.detail.comparisons import Ranked, StandsOut, rank_ranges, stands_out
from survey.report.detail.definitions import Definitions, definitions
from survey.report.detail.groups import MODE, find_grouping, groupings
from survey.report.figures import Finding, Results
from survey.report.results import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found out about one measure beside its figures."""

    finding: Finding
    definitions: Definitions
    family: StandsOut
    ranked: tuple[Ranked, ...]
    mix: ModeMix


def look_closely(sample: Sample, finding: Finding, family: StandsOut) -> Looked:
    """Definitions, ranks and modes of a measure; `family` holds the comparisons it was tested with."""
    return Looked(
        finding=finding,
        definitions=definitions(sample, finding),
        family=family,
        ranked=rank_ranges(sample, finding),
        mix=modes_of(sample),
    )


def is_leading(results: Results, finding: Finding) -> bool:
    """Whether a measure is the headline or an index: these are compared together, all other questions together."""
    return finding.measure.is_index or finding is results.findings[0]


def family_of(sample: Sample, leading: bool) -> StandsOut:
    """The comparisons of the headline and all indices, or those of all other questions: two fixed families, so that
    nobody chooses after seeing the results how many comparisons an answer must stand.
    """
    results = sample.results
    return stands_out(sample, [one for one in results.findings if is_leading(results, one) is leading])


def modes_of(sample: Sample) -> ModeMix:
    """How residents answered, by district."""
    modes = find_grouping(groupings(sample.results.wave, sample.results.questionnaire), MODE)
    return mode_mix(sample.frame, sample.results.weighting.weights, modes)
