"""The bureau on a small screen, without a script: a file comes in, its wave is shown, another file is taken out."""

from __future__ import annotations

from pathlib import Path

import pyreadstat
import pytest
from open_survey import TOKEN, house_of
from playwright.sync_api import Page
from rscript import r

from survey.questionnaire.plan import city_plan
from survey.questionnaire.read import read
from survey.storage.questionnaires import publish

HERE = Path(__file__).parents[1] / "copenhagen"
LANGUAGES = ("zh", "en", "ko")
WAVES = {language: f"copenhagen-{language}" for language in LANGUAGES}


@pytest.fixture(scope="module")
def housing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copenhagen's residents as R ships them."""
    folder = tmp_path_factory.mktemp("housing")
    r((HERE / "make.R").read_text(encoding="utf-8"), folder)
    return folder


@pytest.fixture
def desk(new_phone, served) -> Page:
    """A small screen of the bureau, signed in, without a script; the questionnaire is published."""
    with house_of(served.app).sessions.begin() as session:
        publish(session, read((HERE / "questionnaire.toml").read_text(encoding="utf-8"), city_plan()))
    page = new_phone(script=False)
    page.set_default_timeout(60_000)  # Sixteen hundred rows are checked and kept before the page answers.
    page.goto(f"/sign-in?token={TOKEN}")
    return page


def fits(page: Page) -> bool:
    """Whether nothing stands out of the screen: the page is no wider than its frame."""
    return page.locator("html").bounding_box()["width"] <= 390


def fill(page: Page, language: str, answers: Path, definition: Path) -> None:
    page.goto(f"/{language}/import")
    assert fits(page)
    value = page.locator("#questionnaire option", has_text="copenhagen-housing").get_attribute("value")
    page.locator("#questionnaire").select_option(value)
    page.locator("#definition").set_input_files(definition)
    page.locator("#mapping").set_input_files(HERE / "mapping.toml")
    page.locator("#answers").set_input_files(answers)
    page.locator("main form button").click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_comes_in_and_goes_out(desk: Page, housing: Path, tmp_path: Path, language: str) -> None:
    definition = tmp_path / "wave.toml"
    text = (HERE / "wave.toml").read_text(encoding="utf-8")
    definition.write_text(text.replace("copenhagen-1976", WAVES[language]), encoding="utf-8")
    (tmp_path / "bad.csv").write_text("Sat,Infl,Type,Cont\nLow,Low,Tower,Low\nLow,Low,Castle,Low\n")
    fill(desk, language, tmp_path / "bad.csv", definition)
    assert "Castle" in desk.locator("[role=alert] li").inner_text()
    assert fits(desk)
    fill(desk, language, housing / "housing.dta", definition)
    assert "1681" in desk.locator("[role=status]").inner_text()
    desk.locator("main a.button").click()
    assert f"/results/{WAVES[language]}" in desk.url
    desk.goto(f"/{language}/exports/{WAVES[language]}")
    assert fits(desk)
    with desk.expect_download() as download:
        desk.locator("main a.button", has_text="SPSS").first.click()
    file = tmp_path / "out.sav"
    download.value.save_as(file)
    table, about = pyreadstat.read_sav(file)
    expected = read((HERE / "questionnaire.toml").read_text(encoding="utf-8"), city_plan()).question("satisfaction")
    assert (len(table), about.column_names_to_labels["satisfaction"]) == (1681, expected.label[language])
    names = [link.get_attribute("aria-label") for link in desk.locator("main a.button").all()]
    assert len(names) == len(set(names))
