"""Receipt codes: what a respondent keeps to withdraw the answers later.

A code is derived with the server's key from the submission, so that sending it again gives the same code and the server
keeps only a keyed hash of it. Its letters can't be confused when read aloud or written down, and the last one checks
the others.
"""

from __future__ import annotations

import hashlib
import hmac

LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
"""Without 0 and O, 1, I and L, U and V."""
_DRAWN = 11
_GROUP = 4


def receipt_code(secret: str, submission_id: str, fingerprint: str) -> str:
    """The code of a submission with this content, like "7K3M-XQ2R-9TBD"."""
    digest = hmac.digest(secret.encode(), f"receipt {submission_id} {fingerprint}".encode(), hashlib.sha256)
    number = int.from_bytes(digest[:16])
    letters = []
    for _ in range(_DRAWN):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return _grouped("".join(letters) + _check("".join(letters)))


def read_code(text: str) -> str | None:
    """The code that somebody typed, however spaced and in whichever case; None when a letter must be wrong."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(letters) != _DRAWN + 1 or any(letter not in LETTERS for letter in letters):
        return None
    return _grouped(letters) if letters[-1] == _check(letters[:-1]) else None


def receipt_hash(secret: str, code: str) -> str:
    """What is stored of a code: without the server's key it can't be tried out."""
    return hmac.digest(secret.encode(), f"receipt hash {code}".encode(), hashlib.sha256).hex()


def _check(letters: str) -> str:
    """Sum weighted by place, modulo the size of the alphabet, which is a prime."""
    total = sum((place + 2) * LETTERS.index(letter) for place, letter in enumerate(letters))
    return LETTERS[total % len(LETTERS)]


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))
