"""The pages over the years, of tasks and of units on a phone, on a desktop and on paper, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from open_survey import house_of, open_app
from playwright.sync_api import Page
from served import Served, serving

from survey.cli.simulate import load_year
from survey.simulation.submissions import Fieldwork

LANGUAGES = ("zh", "en", "ko")
PAGES = (
    "years", "years/nat_sea", "years/mob_bus?figure=score", "years/overall_satisfaction?mix=fixed",
    "tasks", "tasks/28", "tasks/13", "units", "units/public_security_bureau",
)  # fmt: skip
WIDTHS = (390, 1280)
HALO = 6
"""Pixels that the white outline of letters adds to their box."""


@pytest.fixture(scope="module")
def desk(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real application with three simulated years, the first of them with an earlier wording."""
    app = open_app(new_database("sqlite"), tmp_path_factory.mktemp("years"))
    for years in (0, 1, 3):
        load_year(house_of(app).sessions, Fieldwork(size=600, adults=1_000_000), years)
    with serving(app) as running:
        yield running


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_its_window_and_names_its_pictures(
    open_at: Callable[[int], Page], language: str, width: int
) -> None:
    page = open_at(width)
    for path in PAGES:
        answer = page.goto(f"/{language}/{path}")
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
            whole = picture.bounding_box()
            assert whole is not None
            for text in picture.locator("text").all():
                inside = text.bounding_box()
                assert inside is not None
                assert inside["x"] + inside["width"] <= whole["x"] + whole["width"] + HALO, text.text_content()


def test_from_the_evaluation_to_a_unit_by_links_alone(open_at: Callable[[int], Page]) -> None:
    page = open_at(390)
    page.goto("/en/years")
    page.locator(".links").get_by_role("link", name="Cleanliness of the seaside").click()
    assert "new wording" in page.content()
    page.get_by_role("link", name="Hold the mix of modes fixed").click()
    assert "held at a fixed mix of modes" in page.content()
    page.get_by_role("link", name="Evaluation of all years").click()
    page.goto("/en/tasks")
    page.get_by_role("link", name="28 Speed up the development of public transport").click()
    page.get_by_role("link", name="Weihai Transport Bureau").click()
    assert page.locator("h1").text_content() == "Weihai Transport Bureau"
    page.get_by_role("link", name="한국어").click()
    assert page.locator("html").get_attribute("lang") == "ko"


def test_another_measure_is_chosen_without_a_script(open_at: Callable[[int], Page]) -> None:
    page = open_at(1280)
    page.goto("/zh/years/nat_sea")
    page.locator("#measure").select_option("mob_bus")
    page.get_by_role("button", name="查看").click()
    assert page.url.endswith("/zh/years/mob_bus")


def test_a_trend_prints_with_its_pictures_and_tables(open_at: Callable[[int], Page], tmp_path: Path) -> None:
    page = open_at(1280)
    page.goto("/zh/years/nat_sea")
    page.emulate_media(media="print")
    assert not page.locator("form.picker").is_visible()
    assert page.locator("table").first.is_visible()
    assert page.pdf(path=tmp_path / "page.pdf", format="A4").startswith(b"%PDF")
