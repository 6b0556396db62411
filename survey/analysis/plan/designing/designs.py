"""Designs of a plan: columns and rules made into a `Design`, adjusted and replicated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from survey.analysis.errors import AnalysisError, PlanError
from survey.analysis.plan.designing.counting import Counting, counting
from survey.analysis.plan.designing.drawing import Sampled, draw
from survey.analysis.plan.reading.data import Source
from survey.analysis.plan.reading.read import Plan, Section


class Designs:
    """The designs of a plan, each built when first asked for and then kept.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._sources: dict[Path, Source] = {}
        self._built: dict[str, Sampled | AnalysisError] = {}
        self._counted: dict[str, Counting | None] = {}
        self._by_rows = False

    @property
    def built(self) -> Mapping[str, Sampled]:
        """Designs built so far, of rows or of groups."""
        groups = {name: done.whole for name, done in self._counted.items() if done is not None}
        return groups | {name: done for name, done in self._built.items() if isinstance(done, Sampled)}

    def source(self, path: Path | None, key: str) -> Source:
        """A data file, opened once."""
        if path is None:
            raise PlanError(key, "is missing: neither the plan nor this place names a data file")
        if path not in self._sources:
            self._sources[path] = Source(path, self.plan.categories, key)
        return self._sources[path]

    def open(self) -> None:
        """Open the plan's data files, so that a file that can't be read shows before anything is computed."""
        if self.plan.data is not None:
            self.source(self.plan.data, "data")
        for section in self.plan.designs.values():
            self._source_of(section)

    def get(self, name: str, key: str) -> Sampled:
        """A design by name; an error in it is told again to every ask that uses it."""
        if name not in self.plan.designs:
            known = ", ".join(self.plan.designs) or "none"
            raise PlanError(key, f"there is no design {name!r}; the plan has {known}")
        if name not in self._built:
            section = self.plan.designs[name]
            try:
                self._built[name] = draw(name, section, self._source_of(section))
            except PlanError as problem:
                self._built[name] = problem
            except AnalysisError as problem:
                self._built[name] = PlanError(f"designs.{name}", str(problem))
        done = self._built[name]
        if isinstance(done, AnalysisError):
            raise done
        return done

    def _source_of(self, section: Section) -> Source:
        if section.has("data"):
            return self.source(self.plan.folder / section.text("data"), section.key("data"))
        return self.source(self.plan.data, "data")

    def sampled(self, ask: Section, name: str) -> Sampled:
        """A design with what an ask reads: grouped rows of a large file where they give the same, else the rows."""
        grouped = None if self._by_rows else self._grouped(ask, name)
        return self.get(name, ask.key("design")) if grouped is None else grouped

    def _grouped(self, ask: Section, name: str) -> Sampled | None:
        if name not in self._counted and name in self.plan.designs:
            section = self.plan.designs[name]
            asks = [other for other in self.plan.asks if other.content.get("design") == name]
            try:
                self._counted[name] = counting(name, section, self._source_of(section), asks)
            except AnalysisError:  # told again, with the numbers of rows, when the rows are read
                self._counted[name] = None
        counted = self._counted.get(name)
        return None if counted is None else counted.sampled(ask)

    @contextmanager
    def from_rows(self) -> Iterator[None]:
        """Answer from the rows themselves for a while."""
        self._by_rows = True
        try:
            yield
        finally:
            self._by_rows = False
