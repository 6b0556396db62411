"""What the WSGI server may log of a request that it could not read: that there was one."""

from __future__ import annotations

import logging

from gunicorn.config import Config
from gunicorn.glogging import Logger

_ABOUT_A_REQUEST = {
    "Invalid request": "A request could not be read and was refused.",
    "Error handling request": "A request could not be answered.",
}
"""How gunicorn begins to tell of a request → what we log of it."""


def without_visitor(record: logging.LogRecord) -> bool:
    """Leave out the visitor's address, the page asked for (it may hold an invitation's code) and what was sent."""
    said = str(record.msg)
    for begins, instead in _ABOUT_A_REQUEST.items():
        if said.startswith(begins):
            record.msg, record.args = instead, ()
    return True


class DiscreetLogger(Logger):
    """Gunicorn's log without visitors."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.addFilter(without_visitor)
