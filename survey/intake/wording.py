"""What is wrong with a file, in the reader's language."""

from __future__ import annotations

from survey.intake.errors import Fault, FileProblem, Flaw, RowProblem
from survey.intake.read import MOST_RESPONSES, MOST_TIMES
from survey.language import Say
from survey.questionnaire.errors import Problem, said
from survey.questionnaire.validation import Reason
from survey.wave.response import LARGEST_WEIGHT


def problem_text(problem: RowProblem, say: Say) -> str:
    """One problem in one sentence, with its line."""
    words = {"line": problem.line, "column": problem.column or "–", "reason": reason_text(problem.reason, say)}
    if problem.value:
        return say("Line %(line)s, column %(column)s: %(reason)s (%(value)s).") % {**words, "value": problem.value}
    return say("Line %(line)s, column %(column)s: %(reason)s.") % words


def definition_text(problem: Problem, say: Say) -> str:
    """What is wrong in a definition of a wave or in a mapping, with its place: the names that stand in the file."""
    return f"{said(problem.place, say)}: {said(problem.message, say)}"


def reason_text(reason: Fault | Reason, say: Say) -> str:
    """Why a cell or an answer is not taken."""
    words: dict[Fault | Reason, str] = {
        Fault.SHAPE: say("more or fewer cells than the head has"),
        Fault.UNKNOWN_CODE: say("the mapping does not say what this means"),
        Fault.NOT_WHOLE: say("not a whole number"),
        Fault.NO_WEIGHT: say("the design weight must be a number above 0 and at most %(most)s")
        % {"most": f"{LARGEST_WEIGHT:,.0f}"},
        Fault.WEIGHT_STANDS_OUT: say(
            "the design weight is more than %(times)s times the middle one: check it, or trim it before the import"
        )
        % {"times": MOST_TIMES},
        Fault.NO_COUNT: say("the count must be a whole number from 1 to %(most)s") % {"most": f"{MOST_RESPONSES:,}"},
        Fault.FORMULA: say("a formula without a stored result: open the file in Excel and save it again"),
        Fault.EMPTY: say("nothing stands here"),
        Reason.REQUIRED: say("an answer is needed"),
        Reason.WRONG_KIND: say("not the kind of answer the question takes"),
        Reason.OUTSIDE_SCALE: say("no such code on the scale or list"),
        Reason.NOT_OFFERED: say("not offered together with the earlier answers"),
        Reason.EXCLUSIVE: say("rules out the other choices"),
        Reason.TOO_MANY: say("more choices than allowed"),
        Reason.OUT_OF_BOUNDS: say("outside the bounds"),
        Reason.TOO_LONG: say("longer than allowed"),
        Reason.UNKNOWN_QUESTION: say("the questionnaire has no such question"),
    }
    return words[reason]


def file_text(problem: FileProblem, say: Say) -> str:
    """What is wrong with the file as a whole, and what to do."""
    words = {
        Flaw.ENDING: say("The ending %(ending)s is not known. Files may end in: %(known)s."),
        Flaw.DAMAGED: say(
            "The file is damaged, or it is no %(ending)s file. Open it in the program it comes from and save it again."
        ),
        Flaw.ENCODING: say(
            "The file is no text in the encoding %(encoding)s. In Excel, save it as “CSV UTF-8”; or name its encoding "
            'in the mapping, such as encoding = "gb18030" (Chinese Windows) or encoding = "cp949" (Korean Windows).'
        ),
        Flaw.TOO_LARGE: say(
            "The workbook is larger than %(most)s MB when unpacked. Save the sheet of answers alone as “CSV UTF-8” and "
            "import that."
        ),
        Flaw.TOO_MANY: say(
            "The rows stand for more than %(most)s residents together: check the column that the mapping names under "
            "count."
        ),
        Flaw.CSV: say(
            "The file is no sound CSV file, from about line %(line)s on: a quotation mark may be missing, or the file "
            "was cut off. Save it again from the program it comes from."
        ),
        Flaw.SHEET: say(
            "The workbook has no sheet “%(sheet)s”, which the mapping names under sheet. Its sheets: %(known)s."
        ),
        Flaw.NO_COLUMNS: say("The file has no columns: its first line must hold their names."),
        Flaw.NO_ROWS: say("The file has no rows below its first line."),
        Flaw.DELIMITER: say(
            "The whole first line is one column. The columns seem to be parted by another sign: write "
            'delimiter = "%(delimiter)s" in the mapping.'
        ),
        Flaw.TWICE: say("Columns that stand twice: %(columns)s. Give each a name of its own."),
        Flaw.MISSING: say("Columns that the mapping names and the file has not: %(columns)s."),
        Flaw.UNMAPPED: say(
            "Columns that the mapping does not name: %(columns)s. Map them, or list them under ignore to leave them "
            "out."
        ),
    }
    return words[problem.flaw] % problem.values
