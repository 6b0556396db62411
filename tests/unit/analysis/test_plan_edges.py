"""Plans and files at the edge of what one meets: every ask still gets an answer or a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner

from survey.analysis.models.small_area import fay_herriot
from survey.analysis.plan import run, write
from survey.analysis.plan.answers import Answer
from survey.cli.files.estimate import estimate

EVERY = [
    {"statistic": "mean", "y": "y"},
    {"statistic": "variance", "y": "y"},
    {"statistic": "quantile", "y": "y", "p": [0, 0.5, 1]},
    {"statistic": "distribution", "y": "y"},
    {"statistic": "proportion", "where": {"column": "y", "at_least": 2}},
    {"statistic": "rank", "y": "y"},
    {"statistic": "covariance", "y": "y"},
    {"statistic": "crosstab", "rows": "y", "columns": "k"},
    {"statistic": "independence", "rows": "y", "columns": "k"},
    {"statistic": "item_difference", "y": ["y", "k"]},
    {"statistic": "regression", "formula": "y ~ k"},
    {"statistic": "wave_difference", "designs": ["all", "all"], "y": "y"},
]


def answered(folder: Path, data: str, asks: list[dict[str, Any]], design: dict[str, Any] | None = None) -> Answer:
    (folder / "data.csv").write_text(data, encoding="utf-8")
    return run(planned(folder, "data.csv", asks, design))


def planned(folder: Path, data: str, asks: list[dict[str, Any]], design: dict[str, Any] | None = None) -> Path:
    numbered = [{"id": f"a{i}", "design": "all", **ask} for i, ask in enumerate(asks)]
    content = {"format": 1, "data": data, "designs": {"all": design or {}}, "ask": numbered}
    (folder / "plan.json").write_text(json.dumps(content))
    return folder / "plan.json"


@pytest.mark.parametrize("method", [None, "jk1"])
def test_a_column_of_domains_that_is_empty_in_all_rows_has_no_cells(tmp_path: Path, method: str | None) -> None:
    design = {} if method is None else {"replicates": {"method": method}}
    answer = answered(tmp_path, "y,k,g\n1,1,\n2,2,\n4,1,\n", [{**ask, "by": ["g"]} for ask in EVERY], design)
    assert not answer.failed
    assert all(result.get("cells", result.get("levels")) == [] for result in answer.results.values())


def test_one_ask_that_breaks_leaves_the_others_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by 0")

    monkeypatch.setattr("survey.analysis.plan.answering.simple.answer_variance", broken)
    answer = answered(
        tmp_path, "y,k\n1,1\n2,2\n", [{"statistic": "variance", "y": "y"}, {"statistic": "mean", "y": "y"}]
    )
    assert answer.failed
    assert answer.results["a0"]["error"] == "ask.a0: can't be computed (ZeroDivisionError: by 0)"
    assert answer.results["a1"]["estimate"] == 1.5


@pytest.mark.parametrize(
    "text",
    [
        'rows = {column = "day", equals = 2020-01-02}',
        'adjust = {method = "calibrate", totals = {intercept = 10}, bounds = [0.0, inf]}',
    ],
)
def test_dates_and_infinite_bounds_of_a_plan_can_be_written(tmp_path: Path, text: str) -> None:
    (tmp_path / "data.csv").write_text("y,day\n1,2020-01-02\n2,2020-01-03\n4,2020-01-02\n")
    asks = '[[ask]]\nid = "a"\ndesign = "all"\nstatistic = "mean"\ny = "y"\n'
    (tmp_path / "plan.toml").write_text(f'format = 1\ndata = "data.csv"\n[designs.all]\n{text}\n{asks}')
    write(run(tmp_path / "plan.toml"), tmp_path / "out.json")
    made = json.loads((tmp_path / "out.json").read_text())["made_with"]["designs"]["all"]["plan"]
    assert "2020-01-02" in json.dumps(made) or "inf" in json.dumps(made)


@pytest.mark.parametrize("level", [[1], {"a": 1}, 10**400])
def test_what_is_no_level_is_refused(tmp_path: Path, level: object) -> None:
    ask = {"statistic": "proportion", "where": {"column": "y", "equals": level}}
    assert "is no level" in answered(tmp_path, "y\n1\n2\n", [ask]).results["a0"]["error"]


def test_a_category_that_only_counts_like_a_level_is_not_it(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("code\n007\n007\n008\n")
    asks = [{"statistic": "proportion", "where": {"column": "code", "equals": level}} for level in (7, "007", 9)]
    plan = planned(tmp_path, "data.csv", asks)
    plan.write_text(json.dumps({**json.loads(plan.read_text()), "categories": ["code"]}))
    first, second, third = run(plan).results.values()
    assert first["error"].endswith("column code is read as text and has no level 7 in 3 rows; it has '007'")
    assert (second["estimate"], third["estimate"]) == (pytest.approx(2 / 3), 0.0)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_true_and_false_are_1_and_0(tmp_path: Path, ending: str) -> None:
    rows = "(VALUES (true, 1), (false, 2), (NULL, 3), (true, 4)) t(y, w)"
    duckdb.sql(f"COPY (SELECT * FROM {rows}) TO '{tmp_path / f'data.{ending}'}'")
    asks: list[dict[str, Any]] = [{"statistic": "mean", "y": "y"}]
    asks += [
        {"statistic": "proportion", "where": {"column": "y", **where}} for where in ({"equals": True}, {"in": [1]})
    ]
    results = run(planned(tmp_path, f"data.{ending}", asks, {"weights": "w"})).results
    assert results["a0"]["estimate"] == results["a1"]["estimate"] == pytest.approx(5 / 7)
    assert "has no level 1" in results["a2"]["error"]  # by name they are true and false


def test_a_share_that_reaches_1_but_for_rounding_has_its_limit(tmp_path: Path) -> None:
    rows = "".join(f"{i % 17},{0.1 + i * 0.37 % 1.3:.4f},{i // 5}\n" for i in range(400))
    design = {"weights": "w", "clusters": ["psu"]}
    answer = answered(tmp_path, f"y,w,psu\n{rows}", [{"statistic": "quantile", "y": "y", "p": [1]}], design)
    assert answer.results["a0"]["quantiles"] == [{"p": 1.0, "estimate": 16.0, "se": 0.0, "ci": [16.0, 16.0]}]


def test_equal_means_share_their_rank_whatever_rounding_makes_of_them(tmp_path: Path) -> None:
    rows = "".join(f"5,{w},{g}\n" for g in "abcdefgh" for w in (0.1, 0.2, 0.3, len(g) / 3, ord(g) / 7))
    ask = {"statistic": "rank", "y": "y", "by": ["g"]}
    cells = answered(tmp_path, f"y,w,g\n{rows}1,1,z\n2,1,z\n", [ask], {"weights": "w"}).results["a0"]["cells"]
    assert [cell["rank"] for cell in cells] == [1] * 8 + [9]


def test_a_table_that_the_margins_fix_has_no_variance_and_no_test(tmp_path: Path) -> None:
    rows = "".join(f"{'ab'[i % 2]},{'xyz'[i * i % 3]},{1 + i % 4}\n" for i in range(60))
    totals = [{"g": g, "h": h, "total": t} for g, h, t in
              [("a", "x", 10), ("a", "y", 20), ("b", "x", 30), ("b", "y", 45)]]  # fmt: skip
    design = {"weights": "w", "adjust": {"method": "poststratify", "variables": ["g", "h"], "totals": totals}}
    asks = [{"statistic": name, "rows": "g", "columns": "h"} for name in ("crosstab", "independence")]
    table, test = answered(tmp_path, f"g,h,w\n{rows}", asks, design).results.values()
    assert [cell["se"] for cell in table["cells"]] == [0.0] * 4
    assert test["error"] == "ask.a1: the margins fix the table: its shares have no variance"


def test_rows_of_weight_0_count_among_the_rows_of_a_table(tmp_path: Path) -> None:
    rows = "".join(f"{'ab'[i % 2]},{'xy'[i // 3 % 2]},{i % 5}\n" for i in range(60))
    ask = {"statistic": "independence", "rows": "g", "columns": "h", "kind": "Chisq"}
    both = [
        answered(tmp_path, f"g,h,w\n{text}", [ask], {"weights": "w"}).results["a0"]["statistic"]
        for text in (rows, "".join(line + "\n" for line in rows.split() if not line.endswith(",0")))
    ]
    assert both[0] / both[1] == pytest.approx(60 / 48)


def test_long_identifiers_of_sampling_units_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("y,c\n" + "".join(f"{i},1000000000000000{i:02d}\n" for i in range(20)))
    table = f"SELECT y, c::BIGINT AS c FROM read_csv('{tmp_path / 'data.csv'}')"
    duckdb.execute(f"COPY ({table}) TO '{tmp_path / 'data.parquet'}'")
    for file in ("data.csv", "data.parquet"):
        plan = planned(tmp_path, file, [{"statistic": "mean", "y": "y"}], {"clusters": ["c"]})
        assert run(plan).results["a0"]["df"] == 19


def test_nan_in_a_column_of_categories_is_a_gap(tmp_path: Path) -> None:
    numbers = "SELECT i AS y, CASE WHEN i % 3 = 0 THEN 'NaN'::DOUBLE ELSE i % 3 END AS g FROM range(30) r(i)"
    duckdb.execute(f"COPY ({numbers}) TO '{tmp_path / 'data.parquet'}'")
    plan = planned(tmp_path, "data.parquet", [{"statistic": "mean", "y": "y", "by": ["g"]}])
    plan.write_text(json.dumps(json.loads(plan.read_text()) | {"categories": ["g"]}))
    assert [cell["domain"] for cell in run(plan).results["a0"]["cells"]] == [{"g": "1"}, {"g": "2"}]


def test_tables_keep_domains_that_are_called_like_a_field_and_rerun_to_the_same_bytes(tmp_path: Path) -> None:
    asks = [
        {"statistic": "mean", "y": "y", "by": ["n"]},
        {"statistic": "wave_difference", "designs": ["all", "all"], "y": "y"},
        {"statistic": "independence", "rows": "id", "columns": "n"},
        {"statistic": "crosstab", "rows": "id", "columns": "n"},
    ]
    rows = "".join(f"{i % 4},{i % 3},{i // 2 % 2}\n" for i in range(48))
    answer = answered(tmp_path, f"y,n,id\n{rows}", asks)
    for ending in ("csv", "xlsx", "parquet"):
        write(answer, tmp_path / f"one.{ending}")
        write(answer, tmp_path / f"two.{ending}")
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes(), ending
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    header, *lines = book["results"].values
    found = [dict(zip(header, line, strict=True)) for line in lines]
    assert [row["id"] for row in found] == ["a0"] * 3 + ["a1", "a2"] + ["a3"] * 6
    assert [(row["domain.n"], row["n"]) for row in found[:3]] == [(0, 16), (1, 16), (2, 16)]
    assert (found[3]["n_1"], found[3]["n_2"]) == (48, 48)
    assert found[4]["df_1"] is not None
    assert {row["domain.id"] for row in found[5:]} == {0, 1}
    assert dict(line[:2] for line in book["made_with"].values)["plan_sha256"] == answer.made_with["plan_sha256"]
    stored = duckdb.execute(f"SELECT decode(value) FROM parquet_kv_metadata('{tmp_path / 'one.parquet'}')").fetchall()
    assert json.loads(stored[0][0]) == answer.made_with


def test_the_variance_of_areas_settles_for_any_areas() -> None:
    generator = np.random.default_rng(5)
    for _ in range(150):
        areas, scale = int(generator.integers(6, 60)), 10.0 ** generator.integers(-3, 4)
        known = (generator.lognormal(0, 1.2, areas) * scale) ** 2
        direct = generator.normal(0, 1, areas) * np.sqrt(generator.choice([0, 0.1, 1, 10]) * scale**2 + known)
        x = np.column_stack([np.ones(areas), generator.normal(50, 20, areas)])
        for method in ("REML", "ML"):
            assert fay_herriot(direct, np.sqrt(known), x, method).area_variance >= 0


@pytest.mark.parametrize(
    ("ask", "shown"),
    [
        ({"statistic": "quantile", "y": "y", "p": [0.5]}, ("quantiles.p", "quantiles.estimate", "quantiles.ci_low")),
        ({"statistic": "regression", "formula": "y ~ k"}, ("terms", "(Intercept)", "coef", "se")),
        ({"statistic": "rank", "y": "y", "by": ["k"]}, ("rank", "rank_range_low")),
        ({"statistic": "mean", "y": "y", "threshold": 2}, ("against", "can't tell")),
        ({"statistic": "item_difference", "y": ["y", "k"]}, ("estimate", "t", "p")),
    ],
)
def test_the_terminal_shows_what_was_asked_for(tmp_path: Path, ask: dict[str, Any], shown: tuple[str, ...]) -> None:
    (tmp_path / "data.csv").write_text("y,k\n1,1\n2,2\n4,1\n3,2\n1,2\n5,1\n")
    done = CliRunner().invoke(estimate, [str(planned(tmp_path, "data.csv", [ask]))])
    assert done.exit_code == 0
    assert all(word in done.stdout for word in shown)


def test_a_domain_without_weight_says_so(tmp_path: Path) -> None:
    asks = [{**ask, "by": ["g"]} for ask in (*EVERY[:3], EVERY[3], EVERY[9])]
    answer = answered(tmp_path, "y,k,g,w\n1,1,a,0\n2,1,a,0\n1,2,b,1\n3,1,b,2\n", asks, {"weights": "w"})
    assert [result["cells"][0]["reason"] for result in answer.results.values()] == ["all weights are 0"] * 5


@pytest.mark.parametrize(("plus", "minus"), [(1, 0), (1.0, "0"), ("1.0", 0.0), (True, False)])
def test_levels_of_a_difference_are_numbers_where_the_column_is(tmp_path: Path, plus: object, minus: object) -> None:
    ask = {"statistic": "difference", "y": "y", "by": ["k"], "plus": plus, "minus": minus}
    assert answered(tmp_path, "y,k\n1,0\n2,0\n5,1\n4,1\n", [ask]).results["a0"]["estimate"] == 3.0


def test_a_domain_that_the_single_psu_rule_refuses_takes_no_rank_from_the_others(tmp_path: Path) -> None:
    rows = "".join(
        f"{i // 10 + (i * 7 % 10) / 99},{'abc'[i // 10]},{i % 2 + i // 20 * 2 + i // 28},{i}\n" for i in range(30)
    )
    rows += "9,c,9,30\n"  # alone in its stratum
    asks = [{"statistic": "rank", "y": "y", "by": ["g"]}, {"statistic": "quantile", "y": "y", "p": 0.5, "by": ["g"]}]
    answer = answered(tmp_path, f"y,g,st,psu\n{rows}", asks, {"strata": ["st"], "clusters": ["psu"]})
    first, second, third = answer.results["a0"]["cells"]
    assert (first["rank"], first["rank_range"], second["rank"]) == (2, [2, 2], 1)
    assert set(third) == set(answer.results["a1"]["cells"][2]) == {"domain", "error"}
