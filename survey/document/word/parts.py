"""The parts of a Word document that python-docx has no word for: fields, bookmarks, fonts by script, repeated heads."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

# Named, never shipped: every Chinese, Korean or English Windows has them, and other systems put their own in place.
SERIF = {"zh": ("Times New Roman", "仿宋"), "en": ("Times New Roman", "宋体"), "ko": ("Times New Roman", "바탕")}
SANS = {"zh": ("Arial", "黑体"), "en": ("Arial", "宋体"), "ko": ("Arial", "맑은 고딕")}
_LATER = {
    "w:pBdr": (
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:kinsoku",
        "w:wordWrap",
        "w:overflowPunct",
        "w:topLinePunct",
        "w:autoSpaceDE",
        "w:autoSpaceDN",
        "w:bidi",
        "w:adjustRightInd",
        "w:snapToGrid",
        "w:spacing",
        "w:ind",
        "w:contextualSpacing",
        "w:mirrorIndents",
        "w:suppressOverlap",
        "w:jc",
        "w:outlineLvl",
        "w:rPr",
    ),
    "w:tblBorders": ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription"),
    "w:tblCellMar": ("w:tblLook", "w:tblCaption", "w:tblDescription"),
    "w:tcBorders": ("w:shd", "w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark"),
    "w:updateFields": (
        "w:hdrShapeDefaults",
        "w:footnotePr",
        "w:endnotePr",
        "w:compat",
        "w:docVars",
        "w:rsids",
        "m:mathPr",
        "w:themeFontLang",
        "w:clrSchemeMapping",
        "w:shapeDefaults",
        "w:decimalSymbol",
        "w:listSeparator",
    ),
}
"""What the schema lets stand only after an element of ours (ISO/IEC 29500-1: CT_PPr, CT_TblPr, CT_TcPr …)."""
_LATER["w:shd"] = tuple(name for name in (*_LATER["w:pBdr"], *_LATER["w:tcBorders"]) if name != "w:shd")

CHINESE_MARKS = frozenset({"仿宋", "黑体"})
LANGUAGE = {"zh": ("en-US", "zh-CN"), "en": ("en-GB", "zh-CN"), "ko": ("en-US", "ko-KR")}


def element(name: str, /, **attributes: str) -> BaseOxmlElement:
    """An element of the main vocabulary: `element("w:tab", val="right")`."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def place(owner: BaseOxmlElement, child: BaseOxmlElement) -> None:
    """Puts an element where the schema wants it among its siblings."""
    name = f"w:{child.tag.rpartition('}')[2]}"
    owner.insert_element_before(child, *_LATER[name])


def style_letters(
    style: ParagraphStyle, fonts: tuple[str, str], size: float, bold: bool = False, ink: str = "16212B"
) -> None:
    """Fonts for Latin and for Chinese or Korean letters, size in points, weight and colour of a style."""
    latin, eastern = fonts
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(ink)
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts_of = element("w:rFonts", ascii=latin, hAnsi=latin, cs=latin, eastAsia=eastern)
    if eastern in CHINESE_MARKS:
        fonts_of.set(qn("w:hint"), "eastAsia")  # Quotation marks as wide as the letters around them.
    properties.insert(0, fonts_of)


def speak(document: WordDocument, language: str) -> None:
    """The language of the whole text, for spelling, line breaking and screen readers."""
    western, eastern = LANGUAGE[language]
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for old in defaults.iter(qn("w:lang")):
        for name, value in (("val", western), ("eastAsia", eastern)):
            old.set(qn(f"w:{name}"), value)


def add_field(paragraph: Paragraph, instruction: str, shown: str = "") -> None:
    """A field that Word fills in, with what stands there until it does."""
    for kind in ("begin", None, "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind is None:
            text = element("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)
        elif kind == "shown":
            run.text = shown
        else:
            run._r.append(element("w:fldChar", fldCharType=kind))


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Makes the paragraph a place that fields and links can name."""
    start = element("w:bookmarkStart", id=str(number), name=name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(element("w:bookmarkEnd", id=str(number)))


def add_link(paragraph: Paragraph, name: str, text: str) -> None:
    """A link to a bookmark."""
    link = element("w:hyperlink", anchor=name, history="1")
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


def update_fields_when_opened(document: WordDocument) -> None:
    """Word asks once whether to fill in the page numbers of the contents."""
    place(document.settings.element, element("w:updateFields", val="true"))


def repeat_head(row: _Row) -> None:
    """The row stands at the top of every page of its table."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader", val="true"))


def keep_whole(row: _Row) -> None:
    """The row is not broken across pages."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit", val="true"))


def keep_with_next(row: _Row) -> None:
    """The row stands on the page of what follows it."""
    for paragraph in row.cells[0].paragraphs:
        paragraph.paragraph_format.keep_with_next = True


def add_ground(owner: BaseOxmlElement, colour: str) -> None:
    """A ground colour for a cell's or a paragraph's properties."""
    place(owner, element("w:shd", val="clear", color="auto", fill=colour))


def shade(cell: _Cell, colour: str) -> None:
    """A ground colour for the cell."""
    add_ground(cell._tc.get_or_add_tcPr(), colour)


def draw_rules(owner: BaseOxmlElement, kind: str, **rules: tuple[str, int]) -> None:
    """Lines at the sides of a table ("w:tblBorders"), cell ("w:tcBorders") or paragraph ("w:pBdr").

    `rules` gives for each side the line's kind and width in eighths of a point.
    """
    borders = element(kind)
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in rules:
            line, width = rules[side]
            borders.append(element(f"w:{side}", val=line, sz=str(width), space="0", color="6B7983"))
    place(owner, borders)


def narrow_cells(properties: BaseOxmlElement, twentieths: int) -> None:
    """Space at the left and right of a table's cells, in twentieths of a point."""
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=str(twentieths), type="dxa"))
    place(properties, margins)


def set_widths(cells: list[_Cell], widths: list[Length]) -> None:
    """The widths of a row's cells."""
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width
