"""A mapping file to begin with: every question of a questionnaire, explained in the reader's language."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from survey.language import Say
from survey.questionnaire.model import (
    FivePoint,
    Missing,
    MultipleChoice,
    Number,
    OpenText,
    Question,
    Questionnaire,
    Score,
    SingleChoice,
    write_in_id,
)

_WIDTH = 100


def example_mapping(questionnaire: Questionnaire, language: str, say: Say) -> str:
    """A valid mapping for a file laid out like our own exports, to be cut down and renamed (TOML)."""
    parts = [_head(questionnaire, language, say)]
    asked = [question for question in questionnaire.questions() if not isinstance(question, OpenText)]
    parts += [_question(question, questionnaire, language, say) for question in asked]
    texts = list(_texts(questionnaire))
    if texts:
        words = _comment(say("Residents’ own words: take away the # where the file has them."))
        parts.append("\n".join([words, *(f'# [[question]]\n# id = "{name}"\n# column = "{name}"' for name in texts)]))
    return "\n\n".join(parts) + "\n"


def _head(questionnaire: Questionnaire, language: str, say: Say) -> str:
    about = {"title": questionnaire.title[language], "id": questionnaire.id, "version": questionnaire.version}
    lines = [
        _comment(say("What the columns of a file of answers mean, for: %(title)s (%(id)s %(version)s).") % about),
        _comment(
            say(
                "Put in the names of your columns, and delete the questions that your file does not have: they count "
                "as not asked. Where the file has other signs than the codes, say what they mean, for example:"
            )
        ),
        f'# codes = {{ "A" = 5, "B" = 4, "99" = {int(Missing.DONT_KNOW)} }}',
        "",
        _comment(say("“invited”: a drawn sample with design weights; “open”: everybody could answer.")),
        'channel = "invited"',
        _comment(say("Only for CSV files; Chinese Excel often writes gb18030, Korean Excel cp949.")),
        '# encoding = "gb18030"',
        '# delimiter = ";"',
        _comment(say("Only for Excel files: the name of the sheet, when it is not the first.")),
        '# sheet = "Sheet1"',
        _comment(say("Columns that are left out on purpose; every other column of the file must stand below.")),
        'ignore = ["id"]',
        "",
        _comment(say("Signs that mean the same in every question; .a to .d are those of our Stata files.")),
        "[missing]",
        *(f'"{int(way)}" = {int(way)}' for way in Missing),
        *(f'".{letter}" = {int(way)}' for letter, way in zip("abcd", Missing, strict=True)),
        "",
        _comment(
            say('How each resident answered: phone, web, interviewer or paper. The same for all: value = "phone".')
        ),
        '[mode]\ncolumn = "mode"',
        _comment(say("Language of the answers: zh, en or ko.")),
        '[language]\nvalue = "zh"',
        _comment(say("The design of a drawn sample. Without [psu] every row is a sampling unit of its own.")),
        '[stratum]\ncolumn = "stratum"\n[psu]\ncolumn = "psu"\n[design_weight]\ncolumn = "base_weight"',
    ]
    return "\n".join(lines)


def _question(question: Question, questionnaire: Questionnaire, language: str, say: Say) -> str:
    lines = [_comment(f"{question.label[language]}: {_codes(question, questionnaire, language, say)}")]
    lines += ["[[question]]", f'id = "{question.id}"']
    if isinstance(question, MultipleChoice):
        columns = ", ".join(f"{question.id}_{option.code} = {option.code}" for option in question.options)
        lines += [f"columns = {{ {columns} }}", 'chosen = ["1"]']
    else:
        lines.append(f'column = "{question.id}"')
    return "\n".join(lines)


def _codes(question: Question, questionnaire: Questionnaire, language: str, say: Say) -> str:
    """What the codes of a question are, those of missing answers last."""
    match question:
        case FivePoint(points=points):
            found = [(point.code, point.label[language]) for point in points]
        case SingleChoice(options=options) | MultipleChoice(options=options):
            found = [(option.code, option.label[language]) for option in options]
        case Score():
            found = [(question.low, question.low_label[language]), (question.high, question.high_label[language])]
        case Number(low=low, high=high):
            found = [(low, say("lowest number")), (high, say("highest number"))]
        case _:
            found = []
    missing = [(int(way), questionnaire.missing_labels[way][language]) for way in question.missing]
    return "; ".join(f"{code} = {label}" for code, label in (*found, *missing))


def _texts(questionnaire: Questionnaire) -> Iterator[str]:
    for question in questionnaire.questions():
        if isinstance(question, OpenText):
            yield question.id
        elif isinstance(question, SingleChoice | MultipleChoice) and any(one.write_in for one in question.options):
            yield write_in_id(question.id)


def _comment(text: str) -> str:
    """The text as comments of a TOML file: no line break of it ends the comment."""
    return textwrap.fill(" ".join(text.split()), _WIDTH, initial_indent="# ", subsequent_indent="#   ")
