"""Codes that people copy by hand: of invitations and of receipts, like "7K3M-XQ2R-9TBD".

Their letters can't be confused when read aloud or written down, and the last one checks the others. Eleven drawn ones
make so many codes that trying them finds none, however long somebody tries; so nothing needs to count who tries.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
"""Without 0 and O, 1, I and L, U and V."""
_DRAWN = 11
_GROUP = 4
_ENOUGH = 128
"""Random bits that are more than `_DRAWN` letters hold."""


def drawn_code() -> str:
    """A random code that nobody can foresee."""
    return code_of(secrets.randbits(_ENOUGH))


def code_of(number: int) -> str:
    """The code of a random number of at least 64 bits."""
    letters = []
    for _ in range(_DRAWN):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return _grouped("".join(letters) + _check("".join(letters)))


def read_code(text: str) -> str | None:
    """The code that somebody typed, however spaced, in whichever case and width; None when a letter must be wrong."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())
    if len(letters) != _DRAWN + 1 or any(letter not in LETTERS for letter in letters):
        return None
    return _grouped(letters) if letters[-1] == _check(letters[:-1]) else None


def invitation_hash(secret: str, code: str) -> str:
    """What is stored of an invitation's code."""
    return keyed_hash(secret, f"invitation hash {code}")


def keyed_hash(secret: str, text: str) -> str:
    """HMAC-SHA-256 (hex): without the server's key it can't be tried out."""
    return hmac.digest(secret.encode(), text.encode(), hashlib.sha256).hex()


def _check(letters: str) -> str:
    """Sum weighted by place, modulo the size of the alphabet, which is a prime."""
    total = sum((place + 2) * LETTERS.index(letter) for place, letter in enumerate(letters))
    return LETTERS[total % len(LETTERS)]


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))
