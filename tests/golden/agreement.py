"""Does an answer agree with a reference? Tolerances are those of README.md beside this file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

ESTIMATE, INTERVAL, LOGIT = 1e-8, 1e-6, 1e-5
TOLERANCES = {"ci": INTERVAL, "p": INTERVAL, "F": INTERVAL, "statistic": INTERVAL, "t": INTERVAL, "logit": LOGIT}
"""Relative; every other number is an estimate, a weight or a standard error."""
IDENTIFIES = ("domain", "p")
FIXED = 1e-10

RENAMED = {
    "df_domain": "df",
    "ci_t_domain_df": "ci",
    "deff_wr": "deff",
    "ci_t_design_df": "ci",
    "p_design_df": "p",
    "df_satterthwaite": "df",
    "ci_t_satterthwaite": "ci",
    "p_satterthwaite": "p",
}
INTERVALS = {
    "mean": "wald",
    "logit": "logit",
    "wilson_by_formula": "wilson",
    "korn_graubard_by_formula": "korn_graubard",
}
KEPT = ("estimate", "se", "n", "t", "domain", "levels", "vcov", "weights")
WEIGHTS = ("sum", "min", "max", "cv2", "kish_deff", "n_eff", "g_min", "g_max")


def in_the_contract_s_words(cell: Mapping[str, Any]) -> dict[str, Any]:
    """A cell of the three shared examples, whose fields have R's names, in the contract's fields."""
    if "cells" in cell:
        return {"cells": [in_the_contract_s_words(inner) for inner in cell["cells"]]}
    words = {name: cell[name] for name in (*KEPT, *WEIGHTS) if name in cell}
    for theirs, ours in RENAMED.items():
        if theirs in cell and not (theirs.endswith("design_df") and "ci_t_domain_df" in cell):
            words[ours] = cell[theirs]
    if "df_design" in cell and "df" not in words:
        words["df"] = cell["df_design"]
    if "ci_domain_df" in cell:
        words["intervals"] = {ours: cell["ci_domain_df"][theirs] for theirs, ours in INTERVALS.items()}
    if isinstance(words.get("se"), float) and words["se"] < FIXED * abs(words["estimate"]):
        point = [words["estimate"]] * 2
        words = {"estimate": words["estimate"], "se": 0, "n": words["n"], "ci": point}
    return words


def disagreements(expected: Any, answer: Any, key: str = "", where: str = "") -> list[str]:
    """Every place where `answer` misses what is expected; more than expected is no fault."""
    if expected is None:
        return [] if answer is None else [f"{where}: {answer!r} instead of nothing"]
    if isinstance(expected, Mapping):
        return _mapping(expected, answer, key, where)
    if isinstance(expected, (list, tuple)):
        return _sequence(expected, answer, key, where)
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        return _number(float(expected), answer, key, where)
    same = expected is True and bool(answer) if isinstance(expected, bool) else str(expected) == str(answer)
    return [] if same else [f"{where}: {answer!r} instead of {expected!r}"]


def _mapping(expected: Mapping[str, Any], answer: Any, key: str, where: str) -> list[str]:
    if not isinstance(answer, Mapping):
        return [f"{where}: {answer!r} instead of fields"]
    if "error" in answer and "error" not in expected:
        return [f"{where}: {answer['error']}"]
    faults = []
    for name, value in expected.items():
        if name not in answer:
            faults.append(f"{where}.{name} is missing")
            continue
        inner = key if key in ("se", "coef", "cuts") else name
        own = answer[name]
        if name == "cells":
            value, own = _paired(value, own)
        faults.extend(disagreements(value, own, inner, f"{where}.{name}"))
    return faults


def _paired(expected: Sequence[Any], answer: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Cells matched by their domain or levels; only empty domains may come on top."""
    labels = [_label(cell) for cell in expected]
    known = {_label(cell): cell for cell in answer}
    more = [cell for cell in answer if _label(cell) not in labels and cell.get("n") != 0]
    return [*expected], [known.get(label) for label in labels] + more


def _label(cell: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """A cell's domain and, in a crossed table, its two levels."""
    domain = tuple((name, str(level)) for name, level in cell.get("domain", {}).items())
    if "share" not in cell:
        return domain
    return domain + tuple((n, str(cell[n])) for n in sorted(cell) if n not in ("domain", "total", "share", "se"))


def _sequence(expected: Sequence[Any], answer: Any, key: str, where: str) -> list[str]:
    if not isinstance(answer, (list, tuple)) or len(answer) != len(expected):
        size = len(answer) if isinstance(answer, (list, tuple)) else answer
        return [f"{where}: {size} instead of {len(expected)} entries"]
    if key in ("vcov", "coef", "t"):
        return _block(expected, answer, key, where)
    return [
        fault
        for place, (one, own) in enumerate(zip(expected, answer, strict=True))
        for fault in disagreements(one, own, key, f"{where}[{place}]")
    ]


def _block(expected: Sequence[Any], answer: Sequence[Any], key: str, where: str) -> list[str]:
    """Numbers that may be 0 by cancellation: measured against the largest of their row or matrix."""
    flat = list(_flat(expected))
    own = list(_flat(answer))
    scale = max(abs(one) for one in flat)
    return [
        f"{where}[{place}]: {got!r} instead of {one!r}"
        for place, (one, got) in enumerate(zip(flat, own, strict=True))
        if not math.isclose(one, got, rel_tol=TOLERANCES.get(key, ESTIMATE), abs_tol=1e-11 * scale)
    ]


def _flat(values: Sequence[Any]) -> Any:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _flat(value)
        else:
            yield float("nan") if value is None else float(value)


def _number(expected: float, answer: Any, key: str, where: str) -> list[str]:
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        return [] if str(answer) == f"{expected:g}" else [f"{where}: {answer!r} instead of {expected!r}"]
    close = math.isclose(expected, answer, rel_tol=TOLERANCES.get(key, ESTIMATE), abs_tol=1e-13)
    return (
        []
        if close
        else [f"{where}: {answer!r} instead of {expected!r} ({answer / expected - 1 if expected else 0:.1e})"]
    )
