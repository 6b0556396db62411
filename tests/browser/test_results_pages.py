"""Every page of a wave's results on a phone, on a desktop and on paper, in three languages and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from open_survey import house_of, open_app, the_wave
from playwright.sync_api import Page
from served import Served, serving

from survey.questionnaire.read import shipped
from survey.report.saying.charts import NAMES
from survey.simulation.submissions import Fieldwork, responses
from survey.storage.answers.responses import keep

LANGUAGES = ("zh", "en", "ko")
PAGES = (
    "", "/all", "/method", "/files", "/priorities", "/modes", "/group/age_group", "/group/residence_status",
    "/overall_satisfaction", "/safe_crime", "/safety/groups", "/overall_satisfaction/streets",
)  # fmt: skip
WIDTHS = (390, 1280)
HALO = 6
"""Pixels that the white outline of letters adds to their box."""
ROOM_BESIDE = 600
"""Pixels from which a plot has its names beside it (results.css)."""


@pytest.fixture(scope="module")
def desk(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real application with a simulated wave of a thousand answers."""
    app = open_app(new_database("sqlite"), tmp_path_factory.mktemp("desk"))
    with house_of(app).sessions.begin() as session:
        for number, one in enumerate(responses(the_wave(), shipped(), Fieldwork(size=1000))):
            keep(session, one, f"receipt {number}")
    with serving(app) as running:
        yield running


def address(language: str, path: str) -> str:
    return f"/{language}/results/{the_wave().id}{path}"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_its_window_and_names_its_pictures(
    open_at: Callable[[int], Page], language: str, width: int
) -> None:
    page = open_at(width)
    for path in PAGES:
        answer = page.goto(address(language, path))
        assert answer is not None
        assert answer.status == 200, path
        box = page.locator("html").bounding_box()
        assert box is not None
        assert box["width"] <= width, path
        assert page.locator("h1").count() == 1, path
        ids = re.findall(r'\sid="([^"]+)"', page.content())
        assert len(ids) == len(set(ids)), path
        for picture in page.locator("svg[role=img]").all():
            title, words = (picture.get_attribute("aria-labelledby") or "").split()
            assert page.locator(f"#{title}").text_content(), path
            assert page.locator(f"#{words}").text_content(), path
            inside = picture.bounding_box()
            assert inside is None or inside["x"] + inside["width"] <= width, path
        for plot in page.locator(".plot").all():  # in the shape that has room, and only in that
            room = plot.bounding_box()
            assert room is not None
            assert plot.locator("svg.stacked").is_visible() == (room["width"] < ROOM_BESIDE), path
            assert plot.locator("svg.beside").is_visible() == (room["width"] >= ROOM_BESIDE), path


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_on_a_tile_or_beside_a_point_is_cut_off(open_at: Callable[[int], Page], width: int) -> None:
    page = open_at(width)
    for language in LANGUAGES:
        page.goto(address(language, ""))
        for tile in page.locator("svg.tiles > g").all():
            frame = tile.locator("rect").first.bounding_box()
            assert frame is not None
            for words in tile.locator("text").all():
                box = words.bounding_box()
                assert box is not None
                assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, words.text_content()
        pictures = page.locator("svg.dots:visible").all()
        assert pictures
        for picture in pictures:
            whole = picture.bounding_box()
            assert whole is not None
            beside = "beside" in (picture.get_attribute("class") or "")
            for words in picture.locator("text").all():
                box = words.bounding_box()
                assert box is not None
                name = beside and words.get_attribute("x") == "0"
                end = whole["x"] + (NAMES / 100 if name else 1) * whole["width"]
                assert box["x"] + box["width"] <= end + HALO, words.text_content()


def test_a_figure_is_opened_and_leads_to_the_margins(open_at: Callable[[int], Page]) -> None:
    page = open_at(390)
    page.goto(address("en", ""))
    how = page.locator("section.districts details.how").first
    assert not how.locator("table").is_visible()
    how.locator("summary").click()
    assert how.get_by_text("Design effect").is_visible()
    how.get_by_role("link").click()
    assert page.locator("#margins").is_visible()


def test_from_the_glance_to_a_street_by_links_alone(open_at: Callable[[int], Page]) -> None:
    page = open_at(390)
    page.goto(address("en", ""))
    page.locator("h1 a").click()
    page.get_by_role("link", name="By street and town").click()
    assert "Small-area estimate" in page.content()
    page.get_by_role("link", name="Strengths and weaknesses").click()
    page.get_by_role("link", name="Groups", exact=True).click()
    assert page.locator("figure").count() >= 8


def test_printed_tables_are_open_and_menus_gone(open_at: Callable[[int], Page], tmp_path: Path) -> None:
    page = open_at(1280)
    page.goto(address("zh", ""))
    page.emulate_media(media="print")
    assert not page.locator("nav.pages").is_visible()
    assert page.locator("details.table table").first.is_visible()
    assert page.pdf(path=tmp_path / "page.pdf", format="A4").startswith(b"%PDF")
