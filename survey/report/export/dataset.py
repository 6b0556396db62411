"""The data set of one sample: columns and variables together, whatever it is written as.

Confidential: a row holds stratum, PSU and quasi-identifiers whose combination can point to one person. No open text,
no write-in text, no submission id and no order of arrival is in it: rows are sorted by stratum, PSU and answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.analysis.variance.replicates import replicate_weights
from survey.language import Say
from survey.language import say as speaking
from survey.questionnaire.model import Missing, Questionnaire
from survey.report.estimating.margins import OUTSIDE, Target, targets
from survey.report.estimating.weighting import replicated
from survey.report.export.variables import Codes, Level, Role, Variable, items, versions_up_to
from survey.report.figures import Results
from survey.report.frame import AREA, NOT_STATED, Frame
from survey.report.results import Sample
from survey.report.saying import notes
from survey.report.saying.wording import level_name, sample_name, variable_name
from survey.wave.model import Wave

Column = npt.NDArray[np.generic]
Part = tuple[Variable, Column]
_COMPUTED = (Role.WEIGHT, Role.REPLICATE)
REPLICATE_SEED = 2026
"""Of the bootstrap: asked again, the same replicate weights come out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginTotals:
    """One margin the weights meet: its column, and the residents in each of its cells, by code."""

    column: str
    totals: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One sample of one wave as it is given to colleagues. `columns` hold one array of shape (n,) a variable."""

    wave: Wave
    questionnaire: Questionnaire
    language: str
    title: str
    variables: tuple[Variable, ...]
    columns: Mapping[str, Column]
    margins: tuple[MarginTotals, ...]
    clustered: bool
    replicates: int
    notes: tuple[str, ...]
    method: tuple[tuple[str, tuple[str, ...]], ...]
    public: bool = False
    file: str = ""
    """Name without ending of the file it is written as, which scripts find the data beside them by."""

    @property
    def rows(self) -> int:
        """Number of respondents."""
        return len(next(iter(self.columns.values())))

    def named(self, role: Role) -> tuple[str, ...]:
        """The names of the columns with this role, in order."""
        return tuple(variable.name for variable in self.variables if variable.role is role)


def dataset(sample: Sample, language: str, *, published: Iterable[Questionnaire] = (), replicates: int = 0) -> Dataset:
    """Everything a sample holds, for the bureau's own analysis.

    Parameters
    ----------
    sample
        Frame and results of one channel.
    language
        Of the labels.
    published
        Published questionnaires; the earlier versions among them keep their columns.
    replicates
        How many Rao–Wu bootstrap weights to add, raked like the final weights; 0 for none.

    Raises
    ------
    AnalysisError
        The margins cannot be met in a replicate, or fewer than two replicates are asked for.
    """
    say = speaking(language)
    frame, results = sample.frame, sample.results
    asked = items(versions_up_to(frame.questionnaire, published), language, say)
    fitted = targets(frame)[0][: 1 if results.weighting.only_first else None]
    parts = (
        *_design(frame, results, language, say),
        *((variable, _answers(frame, variable.name)) for variable in asked.values()),
        *_margins(fitted, results, language, say),
        *_replicates(frame, results, replicates, say),
    )
    order = _order(parts)
    return Dataset(
        wave=frame.wave,
        questionnaire=frame.questionnaire,
        language=language,
        title=f"{frame.wave.title[language]} · {sample_name(frame.channel, say)}",
        variables=tuple(variable for variable, _ in parts),
        columns={variable.name: column[order] for variable, column in parts},
        margins=tuple(_totals(place, target) for place, target in enumerate(fitted, start=1)),
        clustered=_drawn(frame),
        replicates=replicates,
        notes=(*notes.foot(results, language, say), notes.frozen(results, say), confidential(say)),
        method=notes.method(results, language, say),
    )


def confidential(say: Say) -> str:
    """What every confidential microdata file says about its use."""
    return say(
        "Confidential: combinations of area, age, sex and other background answers can point to one person. For the "
        "bureau's own analysis only; do not publish or pass on."
    )


def _order(parts: Iterable[Part]) -> npt.NDArray[np.intp]:
    """Rows by stratum, PSU and then by what they hold: nothing is left of the order in which they came.

    What is computed is no key: its last digits depend on the order of the rows.
    """
    columns = {one.name: column for one, column in parts if one.name == "base_weight" or one.role not in _COMPUTED}
    return np.lexsort([columns["stratum"], columns["psu"], *columns.values()][::-1])


def _drawn(frame: Frame) -> bool:
    return bool((frame.stratum != "").any())


def _design(frame: Frame, results: Results, language: str, say: Say) -> list[Part]:
    def text(name: str, label: str, role: Role, column: Column, codes: Codes = ()) -> Part:
        return Variable(name=name, label=label, role=role, level=Level.NOMINAL, codes=codes, is_text=True), column

    def weight(name: str, label: str, column: Column) -> Part:
        return Variable(name=name, label=label, role=Role.WEIGHT, level=Level.SCALE), column

    every = np.full(frame.rows, "", dtype=np.str_)
    areas = tuple(
        (area, level_name(AREA, area, frame.wave, frame.questionnaire, language, say))
        for area in sorted(set(frame.area.tolist()))
        if area != NOT_STATED
    )
    inside = Variable(
        name="inside_margins",
        label=say("Counted by the census margins"),
        role=Role.DESIGN,
        level=Level.NOMINAL,
        codes=((1, say("yes")), (0, say("no"))),
    )
    channel = np.full(frame.rows, frame.channel.value)
    return [
        text("wave", say("Wave"), Role.ABOUT, np.full(frame.rows, frame.wave.id)),
        weight("weight", say("Final weight: residents this answer stands for"), results.weighting.weights),
        weight("base_weight", say("Design weight"), frame.base_weight),
        text("stratum", say("Stratum"), Role.DESIGN, frame.stratum),
        text("psu", say("Primary sampling unit (PSU)"), Role.DESIGN, frame.psu if _drawn(frame) else every),
        text("channel", say("Sample"), Role.ABOUT, channel, ((frame.channel.value, sample_name(frame.channel, say)),)),
        text("mode", say("How the answers were given"), Role.ABOUT, frame.mode),
        text("language", say("Language of the answers"), Role.ABOUT, frame.language),
        text(AREA, say("Weighting area"), Role.ABOUT, frame.area, areas),
        (inside, frame.inside.astype(np.int64)),
    ]


def _answers(frame: Frame, name: str) -> Column:
    """One item's codes; a question this version no longer asks was asked of nobody. All of one type, in every file."""
    if name in frame.codes:
        return frame.codes[name].astype(np.int64)
    question, _, option = name.rpartition("_")
    for code, chosen in frame.chosen.get(question, ()):
        if str(code) == option:
            return chosen.astype(np.int64)
    return np.full(frame.rows, int(Missing.NOT_ASKED), dtype=np.int64)


def _margins(fitted: tuple[Target, ...], results: Results, language: str, say: Say) -> Iterator[Part]:
    """For each margin the cell of every row, by number: what the weights were raked to."""
    rows = iter(results.weighting.margins)
    for place, target in enumerate(fitted, start=1):
        labels = [
            say("Outside the census counts")
            if cell.stated == OUTSIDE
            else notes.margin_row_name(next(rows), results, language, say)
            for cell in target.cells
        ]
        name = " × ".join(variable_name(one, results.questionnaire, language, say) for one in target.variables)
        yield (
            Variable(
                name=f"margin_{place}",
                label=say("Cell of the margin %(name)s") % {"name": name},
                role=Role.MARGIN,
                level=Level.NOMINAL,
                codes=tuple(enumerate(labels, start=1)),
            ),
            target.cell.astype(np.int64) + 1,
        )


def _totals(place: int, target: Target) -> MarginTotals:
    return MarginTotals(
        column=f"margin_{place}", totals=tuple((code, cell.total) for code, cell in enumerate(target.cells, start=1))
    )


def _replicates(frame: Frame, results: Results, count: int, say: Say) -> Iterator[Part]:
    if not count:
        return
    design = replicated(frame, results.weighting, count, REPLICATE_SEED)
    weights = replicate_weights(design, np.arange(frame.rows))
    width = len(str(count))
    for place, column in enumerate(weights.T, start=1):
        label = say("Replicate weight %(number)s (Rao–Wu bootstrap)") % {"number": place}
        name = f"replicate_{place:0{width}d}"
        yield Variable(name=name, label=label, role=Role.REPLICATE, level=Level.SCALE), column
