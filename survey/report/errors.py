"""What can stand in the way of results; the messages are for the log, the pages say it in the reader's language."""


class ReportError(Exception):
    """Results cannot be given as asked."""


class NoAnswers(ReportError):
    """Nobody of the sample has answered yet."""


class TooFewForPublic(NoAnswers):
    """So few answered that no row is like enough others for a public file."""


class UnknownMeasure(ReportError):
    """The wave has no measure of this id."""


class UnknownGrouping(ReportError):
    """The wave cannot be looked at by groups of this id."""


class UnknownEnding(ReportError):
    """A file ending no writer exists for; the message names those that do."""


class WeightingImpossible(ReportError):
    """The margins cannot be met even after the stated fallbacks; the message names the margin."""
