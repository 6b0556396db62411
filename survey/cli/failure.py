"""What the shell sees when a command cannot do its work: one clear message and a status, never a stack trace."""

from __future__ import annotations

import click

from survey.analysis.errors import AnalysisError
from survey.config import ConfigurationError
from survey.questionnaire.errors import DefinitionError
from survey.report.errors import ReportError
from survey.storage.errors import StorageError

FAMILIES = (AnalysisError, ConfigurationError, DefinitionError, ReportError, StorageError, OSError)


class Failure(click.ClickException):
    """Ends the command with status 2."""

    exit_code = 2


class Commands(click.Group):
    """A group whose commands end in a `Failure` on an error that one of our families names."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except FAMILIES as error:
            raise Failure(_said(error)) from error


def _said(error: Exception) -> str:
    """The message; what the system says about a file without its number."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)
