"""What does opening the questionnaire cost on a slow phone? `make bench-page`.

The real application is served; Chromium, told through its DevTools protocol
to be a slow phone on a thin line, opens it. Bytes are those that came over the line, headers included. Readable and
answerable are measured with the script held back: text is painted, and a choice can be made. Prints a table and keeps
it in page.md. Targets: first visit 40 KB in 4 requests, readable and answerable within 3 s, second visit one request.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import click
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.app import create_app
from survey.cli.simulate import definition
from survey.config import Config
from survey.language import LANGUAGES
from survey.storage.database import connect, sessions, upgrade
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, open_wave

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""400 ms round trip; 400 kbit/s either way, in bytes a second."""
SLOWER = 4
LARGEST, MOST, PATIENCE = 40.0, 4, 3.0
UNCOUNTED = ("/sw.js", "manifest.webmanifest", "/wave")
"""Service worker, manifest and icons."""


@dataclass
class Line:
    """What came over the line: request id → address, and bytes of each."""

    addresses: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, float] = field(default_factory=dict)

    def watch(self, protocol: CDPSession) -> None:
        """Count from now on."""
        protocol.on("Network.requestWillBeSent", self._asked)
        protocol.on("Network.loadingFinished", self._finished)
        protocol.on("Network.requestServedFromCache", lambda event: self.addresses.pop(event["requestId"], None))
        protocol.on("Network.responseReceived", self._answered)

    def counted(self) -> list[str]:
        """Requests that cost the visitor something."""
        return [one for one, address in self.addresses.items() if not any(part in address for part in UNCOUNTED)]

    def kilobytes(self) -> float:
        """Thousands of bytes of those."""
        return sum(self.bytes.get(one, 0) for one in self.counted()) / 1000

    def _asked(self, event: dict) -> None:
        if event["request"]["url"].startswith("http"):
            self.addresses[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict) -> None:
        if event["response"].get("fromDiskCache"):
            self.addresses.pop(event["requestId"], None)

    def _finished(self, event: dict) -> None:
        self.bytes[event["requestId"]] = event["encodedDataLength"]


@click.command()
def main() -> None:
    """Measure, print and keep the table."""
    rows = []
    with (
        tempfile.TemporaryDirectory() as name,
        _serving(_filled(Path(name))) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for language in LANGUAGES:
            first, second = _visits(browser, f"{address}/{language}")
            readable, answerable = _without_script(browser, f"{address}/{language}")
            rows.append((language, first, second, readable, answerable))
        browser.close()
    table = _table(rows)
    click.echo(table)
    (HERE / "page.md").write_text(table, "utf-8")


def _visits(browser: Browser, address: str) -> tuple[Line, Line]:
    """What a first visit and a second one cost; the service worker is left out, as an old browser would."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    lines = []
    for _ in range(2):
        page, line = context.new_page(), Line()
        protocol = context.new_cdp_session(page)
        protocol.send("Network.enable")
        line.watch(protocol)
        page.goto(address, wait_until="networkidle")
        lines.append(line)
        page.close()
    context.close()
    return lines[0], lines[1]


def _without_script(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds until text is painted and until a choice was made, on the slow phone, with the script held back."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    page, held = context.new_page(), []
    page.route("**/respond.js", lambda route: held.append(route))
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", LINE)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("label[for=consent]").click()
    page.locator("label[for=age_group-3]").click()
    answerable = time.perf_counter() - begun
    readable = _first_paint(page)
    assert page.locator("html.plain").count() == 1, "the script ran"
    _let_go(held)
    context.close()
    return readable, answerable


def _first_paint(page: Page) -> float:
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)")
    return float(painted[0]) / 1000


def _let_go(held: list[Route]) -> None:
    for route in held:
        route.abort()


def _table(rows: list[tuple[str, Line, Line, float, float]]) -> str:
    lines = [
        "# Opening the questionnaire",
        "",
        f"First visit at most {LARGEST:.0f} KB in {MOST} requests; on a line of 400 kbit/s with 400 ms round trip and "
        f"a {SLOWER} × slower processor readable and answerable within {PATIENCE:.0f} s before any script has run; a "
        "second visit costs one request. Written by `make bench-page`.",
        "",
        "| language | first visit, KB | requests | second visit, KB | requests | readable, s | answerable, s | kept |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for language, first, second, readable, answerable in rows:
        kept = (
            first.kilobytes() <= LARGEST
            and len(first.counted()) <= MOST
            and len(second.counted()) == 1
            and max(readable, answerable) <= PATIENCE
        )
        lines.append(
            f"| {language} | {first.kilobytes():.1f} | {len(first.counted())} | {second.kilobytes():.1f} | "
            f"{len(second.counted())} | {readable:.2f} | {answerable:.2f} | {'yes' if kept else 'no'} |"
        )
    return "\n".join(lines) + "\n"


def _filled(folder: Path) -> Flask:
    database = f"sqlite:///{folder / 'page.sqlite'}"
    engine = connect(database)
    upgrade(engine)
    wave, asked = definition()
    with sessions(engine).begin() as session:
        publish(session, asked)
        create_wave(session, wave)
        open_wave(session, wave.id)
    engine.dispose()
    return create_app(Config(folder=folder, database=database, secret="a secret of the benchmark", desk_token=None))


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def _serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


if __name__ == "__main__":
    main()
