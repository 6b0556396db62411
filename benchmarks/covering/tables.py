"""The study in tables of Markdown, for the page of formulas and for the reader at the terminal."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from covering.outcomes import MEAN
from covering.tally import KINDS, LEVEL, RULES, Count, Tally

LEAST, MOST = 0.935, 0.97
FEWEST = 100
"""Samples that must pass a rule before their coverage is judged."""
Cells = Sequence[str]


def pages(tally: Tally) -> Iterator[str]:
    """All tables."""
    yield f"{tally.samples} samples. Coverage in %; in brackets the samples that pass, in %, where not all do.\n"
    places = sorted(tally.answers, key=lambda place: (place == 0, tally.answers[place]))
    for rule, words in enumerate(RULES):
        yield f"### Published interval of a share, {words}\n"
        yield from _by_place(tally, rule, places, "published")
    yield "### t interval of a mean, ok\n"
    yield from _table(["answers", *_answers(tally, places)], [_row(tally, "mean", 1, places, "t")])
    yield "### Every kind of interval, districts\n"
    yield from _kinds(tally)
    yield "### What misses the target\n"
    yield from ["- " + words for words in misses(tally)] or ["Nothing."]


def misses(tally: Tally) -> Iterator[str]:
    """Coverage where a share is ok for publication, or a mean is ok, that misses the target by more than two Monte
    Carlo errors: below for what is published, above for means and logit intervals.
    """
    for (name, alike, kind, place), count in tally.counts.items():
        passed, rate = count.passed[2], _rate(count, 2)
        if passed < FEWEST or kind not in ("t", "published", "logit"):
            continue
        error = 2 * float(np.sqrt(LEVEL * (1 - LEVEL) / passed))
        low, high = kind != "logit" and rate < LEAST - error, kind != "published" and rate > MOST + error
        if low or high:
            where = f"{tally.answers[place] / tally.samples:.0f} answers, {'equal' if alike else 'different'} districts"
            yield f"{'too low' if low else 'too high'}: {name} {kind}, {where}: {rate:.1%} of {passed}"


def write(tally: Tally, file: Path) -> None:
    """All counts as CSV."""
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rules = [f"{what} {words}" for words in RULES for what in ("passed", "held")]
        rows.writerow(("outcome", "districts", "interval", "place", "answers", *rules))
        for (name, alike, kind, place), count in tally.counts.items():
            numbers = [number for pair in zip(count.passed, count.held, strict=True) for number in pair]
            size = f"{tally.answers[place] / tally.samples:.0f}"
            rows.writerow((name, "equal" if alike else "different", kind, place or "city", size, *numbers))


def _by_place(tally: Tally, rule: int, places: list[int], kind: str) -> Iterator[str]:
    names = dict.fromkeys(name for name, _, _, _ in tally.counts if name != MEAN)
    yield from _table(["share", *_answers(tally, places)], [_row(tally, name, rule, places, kind) for name in names])


def _answers(tally: Tally, places: list[int]) -> list[str]:
    return [f"{'city, ' if place == 0 else ''}{tally.answers[place] / tally.samples:.0f}" for place in places]


def _row(tally: Tally, name: str, rule: int, places: list[int], kind: str) -> Cells:
    return [name, *(_cell(tally.of(name, kind, place), rule, tally.samples) for place in places)]


def _cell(count: Count, rule: int, samples: int) -> str:
    passed = count.passed[rule]
    if passed < FEWEST:
        return f"– ({100 * passed / samples:.0f})"
    share = "" if passed == samples else f" ({100 * passed / samples:.0f})"
    return f"{100 * _rate(count, rule):.1f}{share}"


def _kinds(tally: Tally) -> Iterator[str]:
    """Lowest, pooled and highest coverage over districts and shares, equal or different districts."""
    head = ["interval", "districts", *(f"{words}: lowest, all, highest" for words in RULES)]
    rows = []
    for kind in KINDS:
        for alike in (True, False):
            own = [c for (_, same, k, place), c in tally.counts.items() if k == kind and same == alike and place]
            cells = []
            for rule in range(len(RULES)):
                rates = [_rate(count, rule) for count in own if count.passed[rule] >= FEWEST]
                pooled = sum(count.held[rule] for count in own) / max(1, sum(count.passed[rule] for count in own))
                cells.append(
                    ", ".join(f"{100 * rate:.1f}" for rate in (min(rates), pooled, max(rates))) if rates else "–"
                )
            rows.append([kind, "equal" if alike else "different", *cells])
    yield from _table(head, rows)


def _rate(count: Count, rule: int) -> float:
    return count.held[rule] / max(1, count.passed[rule])


def _table(head: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    yield from ("| " + " | ".join(row) + " |" for row in rows)
    yield ""
