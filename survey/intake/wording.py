"""What is wrong with a file, in the reader's language."""

from __future__ import annotations

from survey.intake.errors import Fault, RowProblem
from survey.language import Say
from survey.questionnaire.validation import Reason


def problem_text(problem: RowProblem, say: Say) -> str:
    """One problem in one sentence, with its line."""
    words = {"line": problem.line, "column": problem.column or "–", "reason": reason_text(problem.reason, say)}
    if problem.value:
        return say("Line %(line)s, column %(column)s: %(reason)s (%(value)s).") % {**words, "value": problem.value}
    return say("Line %(line)s, column %(column)s: %(reason)s.") % words


def reason_text(reason: Fault | Reason, say: Say) -> str:
    """Why a cell or an answer is not taken."""
    words: dict[Fault | Reason, str] = {
        Fault.SHAPE: say("more or fewer cells than the head has"),
        Fault.UNKNOWN_CODE: say("the mapping does not say what this means"),
        Fault.NOT_WHOLE: say("not a whole number"),
        Fault.NO_WEIGHT: say("the design weight must be a number above 0"),
        Fault.NO_COUNT: say("the count must be a whole number of at least 1"),
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
