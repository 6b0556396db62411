"""From a TOML definition to a questionnaire, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from survey.questionnaire.check import check
from survey.questionnaire.errors import DefinitionError, Problem
from survey.questionnaire.model import Missing, Notices, Question, Questionnaire, Section, SectionKind, Words
from survey.questionnaire.notation.questions import conditions, question
from survey.questionnaire.notation.scales import Scale, scales
from survey.questionnaire.notation.table import Table, document
from survey.questionnaire.plan import Plan, city_plan

_NOTICES = ("introduction", "privacy", "consent", "sensitive", "open_text", "screened_out", "thanks")


@cache
def shipped() -> Questionnaire:
    """The residents' questionnaire that ships with the package (definitions/residents.toml)."""
    text = files("survey.questionnaire").joinpath("definitions/residents.toml").read_text("utf-8")
    return read(text, city_plan())


def read(text: str, plan: Plan) -> Questionnaire:
    """The questionnaire written in `text`.

    Raises
    ------
    DefinitionError
        With every problem found: keys and types first, then what the parts say about each other. The second kind
        is looked for only when every question could be read.
    """
    whole = document(text)
    known = scales(whole)
    sections, all_read = _sections(whole, known)
    found = Questionnaire(
        id=whole.text("id"),
        version=whole.text("version"),
        title=whole.words("title"),
        notices=_notices(whole.table("notices")),
        missing_labels=_missing_labels(whole),
        sections=sections,
    )
    whole.finish()
    problems = list(whole.problems)
    if all_read:
        problems += _not_yet_told(check(found, plan), whole.problems)
    if problems:
        raise DefinitionError(problems)
    return found


def _not_yet_told(further: tuple[Problem, ...], told: list[Problem]) -> list[Problem]:
    """What is no mere consequence of a problem already told of the same place."""
    return [one for one in further if not any(one.place.startswith(earlier.place) for earlier in told)]


def _notices(table: Table) -> Notices:
    notices = Notices(**{name: table.words(name) for name in _NOTICES})
    table.finish()
    return notices


def _missing_labels(whole: Table) -> Mapping[Missing, Words]:
    labels: dict[Missing, Words] = {}
    for one in whole.tables("missing", "missing", "code"):
        code, label = one.integer("code"), one.words("label")
        one.finish()
        if code not in set(Missing):
            one.problem("code", f"is none of {', '.join(str(int(way)) for way in Missing)}")
        elif code in labels:
            one.problem("code", "stands twice")
        else:
            labels[Missing(code)] = label
    for way in Missing:
        if way not in labels:
            whole.problem("missing", f"code {int(way)} has no label")
    return MappingProxyType({way: labels[way] for way in Missing if way in labels})


def _sections(whole: Table, known: Mapping[str, Scale]) -> tuple[tuple[Section, ...], bool]:
    sections, all_read = [], True
    for table in whole.tables("section", "section"):
        asked = [question(one, known) for one in table.tables("question", "question")]
        built = tuple(one for one in asked if one is not None)
        all_read = all_read and len(built) == len(asked)
        sections.append(_section(table, built))
        table.finish()
    if not sections:
        whole.problem("section", "is missing: a questionnaire has at least one section")
    return tuple(sections), all_read


def _section(table: Table, questions: tuple[Question, ...]) -> Section:
    return Section(
        id=table.id(),
        kind=table.choice("kind", SectionKind) or SectionKind.SURVEY,
        title=table.words("title"),
        introduction=table.words_if_any("introduction"),
        aspect=table.words_if_any("aspect"),
        ask_if=conditions(table),
        questions=questions,
    )
