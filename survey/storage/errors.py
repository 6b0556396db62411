"""What can go wrong in storage; each message says what and where."""

from __future__ import annotations


class StorageError(Exception):
    """Root of the family."""


class DatabaseUnusable(StorageError):
    """The database cannot be opened, read or written as it is."""


class DatabaseBusy(DatabaseUnusable):
    """Somebody else held the database too long; the same work may succeed when tried again."""


class UnknownWave(StorageError):
    """No wave has this id."""


class UnknownQuestionnaire(StorageError):
    """No such questionnaire was published."""


class AlreadyExists(StorageError):
    """Something else is kept under this name, and what is kept is never changed."""


class WrongState(StorageError):
    """A wave goes from planned to open to closed, and never back."""


class WaveNotOpen(WrongState):
    """Answers come and go only while their wave is open."""


class OtherQuestionnaire(StorageError):
    """The answers belong to another questionnaire version than the wave asks."""


class UnknownInvitation(StorageError):
    """No invitation of the wave has this code."""


class InvitationUsed(StorageError):
    """The invitation was answered already."""


class SampleTooRevealing(StorageError):
    """So few invitations share what their answers carry that an answer would point to one of them."""
