"""A row becomes the answers that its file and mapping say, or is told with its line and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from small_city import wave as city_wave
from small_questionnaire import PLAN, SMALL

from survey.intake.errors import BadRows, Fault, Flaw, UnusableFile
from survey.intake.mapping import read as read_mapping
from survey.intake.read import Intake, read_file
from survey.intake.wording import definition_text
from survey.language import LANGUAGES, say
from survey.questionnaire.errors import DefinitionError
from survey.questionnaire.model import Missing
from survey.questionnaire.read import read
from survey.questionnaire.validation import Reason
from survey.wave.model import Channel, Mode

QUESTIONNAIRE = read(SMALL, PLAN)
HEAD = """
channel = "invited"
[mode]
column = "how"
codes = { P = "paper", F = "interviewer" }
[language]
value = "ko"
[stratum]
column = "layer"
[psu]
column = "place"
[design_weight]
column = "w"
[[question]]
id = "adult"
value = 1
[[question]]
id = "district"
column = "d"
[[question]]
id = "origin"
column = "o"
codes = { here = 1, near = 2, far = 3, refused = -2 }
[[question]]
id = "safe_crime"
column = "q1"
"""
TICKED = """
[[question]]
id = "places"
columns = { p1 = 1, p2 = 2, p97 = 97 }
chosen = ["x"]
codes = { "?" = -1 }
"""
LISTED = """
[[question]]
id = "places"
column = "p"
separator = ";"
"""
COLUMNS = "how,layer,place,w,d,o,q1"

Take = Callable[..., Intake]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Reads rows of a CSV file with the mapping above and more."""

    def call(*lines: str, more: str = "", columns: str = COLUMNS, encoding: str = "utf-8") -> Intake:
        path = tmp_path / "rows.csv"
        path.write_bytes("\n".join([columns, *lines]).encode(encoding))
        return read_file(path, read_mapping(HEAD + more, QUESTIONNAIRE), city_wave(), QUESTIONNAIRE)

    return call


def wrong(take: Take, *lines: str, **more: str) -> list[tuple[int, str, str, object]]:
    with pytest.raises(BadRows) as caught:
        take(*lines, **more)
    return [(one.line, one.column, one.value, one.reason) for one in caught.value.problems]


def flaws(take: Take, *lines: str, **more: str) -> list[tuple[Flaw, object]]:
    with pytest.raises(UnusableFile) as caught:
        take(*lines, **more)
    return [(problem.flaw, problem.values) for problem in caught.value.problems]


def test_a_row_becomes_a_response_with_its_design(take: Take) -> None:
    (one,) = take("P,north,village 1,12.5,2,near,4").responses
    assert (one.channel, one.mode, one.language, one.wave) == (Channel.INVITED, Mode.PAPER, "ko", "2026-small")
    assert one.sampled is not None
    assert (one.sampled.stratum, one.sampled.psu, one.sampled.design_weight) == ("north", "village 1", 12.5)
    assert {name: one.answers[name] for name in ("adult", "district", "origin", "safe_crime")} == {
        "adult": 1,
        "district": 2,
        "origin": 2,
        "safe_crime": 4,
    }


def test_a_question_the_file_has_not_was_not_asked_and_a_blank_cell_was_left_blank(take: Take) -> None:
    (one,) = take("P,north,v,1,1,,").responses
    assert one.answers["overall"] == Missing.NOT_ASKED
    assert one.answers["origin"] == one.answers["safe_crime"] == Missing.LEFT_BLANK


def test_ids_are_random_and_differ(take: Take) -> None:
    lines = ["P,north,v,1,1,here,3"] * 50
    first, second = ({one.submission_id for one in take(*lines).responses} for _ in range(2))
    assert len(first | second) == 100


@pytest.mark.parametrize(
    ("cells", "answer"),
    [("x,x,", (1, 2)), (",,x", (97,)), (",,", Missing.LEFT_BLANK), ("0,0,0", Missing.LEFT_BLANK), ("?,,", -1)],
)
def test_ticked_columns_make_a_multiple_choice(take: Take, cells: str, answer: object) -> None:
    (one,) = take(f"P,n,v,1,1,near,3,{cells}", more=TICKED, columns=f"{COLUMNS},p1,p2,p97").responses
    assert one.answers["places"] == answer


def test_separated_codes_make_a_multiple_choice(take: Take) -> None:
    (one,) = take("P,n,v,1,1,near,3,2; 1", more=LISTED, columns=f"{COLUMNS},p").responses
    assert one.answers["places"] == (1, 2)
    assert wrong(take, "P,n,v,1,1,near,3,1;97", more=LISTED, columns=f"{COLUMNS},p") == [
        (2, "p", "(1, 97)", Reason.EXCLUSIVE)
    ]


def test_answers_nobody_was_asked_for_are_counted_and_left_out(take: Take) -> None:
    taken = take("P,n,v,1,1,here,3,1", "P,n,v,1,1,far,3,1", more=LISTED, columns=f"{COLUMNS},p")
    assert taken.left_out == {"places": 1}
    assert [one.answers["places"] for one in taken.responses] == [Missing.NOT_ASKED, (1,)]


@pytest.mark.parametrize(
    ("line", "column", "value", "reason"),
    [
        ("X,n,v,1,1,here,3", "how", "X", Fault.UNKNOWN_CODE),
        ("P,,v,1,1,here,3", "layer", "", Fault.EMPTY),
        ("P,n,,1,1,here,3", "place", "", Fault.EMPTY),
        ("P,n,v,0,1,here,3", "w", "0", Fault.NO_WEIGHT),
        ("P,n,v,nan,1,here,3", "w", "nan", Fault.NO_WEIGHT),
        ("P,n,v,1e308,1,here,3", "w", "1e308", Fault.NO_WEIGHT),
        ("P,n,v,1,7,here,3", "d", "7", Reason.OUTSIDE_SCALE),
        ("P,n,v,1,,here,3", "d", "", Reason.REQUIRED),
        ("P,n,v,1,1,moon,3", "o", "moon", Fault.UNKNOWN_CODE),
        ("P,n,v,1,1,here,3.5", "q1", "3.5", Fault.NOT_WHOLE),
        ("P,n,v,1,1,here,good", "q1", "good", Fault.NOT_WHOLE),
        ("P,n,v,1,1,here,6", "q1", "6", Reason.OUTSIDE_SCALE),
        ("P,n,v,1,1,here,-7", "q1", "-7", Reason.OUTSIDE_SCALE),
        ("P,n,v,1,1,here", "", "6 / 7", Fault.SHAPE),
    ],
)
def test_a_bad_row_is_told_with_line_column_value_and_reason(
    take: Take, line: str, column: str, value: str, reason: object
) -> None:
    assert (3, column, value, reason) in wrong(take, "P,n,v,1,1,here,3", line)


def test_signs_for_missing_answers_hold_in_every_question(take: Take) -> None:
    more = '[missing]\n"99" = -1\n"98" = -2\n"0" = -4\n' + LISTED
    rows = take("P,n,v,1,1,98,99,", "P,n,v,1,1,near,0,99", more=more, columns=COLUMNS + ",p").responses
    found = [[one.answers[name] for name in ("origin", "safe_crime", "places")] for one in rows]
    assert found == [[-2, -1, Missing.NOT_ASKED], [2, Missing.LEFT_BLANK, -1]]
    with pytest.raises(DefinitionError, match='missing "x": 5 is none of -1, -2, -3, -4'):
        take("P,n,v,1,1,here,3", more='[missing]\n"x" = 5\n')


def test_what_the_rows_stand_for_together_is_bounded(take: Take) -> None:
    more, columns = '[count]\ncolumn = "n"\n', COLUMNS + ",n"
    assert flaws(take, *["P,n,v,1,1,here,3,400000"] * 3, more=more, columns=columns) == [
        (Flaw.TOO_MANY, {"most": "1,000,000"})
    ]


def test_a_design_weight_far_above_the_others_is_told(take: Take) -> None:
    rows = [f"P,n,v,{weight},1,here,3" for weight in (0.001, 9, 10, 11, 900, 1200)]
    assert wrong(take, *rows) == [(7, "w", "1200", Fault.WEIGHT_STANDS_OUT)]


def test_lines_are_counted_as_an_editor_counts_them(take: Take) -> None:
    assert wrong(take, 'P,"n\nn",v,1,1,here,3', "", "P,n,v,1,1,here,9")[0][0] == 5


def test_columns_must_fit_the_mapping_both_ways(take: Take) -> None:
    assert flaws(take, "P,n,v,1,1,here,3", columns=COLUMNS.replace("q1", "q2")) == [
        (Flaw.MISSING, {"columns": "q1"}),
        (Flaw.UNMAPPED, {"columns": "q2"}),
    ]
    assert flaws(take, "P,n,v,1,1,here,3,1", columns=COLUMNS + ",d") == [(Flaw.TWICE, {"columns": "d"})]
    assert flaws(take) == [(Flaw.NO_ROWS, {})]


def test_another_delimiter_is_guessed_and_named(take: Take) -> None:
    found = flaws(take, "P;n;v;1;1;here;3", columns=COLUMNS.replace(",", ";"))
    assert found == [(Flaw.DELIMITER, {"delimiter": ";"})]


def test_a_csv_that_breaks_off_inside_a_quotation_is_told_with_its_line(take: Take) -> None:
    assert flaws(take, "P,n,v,1,1,here,3", 'P,"n,v,1,1,here,3') == [(Flaw.CSV, {"line": "3"})]


def test_other_encodings_are_read_when_the_mapping_says_so(take: Take, tmp_path: Path) -> None:
    line = "P,环翠,社区,1,1,here,3"
    assert flaws(take, line, encoding="gb18030") == [(Flaw.ENCODING, {"encoding": "UTF-8"})]
    mapping = read_mapping('encoding = "gb18030"\n' + HEAD, QUESTIONNAIRE)
    (one,) = read_file(tmp_path / "rows.csv", mapping, city_wave(), QUESTIONNAIRE).responses
    assert one.sampled is not None
    assert (one.sampled.stratum, one.sampled.psu) == ("环翠", "社区")


def test_signs_that_no_database_keeps_are_dropped(take: Take) -> None:
    (one,) = take("P,no\0rth,v\x07,1,1,here,3").responses
    assert one.sampled is not None
    assert (one.sampled.stratum, one.sampled.psu) == ("north", "v")


@pytest.mark.parametrize(
    "line", ['encoding = "undefined"', 'encoding = "none"', 'delimiter = "\\n"', 'delimiter = "\\""']
)
def test_an_encoding_or_delimiter_that_reads_nothing_is_told(line: str) -> None:
    with pytest.raises(DefinitionError, match=r"no encoding|must be one sign"):
        read_mapping(f"{line}\n{HEAD}", QUESTIONNAIRE)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('id = "origin"', 'id = "origins"'), 'question "origins" › id'),
        (('channel = "invited"', 'channel = "open"'), "stratum"),
        (('id = "district"', 'id = "street"'), 'question "district"'),
        (('value = "ko"', 'values = "ko"'), "language › column"),
        (("here = 1", 'here = "1"'), 'question "origin" › codes.here'),
        (('column = "q1"', 'column = "q1"\nvalue = 3'), 'question "safe_crime" › column'),
        (('[mode]\ncolumn = "how"', '[mode]\nignore = "how"'), "mode › ignore"),
    ],
)
def test_a_mapping_that_cannot_be_is_told_with_its_place(change: tuple[str, str], place: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_mapping(HEAD.replace(*change), QUESTIONNAIRE)
    assert place in {problem.place for problem in caught.value.problems}
    for problem in caught.value.problems:
        told = {definition_text(problem, say(language)) for language in LANGUAGES}
        assert len(told) == len(LANGUAGES)


def test_a_sheet_gives_numbers_and_dates_like_a_text_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ([*COLUMNS.split(","), "seen"], ["P", "n", 7, 1.5, 1, "here", 3, date(2020, 5, 1)], [None] * 8):
        book.active.append(row)
    book.save(tmp_path / "rows.xlsx")
    mapping = read_mapping('ignore = ["seen"]\n' + HEAD, QUESTIONNAIRE)
    (one,) = read_file(tmp_path / "rows.xlsx", mapping, city_wave(), QUESTIONNAIRE).responses
    assert one.sampled is not None
    assert (one.sampled.psu, one.sampled.design_weight, one.answers["safe_crime"]) == ("7", 1.5, 3)


def test_missing_codes_of_spss_and_letters_of_stata_are_told_apart(tmp_path: Path) -> None:
    rows = {"how": ["P", "P"], "layer": ["n", "n"], "place": ["v", "v"], "w": [1.0, 1.0], "d": [1.0, 1.0]}
    mapping = HEAD.replace('column = "q1"', 'column = "q1"\ncodes = { "99" = -1, ".a" = -1, "4" = 4 }')
    mapping = mapping.replace('column = "o"\ncodes = { here = 1, near = 2, far = 3, refused = -2 }', "value = 1")
    pyreadstat.write_sav(pd.DataFrame({**rows, "q1": [4.0, 99.0]}), tmp_path / "r.sav", missing_ranges={"q1": [99]})
    pyreadstat.write_dta(
        pd.DataFrame({**rows, "q1": pd.Series([4.0, "a"], dtype=object)}),
        tmp_path / "r.dta",
        missing_user_values={"q1": ["a"]},
    )
    for name in ("r.sav", "r.dta"):
        taken = read_file(tmp_path / name, read_mapping(mapping, QUESTIONNAIRE), city_wave(), QUESTIONNAIRE)
        assert [one.answers["safe_crime"] for one in taken.responses] == [4, -1]
