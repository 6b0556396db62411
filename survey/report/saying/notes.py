"""What every page and file says about its numbers: sample, design, weighting, assumptions, rules."""

from __future__ import annotations

from survey.language import Say, format_number, format_share
from survey.report.disclosure.composition import told_rows
from survey.report.disclosure.partition import LEAST_OPEN
from survey.report.estimating.margins import Adjustment, Fitting
from survey.report.estimating.weighting import MarginRow
from survey.report.figures import Results
from survey.report.frame import AREA
from survey.report.saying.wording import joined, level_name, sample_name, variable_name
from survey.wave.model import Channel, Margin


def foot(results: Results, language: str, say: Say) -> tuple[str, ...]:
    """What stands at the foot of every page and in every file: sample, simulation, sources and assumptions."""
    wave = results.wave
    words = [sample_name(results.channel, say)]
    if wave.simulated:
        words.append(simulated(say))
    sources = dict.fromkeys(margin.source[language] for margin in wave.margins)
    assumptions = dict.fromkeys(margin.assumption[language] for margin in wave.margins if margin.assumption)
    words.extend(say("Source of the margins: %(source)s") % {"source": source} for source in sources)
    words.extend(say("Assumption in the margins: %(text)s") % {"text": text} for text in assumptions)
    words.extend(adjustments(results, language, say))
    return tuple(words)


def simulated(say: Say) -> str:
    """What the band on a simulated wave says."""
    return say("Simulated wave: these answers were made up by a computer to show how the platform works.")


def method(results: Results, language: str, say: Say) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """How the numbers were computed: headed groups of sentences."""
    level = format_share(results.wave.analysis.confidence_level, language)
    return (
        (say("Sample"), _sample(results, language, say)),
        (say("Weighting"), _weighting(results, language, say)),
        (
            say("Estimates and intervals"),
            (
                say(
                    "Every estimate is weighted. Intervals cover %(level)s: t intervals for scores, logit intervals "
                    "for shares, and Korn–Graubard intervals where fewer than 10 residents are on one side."
                )
                % {"level": level},
                say(
                    "Variances follow the design (linearised, PSUs within strata) and account for the raking. "
                    "Districts are domains: their degrees of freedom are their own PSUs less their own strata."
                ),
                say(
                    "A stratum with a single PSU is centred at the mean of all PSUs, so that it never counts as exact."
                ),
            ),
        ),
        (say("What counts as satisfied"), _counts(results, say)),
        (say("What is hidden"), _hidden(results, say)),
        (
            say("Frozen plan"),
            (frozen(results, say),),
        ),
    )


def frozen(results: Results, say: Say) -> str:
    """That the plan was frozen, with its fingerprint."""
    return say("The analysis plan was fixed before the wave opened. Its fingerprint: %(hash)s") % {
        "hash": results.analysis_hash
    }


def adjustments(results: Results, language: str, say: Say) -> list[str]:
    """What had to be done to the margins, named."""
    words = [_adjustment(one, results, language, say) for one in results.weighting.adjustments]
    if results.weighting.only_first:
        first = margin_name(results.wave.margins[0], results, language, say)
        words.append(
            say("The margins could not all be met together: the weights meet only %(margin)s.") % {"margin": first}
        )
    return list(dict.fromkeys(words))


def uncovered(results: Results, language: str, say: Say) -> tuple[str, ...]:
    """What the figures for the city leave out: said beside them, not at the foot."""
    found = (one for one in results.weighting.adjustments if one.kind is Fitting.UNCOVERED)
    return tuple(dict.fromkeys(_adjustment(one, results, language, say) for one in found))


def margin_name(margin: Margin, results: Results, language: str, say: Say) -> str:
    """A margin by its variables: "weighting area × sex"."""
    return " × ".join(variable_name(name, results.questionnaire, language, say) for name in margin.variables)


def margin_row_name(row: MarginRow, results: Results, language: str, say: Say) -> str:
    """One cell of a margin in words."""
    names = [
        " + ".join(
            level_name(variable, level, results.wave, results.questionnaire, language, say)
            for level in row.levels[place]
        )
        for place, variable in enumerate(row.variables)
    ]
    return " × ".join(names)


def untold_cells(results: Results, say: Say) -> tuple[str, ...]:
    """Why cells of the margins stand without their numbers; empty where none does."""
    if all(told.answers is not None for told in told_rows(results.weighting.margins)):
        return ()
    return (
        say(
            "Cells without a number of answers: fewer than %(count)s residents answered there, or the number would "
            "give such a cell away."
        )
        % {"count": LEAST_OPEN},
    )


def _sample(results: Results, language: str, say: Say) -> tuple[str, ...]:
    wave = results.wave
    words = [
        say("%(sample)s: %(count)s eligible residents answered.")
        % {"sample": sample_name(results.channel, say), "count": format_number(results.respondents, language)}
    ]
    if results.channel is Channel.INVITED:
        words += [wave.sampling.description[language]]
        words += [say("Strata: %(strata)s") % {"strata": wave.sampling.strata[language]}]
        words += [
            say("Primary sampling unit (PSU): %(unit)s") % {"unit": wave.sampling.primary_sampling_unit[language]}
        ]
    else:
        words.append(
            say(
                "Nobody drew this sample: whoever had the link or the poster could answer. The figures hold only if, "
                "within the cells of the margins, answering has nothing to do with the answer. The intervals do not "
                "cover that risk."
            )
        )
    if results.ineligible:
        words.append(
            say("%(count)s who are not eligible were screened out.")
            % {"count": format_number(results.ineligible, language)}
        )
    if results.outside:
        words.append(
            say(
                "%(count)s residents whom the census counts leave out (foreign nationals; Hong Kong, Macao and Taiwan) "
                "are reported apart with their design weights, never inside the city or a district."
            )
            % {"count": format_number(results.outside, language)}
        )
    return tuple(words)


def _weighting(results: Results, language: str, say: Say) -> tuple[str, ...]:
    weighting = results.weighting
    names = joined([margin_name(margin, results, language, say) for margin in results.wave.margins], language)
    return (
        say("The design weights are raked to: %(margins)s.") % {"margins": names},
        say(
            "Residents who did not state a variable of a margin keep the share the design gives them within their "
            "area; the others are raked to the rest."
        ),
        *foot(results, language, say)[1:],
        say(
            "Design effect of the weights alone %(deff)s; coefficient of variation %(cv)s; the raking changed the "
            "design weights by factors from %(low)s to %(high)s."
        )
        % {
            "deff": format_number(weighting.kish_deff, language, 2),
            "cv": format_number(weighting.cv, language, 2),
            "low": format_number(weighting.smallest_ratio, language, 2),
            "high": format_number(weighting.largest_ratio, language, 2),
        },
    )


def _counts(results: Results, say: Say) -> tuple[str, ...]:
    plan = results.wave.analysis
    return (
        say("Five-point questions: answers %(codes)s. Scores from 0 to 10: answers %(scores)s.")
        % {"codes": _codes(plan.satisfied_five_point), "scores": _codes(plan.satisfied_score)},
        say(
            "An index is the mean of its questions, for residents who answered enough of them. A resident counts as "
            "satisfied when that mean is at least %(code)s on the five-point scale."
        )
        % {"code": min(plan.satisfied_five_point)},
        say("Scores from 0 to 100: the lowest answer is 0, the highest 100, the steps between are equal."),
    )


def _hidden(results: Results, say: Say) -> tuple[str, ...]:
    return (
        say(
            "A figure is hidden where fewer than %(count)s residents answered, where the effective sample is "
            "below 30 or where a share's interval is too wide to be useful."
        )
        % {"count": results.wave.analysis.smallest_cell},
        say(
            "Where a hidden figure could be worked out from what is shown, in the same table or another one, "
            "more figures are hidden with it, until at least %(count)s answers are left open."
        )
        % {"count": LEAST_OPEN},
        say(
            "How many answered is told only from %(count)s on, and not where it would give a smaller number away. How "
            "many did not state something is told in round numbers."
        )
        % {"count": results.wave.analysis.smallest_cell},
        say("Pages round shares to whole per cents and scores to one decimal."),
        say("Answers in the residents' own words are never published."),
    )


def _codes(codes: tuple[int, ...]) -> str:
    return ", ".join(map(str, sorted(codes)))


def _adjustment(one: Adjustment, results: Results, language: str, say: Say) -> str:
    wave, questionnaire = results.wave, results.questionnaire

    def level(variable: str, code: str) -> str:
        return level_name(variable, code, wave, questionnaire, language, say)

    match one.kind:
        case Fitting.UNCOVERED if one.variables == (AREA,):
            return say("Nobody, or too few, answered in %(area)s: the figures for the city leave it out.") % {
                "area": level(AREA, one.levels[0])
            }
        case Fitting.UNCOVERED:
            return say("Nobody answered with %(variable)s “%(level)s”: no weighting makes up for it.") % {
                "variable": variable_name(one.variables[0], questionnaire, language, say),
                "level": level(one.variables[0], one.levels[0]),
            }
        case Fitting.COLLAPSED:
            joined = " + ".join(level(one.variables[-1], code) for code in one.into)
            cell = [level(variable, code) for variable, code in zip(one.variables, one.levels, strict=False)]
            return say("Weighted together, because nobody or too few answered in part of them: %(cells)s.") % {
                "cells": " × ".join([*cell, joined])
            }
        case Fitting.NOT_STATED:
            few = one.rows < wave.analysis.smallest_cell
            text = (
                say("Fewer than %(count)s residents did not state: %(variable)s.")
                if few
                else say("About %(count)s residents did not state: %(variable)s.")
            )
            return text % {
                "count": format_number(wave.analysis.smallest_cell if few else round(one.rows, -1), language),
                "variable": variable_name(one.variables[0], questionnaire, language, say),
            }
