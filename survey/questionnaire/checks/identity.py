"""Nothing has the name of something else, and nothing is empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from survey.questionnaire.checks.places import placed, section_place
from survey.questionnaire.errors import Problem
from survey.questionnaire.model import (
    FivePoint,
    MultipleChoice,
    Questionnaire,
    SectionKind,
    SingleChoice,
    write_in_id,
)


def identity(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Duplicate ids, sections without questions, aspects without an index, versions compared with themselves."""
    yield from _sections(questionnaire)
    yield from _questions(questionnaire)
    yield from _versions(questionnaire)


def _sections(questionnaire: Questionnaire) -> Iterator[Problem]:
    count = Counter(section.id for section in questionnaire.sections)
    for name in (name for name, times in count.items() if times > 1 and name):
        yield Problem(f'section "{name}" › id', "stands twice")
    for section in questionnaire.sections:
        if not section.questions:
            yield Problem(section_place(section), "has no question")
        if section.kind is SectionKind.ASPECT:
            if section.aspect is None:
                yield Problem(f"{section_place(section)} › aspect", "is missing: the plan's term for what is measured")
            if section.questions and not any(isinstance(one, FivePoint) for one in section.questions):
                yield Problem(section_place(section), "is an aspect, whose index needs a five-point question")


def _questions(questionnaire: Questionnaire) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for one in placed(questionnaire):
        name = one.question.id
        if name in seen:
            yield one.problem("id", f'stands twice: section "{seen[name]}" has it too')
        seen.setdefault(name, one.section.id)
    for one in placed(questionnaire):
        match one.question:
            case SingleChoice(options=options) | MultipleChoice(options=options):
                other = write_in_id(one.question.id)
                if other in seen and any(option.write_in for option in options):
                    yield one.problem("id", f'its write-in text needs the id "{other}", which is a question')
            case _:
                pass


def _versions(questionnaire: Questionnaire) -> Iterator[Problem]:
    for one in placed(questionnaire):
        for version in one.question.comparable_with:
            if version == questionnaire.version:
                yield one.problem("comparable_with", f'"{version}" is this version itself')
            elif not version.strip():
                yield one.problem("comparable_with", "a version without a name")
