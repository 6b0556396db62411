"""The same with svy."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import svy
from measure import ITEMS, MARGINS, REPLICATES, SEED, TOLERANCE, arguments, told, totals

SWEEPS = 1000


class Work:
    """A polars frame of typed columns, and what is done with it."""

    def __init__(self, data: Path) -> None:
        self.frame = pl.read_parquet(data)
        tops = [(pl.col(item) >= 4).cast(pl.Int8).alias(f"top_{item}") for item in ITEMS]
        self.frame = self.frame.with_columns(tops)
        self.controls = {
            name: {int(level): total for level, total in levels.items()} for name, levels in totals(data).items()
        }

    def raked(self, *, replicates: bool = False) -> svy.Sample:
        """The sample, raked with its replicates if there are any."""
        sample = svy.Sample(self.frame, svy.Design(stratum="stratum", psu="psu", wgt="w"))
        if replicates:
            sample = sample.weighting.create_bs_wgts(REPLICATES, rstate=SEED)
        controls = {name: self.controls[name] for name in MARGINS}
        return sample.weighting.rake(controls=controls, tol=TOLERANCE, max_iter=SWEEPS)

    def rake(self) -> dict[str, Any]:
        """Weights of every row."""
        return {"weights": self.raked().data["rk_wgt"].to_numpy()}

    def table(self, *, method: str = "taylor", sample: svy.Sample | None = None) -> dict[str, Any]:
        """Mean and top-two share of every item in every district with intervals."""
        sample = sample or self.raked()
        values, errors = [], []
        for item in ITEMS:
            means = sample.estimation.mean(item, by="district", method=method, drop_nulls=True)
            tops = sample.estimation.prop(f"top_{item}", by="district", method=method, drop_nulls=True)
            pairs = [(e.est, e.se) for e in means.estimates], _ones(tops)
            values.append(np.array([[est for est, _ in pair] for pair in pairs]).T)
            errors.append(np.array([[se for _, se in pair] for pair in pairs]).T)
        return {"estimate": np.array(values), "se": np.array(errors)}

    def replicates(self) -> dict[str, Any]:
        """The table, and its standard errors from raked replicates."""
        sample = self.raked(replicates=True)
        done = self.table(sample=sample)
        return done | {"replicate_se": self.table(sample=sample, method="replication")["se"]}


def _ones(shares: Any) -> list[tuple[float, float]]:
    """Shares of those who say 1, by domain."""
    return [(e.est, e.se) for e in shares.estimates if str(e.y_level) in ("1", "1.0", "True")]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    task, data, runs, out = arguments()
    told(getattr(Work(data), task), runs, out)
