"""What a public file says about itself, and its variables as they are after recoding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from survey.language import Say, format_number, format_share
from survey.report.export.public.classes import Groups
from survey.report.export.variables import Codes, Level, Variable

DESIGN = ("stratum", "psu")


def published_variable(variable: Variable, groups: Groups, withheld: int | None, say: Say) -> Variable:
    """The variable with joined levels and, where answers may be withheld, the code that says so."""
    if variable.name in DESIGN:
        return replace(variable, is_text=False, level=Level.NOMINAL)
    codes = _joined(variable.codes, groups) if groups else variable.codes
    if withheld is None:
        return replace(variable, codes=codes)
    missing = (*variable.missing, (withheld, say("Withheld so that nobody can be recognised")))
    return replace(variable, codes=codes, missing=missing)


def notes(
    k: int, left_out: int, joined: str, withheld: Mapping[str, float], language: str, say: Say
) -> tuple[str, ...]:
    """How the file was made anonymous, with numbers; the last sentence is about its use.

    `joined` names the districts that are one here, empty when all stand alone.
    """
    hidden = {label: share for label, share in withheld.items() if share > 0}
    listed = "; ".join(f"{label} {format_share(share, language)}" for label, share in hidden.items())
    return (
        say(
            "Public file: in everything others may know of a person, every row looks like at least %(others)s others "
            "(k-anonymity, k = %(k)s)."
        )
        % {"others": k - 1, "k": k},
        say(
            "Street or town, texts, exact numbers and the design weight are not in it; neither are residents whom the "
            "census margins leave out. Levels were joined, weights averaged within classes, and strata and sampling "
            "units numbered by chance, so that estimates differ slightly from the published ones."
        ),
        say("Rows left out because too few were like them: %(count)s.") % {"count": format_number(left_out, language)},
        *(
            [say("Districts with too few answers for figures of their own are one: %(names)s.") % {"names": joined}]
            if joined
            else []
        ),
        *([say("Answers withheld: %(list)s.") % {"list": listed}] if listed else []),
        say(
            "What is protected is who somebody is, not what people like them answered: from this file anybody can work "
            "out figures of small groups that the published tables hide."
        ),
        say("Do not try to recognise anybody in this file."),
    )


def _joined(codes: Codes, groups: Groups) -> Codes:
    label = dict(codes)
    return tuple((group[0], " / ".join(label.get(code, str(code)) for code in group)) for group in groups)
