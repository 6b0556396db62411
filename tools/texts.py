"""Brings translations/<language>/LC_MESSAGES/messages.po up to date with the texts in code and templates."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.svg", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true"}, "**/templates/**.svg": {"trimmed": "true"}}
KEYWORDS = {"_": None, "Message": None, "gettext": None, "ngettext": (1, 2), "say": None}
LANGUAGES = ("zh", "en", "ko")


def extracted() -> Catalog:
    """Every interface text in survey/, with the files (not lines: they move) where it is said."""
    catalog = Catalog(project="weihai-resident-survey", charset="utf-8")
    found = extract_from_dir(ROOT / "survey", METHODS, OPTIONS, keywords=KEYWORDS)
    for file, _line, message, _comments, context in found:
        catalog.add(message, locations=[(f"survey/{file}", 0)], context=context)
    return catalog


def main() -> int:
    """Update every catalogue; say what is still untranslated."""
    template = extracted()
    open_texts = 0
    for language in LANGUAGES:
        path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, sort_output=True, include_lineno=False, width=100, omit_header=False)
        missing = [m.id for m in catalog if m.id and not m.string] if language != "en" else []
        open_texts += len(missing)
        print(f"{language}: {len(catalog)} texts, {len(missing)} untranslated", *missing, sep="\n  ")  # noqa: T201
    return 1 if open_texts else 0


if __name__ == "__main__":
    sys.exit(main())
