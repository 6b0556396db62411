"""The door of `survey estimate`: plans and data files in, answers out."""

from survey.analysis.plan.answers import Answer, run
from survey.analysis.plan.writers import check_ending, table, write

__all__ = ["Answer", "check_ending", "run", "table", "write"]
