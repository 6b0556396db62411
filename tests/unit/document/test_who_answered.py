"""Who answered, in a report: small counts are told no more exactly than on the pages."""

from __future__ import annotations

from dataclasses import replace

from small_city import questionnaire, sample, wave

from survey.document.compose import compose
from survey.document.model import Document, Line, Table
from survey.report.results import Sample, examine
from survey.wave.model import Channel, Mode


def answered() -> Sample:
    """Four on paper and as many in Korean, among four hundred."""
    rows = [
        replace(
            one, mode=Mode.PAPER if n % 100 == 0 else (Mode.PHONE, Mode.WEB)[n % 2], language="ko" if n < 4 else "zh"
        )
        for n, one in enumerate(sample())
    ]
    return examine(rows, wave(), questionnaire(), Channel.INVITED, "plan")


def table(document: Document, caption: str) -> dict[str, tuple[str, ...]]:
    (found,) = [
        block
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Table) and block.caption.startswith(caption)
    ]
    assert any("<30: fewer than that" in note for note in found.notes)
    return {line.cells[0]: line.cells[1:] for line in found.lines if isinstance(line, Line)}


def test_a_handful_is_told_as_few_and_what_would_give_it_away_by_a_sign() -> None:
    document = compose(answered(), None, "en")
    composition = table(document, "Respondents by language and district")
    assert composition["한국어"] == ("<30", "—")
    assert composition["中文"] == ("⊘", "—")
    assert composition["North"] == ("160", "40.0%")
    modes = table(document, "How residents answered")
    assert modes["Whole city"][2] == "—\n<30"
    assert {"4", "1"}.isdisjoint(cell for line in modes.values() for one in line for cell in one.split("\n"))
