"""One row's answer to one question, as the mapping reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from survey.intake.errors import Fault
from survey.intake.mapping import Item
from survey.questionnaire.model import Answer

Found = tuple[str, Fault, str]
"""Column, what is wrong, value."""
Labels = Mapping[str, Mapping[str, str]]

_WHOLE = re.compile(r"[+-]?\d{1,15}")
_Code = TypeVar("_Code")


def answers_of(item: Item, cells: Mapping[str, str], labels: Labels) -> tuple[Answer | None, list[Found]]:
    """The answer, None where nothing stands, and what is wrong with the cells."""
    if item.value is not None:
        return ((item.value,) if item.is_multiple and item.value >= 0 else item.value), []
    if item.columns:
        return _ticked(item, cells)
    column = item.column or ""
    text = cells.get(column, "")
    if item.is_text:
        return (None if text in item.missing else text or None), []
    known = labels.get(column, {})
    if item.separator is not None:
        parts = [part.strip() for part in text.split(item.separator) if part.strip()]
        return _several([(column, *_code(item, part, known), part) for part in parts])
    code, fault = _code(item, text, known)
    if fault is not None:
        return None, [(column, fault, text)]
    return ((code,) if item.is_multiple and code is not None and code >= 0 else code), []


def decoded(text: str, codes: Mapping[str, _Code], labels: Mapping[str, str]) -> _Code | None:
    """What the mapping says of a text, or else of the label the file gives it."""
    found = codes.get(text)
    return codes.get(labels.get(text, "")) if found is None else found


def _code(item: Item, text: str, labels: Mapping[str, str]) -> tuple[int | None, Fault | None]:
    code = decoded(text, {**item.missing, **item.codes}, labels)
    if code is not None or not text:
        return code, None
    if item.codes:
        return None, Fault.UNKNOWN_CODE
    if _WHOLE.fullmatch(text):
        return int(text), None
    return None, Fault.NOT_WHOLE


def _ticked(item: Item, cells: Mapping[str, str]) -> tuple[Answer | None, list[Found]]:
    """Options whose column holds one of the signs for "chosen"; a code below 0 in `codes` stands for the question."""
    ticked, missing, faults = [], [], []
    signs = {**item.missing, **item.codes}
    blank = all(not cells.get(column, "") for column in item.columns)
    for column, option in item.columns.items():
        text = cells.get(column, "")
        if text in item.chosen:
            ticked.append(option)
        elif text in signs:
            missing.append(signs[text])
        elif text not in ("", "0"):
            faults.append((column, Fault.UNKNOWN_CODE, text))
    if missing and not ticked:
        return missing[0], faults
    return (None if blank or not ticked else tuple(ticked)), faults


def _several(read: Iterable[tuple[str, int | None, Fault | None, str]]) -> tuple[Answer | None, list[Found]]:
    read = list(read)
    faults = [(column, fault, text) for column, _, fault, text in read if fault is not None]
    codes = tuple(code for _, code, _, _ in read if code is not None)
    return (codes or None), faults
