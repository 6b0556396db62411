"""The respondent's side of the web: one blueprint, its routes in a file for each journey."""

from survey.web.respond import interview, invitation, offline, paradata, receipt
from survey.web.respond.common import blueprint, reader_language

__all__ = ["blueprint", "interview", "invitation", "offline", "paradata", "reader_language", "receipt"]
