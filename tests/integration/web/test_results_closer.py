"""Looking closer at a wave: priorities, groups, streets, ways of answering, definitions, ranks; and what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from open_survey import SECRET, house_of
from small_city import DONT_KNOW, numbered, questionnaire, sample, wave, words

from survey.app import create_app
from survey.config import Config
from survey.storage.answers.responses import keep
from survey.storage.questionnaires import publish
from survey.storage.waves import create_wave, find_wave, open_wave
from survey.wave.model import Index, Mode, PassMark, Wave
from survey.wave.response import Response

TOKEN = "a token for tests only"
WAVE = "/en/results/2026-small"
LANGUAGES = ("zh", "en", "ko")
PAGES = ("", "/all", "/method", "/files", "/priorities", "/modes", "/group/sex", "/overall", "/a", "/a/groups")


@pytest.fixture
def app(new_database: object, tmp_path: Path) -> Iterator[Flask]:
    """The real application with an empty database and a desk token."""
    address = new_database("sqlite")  # type: ignore[operator]
    app = create_app(Config(folder=tmp_path, database=address, secret=SECRET, desk_token=TOKEN))
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """A browser of the bureau, signed in."""
    client = app.test_client()
    client.get(f"/sign-in?token={TOKEN}")
    return client


def planned() -> Wave:
    """The small wave with three indices and a pass mark."""
    small = wave()
    indices = tuple(Index(id=f"i_{item}", label=words(f"index {item}"), items=(item,), answered=1) for item in "abc")
    marks = (PassMark(measure="overall", share=0.9, source=words("a mark")),)
    plan = replace(small.analysis, indices=(*small.analysis.indices, *indices), pass_marks=marks)
    return replace(small, analysis=plan)


def fill(app: Flask, responses: list[Response]) -> None:
    with house_of(app).sessions.begin() as session:
        publish(session, questionnaire())
        create_wave(session, planned())
        open_wave(session, planned().id)
        for one in responses:
            keep(session, one, f"receipt-{one.submission_id}")


def by_modes(responses: list[Response]) -> list[Response]:
    """Everybody on a phone but district 1, where an interviewer came."""
    return [replace(one, mode=Mode.INTERVIEWER if one.answers["district"] == 1 else Mode.PHONE) for one in responses]


def told(page: str) -> str:
    """The page's own part, without the frame's form."""
    return page.split("<main")[1]


def cells(page: str, heading: str) -> list[str]:
    """Texts of the row with this heading, in the first table that has one."""
    found = re.search(rf'<th scope="row">(?:<a[^>]*>)?{re.escape(heading)}(?:</a>)?</th>(.*?)</tr>', page, re.DOTALL)
    assert found, heading
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.DOTALL)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_wave_plan_and_assumption(app: Flask, desk: FlaskClient, language: str, path: str) -> None:
    fill(app, sample())
    page = desk.get(f"/{language}/results/2026-small{path}")
    assert page.status_code == 200
    assert planned().title[language] in page.text
    assumption = planned().margins[0].assumption
    assert assumption is not None
    assert assumption[language] in page.text
    with house_of(app).sessions() as session:
        assert (find_wave(session, "2026-small").analysis_hash or "")[:12] in page.text


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/files"])
def test_no_page_shows_the_open_link_sample_unasked(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, sample())
    assert "Invited probability sample" in desk.get(f"{WAVE}{path}").text
    assert "No answers yet" in desk.get(f"{WAVE}{path}?sample=open").text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/nothing/groups", "This wave has no such result"),
        ("/nothing/streets", "This wave has no such result"),
        ("/a/streets", "There is no such group"),
        ("/group/nothing", "There is no such group"),
        ("/group/mode", "There is no such group"),
        ("/group/district", "There is no such group"),
    ],
)
def test_what_a_wave_has_not_is_said_in_words(app: Flask, desk: FlaskClient, path: str, said: str) -> None:
    fill(app, sample())
    page = desk.get(f"{WAVE}{path}")
    assert page.status_code == 404
    assert said in page.text


@pytest.mark.parametrize("path", PAGES)
def test_a_wave_without_answers_says_so_everywhere(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, [])
    page = desk.get(f"{WAVE}{path}")
    assert page.status_code == 200
    assert "No answers yet" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_tasks_and_units_are_one_step_from_every_page(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, sample())
    page = desk.get(f"{WAVE}{path}").text
    for place in ("years", "tasks", "units"):
        address = f"/en/{place}?wave=2026-small"
        assert f'href="{address}"' in page
        around = desk.get(address).text
        assert all(f'href="/en/{other}?wave=2026-small"' in around for other in ("years", "tasks", "units"))


def test_a_page_says_why_cells_of_the_margins_have_no_numbers(app: Flask, desk: FlaskClient) -> None:
    shy = [
        replace(one, answers={**one.answers, "age_group": DONT_KNOW}) if n < 1 else one
        for n, one in enumerate(sample())
    ]
    fill(app, shy)
    page = desk.get(f"{WAVE}/method").text
    assert cells(page, "North × not stated") == ["—"] * 4
    assert "Cells without a number of answers: fewer than 3 residents answered there" in page


def test_a_number_of_answers_that_is_not_told_says_why(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample(sizes={1: 160, 2: 90, 3: 70, 4: 12}))
    page = desk.get(f"{WAVE}/safety_index").text
    assert cells(page, "Port")[5] == "&lt;30"
    assert cells(page, "West")[5] == "⊘"
    assert "⊘ under “Answers”: not told" in page
    assert "⊘ under" not in desk.get(f"{WAVE}/method").text


def test_nothing_is_said_of_cells_without_numbers_where_all_have_them(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    assert "Cells without a number" not in desk.get(f"{WAVE}/method").text


@pytest.mark.parametrize("path", ["", "/overall"])
def test_tiles_say_what_their_marks_are(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, sample())
    assert "▲ and ▼ are what the tests say, adjusted for all comparisons" in desk.get(f"{WAVE}{path}").text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("sizes", [{1: 25}, {1: 1, 2: 1}], ids=str)
def test_a_hidden_headline_is_not_judged(app: Flask, desk: FlaskClient, path: str, sizes: dict[int, int]) -> None:
    fill(app, sample(sizes=sizes))
    page = desk.get(f"{WAVE}{path}").text
    assert "the interval holds it" not in page
    if not path:
        assert "Whether the mark of 90% is met is not judged" in page


@pytest.mark.parametrize("path", PAGES)
def test_who_answered_but_is_not_counted_is_not_nobody(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, [replace(one, answers={**one.answers, "residence": 5}) for one in sample(sizes={1: 42})])
    page = desk.get(f"{WAVE}{path}").text
    assert "Nobody who answered is counted by the margins" in page
    assert "No answers yet" not in page


@pytest.mark.parametrize("path", PAGES)
def test_a_sample_that_does_not_exist_is_told_at_the_desk(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, sample())
    page = desk.get(f"{WAVE}{path}?sample=both")
    assert (page.status_code, "There is no such sample" in page.text) == (404, True)
    assert 'href="/en/results"' in page.text


@pytest.mark.parametrize("path", ["years", "tasks", "units", "years/a", "tasks/26", "units/none"])
def test_a_sample_that_does_not_exist_is_told_on_the_pages_over_years(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, sample())
    page = desk.get(f"/en/{path}?sample=both")
    assert (page.status_code, "There is no such sample" in page.text) == (404, True)
    assert 'href="/en/results"' in page.text


def test_a_measure_without_a_district_to_compare_counts_no_comparisons(app: Flask, desk: FlaskClient) -> None:
    few = [replace(one, answers={**one.answers, "a": DONT_KNOW if n % 4 else 4}) for n, one in enumerate(sample())]
    fill(app, few)
    assert "nothing can be compared" in desk.get(f"{WAVE}/a").text
    assert "comparisons of a district with the city" in desk.get(f"{WAVE}/b").text


def test_a_band_too_rare_to_be_told_has_an_upper_end_and_its_reason(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    value, why, simple = cells(desk.get(f"{WAVE}/overall").text, "0–1")
    assert (why, simple) == ("interval too wide for so small a share", "—")
    assert 2 <= int(value.removeprefix("≤").rstrip("%")) < 20


@pytest.mark.parametrize("path", PAGES)
def test_one_district_alone_is_compared_with_nothing(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, sample(sizes={1: 150}))
    page = desk.get(f"{WAVE}{path}")
    assert page.status_code == 200
    assert "tests show a" not in page.text


@pytest.mark.parametrize("path", PAGES)
def test_with_every_cell_hidden_no_page_holds_a_figure(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, sample(sizes={1: 9, 2: 8, 3: 8}))
    page = desk.get(f"{WAVE}{path}")
    assert page.status_code == 200
    main = told(page.text).split("How was this computed?</h1>")[0].split("Pass mark")[0]
    drawn = re.sub(r"<svg.*?</svg>", lambda svg: re.sub(r"\b\d+%?</text>", "", svg[0]), main, flags=re.DOTALL)
    assert not re.search(r">\s*\d+% ?<|\d+–\d+%", drawn)


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.5, "Fails the mark of 90%"), (0.9, "Can’t tell whether"), (1.0, "Meets the mark of 90%")]
)
def test_a_pass_mark_is_answered_by_the_interval(app: Flask, desk: FlaskClient, share: float, verdict: str) -> None:
    answered = [
        replace(one, answers={**one.answers, "overall": 9 if number % 20 < 20 * share else 2})
        for number, one in enumerate(sample())
    ]
    fill(app, answered)
    assert verdict in desk.get(WAVE).text
    assert "Pass mark: 90%" in desk.get(f"{WAVE}/overall").text


def test_other_definitions_stand_beside_the_frozen_one(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    page = desk.get(f"{WAVE}/a").text
    frozen = cells(page, "Frozen definition: satisfied: answers 4–5 on the scale up to 5")
    assert frozen == cells(page, "Share of answers 4–5")
    wider = cells(page, "Share of answers 3–5 (the middle counts too)")
    assert int(wider[0].rstrip("%")) > int(frozen[0].rstrip("%"))
    bands = [cells(page, f"{code} degree {code}")[0].rstrip("%") for code in range(2, 5)]
    assert sum(map(int, bands)) <= 101
    assert int(bands[1]) == pytest.approx(int(wider[0].rstrip("%")) - int(frozen[0].rstrip("%")), abs=1)


def test_ranks_are_ranges_and_a_hidden_district_has_none(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample(sizes={1: 300, 2: 200, 3: 20, 4: 250}))
    page = desk.get(f"{WAVE}/safety_index").text
    ranks = page.split('id="ranks"')[1].split("</table>")[0]
    assert "West" not in ranks
    assert "Rank between" in ranks


def test_another_mix_of_modes_is_said_where_districts_are_compared(app: Flask, desk: FlaskClient) -> None:
    fill(app, by_modes(sample()))
    for path in ("", "/a", "/modes"):
        assert "not compared at a fixed mix of modes" in desk.get(f"{WAVE}{path}").text
    modes = desk.get(f"{WAVE}/modes").text
    assert "With an interviewer" in modes
    assert "160" in cells(modes, "North")[2]


def test_the_same_mix_of_modes_is_said_too(app: Flask, desk: FlaskClient) -> None:
    fill(app, numbered([replace(one, mode=mode) for one in sample() for mode in (Mode.PHONE, Mode.WEB)]))
    assert "nearly the same mix of modes" in desk.get(WAVE).text


@pytest.mark.parametrize("path", ["", "/a", "/modes"])
def test_one_district_has_no_mix_to_compare(app: Flask, desk: FlaskClient, path: str) -> None:
    fill(app, numbered([replace(one, mode=mode) for one in sample(sizes={1: 100}) for mode in (Mode.PHONE, Mode.WEB)]))
    assert "mix of modes" not in desk.get(f"{WAVE}{path}").text


def test_the_fieldwork_tells_no_more_of_few_than_the_results_do(app: Flask, desk: FlaskClient) -> None:
    few = [replace(one, mode=Mode.PAPER if n < 4 else Mode.PHONE, language="ko" if n < 2 else "zh")
           for n, one in enumerate(sample())]  # fmt: skip
    fill(app, few)
    page = re.sub(r"<[^>]+>", " ", desk.get("/en/fieldwork/2026-small").text)
    told = re.sub(r"\s+", " ", page)
    assert "Invited probability sample all 400" in told
    assert "On paper &lt;30" in told
    assert "한국어 &lt;30" in told
    assert "On a phone ⊘" in told
    assert "not for publication" in told


def test_a_public_file_of_too_few_says_so(app: Flask, desk: FlaskClient) -> None:
    fill(
        app,
        [
            replace(one, answers={**one.answers, "age_group": 1 + n % 3})
            for n, one in enumerate(sample(sizes={1: 2, 2: 2}))
        ],
    )
    page = desk.get("/en/exports/2026-small/public.csv")
    assert (page.status_code, "Too few answers for a public file" in page.text) == (404, True)
    assert "counted by the margins" not in page.text


def test_a_wave_of_one_mode_is_not_said_to_have_a_mix(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    assert "All answers of this wave came in one way" in desk.get(WAVE).text


def test_every_figure_opens_to_how_it_was_computed(app: Flask, desk: FlaskClient) -> None:
    fill(app, sample())
    page = desk.get(f"{WAVE}/a").text
    row = page.split('<tr class="city')[1].split('<tr class="district')[0]
    for told in ("Design effect", "Degrees of freedom", "Effective sample", "Kind of interval", "Standard error"):
        assert told in row
    assert f'href="{WAVE}/method"' in row
    assert "Margins before and after raking" in desk.get(f"{WAVE}/method").text


def test_pages_are_made_from_results_computed_once(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(app, sample())
    first = {path: told(desk.get(f"{WAVE}{path}").text) for path in PAGES}
    for place in (
        "estimating.estimates.estimate",
        "estimating.estimates.estimates",
        "detail.comparisons.estimate",
        "detail.comparisons.estimates",
        "detail.priorities.estimate",
    ):
        monkeypatch.setattr(f"survey.report.{place}", lambda *_, **__: pytest.fail("computed again"))
    assert {path: told(desk.get(f"{WAVE}{path}").text) for path in PAGES} == first
