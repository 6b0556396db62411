"""The weighted microdata: one row for each respondent of one sample, codes only.

Confidential: a row holds stratum, PSU and quasi-identifiers (age, sex, nationality …) whose combination can point to
one person, so the file is for the signed-in bureau's own analysis and is not a public-use file. No open text, no
write-in text, no submission id and no order of arrival is in it: rows are sorted by stratum, PSU and answers.
"""

from __future__ import annotations

import io
from typing import assert_never

import numpy as np
import xlsxwriter

from survey.language import Say
from survey.language import say as speaking
from survey.questionnaire.model import (
    FivePoint,
    MultipleChoice,
    Number,
    OpenText,
    Question,
    Questionnaire,
    Score,
    SingleChoice,
)
from survey.report.figures import Results
from survey.report.frame import Frame
from survey.report.saying import notes
from survey.report.saying.wording import level_name, sample_name
from survey.report.writing.sheets import Value, write_notes, write_table
from survey.report.writing.tables import Table, csv_bytes

DESIGN = ("weight", "base_weight", "stratum", "psu")
SAMPLE = ("channel", "mode", "language", "weighting_area", "inside_margins")
NOTE = "note"


def microdata(frame: Frame, results: Results, language: str) -> Table:
    """Design columns, one column a question (one an option of a multiple choice), and a note in the first row."""
    columns: dict[str, list[Value]] = {
        "weight": [round(float(weight), 6) for weight in results.weighting.weights],
        "base_weight": frame.base_weight.tolist(),
        "stratum": frame.stratum.tolist(),
        "psu": frame.psu.tolist() if _drawn(frame) else [""] * frame.rows,
        "channel": [frame.channel.value] * frame.rows,
        "mode": frame.mode.tolist(),
        "language": frame.language.tolist(),
        "weighting_area": frame.area.tolist(),
        "inside_margins": frame.inside.astype(np.int64).tolist(),
    }
    for question in frame.questionnaire.questions():
        if question.id in frame.codes:
            columns[question.id] = frame.codes[question.id].tolist()
        for option, chosen in frame.chosen.get(question.id, ()):
            columns[f"{question.id}_{option}"] = chosen.tolist()
    rows = sorted(zip(*columns.values(), strict=True), key=lambda row: [str(value) for value in row[2:4] + row])
    note = "; ".join((*notes.foot(results, language, speaking(language)), confidential(speaking(language))))
    told = [(*row, "" if place else note) for place, row in enumerate(rows)]
    return Table((*columns, NOTE), tuple(told))


def microdata_csv(frame: Frame, results: Results, language: str) -> bytes:
    """The microdata as CSV, UTF-8 with BOM; the note is a column of its own, so that the file stays a rectangle."""
    return csv_bytes(microdata(frame, results, language))


def microdata_xlsx(frame: Frame, results: Results, language: str) -> bytes:
    """The microdata as XLSX: codes on the first sheet, their labels in `language` on the second, notes on the third."""
    say = speaking(language)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        whole = microdata(frame, results, language)
        title = f"{results.wave.title[language]} · {sample_name(results.channel, say)}"
        foot = (title, *notes.foot(results, language, say)[1:], confidential(say))
        write_table(book, say("Microdata"), title, whole, ())
        write_table(book, say("Labels"), title, labels(frame, language, say), foot)
        groups = ((say("Confidential"), (confidential(say),)), *notes.method(results, language, say))
        write_notes(book, say("Method"), title, groups)
    return content.getvalue()


def confidential(say: Say) -> str:
    """What every microdata file says about its use."""
    return say(
        "Confidential: combinations of area, age, sex and other background answers can point to one person. For the "
        "bureau's own analysis only; do not publish or pass on."
    )


def labels(frame: Frame, language: str, say: Say) -> Table:
    """The code book: variable, its label, the question's text, code, label of the code."""
    rows: list[tuple[Value, ...]] = [
        ("weight", say("Final weight: residents this answer stands for"), "", None, ""),
        ("base_weight", say("Design weight"), "", None, ""),
        ("stratum", say("Stratum"), "", None, ""),
        ("psu", say("Primary sampling unit (PSU)"), "", None, ""),
        ("channel", say("Sample"), "", frame.channel.value, sample_name(frame.channel, say)),
        *_listed("mode", say("How the answers were given"), sorted(set(frame.mode.tolist()))),
        *_listed("language", say("Language of the answers"), sorted(set(frame.language.tolist()))),
        *(
            ("weighting_area", say("Weighting area"), "", area, _area(area, frame, language, say))
            for area in sorted(set(frame.area.tolist()))
        ),
        ("inside_margins", say("Counted by the census margins"), "", 1, say("yes")),
        ("inside_margins", say("Counted by the census margins"), "", 0, say("no")),
    ]
    for question in frame.questionnaire.questions():
        rows.extend(_question(question, frame.questionnaire, language, say))
    heads = (say("Variable"), say("Label"), say("Question"), say("Code"), say("Label of the code"))
    return Table(heads, tuple(rows))


def _drawn(frame: Frame) -> bool:
    return bool((frame.stratum != "").any())


def _listed(name: str, label: str, values: list[str]) -> list[tuple[Value, ...]]:
    return [(name, label, "", value, value) for value in values]


def _area(area: str, frame: Frame, language: str, say: Say) -> str:
    return level_name("weighting_area", area, frame.wave, frame.questionnaire, language, say)


def _question(question: Question, questionnaire: Questionnaire, language: str, say: Say) -> list[tuple[Value, ...]]:
    label, text = question.label[language], question.text[language]
    missing: list[tuple[Value, Value]] = [
        (int(code), words[language]) for code, words in sorted(questionnaire.missing_labels.items(), reverse=True)
    ]
    match question:
        case FivePoint(points=points):
            codes: list[tuple[Value, Value]] = [(point.code, point.label[language]) for point in points]
        case Score():
            codes = [(question.low, question.low_label[language]), (question.high, question.high_label[language])]
        case SingleChoice(options=options):
            codes = [(option.code, option.label[language]) for option in options]
        case Number():
            codes = []
        case MultipleChoice(options=options):
            named = [(f"{question.id}_{option.code}", option.label[language]) for option in options]
            return [
                (name, f"{label}: {option}", text, code, word)
                for name, option in named
                for code, word in ((1, say("chosen")), (0, say("not chosen")), *missing)
            ]
        case OpenText():
            return []
        case _:
            assert_never(question)
    return [(question.id, label, text, code, word) for code, word in (*codes, *missing)]
