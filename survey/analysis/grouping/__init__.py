"""Rows read once: equal rows are counted, and the counts go through the same `estimate` as the rows."""

from survey.analysis.grouping.answers import Answers
from survey.analysis.grouping.memory import Groups, group

__all__ = ["Answers", "Groups", "group"]
