"""The data set of one sample: columns and variables together, whatever it is written as.

Confidential: a row holds stratum, PSU and quasi-identifiers whose combination can point to one person. No open text,
no write-in text, no submission id and no order of arrival is in it: rows are sorted by stratum, PSU and answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from survey.language import Say
from survey.language import say as speaking
from survey.questionnaire.model import Missing, Questionnaire
from survey.report.estimating.margins import Target, targets
from survey.report.estimating.weighting import replicated
from survey.report.export.variables import Level, Role, Variable, items, versions_up_to
from survey.report.figures import Results
from survey.report.frame import NOT_STATED, Frame
from survey.report.results import Sample
from survey.report.saying import notes
from survey.report.saying.wording import level_name, sample_name
from survey.wave.model import Wave

Column = npt.NDArray[np.generic]
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

    @property
    def rows(self) -> int:
        """Number of respondents."""
        return len(next(iter(self.columns.values())))

    def named(self, role: Role) -> tuple[str, ...]:
        """The names of the columns with this role, in order."""
        return tuple(variable.name for variable in self.variables if variable.role is role)


def dataset(
    sample: Sample, language: str, *, published: Iterable[Questionnaire] = (), replicates: int = 0
) -> Dataset:
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
    """
    say = speaking(language)
    frame, results = sample.frame, sample.results
    asked = items(versions_up_to(frame.questionnaire, published), language, say)
    design, margins = _design(frame, results, language, say)
    columns = {variable.name: column for variable, column in design}
    columns |= {name: _answers(frame, name) for name in asked}
    fitted = targets(frame)[0][: 1 if results.weighting.only_first else None]
    columns |= {f"margin_{place}": target.cell + 1 for place, target in enumerate(fitted, start=1)}
    order = np.lexsort([column for column in reversed(columns.values())][: len(columns)])
    drawn = bool((frame.stratum != "").any())
    repeated = _replicates(frame, replicates, say)
    columns |= {variable.name: column for variable, column in repeated}
    order = _order(columns)
    return Dataset(
        wave=frame.wave,
        questionnaire=frame.questionnaire,
        language=language,
        title=f"{frame.wave.title[language]} · {sample_name(frame.channel, say)}",
        variables=(
            *(variable for variable, _ in design),
            *asked.values(),
            *margins,
            *(variable for variable, _ in repeated),
        ),
        columns={name: column[order] for name, column in columns.items()},
        margins=tuple(_totals(place, target) for place, target in enumerate(fitted, start=1)),
        clustered=drawn,
        replicates=replicates,
        notes=(*notes.foot(results, language, say), confidential(say)),
        method=notes.method(results, language, say),
    )
