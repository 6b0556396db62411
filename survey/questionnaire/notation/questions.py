"""Questions as they are written in a definition file: one builder for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypedDict

from survey.questionnaire.model import (
    Condition,
    FivePoint,
    Links,
    Missing,
    MultipleChoice,
    Number,
    OpenText,
    Option,
    Question,
    Score,
    SingleChoice,
    Words,
)
from survey.questionnaire.notation.scales import FivePointScale, Scale, ScoreScale
from survey.questionnaire.notation.table import Table

SAID = (Missing.DONT_KNOW, Missing.PREFER_NOT_TO_SAY)
"""The ways of not answering that a question may offer; both are offered where none is written."""


class _Common(TypedDict):
    id: str
    text: Words
    label: Words
    links: Links
    missing: tuple[Missing, ...]
    ask_if: tuple[Condition, ...]
    ends_if: tuple[int, ...]
    optional: bool
    sensitive: bool
    quasi_identifier: bool
    comparable_with: tuple[str, ...]


def question(table: Table, scales: Mapping[str, Scale]) -> Question | None:
    """The question written in this table, or None (and a problem) when its kind is not known."""
    kind = table.text("kind")
    if kind not in _KINDS:
        if kind:
            table.problem("kind", f'"{kind}" is none of {", ".join(_KINDS)}')
        return None
    built = _KINDS[kind](table, _common(table), scales)
    table.finish()
    return built


def conditions(table: Table) -> tuple[Condition, ...]:
    """The conditions under `ask_if`."""
    found = []
    for position, one in enumerate(table.tables("ask_if", "ask_if", ""), start=1):
        asked, any_of = one.id("question"), one.integers("any_of")
        one.finish()
        if one.has("any_of") and not one.values["any_of"]:
            table.problem(f"ask_if {position} › any_of", "is empty, so the condition never holds")
        if asked and any_of:
            found.append(Condition(question=asked, any_of=any_of))
    return tuple(found)


def _common(table: Table) -> _Common:
    return {
        "id": table.id(),
        "text": table.words("text"),
        "label": table.words("label"),
        "links": Links(
            dimension=table.integer("dimension") if table.has("dimension") else None,
            tasks=table.integers("tasks", ()),
            units=table.texts("units", ()),
        ),
        "missing": _missing(table),
        "ask_if": conditions(table),
        "ends_if": table.integers("ends_if", ()),
        "optional": table.flag("optional"),
        "sensitive": table.flag("sensitive"),
        "quasi_identifier": table.flag("quasi_identifier"),
        "comparable_with": table.texts("comparable_with", ()),
    }


def _missing(table: Table) -> tuple[Missing, ...]:
    if not table.has("missing"):
        table.integers("missing", ())
        return SAID
    codes = table.integers("missing")
    for code in codes:
        if code not in SAID:
            table.problem("missing", f"{code} is not offered to respondents: only -1 and -2 are")
    return tuple(way for way in SAID if way in codes)


def _scale(table: Table, scales: Mapping[str, Scale], wanted: type[Scale]) -> Scale | None:
    name = table.text("scale")
    if not name:
        return None
    if name not in scales:
        table.problem("scale", f'there is no scale "{name}"')
    elif not isinstance(scales[name], wanted):
        table.problem("scale", f'scale "{name}" is not one for this kind of question')
    else:
        return scales[name]
    return None


def _five_point(table: Table, common: _Common, scales: Mapping[str, Scale]) -> FivePoint:
    scale = _scale(table, scales, FivePointScale)
    known = scale if isinstance(scale, FivePointScale) else FivePointScale()
    return FivePoint(**common, direction=known.direction, points=known.points)


def _score(table: Table, common: _Common, scales: Mapping[str, Scale]) -> Score:
    scale = _scale(table, scales, ScoreScale)
    known = scale if isinstance(scale, ScoreScale) else ScoreScale()
    return Score(**common, low=known.low, high=known.high, low_label=known.low_label, high_label=known.high_label)


def _single(table: Table, common: _Common, scales: Mapping[str, Scale]) -> SingleChoice:
    filter_by = table.id("filter_by") if table.has("filter_by") else None
    return SingleChoice(**common, options=_options(table, filtered=True), filter_by=filter_by)


def _multiple(table: Table, common: _Common, scales: Mapping[str, Scale]) -> MultipleChoice:
    most = table.integer("most") if table.has("most") else None
    return MultipleChoice(**common, options=_options(table, filtered=False), most=most)


def _number(table: Table, common: _Common, scales: Mapping[str, Scale]) -> Number:
    return Number(**common, low=table.integer("low"), high=table.integer("high"), unit=table.words_if_any("unit"))


def _open_text(table: Table, common: _Common, scales: Mapping[str, Scale]) -> OpenText:
    return OpenText(**common, longest=table.integer("longest", 500))


def _options(table: Table, *, filtered: bool) -> tuple[Option, ...]:
    if not table.has("options"):
        table.problem("options", "is missing: a list of options is needed")
    return tuple(_option(one, filtered=filtered) for one in table.tables("options", "option", "code"))


def _option(table: Table, *, filtered: bool) -> Option:
    option = Option(
        code=table.integer("code"),
        label=table.words("label"),
        exclusive=table.flag("exclusive"),
        write_in=table.flag("write_in"),
        when=table.integers("when", ()) if filtered else (),
    )
    table.finish()
    return option


_KINDS: Mapping[str, Callable[[Table, _Common, Mapping[str, Scale]], Question]] = {
    "five_point": _five_point,
    "score": _score,
    "single": _single,
    "multiple": _multiple,
    "number": _number,
    "text": _open_text,
}
