"""What stands in a cell of a file, as a text."""

from __future__ import annotations

from datetime import date, datetime
from unicodedata import normalize


def text_of(value: object) -> str:
    """A cell as text: whole numbers without a decimal point, nothing for nothing, texts composed and trimmed."""
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case float() if value != value:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
        case _:
            return normalize("NFC", str(value)).strip()
