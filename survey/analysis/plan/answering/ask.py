"""What every ask shares: its design, rows, domains, level, and the columns it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.analysis.errors import PlanError
from survey.analysis.plan.designing.designs import Designs
from survey.analysis.plan.designing.drawing import Sampled
from survey.analysis.plan.reading.columns import Level, as_number, level_text
from survey.analysis.plan.reading.frame import Domains, Frame
from survey.analysis.plan.reading.read import Section

Floats = npt.NDArray[np.float64]
Result = dict[str, Any]
Answerer = Callable[[Section, Designs], Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An ask with its design at hand.

    Attributes
    ----------
    ask : Section
    sampled : Sampled
    domains : Domains
    crossed : bool
        Whether the ask has a `by`, so that its answer is a list of cells.
    level : float
    """

    ask: Section
    sampled: Sampled
    domains: Domains
    crossed: bool
    level: float

    @property
    def frame(self) -> Frame:
        """Rows of the design."""
        return self.sampled.frame

    def answer(self, cells: list[Result]) -> Result:
        """The bare cell without `by`, a list of cells with it."""
        return {"cells": cells} if self.crossed else cells[0]


def question(ask: Section, designs: Designs, name: str | None = None) -> Question:
    """Get the design of an ask (or another by `name`) and its domains."""
    sampled = designs.sampled(ask, name or ask.text("design"))
    by = ask.texts("by")
    return Question(
        ask=ask,
        sampled=sampled,
        domains=sampled.frame.domains(by, ask.key("by")),
        crossed=bool(by),
        level=level_of(ask),
    )


def level_of(ask: Section) -> float:
    """Confidence level of an ask, 0.95 by default."""
    level = ask.number("level", 0.95)
    if not 0 < level < 1:
        raise PlanError(ask.key("level"), f"{level:g} is not between 0 and 1")
    return level


def outcome(ask: Section, frame: Frame) -> tuple[Floats, bool]:
    """Column of `y`, or 1 and 0 of `where`; shape (n,), and whether it is a share."""
    where = ask.section("where")
    if where is not None and ask.has("y"):
        raise PlanError(ask.place, "has y and where; give one of them")
    if where is not None:
        return frame.condition(where), True
    return frame.numbers(ask.text("y"), ask.key("y")), False


def same_level(label: Mapping[str, Any], wanted: object) -> bool:
    """Whether a domain's label is the level a plan names.

    Parameters
    ----------
    label : mapping
        Level of each column.
    wanted : object
        The level; for crossed columns a list in their order, or a table by column. A column of numbers has
        level 1 for 1, 1.0 and "1".

    Returns
    -------
    bool
    """
    if isinstance(wanted, dict):
        return set(wanted) == set(label) and all(_same(label[key], value) for key, value in wanted.items())
    levels = wanted if isinstance(wanted, list) else [wanted]
    return len(levels) == len(label) and all(_same(*pair) for pair in zip(label.values(), levels, strict=True))


def _same(level: Level, wanted: object) -> bool:
    if isinstance(level, str):
        return level_text(wanted) == (level.lower() if isinstance(wanted, bool) else level)
    return as_number(wanted) == level


def level_number(ask: Section, name: str, domains: Domains, rows: int) -> int:
    """Which domain `plus` or `minus` names."""
    wanted = ask.content.get(name)
    if wanted is None:
        raise PlanError(ask.key(name), "is missing")
    found = [i for i, label in enumerate(domains.labels) if same_level(label, wanted)]
    if not found:
        columns = ", ".join(ask.texts("by"))
        known = "; ".join(", ".join(map(str, label.values())) for label in domains.labels[:12])
        raise PlanError(ask.key(name), f"column {columns} has no level {wanted!r} in {rows} rows; it has {known}")
    return found[0]
