"""What stands in a cell of a file, as a text."""

from __future__ import annotations

from datetime import date, datetime
from unicodedata import category, normalize


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
            return _seen(normalize("NFC", str(value))).strip()


def _seen(text: str) -> str:
    """The text without control characters and halves of characters, which no database keeps and nobody reads."""
    if text.isprintable():
        return text
    return "".join(sign for sign in text if sign in "\n\t" or category(sign) not in ("Cc", "Cs"))
