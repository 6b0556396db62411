"""The same with samplics, which knows no calibrated variance and no Rao–Wu bootstrap."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from measure import ITEMS, MARGINS, TOLERANCE, arguments, told, totals

warnings.simplefilter("ignore")
from samplics import PopParam, SampleWeight, TaylorEstimator  # noqa: E402  it warns that it is archived

SWEEPS = 1000


class Work:
    """Arrays, and what is done with them."""

    def __init__(self, data: Path) -> None:
        with duckdb.connect() as link:
            found = link.execute(f"SELECT * FROM '{data}'").fetchnumpy()
        self.columns = {
            name: np.ma.filled(np.ma.asarray(column, dtype=float), np.nan) for name, column in found.items()
        }
        controls = totals(data)
        self.controls = {name: {float(level): total for level, total in controls[name].items()} for name in MARGINS}

    def rake(self) -> dict[str, Any]:
        """Weights of every row."""
        margins = {name: self.columns[name] for name in MARGINS}
        weights = SampleWeight().rake(
            self.columns["w"], margins, self.controls, tol=TOLERANCE, ctrl_tol=TOLERANCE, max_iter=SWEEPS
        )
        return {"weights": weights}

    def table(self) -> dict[str, Any]:
        """Mean and top-two share of every item in every district with intervals."""
        weights = self.rake()["weights"]
        values, errors = [], []
        for item in ITEMS:
            y = self.columns[item]
            top = np.where(np.isfinite(y), y >= 4, np.nan)
            done = [self._mean(column, weights) for column in (y, top)]
            values.append(np.array([list(one.point_est.values()) for one in done]).T)
            errors.append(np.array([list(one.stderror.values()) for one in done]).T)
        return {"estimate": np.array(values), "se": np.array(errors)}

    def _mean(self, y: np.ndarray, weights: np.ndarray) -> Any:
        of = self.columns
        one = TaylorEstimator(PopParam.mean)
        one.estimate(y, weights, stratum=of["stratum"], psu=of["psu"], domain=of["district"], remove_nan=True)
        return one


if __name__ == "__main__":
    task, data, runs, out = arguments()
    told(getattr(Work(data), task), runs, out)
