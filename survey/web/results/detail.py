"""Closer looks: a measure by groups of residents and by street, measures by one grouping, modes, priorities."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from survey.report.detail.breakdowns import Breakdown, breakdowns, by_groups
from survey.report.detail.closely import is_leading, modes_of
from survey.report.detail.groups import MODE, Grouping, find_grouping, groupings
from survey.report.detail.priorities import priorities
from survey.report.detail.streets import street_question, streets
from survey.report.errors import UnknownGrouping
from survey.report.saying.pages.breakdowns import group_table, mix_table, several, street_tables
from survey.report.saying.pages.priorities import priorities_page
from survey.report.saying.pages.sentences import mix_sentence
from survey.web.desk.door import members_only
from survey.web.house import house
from survey.web.results.shown import Shown, blueprint, results_page, shown


@blueprint.get("/<language>/results/<wave_id>/priorities")
@members_only
def important(language: str, wave_id: str) -> ResponseReturnValue:
    """Strengths and weaknesses: importance × satisfaction of the indices."""

    def make(found: Shown) -> ResponseReturnValue:
        placed = found.kept(("priorities",), lambda: priorities(found.sample))
        told = None if placed is None else priorities_page(placed, language)
        return results_page("results/priorities.html", found, told=told)

    return shown(wave_id, make)


@blueprint.get("/<language>/results/<wave_id>/modes")
@members_only
def modes(language: str, wave_id: str) -> ResponseReturnValue:
    """Results by how residents answered, and the mix of modes by district."""

    def make(found: Shown) -> ResponseReturnValue:
        results, grouping = found.sample.results, _grouping(found, MODE)
        mix = found.kept(("modes",), lambda: modes_of(found.sample))
        return results_page(
            "results/modes.html",
            found,
            tables=several(_by(found, grouping), results, language),
            mix=found.kept(("mix", language), lambda: mix_table(mix, grouping, results, language)),
            mix_sentence=mix_sentence(mix, language, house().say(language)),
        )

    return shown(wave_id, make)


@blueprint.get("/<language>/results/<wave_id>/group/<grouping_id>")
@members_only
def group(language: str, wave_id: str, grouping_id: str) -> ResponseReturnValue:
    """The headline and every index by one way of dividing residents."""

    def make(found: Shown) -> ResponseReturnValue:
        if grouping_id == MODE:
            raise UnknownGrouping(grouping_id)
        grouping = _grouping(found, grouping_id)
        return results_page(
            "results/group.html",
            found,
            grouping=grouping,
            groupings=_groupings(found),
            tables=several(_by(found, grouping), found.sample.results, language),
        )

    return shown(wave_id, make)


@blueprint.get("/<language>/results/<wave_id>/<measure_id>/groups")
@members_only
def groups(language: str, wave_id: str, measure_id: str) -> ResponseReturnValue:
    """One measure by every grouping."""

    def make(found: Shown) -> ResponseReturnValue:
        finding = found.finding(measure_id)
        every = found.kept(("groups", measure_id), lambda: breakdowns(found.sample, finding))
        return results_page(
            "results/groups.html",
            found,
            finding=finding,
            tables=[group_table(one, found.sample.results, language) for one in every],
        )

    return shown(wave_id, make)


@blueprint.get("/<language>/results/<wave_id>/<measure_id>/streets")
@members_only
def by_street(language: str, wave_id: str, measure_id: str) -> ResponseReturnValue:
    """One measure by street or town: direct and small-area estimates."""

    def make(found: Shown) -> ResponseReturnValue:
        finding, results = found.finding(measure_id), found.sample.results
        question = street_question(results.wave, results.questionnaire)
        if question is None:
            raise UnknownGrouping("streets")
        every = found.kept(("streets", measure_id), lambda: streets(found.sample, finding, question))
        return results_page(
            "results/streets.html",
            found,
            finding=finding,
            tables=street_tables(every, results, language),
            fitted=every.fitted,
        )

    return shown(wave_id, make)


def _by(found: Shown, grouping: Grouping) -> tuple[Breakdown, ...]:
    results = found.sample.results
    return found.kept(
        ("by", grouping.id),
        lambda: by_groups(found.sample, [one for one in results.findings if is_leading(results, one)], (grouping,)),
    )


def _grouping(found: Shown, grouping_id: str) -> Grouping:
    results = found.sample.results
    return find_grouping(groupings(results.wave, results.questionnaire), grouping_id)


def _groupings(found: Shown) -> list[Grouping]:
    results = found.sample.results
    return [one for one in groupings(results.wave, results.questionnaire) if one.id != MODE]
