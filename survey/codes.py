"""Codes that people copy by hand: of invitations and of receipts, like "7K3M-XW2R-9TPD".

No two of their letters look alike in print or handwriting, and the last one checks the others. Eleven drawn ones make
so many codes that trying them while a wave is open finds next to none; so nothing needs to count who tries.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

LETTERS = "23456789ACDEFHJKMPRTWXY"
"""Of those that look alike, one or none: without 0, O and Q, 1, I and L, U and V, N, and B, G, S, Z, read as digits."""
_READ_AS = str.maketrans("BGSZ", "8652")
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
    """The code that somebody typed, however spaced, in whichever case and width; None when a letter must be wrong.

    A letter that looks like a digit is read as that digit.
    """
    typed = unicodedata.normalize("NFKC", text).upper().translate(_READ_AS)
    letters = "".join(letter for letter in typed if letter.isalnum())
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
