"""What can stand in the way of a report."""

from survey.report.errors import ReportError


class UnknownDistrict(ReportError):
    """The wave has no such district; the message names those it has."""


class WritingFailed(ReportError):
    """A library could not write the document; the message says what is missing."""
