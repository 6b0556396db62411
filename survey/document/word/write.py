"""A report as a Word document: real headings and captions, repeated heads of tables, alternative texts of pictures.

Like the PDF, it is written only by the `report` command and by the process that `survey.document.render` starts.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import docx as library
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from survey.document.model import Block, Chapter, Document, Facts, Paragraph, Picture, Points, Table
from survey.document.word.parts import add_field, add_link, bookmark, update_fields_when_opened
from survey.document.word.pictures import pngs
from survey.document.word.styles import define_styles
from survey.document.word.tables import add_facts, add_table

ACROSS, DOWN = 210, 297
"""A4, in mm."""
WIDTH, WIDE = 160, 250
"""Of the text, in mm: upright and across the page."""
PLOT = 140
"""Width of a plot in mm: a little less than the text, so that its table ends on the same page."""


def docx(document: Document) -> bytes:
    """The whole report as DOCX."""
    word = library.Document()
    define_styles(word, document.language)
    word.core_properties.title = document.title
    word.core_properties.comments = ""
    word.core_properties.language = document.language
    _lay_out(word, wide=False)
    _dress(word, document)
    _add_cover(word, document)
    _add_contents(word, document)
    pictures = pngs(tuple(_pictures(document)), document.language)
    _add_chapters(word, document.chapters, pictures)
    update_fields_when_opened(word)
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


def _pictures(document: Document) -> Iterator[Picture]:
    for chapter in document.chapters:
        for block in chapter.blocks:
            if isinstance(block, Picture):
                yield block


def _lay_out(word: WordDocument, wide: bool) -> None:
    section = word.sections[-1]
    size = (Mm(DOWN), Mm(ACROSS)) if wide else (Mm(ACROSS), Mm(DOWN))
    section.page_width, section.page_height = size
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = (Mm(24), Mm(23)) if wide else (Mm(26), Mm(24))
    section.top_margin, section.bottom_margin = (Mm(26), Mm(22)) if wide else (Mm(30), Mm(25))
    section.header_distance = section.footer_distance = Mm(13)


def _dress(word: WordDocument, document: Document) -> None:
    """What stands on every page but the cover: the band or the title, and the page's number."""
    section = word.sections[0]
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.text = document.band or f"{document.cover.title} · {document.cover.place}"
    head.style = "Band" if document.band else "Header"
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    add_field(foot, "PAGE", "1")
    foot.add_run(" —")


def _add_cover(word: WordDocument, document: Document) -> None:
    cover = document.cover
    if document.band:
        word.add_paragraph(document.band, "Band")
    add_facts(word, cover.marks, (Mm(28), Mm(50)), "right")
    for text, style in ((cover.title, "Title"), (cover.kind, "Subtitle"), (cover.place, "Place")):
        word.add_paragraph(text, style)
    add_facts(word, cover.facts, (Mm(44), Mm(100)), "center")
    word.add_paragraph(cover.date, "Date").add_run().add_break(WD_BREAK.PAGE)


def _add_contents(word: WordDocument, document: Document) -> None:
    """The contents: links with the page numbers of their places."""
    word.add_paragraph(document.contents, "Contents Heading")
    for chapter in document.chapters:
        line = word.add_paragraph(style=f"Contents {chapter.level}")
        line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        add_link(line, chapter.id, chapter.number + chapter.title)
        line.add_run("\t")
        add_field(line, f"PAGEREF {chapter.id} \\h", " ")


def _add_chapters(word: WordDocument, chapters: Sequence[Chapter], pictures: Iterator[bytes]) -> None:
    """The chapters, those across the page in sections of their own."""
    across = False
    for number, chapter in enumerate(chapters):
        turned = chapter.wide != across
        if turned:
            word.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = False  # only the cover has none
            _lay_out(word, wide=chapter.wide)
        across = chapter.wide
        heading = word.add_paragraph(chapter.number + chapter.title, f"Heading {chapter.level}")
        if chapter.fresh:
            heading.paragraph_format.page_break_before = not turned
            heading.paragraph_format.space_before = Pt(0)
        bookmark(heading, chapter.id, number)
        for block in chapter.blocks:
            _add_block(word, block, WIDE if chapter.wide else WIDTH, pictures)


def _add_block(word: WordDocument, block: Block, width: int, pictures: Iterator[bytes]) -> None:
    match block:
        case Paragraph(text=text):
            word.add_paragraph(text, "Body Text")
        case Points(items=items):
            for item in items:
                word.add_paragraph(item, "List Bullet")
        case Facts():
            add_facts(word, block, (Mm(52), Mm(width - 52)))
        case Table():
            add_table(word, block, width)
        case Picture():
            _add_picture(word, block, next(pictures))


def _add_picture(word: WordDocument, picture: Picture, content: bytes) -> None:
    holder: WordParagraph = word.add_paragraph(style="Figure")
    shape = holder.add_run().add_picture(io.BytesIO(content), width=Mm(PLOT))
    properties = shape._inline.docPr
    properties.set("descr", picture.alternative)
    properties.set("title", picture.label)
    caption = word.add_paragraph(f"{picture.label}  {picture.caption}", "Caption")
    caption.paragraph_format.keep_with_next = False
