"""The styles of a Word report: named ones that an editor can change for the whole document at once."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from survey.document.word.parts import SANS, SERIF, add_ground, draw_rules, speak, style_letters

_CENTRE, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
_CAUTION = "7A4B00"
_QUIET = "4A5863"


def define_styles(word: WordDocument, language: str) -> None:
    """Fonts, sizes and spaces of every style the report uses."""
    speak(word, language)
    serif, sans = SERIF[language], SANS[language]
    style_letters(_style(word, "Normal"), serif, 11.5)
    for name, fonts, size, bold in (
        ("Title", sans, 25, True),
        ("Subtitle", sans, 18, False),
        ("Place", sans, 18, True),
        ("Date", serif, 13, False),
        ("Contents Heading", sans, 17, True),
        ("Contents 1", sans, 10.5, False),
        ("Contents 2", serif, 9.5, False),
        ("Heading 1", sans, 17, True),
        ("Heading 2", sans, 13.5, True),
        ("Body Text", serif, 11.5, False),
        ("List Bullet", serif, 11.5, False),
        ("Caption", sans, 10.5, True),
        ("Figure", serif, 11.5, False),
        ("Cell", sans, 8.5, False),
        ("Cell Head", sans, 8, True),
        ("Fact", serif, 10.5, False),
        ("Header", sans, 9, False),
        ("Footer", serif, 12, False),
    ):
        style_letters(_style(word, name), fonts, size, bold)
    style_letters(_style(word, "Note"), sans, 8.5, ink=_QUIET)
    style_letters(_style(word, "Band"), sans, 10, bold=True, ink=_CAUTION)
    _space(word, language)
    _draw(word)


def _style(word: WordDocument, name: str) -> ParagraphStyle:
    """The style of this name; made when the template has none."""
    known = {style.name for style in word.styles}
    if name in known:
        found = word.styles[name]
    else:
        found = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        found.base_style = word.styles["Normal"]
    if not isinstance(found, ParagraphStyle):
        raise TypeError(f"{name!r} is not a style of paragraphs")
    return found


def _space(word: WordDocument, language: str) -> None:
    """Space before and after in points, and alignment."""
    for name, before, after, alignment in (
        ("Normal", 0, 0, _LEFT),
        ("Title", 100, 20, _CENTRE),
        ("Subtitle", 12, 4, _CENTRE),
        ("Place", 0, 90, _CENTRE),
        ("Date", 40, 0, _CENTRE),
        ("Contents Heading", 0, 8, _CENTRE),
        ("Contents 1", 1.5, 0, _LEFT),
        ("Contents 2", 0, 0, _LEFT),
        ("Heading 1", 24, 12, _LEFT),
        ("Heading 2", 16, 6, _LEFT),
        ("Body Text", 0, 6, _LEFT),
        ("List Bullet", 0, 2, _LEFT),
        ("Figure", 6, 0, _CENTRE),
        ("Caption", 6, 4, _CENTRE),
        ("Cell", 1.2, 1.2, _LEFT),
        ("Cell Head", 1.2, 1.2, _LEFT),
        ("Fact", 3, 3, _LEFT),
        ("Note", 3, 0, _LEFT),
        ("Band", 3, 3, _CENTRE),
    ):
        layout = _style(word, name).paragraph_format
        layout.space_before, layout.space_after, layout.alignment = Pt(before), Pt(after), alignment
    body, points = (1.25, 1.15) if language == "en" else (1.4, 1.25)
    _style(word, "Body Text").paragraph_format.line_spacing = body
    _style(word, "List Bullet").paragraph_format.line_spacing = points
    for name in ("Contents 1", "Contents 2"):
        _style(word, name).paragraph_format.line_spacing = Pt(13)  # All of them fit one page.
    _style(word, "Contents 2").paragraph_format.left_indent = Mm(8)
    for name in ("Heading 1", "Heading 2", "Figure", "Caption"):
        _style(word, name).paragraph_format.keep_with_next = True
    if language == "zh":
        _style(word, "Body Text").paragraph_format.first_line_indent = Pt(23)


def _draw(word: WordDocument) -> None:
    band = _style(word, "Band").element.get_or_add_pPr()
    draw_rules(band, "w:pBdr", top=("dashed", 8), bottom=("dashed", 8), left=("dashed", 8), right=("dashed", 8))
    add_ground(band, "FFF3DC")
    title = _style(word, "Title").element.get_or_add_pPr()
    for old in list(title):
        if old.tag.endswith("}pBdr"):
            title.remove(old)
    draw_rules(title, "w:pBdr", bottom=("single", 16))
