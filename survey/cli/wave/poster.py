"""`survey wave poster`: the QR code of the survey's address, alone or on a sheet in three languages."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

import click
import segno

from survey.cli.database import opened
from survey.cli.failure import Failure
from survey.config import Config, is_address
from survey.language import LANGUAGES
from survey.language import say as say_in
from survey.storage.database import sessions
from survey.storage.errors import WrongState
from survey.storage.waves import find_wave
from survey.wave.model import State, Wave
from survey.web.assets import language_tag

WIDTH, HEIGHT = 210, 297
"""Millimetres of an A4 sheet."""
QR_SIZE = 100
_FONTS = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'Malgun Gothic', sans-serif"
_LONGEST = 24
"""Characters (wide ones) of a title in one line."""


@click.command()
@click.argument("wave_id", metavar="ID")
@click.option("--address", help="Where the survey is reached: https://… (otherwise SURVEY_ADDRESS).")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Ends in .svg (sheet) or .png (code)."
)
@click.pass_obj
def poster(config: Config, wave_id: str, address: str | None, out: Path) -> None:
    """Draw the QR code that opens the wave ID: .svg, an A4 sheet in three languages; .png, the code alone."""
    address = _checked(address or config.address or "")
    with opened(config) as engine, sessions(engine)() as session:
        stored = find_wave(session, wave_id)
    if stored.state is State.CLOSED:
        raise WrongState(f'Wave "{wave_id}" is closed: a poster would lead to nothing.')
    code = segno.make(address, error="m", micro=False)
    match out.suffix.lower():
        case ".png":
            code.save(str(out), scale=20, border=4)
        case ".svg":
            out.write_bytes(Xml.tostring(_sheet(stored.wave, code, address), encoding="utf-8", xml_declaration=True))
        case _:
            raise Failure(f'"{out}" must end in .svg or .png.')
    click.echo(f"{out}: opens {address}")


def _checked(address: str) -> str:
    """The address of the start page, which finds the reader's language."""
    if not is_address(address):
        raise Failure(
            f'"{address}" is no address of a server: give one with --address or SURVEY_ADDRESS. '
            "It looks like https://survey.example."
        )
    return address.rstrip("/") + "/"


def _sheet(wave: Wave, code: segno.QRCode, address: str) -> Xml.Element:
    measures = {"width": f"{WIDTH}mm", "height": f"{HEIGHT}mm", "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    sheet = Xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": _FONTS, **measures})
    Xml.SubElement(sheet, "title").text = wave.title["zh"]
    Xml.SubElement(sheet, "rect", {"width": "100%", "height": "100%", "fill": "#fff"})
    below = 30.0
    for language in LANGUAGES:
        for line in _lines(wave.title[language]):
            _text(sheet, language, line, below, 8)
            below += 10
        below += 4
    scale = QR_SIZE / code.symbol_size(border=0)[0]
    drawn = Xml.fromstring(code.svg_inline(border=0)).find("path")
    assert drawn is not None, "segno draws a code as one path"
    drawn.set("transform", f"translate({(WIDTH - QR_SIZE) / 2} {below}) scale({scale})")
    sheet.append(drawn)
    below += QR_SIZE + 14
    for language in LANGUAGES:
        say = say_in(language)
        _text(sheet, language, say("Scan with WeChat or the camera"), below, 6)
        below += 9
    _text(sheet, "en", address.removesuffix("/"), below + 3, 7)
    below += 16
    for language in LANGUAGES:
        for line in (wave.asked_by[language], wave.contact[language]):
            _text(sheet, language, line, below, 3.6)
            below += 5.5
        below += 2
    return sheet


def _text(sheet: Xml.Element, language: str, text: str, below: float, size: float) -> None:
    place = {"x": str(WIDTH / 2), "y": str(below), "font-size": str(size), "text-anchor": "middle"}
    Xml.SubElement(sheet, "text", {"lang": language_tag(language), **place}).text = text


def _lines(text: str) -> list[str]:
    """Lines of about equal length, broken between words where there are any."""
    width = sum(1.0 if ord(letter) > 0x2E80 else 0.55 for letter in text)
    if width <= _LONGEST:
        return [text]
    parts, joint = (text.split(" "), " ") if " " in text else (list(text), "")
    half = min(range(1, len(parts)), key=lambda at: abs(len(joint.join(parts[:at])) - len(text) / 2))
    return _lines(joint.join(parts[:half])) + _lines(joint.join(parts[half:]))
