"""A phone in front of the running survey: Debian's Chromium, a touch screen of 390 × 844."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from open_survey import TOKEN, open_app
from playwright.sync_api import Browser, Page, sync_playwright
from served import Served, serving

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NewPhone = Callable[..., Page]


@pytest.fixture(scope="session")
def served(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real application behind a real socket, its wave open."""
    with serving(open_app(new_database("sqlite"), tmp_path_factory.mktemp("served"))) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; every phone in it is a stranger to the others."""
    assert Path(CHROMIUM).exists(), "Chromium is missing: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_phone(chromium: Browser, served: Served) -> Iterator[NewPhone]:
    """Makes phones; whatever their scripts complain about fails the test."""
    contexts, complaints = [], []

    def make(*, script: bool = True, **more: object) -> Page:
        screen = {"viewport": {"width": 390, "height": 844}, "has_touch": True, **more}
        context = chromium.new_context(base_url=served.address, java_script_enabled=script, **screen)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_at(chromium: Browser, desk: Served) -> Iterator[Callable[[int], Page]]:
    """Opens a window of a width, signed in to the `desk` of the test's file, without a script."""
    contexts = []

    def make(width: int) -> Page:
        context = chromium.new_context(
            base_url=desk.address, viewport={"width": width, "height": 844}, java_script_enabled=False
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/sign-in?token={TOKEN}")
        return page

    yield make
    for context in contexts:
        context.close()
