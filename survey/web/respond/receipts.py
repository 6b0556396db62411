"""Receipt codes: what a respondent keeps to withdraw the answers later.

A code is derived with the server's key from the submission, so that sending it again gives the same code and the server
keeps only a keyed hash of it.
"""

from __future__ import annotations

from survey.codes import code_of, keyed_hash


def receipt_code(secret: str, submission_id: str, fingerprint: str) -> str:
    """The code of a submission with this content, like "7K3M-XW2R-9TPD"."""
    return code_of(int(keyed_hash(secret, f"receipt {submission_id} {fingerprint}")[:32], 16))


def receipt_hash(secret: str, code: str) -> str:
    """What is stored of a code."""
    return keyed_hash(secret, f"receipt hash {code}")
