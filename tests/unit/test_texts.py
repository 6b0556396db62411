"""No text reaches a reader untranslated, and no catalogue keeps a text that nobody says."""

import re
import string
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from texts import LANGUAGES, extracted  # noqa: E402

HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")
PERCENT = re.compile(r"%\((\w+)\)[sd]")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"))


def said() -> set[str]:
    return {m.id if isinstance(m.id, str) else m.id[0] for m in extracted() if m.id}


def whole(entry: polib.POEntry) -> str:
    return "\n".join([entry.msgstr, *entry.msgstr_plural.values()])


def placeholders(text: str) -> set[str]:
    named = {field for _, field, _, _ in string.Formatter().parse(text.replace("%", "")) if field}
    return named | set(PERCENT.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_holds_exactly_the_texts_that_are_said(language):
    assert {entry.msgid for entry in catalogue(language)} == said(), "run `make texts`"


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_every_text_is_translated(language):
    entries = catalogue(language)
    assert [e.msgid for e in entries if not e.translated()] == []
    assert [e.msgid for e in entries if "fuzzy" in e.flags] == []


@pytest.mark.parametrize("language", ["zh", "ko"])
def test_translations_keep_the_placeholders(language):
    for entry in catalogue(language):
        for translated in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translated:
                assert placeholders(translated) == placeholders(entry.msgid), entry.msgid


def test_no_language_strays_into_another():
    for entry in catalogue("zh"):
        assert not HANGUL.search(whole(entry).replace("한국어", "")), entry.msgid
    for entry in catalogue("ko"):
        assert HANGUL.search(whole(entry)) or not re.search(r"[a-z]{3} [a-z]{3}", entry.msgid), entry.msgid
