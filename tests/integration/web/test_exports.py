"""The bureau takes the microdata in every form, and brings a file of answers in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from flask import Flask
from flask.testing import FlaskClient
from open_survey import SECRET, house_of
from rscript import r
from small_city import questionnaire, sample, wave

from survey.app import create_app
from survey.config import Config
from survey.intake.read import read_file
from survey.language import LANGUAGES
from survey.questionnaire.plan import city_plan
from survey.questionnaire.read import read
from survey.report.export.write import FORMATS
from survey.storage.answers.responses import keep, response_counts
from survey.storage.questionnaires import publish
from survey.storage.waves import all_waves, create_wave, open_wave
from survey.web.desk import intake

TOKEN = "a token for tests only"
EXPORTS = "/en/exports/2026-small"
HERE = Path(__file__).parents[2] / "copenhagen"

Upload = Callable[..., str]


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The real application, with a wave that was answered and the Copenhagen questionnaire."""
    app = create_app(Config(folder=tmp_path, database=database, secret=SECRET, desk_token=TOKEN))
    with house_of(app).sessions.begin() as session:
        publish(session, questionnaire())
        publish(session, read((HERE / "questionnaire.toml").read_text(encoding="utf-8"), city_plan()))
        create_wave(session, wave())
        open_wave(session, wave().id)
        for one in sample():
            keep(session, one, f"receipt-{one.submission_id}")
    yield app
    house_of(app).engine.dispose()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """A browser of the bureau, signed in."""
    client = app.test_client()
    assert client.get(f"/sign-in?token={TOKEN}").status_code == 303
    return client


@pytest.mark.parametrize("path", [EXPORTS, f"{EXPORTS}/confidential.sav", f"{EXPORTS}/public.csv", "/en/import"])
def test_strangers_get_nothing(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 401
    assert app.test_client().post("/en/import").status_code == 401


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_every_file_on_the_page_comes_whole(desk: FlaskClient, language: str) -> None:
    page = desk.get(f"/{language}/exports/2026-small").text
    links = re.findall(rf'href="(/{language}/exports/2026-small/(?:confidential|public)\.\w+)"', page)
    assert len(links) == 2 * len(FORMATS)
    for link in links:
        answer = desk.get(link, buffered=True)
        assert (answer.status_code, answer.content_length) == (200, len(answer.data))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert len(answer.data) > 500


def test_a_downloaded_file_is_what_it_says(desk: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "d.sav").write_bytes(desk.get("/ko/exports/2026-small/confidential.sav", buffered=True).data)
    table, about = pyreadstat.read_sav(tmp_path / "d.sav")
    assert (len(table), about.column_names_to_labels["sex"]) == (400, "sex한")
    rows = list(
        csv.DictReader(
            io.StringIO(desk.get(f"{EXPORTS}/confidential.csv?replicates=5", buffered=True).text.lstrip("\ufeff"))
        )
    )
    assert {"replicate_1", "replicate_5"} <= set(rows[0])
    assert "base_weight" not in desk.get(f"{EXPORTS}/public.csv", buffered=True).text.splitlines()[0]


@pytest.mark.parametrize("kind", ["confidential", "public"])
def test_scripts_name_the_file_that_the_page_gives_beside_them(desk: FlaskClient, kind: str) -> None:
    for script, data in ((".r", ".csv"), (".do", ".dta"), (".sps", ".sav")):
        text = desk.get(f"/zh/exports/2026-small/{kind}{script}", buffered=True)
        named = desk.get(f"/zh/exports/2026-small/{kind}{data}", buffered=True).headers["Content-Disposition"]
        name = named.split("filename=")[1].strip('"')
        assert name == f"2026-small-invited-{kind}-zh{data}"
        assert f'"{name}"' in text.text or f"'{name}'" in text.text
        assert text.text.count("受邀概率样本") == 1
        assert text.headers["Content-Type"].count("charset") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/en/exports/none",
        f"{EXPORTS}/confidential.pdf",
        f"{EXPORTS}/secret.csv",
        f"{EXPORTS}/public.csv?sample=open",
        f"{EXPORTS}?sample=x",
    ],
)
def test_what_is_not_there_is_said_with_a_way_on(desk: FlaskClient, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 404
    assert "/en/results" in answer.text


@pytest.mark.parametrize("replicates", ["1", "501", "-3", "many", "99999999999"])
def test_replicates_out_of_reason_are_no_page(desk: FlaskClient, replicates: str) -> None:
    assert desk.get(f"{EXPORTS}/confidential.csv", query_string={"replicates": replicates}).status_code == 404


@pytest.fixture
def upload(app: Flask, desk: FlaskClient) -> Upload:
    """Sends the form with three files; gives the page."""

    def send(answers: tuple[str, bytes], *, status: int = 200, language: str = "en", **instead: bytes) -> str:
        page = desk.get(f"/{language}/import").text
        main = page[page.index("<main") :]
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', main)
        assert found
        chosen = re.search(r'value="([0-9a-f]{64})">[^<]*copenhagen', page)
        assert chosen
        fields = {
            "csrf_token": found[1],
            "questionnaire": chosen[1],
            "definition": (io.BytesIO(instead.get("definition") or (HERE / "wave.toml").read_bytes()), "wave.toml"),
            "mapping": (io.BytesIO(instead.get("mapping") or (HERE / "mapping.toml").read_bytes()), "mapping.toml"),
            "answers": (io.BytesIO(answers[1]), answers[0]),
        }
        done = desk.post(f"/{language}/import", data=fields, content_type="multipart/form-data")
        assert done.status_code == status, done.text
        return done.text

    return send


@pytest.fixture(scope="module")
def housing(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Copenhagen's residents as R ships them, as an SPSS file."""
    folder = tmp_path_factory.mktemp("housing")
    r((HERE / "make.R").read_text(encoding="utf-8"), folder)
    return (folder / "housing.sav").read_bytes()


def test_a_file_comes_in_and_is_shown_like_any_wave(desk: FlaskClient, upload: Upload, housing: bytes) -> None:
    assert "1681" in upload(("housing.sav", housing))
    assert "1,681" in desk.get("/en/results/copenhagen-1976").text
    assert desk.get("/zh/exports/copenhagen-1976/public.dta", buffered=True).status_code == 200
    assert "There is a wave" in upload(("housing.sav", housing), status=422)


def test_residents_answer_while_a_long_file_is_read(
    app: Flask, upload: Upload, housing: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reading(*arguments: Any) -> intake.Intake:
        with house_of(app).sessions.begin() as session:
            keep(session, replace(sample()[0], submission_id="a-resident"), "receipt-of-a-resident")
        return read_file(*arguments)

    monkeypatch.setattr(intake, "read_file", reading)
    assert "1681" in upload(("housing.sav", housing))


@pytest.mark.parametrize(("language", "told"), [("zh", "第3行"), ("en", "Line 3, column Type"), ("ko", "3행")])
def test_bad_rows_are_told_in_the_readers_language_and_nothing_stays(
    app: Flask, upload: Upload, language: str, told: str
) -> None:
    answers = b"Sat,Infl,Type,Cont\nLow,Low,Tower,Low\nLow,Low,<b>Castle,Low\n"
    page = upload(("housing.csv", answers), status=422, language=language)
    assert told in page
    assert "&lt;b&gt;Castle" in page
    with house_of(app).sessions() as session:
        assert [one.wave.id for one in all_waves(session)] == ["2026-small"]
        assert sum(one.responses for one in response_counts(session, "copenhagen-1976")) == 0


@pytest.mark.parametrize(
    ("answers", "mapping"),
    [
        (("housing.pdf", b"%PDF"), None),
        (("housing.sav", b"not SPSS"), None),
        (("housing.csv", b"Sat,Infl\nLow,Low\n"), None),
        (("housing.csv", b"Sat\nLow\n"), b"channel = 'nobody'"),
        (("housing.csv", b"Sat\nLow\n"), b"\xff\xfe"),
    ],
)
def test_files_that_cannot_be_used_are_told(upload: Upload, answers: tuple[str, bytes], mapping: bytes | None) -> None:
    page = upload(answers, mapping=mapping, status=422)
    assert "Nothing was imported" in page
    assert "cannot be used" in page


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("h.xlsx", b"PK\x03\x04 cut", {"zh": "文件已损坏", "en": "The file is damaged", "ko": "파일이 손상되었거나"}),
        ("h.ods", b"PK", {"zh": "不认识扩展名.ods", "en": "The ending .ods is not known", "ko": "확장자 .ods"}),
        ("h.csv", "Sat,影响\n".encode("gb18030"), {"zh": "gb18030", "en": "save it as “CSV UTF-8”", "ko": "cp949"}),
        ("h.csv", b"Sat;Infl;Type;Cont\n", {"zh": "delimiter = ", "en": "delimiter = ", "ko": "delimiter = "}),
        ("h.csv", b"Sat,Infl\n1,1", {"zh": "文件中没有的列", "en": "the file has not: Cont, Type", "ko": "없는 열"}),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_with_a_file_is_told_in_the_readers_language(
    upload: Upload, name: str, content: bytes, told: dict[str, str], language: str
) -> None:
    page = upload((name, content), status=422, language=language)
    assert told[language] in page
    assert f"<strong>{name}</strong>" in page
    assert 'lang="en"' not in page.split('id="refused"')[1].split("</div>")[0]


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "三个文件合计超过"), ("en", "larger than"), ("ko", "를 넘습니다")]
)
def test_files_too_large_are_told_on_the_page_itself(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    monkeypatch.setattr(intake, "LARGEST", 2**18)
    page = upload(("h.csv", b"Sat\n" + b"1\n" * 2**17), status=413, language=language)
    assert told in page
    assert 'id="refused"' in page


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("definition", b'id = "x"', {"zh": "title: 缺少", "en": "title: is missing", "ko": "title: 빠졌습니다"}),
        ("definition", b"id = x", {"zh": "第1行第6个字符", "en": "line 1, column 6", "ko": "1행 6번째 글자"}),
        (
            "mapping",
            b'channel = "\xb5"',
            {"zh": "第1行: 不是UTF-8编码", "en": "line 1: is not UTF-8", "ko": "1행: UTF-8이 아닙니다"},
        ),
        (
            "mapping",
            b'encoding = "gbk"',
            {"zh": "channel: 缺少：需要文字", "en": "a text is needed", "ko": "필요한 것: 문자열"},
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_with_the_other_two_is_told_in_the_readers_language(
    upload: Upload, part: str, content: bytes, told: dict[str, str], language: str
) -> None:
    page = upload(("h.csv", b"Sat\n1\n"), status=422, language=language, **{part: content})
    assert told[language] in page
    assert language == "en" or not any(words in page for words in ("is missing", "is needed", "is not", "must be"))
