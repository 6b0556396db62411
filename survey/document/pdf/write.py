"""A report as PDF: tagged (PDF/UA-1), with the fonts in it.

WeasyPrint and the fonts it loads weigh more than everything else a web worker holds, so that only the `report` command
and the process that `survey.document.render` starts import this module.
"""

from __future__ import annotations

import base64

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from weasyprint import HTML

from survey.document.model import Column, Document, Picture
from survey.document.pdf.plots import printed
from survey.document.pdf.words import head, held

VARIANT = "pdf/ua-1"
_TAGS = {"zh": "zh-Hans-CN", "en": "en-GB", "ko": "ko-KR"}
_SIGNS_UPRIGHT, _SIGNS_ACROSS = 52, 88
"""Full-width characters that fit a table on an upright page and on one across, whose letters are smaller."""


def pdf(document: Document) -> bytes:
    """The whole report as PDF."""
    written = HTML(string=page(document)).write_pdf(pdf_variant=VARIANT, pdf_tags=True)
    return bytes(written)


def page(document: Document) -> str:
    """The report as the one HTML document that the PDF is printed from."""
    language = document.language
    environment = Environment(
        loader=PackageLoader("survey.document.pdf"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("report.html")
    return template.render(
        document=document,
        tag=_TAGS[language],
        style=Markup(environment.get_template("report.css").render(document=document, quoted=_quoted)),
        kind=lambda block: type(block).__name__,
        image=lambda picture: _image(picture, language),
        text=lambda words: held(words, language),
        cell=lambda words, column, across: held(words, language, _fitting(column, across)),
        head=lambda column, across: head(column.head, language, _fitting(column, across)),
    )


def _image(picture: Picture, language: str) -> str:
    svg = printed(picture.svg, language).svg
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _fitting(column: Column, across: bool) -> int:
    return max(1, int(column.width * (_SIGNS_ACROSS if across else _SIGNS_UPRIGHT)))


def _quoted(text: str) -> Markup:
    """`text` as a CSS string."""
    return Markup('"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("<", "\\3C ") + '"')
