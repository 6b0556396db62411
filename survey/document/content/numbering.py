"""Numbers of chapters, tables and figures, as official documents of each language write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from survey.document.model import Block, Chapter, Picture, Table
from survey.language import Say

_CHINESE = "零一二三四五六七八九十"
_KOREAN = "가나다라마바사아자차카타파하"


@dataclass(slots=True)
class Numbering:
    """Gives the next number of its kind; one for each document."""

    language: str
    say: Say
    _chapter: int = 0
    _section: int = 0
    _tables: Iterable[int] = field(default_factory=lambda: count(1))
    _figures: Iterable[int] = field(default_factory=lambda: count(1))

    def chapter(self, title: str, *blocks: Block, wide: bool = False) -> Chapter:
        """The next chapter."""
        self._chapter, self._section = self._chapter + 1, 0
        number = {"zh": f"{_chinese(self._chapter)}、", "ko": f"{self._chapter}. "}.get(
            self.language, f"{self._chapter}  "
        )
        return Chapter(
            id=f"c{self._chapter}", number=number, title=title, level=1, blocks=blocks, fresh=True, wide=wide
        )

    def section(self, title: str, *blocks: Block, fresh: bool = False) -> Chapter:
        """The next section of the present chapter; one whose figure has its table below begins a page."""
        self._section += 1
        number = {"zh": f"（{_chinese(self._section)}）", "ko": f"{_KOREAN[(self._section - 1) % 14]}. "}.get(
            self.language, f"{self._chapter}.{self._section}  "
        )
        name = f"c{self._chapter}_{self._section}"  # Word takes no hyphen in the name of a bookmark.
        numbered = [block for block in blocks if isinstance(block, Picture | Table)]
        fresh = fresh or isinstance(next(iter(numbered), None), Picture)
        return Chapter(id=name, number=number, title=title, level=2, blocks=blocks, fresh=fresh)

    def table(self) -> str:
        """The next table's label."""
        return self.say("Table %(number)s") % {"number": next(iter(self._tables))}

    def figure(self) -> str:
        """The next figure's label."""
        return self.say("Figure %(number)s") % {"number": next(iter(self._figures))}


def _chinese(number: int) -> str:
    """1–99 in Chinese."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _CHINESE[ones]
    return (_CHINESE[tens] if tens > 1 else "") + "十" + (_CHINESE[ones] if ones else "")
