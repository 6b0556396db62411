"""Korean breaks lines between words, which the PDF library does not know: short words are held together."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_HANGUL = re.compile("[\uac00-\ud7a3]{2}")
_BRACKET = re.compile(r"(?=\()")
_PARTS = re.compile("(?=（)|(?<=%)")
_HEAD = 9
_CHINESE, _NARROW = 0x2E7F, 0.6
"""From where on signs are as wide as high, and how wide others are beside them."""
LONGEST = 14
"""Characters of a word that fit any line of running text without leaving gaps."""


def held(text: str, language: str, longest: int = LONGEST) -> Markup:
    """`text` as HTML; a Korean word of at most `longest` characters is never broken; a line feed breaks the line."""
    lines = text.split("\n")
    if language == "ko":
        return Markup("<br>").join(Markup(" ").join(_held(word, longest) for word in line.split(" ")) for line in lines)
    return Markup("<br>").join(escape(line) for line in lines)


def head(text: str, language: str, longest: int) -> Markup:
    """The head of a narrow column as HTML.

    Chinese ones break before a bracket and after a per cent sign only, English ones between words and never at a dash;
    what is longer than `longest` breaks anywhere.
    """
    match language:
        case "zh":
            return Markup("<wbr>").join(_kept(part, longest) for part in parts(text))
        case "en":
            return Markup(" ").join(_kept(part, longest) for part in text.split(" "))
        case _:
            return held(text, language, longest)


def parts(text: str) -> list[str]:
    """The parts of a Chinese head that stay together: before and after a bracket or a per cent sign."""
    return _PARTS.split(text)


def _kept(part: str, longest: int) -> Markup:
    signs = sum(1.0 if ord(sign) > _CHINESE else _NARROW for sign in part)
    whole = len(part) <= _HEAD and signs <= longest
    return Markup('<span class="word">{}</span>').format(part) if whole else escape(part)


def _held(word: str, longest: int) -> Markup:
    """A word with its particle; what stands in brackets behind it may go to the next line."""
    pieces = _BRACKET.split(word)
    return Markup("<wbr>").join(
        Markup('<span class="word">{}</span>').format(piece)
        if len(piece) <= longest and _HANGUL.search(piece)
        else escape(piece)
        for piece in pieces
    )
