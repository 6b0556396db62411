"""The languages of the survey: interface texts, and numbers, shares and dates as each language writes them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from survey.shipped import shipped

LANGUAGES = ("zh", "en", "ko")
NAMES = {"zh": "中文", "en": "English", "ko": "한국어"}
FALLBACK = "zh"
_LOCALES = {
    "zh": Locale("zh", script="Hans", territory="CN"),
    "en": Locale("en", territory="GB"),
    "ko": Locale("ko", territory="KR"),
}
COLON = {"zh": "：", "en": ": ", "ko": ": "}
_DASH = {"zh": "–", "en": "–", "ko": "~"}

Say = Callable[[str], str]


@cache
def texts(language: str) -> Translations:
    """The interface texts of a language, read from its .po file; KeyError for a language we do not speak."""
    locale = _LOCALES[language]
    with (shipped("translations") / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return Translations(compiled)


class Pseudo(Translations):
    """Says every text of the catalogues in ⟦brackets⟧ with accents: what stands on a page without them is in none."""

    def gettext(self, message: str) -> str:
        """The English text, marked and still to be read; placeholders stay as they are."""
        parts = _PLACEHOLDER.split(message)
        return (
            "⟦" + "".join(part if number % 2 else part.translate(_ACCENTS) for number, part in enumerate(parts)) + "⟧"
        )

    def ngettext(self, singular: str, plural: str, num: int) -> str:
        """The same of the English singular or plural."""
        return self.gettext(singular if num == 1 else plural)


_PLACEHOLDER = re.compile(r"(%\(\w+\)[sd]|%%)")
_ACCENTS = str.maketrans("aceilnorsuyzACEILNORSUYZ", "áçéíļñóŕśúýžÁÇÉÍĻÑÓŔŚÚÝŽ")


def say(language: str) -> Say:
    """A function that says an English interface text in `language`."""
    return texts(language).gettext


def preferred(accepted: Iterable[str], default: str = FALLBACK) -> str:
    """The first language we speak among `accepted` tags ("ko-KR", "en"), best first."""
    for tag in accepted:
        language = tag.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return default


def format_number(value: float, language: str, decimals: int = 0) -> str:
    """`value` with its thousands marked and exactly `decimals` decimals."""
    return numbers.format_decimal(value, _pattern(decimals), locale=_LOCALES[language])


def format_change(value: float, language: str, decimals: int = 0) -> str:
    """A signed difference: "+3", "−2", "0"."""
    shown = format_number(abs(value), language, decimals)
    if not any(digit in "123456789" for digit in shown):
        return shown
    return ("+" if value > 0 else "−") + shown


def format_share(share: float, language: str, decimals: int = 0) -> str:
    """A share between 0 and 1 in per cent."""
    return numbers.format_percent(share, _pattern(decimals, "%"), locale=_LOCALES[language])


@cache
def _pattern(decimals: int, sign: str = "") -> numbers.NumberPattern:
    return numbers.parse_pattern("#,##0" + ("." + "0" * decimals if decimals else "") + sign)


def format_interval(low: float, high: float, language: str, decimals: int = 0) -> str:
    """An interval of scores: "65.1–74.0"."""
    return format_number(low, language, decimals) + _DASH[language] + format_number(high, language, decimals)


def format_share_interval(low: float, high: float, language: str, decimals: int = 0) -> str:
    """An interval of shares, the sign once: "65–74%"."""
    return format_interval(100 * low, 100 * high, language, decimals) + "%"


def format_date(day: date, language: str) -> str:
    """A day in full: 2026年5月1日, 1 May 2026, 2026년 5월 1일."""
    return dates.format_date(day, "long", locale=_LOCALES[language])
