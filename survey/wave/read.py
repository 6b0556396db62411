"""From a TOML definition to a wave, or to everything that is wrong with it.

The file::

    id = "2026"                 # small letters, digits and -
    year = 2026
    opens = 2026-05-01          # both days included
    closes = 2026-06-30
    simulated = false
    district_question = "district"
    title = {zh = …, en = …, ko = …}        # likewise asked_by, contact, results_published

    [[district]]                # code, name, weighting_area
    [[margin]]                  # variables, cells = [{levels = [...], total = …}], source, assumption (if any)
    [sampling]                  # description, strata, primary_sampling_unit
    [analysis]                  # headline; satisfied_five_point, satisfied_score, confidence_level, smallest_cell
    [[analysis.index]]          # id, label, items, answered
    [[analysis.outside_margins]]  # question, codes
    [[analysis.pass_mark]]      # measure, share, source
    [marks]                     # form_number, made_by, approval_number, valid_until: leave out what is not known
"""

from __future__ import annotations

import re

from survey.questionnaire.canonical import content_hash
from survey.questionnaire.errors import DefinitionError, Message
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.notation.table import Table, document
from survey.wave.check import check
from survey.wave.model import (
    AnalysisPlan,
    District,
    FormMarks,
    Index,
    Margin,
    MarginCell,
    PassMark,
    Sampling,
    Wave,
)

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DEFAULT = AnalysisPlan(headline="", indices=())


def read(text: str, questionnaire: Questionnaire) -> Wave:
    """The wave written in `text`, which asks `questionnaire`.

    Raises
    ------
    DefinitionError
        With every problem found, in the file itself and against the questionnaire.
    """
    whole = document(text)
    wave = Wave(
        id=_wave_id(whole),
        year=whole.integer("year"),
        title=whole.words("title"),
        questionnaire=content_hash(questionnaire),
        opens=whole.day("opens"),
        closes=whole.day("closes"),
        asked_by=whole.words("asked_by"),
        contact=whole.words("contact"),
        results_published=whole.words("results_published"),
        simulated=whole.flag("simulated", None),
        district_question=whole.id("district_question"),
        districts=tuple(_district(one) for one in whole.tables("district", "district", "code")),
        margins=tuple(_margin(one) for one in whole.tables("margin", "margin", "")),
        sampling=_sampling(whole.table("sampling")),
        analysis=_analysis(whole.table("analysis")),
        marks=_marks(whole),
    )
    whole.finish()
    told = whole.problems
    further = [one for one in check(wave, questionnaire) if not any(one.place.startswith(t.place) for t in told)]
    if told or further:
        raise DefinitionError([*told, *further])
    return wave


def _wave_id(table: Table) -> str:
    value = table.text("id")
    if value and not _ID.fullmatch(value):
        words = Message('"%(id)s" is no id of a wave: use small letters, digits and - between them', id=value)
        table.problem("id", words)
    return value


def _district(table: Table) -> District:
    district = District(code=table.integer("code"), name=table.words("name"), weighting_area=table.id("weighting_area"))
    table.finish()
    return district


def _margin(table: Table) -> Margin:
    margin = Margin(
        variables=table.texts("variables"),
        cells=tuple(_cell(one) for one in table.tables("cells", "cell", "")),
        source=table.words("source"),
        assumption=table.words_if_any("assumption"),
    )
    table.finish()
    return margin


def _cell(table: Table) -> MarginCell:
    cell = MarginCell(levels=table.texts("levels", twice=True), total=table.number("total"))
    table.finish()
    return cell


def _sampling(table: Table) -> Sampling:
    sampling = Sampling(
        description=table.words("description"),
        strata=table.words("strata"),
        primary_sampling_unit=table.words("primary_sampling_unit"),
    )
    table.finish()
    return sampling


def _analysis(table: Table) -> AnalysisPlan:
    plan = AnalysisPlan(
        headline=table.id("headline"),
        satisfied_five_point=table.integers("satisfied_five_point", _DEFAULT.satisfied_five_point),
        satisfied_score=table.integers("satisfied_score", _DEFAULT.satisfied_score),
        indices=tuple(_index(one) for one in table.tables("index", "index")),
        confidence_level=table.number("confidence_level", _DEFAULT.confidence_level),
        smallest_cell=table.integer("smallest_cell", _DEFAULT.smallest_cell),
        outside_margins=tuple(_outside(one) for one in table.tables("outside_margins", "outside_margins", "question")),
        pass_marks=tuple(_pass_mark(one) for one in table.tables("pass_mark", "pass_mark", "measure")),
    )
    table.finish()
    return plan


def _index(table: Table) -> Index:
    index = Index(
        id=table.id(), label=table.words("label"), items=table.texts("items"), answered=table.integer("answered")
    )
    table.finish()
    return index


def _outside(table: Table) -> tuple[str, tuple[int, ...]]:
    outside = table.id("question"), table.integers("codes")
    table.finish()
    return outside


def _pass_mark(table: Table) -> PassMark:
    mark = PassMark(measure=table.id("measure"), share=table.number("share"), source=table.words("source"))
    table.finish()
    return mark


def _marks(whole: Table) -> FormMarks:
    if not whole.has("marks"):
        return FormMarks()
    table = whole.table("marks")
    marks = FormMarks(
        form_number=table.text("form_number", ""),
        made_by=table.text("made_by", ""),
        approval_number=table.text("approval_number", ""),
        valid_until=table.text("valid_until", ""),
    )
    table.finish()
    return marks
