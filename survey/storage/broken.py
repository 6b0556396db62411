"""What a driver's error means for a person."""

from __future__ import annotations

from survey.storage.errors import DatabaseBusy, DatabaseUnusable

_UNUSABLE = {
    "file is not a database": "is not a database: the file holds something else.",
    "malformed": "is damaged: restore it from a backup.",
    "unable to open": "cannot be opened: check that the file is there and that this user may read and write it.",
    "readonly database": "cannot be written: check that this user may write the file and its folder.",
    "attempt to write a readonly": "cannot be written: check that this user may write the file and its folder.",
    "read-only transaction": "cannot be written: the server allows reading only.",
    "disk I/O error": "cannot be read or written: the disk reports an error.",
    "is full": "cannot be written: the disk is full.",
    "No space left": "cannot be written: the disk is full.",
    "no such table": "has not the tables of this version: run `survey migrate` to bring it up to date.",
    "no such column": "has not the tables of this version: run `survey migrate` to bring it up to date.",
    'role "': "refuses this user.",
    "does not exist": "is not there or has not the tables of this version: create it and run `survey migrate`.",
    "password authentication failed": "refuses this user or password.",
    "permission denied": "does not let this user read or write its tables.",
    "too many clients": "has no free connection: it allows fewer than are asked for.",
}
_ABOUT_THE_ROW = {"IntegrityError", "DataError"}
"""Driver errors (PEP 249) that quote what was to be written, which may read like anything."""
_BUSY = ("is locked", "deadlock detected", "could not serialize", "canceling statement due to lock timeout")
_UNREACHABLE = ("connection", "could not translate host", "terminating", "server closed", "timeout expired")


def diagnosis(place: str, error: Exception) -> DatabaseUnusable | None:
    """What `error`, raised by the driver, says about the database at `place`; None when it is about the statement."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & _ABOUT_THE_ROW:
        return None
    said = str(error)
    for sign in _BUSY:
        if sign in said:
            return DatabaseBusy(f"{place} is busy: another program holds it. Try again.")
    for sign, meaning in _UNUSABLE.items():
        if sign in said:
            return DatabaseUnusable(f"{place} {meaning}")
    if "OperationalError" in kinds and any(sign in said for sign in _UNREACHABLE):
        return DatabaseUnusable(f"{place} cannot be reached: {said.splitlines()[0]}")
    return None
