"""The pictures of the documents, taken of the running survey: `make pictures`.

A simulated wave is loaded into a temporary folder and served by `survey serve`; Chromium looks at it. Writes
docs/pictures/form-*.png, results-*.png and the contact sheet of the respondent's screens in every language, width and
look, all as PNG with a palette of at most 256 colours.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SURVEY = Path(sys.executable).with_name("survey")
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
TOKEN = "of-the-pictures"
LANGUAGES = ("zh", "en", "ko")
PHONE = (390, 844)
SCREENS = ("opening", "safe_crime", "overall_satisfaction")
QUESTION = "safe_crime"
WAYS: tuple[tuple[str, int, str, str], ...] = (
    ("", 320, "light", "none"),
    ("", 390, "light", "none"),
    ("", 768, "light", "none"),
    ("largest", 390, "light", "none"),
    ("contrast", 390, "light", "none"),
    ("", 390, "dark", "none"),
    ("", 390, "light", "active"),
)
"""Look, width, colour scheme, forced colours."""
THUMB, GAP, COLOURS = (200, 400), 8, 64


def main() -> int:
    """Take all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        thumbs = []
        for language in LANGUAGES:
            page = _page(browser, f"{address}/{language}", 390, "light", "none")
            _keep(_shot(_show(page, QUESTION, chosen=True)), f"form-{language}.png")
            page.context.close()
            page = _page(browser, f"{address}/sign-in?token={TOKEN}", 1280, "light", "none")
            page.goto(f"{address}/{language}/results", wait_until="networkidle")
            _keep(_shot(page), f"results-{language}.png")
            page.context.close()
            thumbs.append([_shot(one) for one in _screens(browser, f"{address}/{language}")])
        browser.close()
    _keep(_sheet(thumbs), "contact-sheet.png")
    return 0


def _screens(browser: Browser, address: str) -> Iterator[Page]:
    for look, width, scheme, forced in WAYS:
        page = _page(browser, f"{address}?look={look}", width, scheme, forced)
        for screen in SCREENS:
            yield _show(page, screen, chosen=screen == QUESTION)
        page.context.close()


def _page(browser: Browser, address: str, width: int, scheme: str, forced: str) -> Page:
    height = {768: 800, 1280: 1300}.get(width, PHONE[1])
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        forced_colors=forced,  # type: ignore[arg-type]
        service_workers="block",
    )
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    return page


def _show(page: Page, screen: str, chosen: bool) -> Page:
    """Go to a screen of the interview as the phone's own history would."""
    page.evaluate("screen => dispatchEvent(new PopStateEvent('popstate', { state: { screen } }))", screen)
    if chosen:
        page.locator(f"label[for={screen}-4]").click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.wait_for_timeout(200)
    return page


def _shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def _sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """Languages below one another, each in as many lines as there are screens."""
    width, height = THUMB
    lines = [row[start :: len(SCREENS)] for row in rows for start in range(len(SCREENS))]
    sheet = Image.new("RGB", (len(WAYS) * (width + GAP) + GAP, len(lines) * (height + GAP) + GAP), "#d5dbdf")
    for down, line in enumerate(lines):
        for across, picture in enumerate(line):
            small = picture.copy()
            small.thumbnail(THUMB, Image.Resampling.LANCZOS)
            sheet.paste(small, (GAP + across * (width + GAP), GAP + down * (height + GAP)))
    return sheet


def _keep(picture: Image.Image, name: str) -> None:
    file = PICTURES / name
    picture.quantize(COLOURS).save(file, optimize=True)
    print(f"{file.relative_to(Path.cwd())}: {file.stat().st_size / 1000:.0f} KB")  # noqa: T201


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "SURVEY_FOLDER": str(folder), "SURVEY_DESK_TOKEN": TOKEN}
    for command in ("migrate", "simulate"):
        subprocess.run([SURVEY, command], check=True, env=environment, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([SURVEY, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/en")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.2)
    raise SystemExit("The survey did not start.")


if __name__ == "__main__":
    sys.exit(main())
