"""What can go wrong between a file of answers and an estimate, one small family."""

from __future__ import annotations


class AnalysisError(Exception):
    """An estimate that can't be given, with the reason in words a person can act on."""


class PlanError(AnalysisError):
    """A plan or a data file that can't be read.

    Parameters
    ----------
    key : str
        Where in the plan, such as ``designs.city.weights``.
    message : str
        What is wrong there.
    """

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}" if key else message)
        self.key = key


class DesignError(AnalysisError):
    """Weights, strata, clusters or finite populations that contradict each other."""


class SinglePsuError(AnalysisError):
    """A stratum with one sampling unit, under the rule that refuses it."""


class EmptyMarginError(AnalysisError):
    """A level of a margin that the population has and the sample has not, or the other way round."""


class InfeasibleError(AnalysisError):
    """Totals that no weights can meet."""


class NotConvergedError(AnalysisError):
    """An iteration that stopped before its totals were met, naming the one that stalls."""
