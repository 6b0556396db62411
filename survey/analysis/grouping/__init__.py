"""Rows read once: equal rows are counted, and the counts go through the same `estimate` as the rows."""

from survey.analysis.grouping.memory import Answered, Groups, group

__all__ = ["Answered", "Groups", "group"]
