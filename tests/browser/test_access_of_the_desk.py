"""Nobody is kept out of the results: axe finds no barrier on any page of the desk, in any language, narrow or wide."""

from __future__ import annotations

import pytest
from barriers import AXE, barriers
from open_survey import TOKEN, the_wave
from test_results_pages import LANGUAGES, PAGES, WIDTHS, address, desk

__all__ = ["desk"]
AROUND = (
    "results", f"exports/{the_wave().id}", f"reports/{the_wave().id}", "import", "years", "tasks", "tasks/9", "units",
    "results/nowhere", "tasks/999", "units/none", "sign-in",
    f"fieldwork/{the_wave().id}",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barrier_on_the_pages_of_the_desk(chromium, desk, language):
    context = chromium.new_context(base_url=desk.address, bypass_csp=True)
    page, problems = context.new_page(), []
    page.goto(f"/sign-in?token={TOKEN}")
    for path in (*(address(language, one) for one in PAGES), *(f"/{language}/{one}" for one in AROUND)):
        page.goto(path)
        page.evaluate(AXE.read_text("utf-8"))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            problems += [f"{path}, {width} px: {one}" for one in barriers(page)]
    context.close()
    assert problems == []
