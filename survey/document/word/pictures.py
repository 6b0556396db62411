"""Vector plots as PNG for Word, through the library that prints them in the PDF: the two show the same picture."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from html import escape

import pypdfium2
from weasyprint import HTML

from survey.document.model import Picture
from survey.document.pdf.plots import printed

ENLARGED = 2.4
"""Pixels for each point of the plot: about 290 to the inch at the width of a page."""


def pngs(pictures: Sequence[Picture], language: str) -> Iterator[bytes]:
    """The pictures in turn."""
    if not pictures:
        return
    pages = pypdfium2.PdfDocument(HTML(string=_sheets(pictures, language)).write_pdf())
    try:
        for number in range(len(pages)):
            page = pages[number]
            content = io.BytesIO()
            page.render(scale=ENLARGED).to_pil().convert("P", palette=1, colors=64).save(
                content, "PNG", optimize=True, dpi=(300, 300)
            )
            page.close()
            yield content.getvalue()
    finally:
        pages.close()


def _sheets(pictures: Sequence[Picture], language: str) -> str:
    """One page for each picture, as large as the picture."""
    rules, sheets = [], []
    for number, picture in enumerate(pictures):
        plot = printed(picture.svg, language)
        rules.append(f"@page p{number}{{size:{plot.width}px {plot.height}px;margin:0}}#p{number}{{page:p{number}}}")
        sheets.append(f'<div id="p{number}">{plot.svg}</div>')
    style = "body{margin:0}div{break-after:page}svg{display:block}" + "".join(rules)
    return f"<html lang={escape(language)}><style>{style}</style><body>{''.join(sheets)}</body></html>"
