"""What the bureau sees: waves at a glance, measures, groups, streets, modes, priorities, and the files."""

from survey.web.results import detail, files, pages
from survey.web.results.shown import blueprint

__all__ = ["blueprint", "detail", "files", "pages"]
