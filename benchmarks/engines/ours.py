"""Our engine: from typed columns in memory to weights, or to a table with intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from measure import ITEMS, MARGINS, REPLICATES, SEED, TOLERANCE, arguments, told, totals

from survey.analysis.design import Design, design_of
from survey.analysis.estimate import Estimate, estimates
from survey.analysis.grouping import Groups, group
from survey.analysis.intervals import logit_limits, t_limits
from survey.analysis.statistics import mean
from survey.analysis.variance.bootstrap import rao_wu
from survey.analysis.weights.rake import Margin, rake

LEVEL = 0.95


class Work:
    """Columns as they come from a file of small whole numbers, and what is done with them."""

    def __init__(self, data: Path) -> None:
        gaps = ", ".join(f"coalesce({item}, -1)::TINYINT AS {item}" for item in ITEMS)
        with duckdb.connect() as link:
            found = link.execute(f"SELECT stratum, psu, district, sex, age, w, {gaps} FROM '{data}'").fetchnumpy()
        self.columns = {name: np.asarray(column) for name, column in found.items()}
        self.totals = totals(data)

    def grouped(self, *, replicates: bool = False) -> tuple[Groups, Design]:
        """The rows in groups, and the raked design of the groups."""
        of = self.columns
        groups = group(of["w"], of["stratum"], of["psu"], *(of[name] for name in MARGINS))
        first = groups.first
        design = groups.counted(design_of(groups.base, of["stratum"][first], [of["psu"][first]]))
        if replicates:
            design = rao_wu(design, REPLICATES, SEED)
        return groups, rake(design, [self.margin(name, first) for name in MARGINS], TOLERANCE)

    def margin(self, name: str, rows: np.ndarray) -> Margin:
        """One margin for some rows."""
        wanted = self.totals[name]
        code = self.columns[name][rows].astype(np.intp)
        return Margin(name=name, code=code, totals=np.array(list(wanted.values())), levels=tuple(wanted))

    def rake(self) -> dict[str, Any]:
        """Weights of every row."""
        groups, raked = self.grouped()
        return {"weights": groups.weights_of(raked)}

    def table(self, *, replicates: bool = False) -> dict[str, Any]:
        """Mean and top-two share of every item in every district, linearised (and by replicates), with intervals."""
        groups, raked = self.grouped(replicates=replicates)
        district = self.columns["district"][groups.first].astype(np.intp)
        counted = groups.answers([self.columns[item] for item in ITEMS])
        both = (replace(answers, columns=(mean_and_share(*answers.columns),)) for answers in counted)
        both = list(both) if replicates else both  # read twice
        done = estimates(replace(raked, replicates=None), mean, both, by=district)
        found = {"estimate": [one.value for one in done], "se": [one.se for one in done]}
        found["ci"] = [intervals(one) for one in done]
        if replicates:
            found["replicate_se"] = [one.se for one in estimates(raked, mean, both, by=district)]
        return {name: np.array(values) for name, values in found.items()}

    def replicates(self) -> dict[str, Any]:
        """The table, and its standard errors from raked replicates."""
        return self.table(replicates=True)


def mean_and_share(y: np.ndarray) -> np.ndarray:
    """Answers, and whether they are one of the two best."""
    return np.column_stack([y, np.where(np.isfinite(y), y >= 4, np.nan)])


def intervals(done: Estimate) -> np.ndarray:
    """t intervals of the means, logit intervals of the shares."""
    value, share = done.value.T
    se, own = done.se.T
    limits = t_limits(value, se, done.df, LEVEL), logit_limits(share, own / (share * (1 - share)), done.df, LEVEL)
    return np.moveaxis(np.array(limits), 2, 0)


if __name__ == "__main__":
    task, data, runs, out = arguments()
    told(getattr(Work(data), task), runs, out)
