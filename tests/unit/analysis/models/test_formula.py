"""Formulas mean what R means by them: names, order, coding, aliasing. The expected names are R's model.matrix()."""

from __future__ import annotations

import numpy as np
import pytest

from survey.analysis.errors import AnalysisError
from survey.analysis.models.formula import Factor, model_matrix, variables

COLUMNS = {
    "y": np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan]),
    "ell": np.array([1.0, 0.0, 2.0, 5.0, 3.0, 1.0]),
    "meals": np.array([2.0, 7.0, 1.0, 8.0, 2.0, 8.0]),
    "stype": Factor.of(["H", "E", "M", "E", "H", "E"]),
    "sch.wide": Factor.of(["Yes", "No", "Yes", None, "No", "Yes"]),
    "年龄": np.array([61.0, 70.0, 35.0, 48.0, 29.0, 55.0]),
    "居住 时间": np.array([1.0, 2.0, 1.0, 2.0, 9.0, 3.0]),
    "class": np.array([1.0, 2.0, 10.0, 2.0, 10.0, 1.0]),
}
ALL = np.ones(6, dtype=bool)


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("y ~ ell + stype", ["(Intercept)", "ell", "stypeH", "stypeM"]),
        ("y ~ stype - 1", ["stypeE", "stypeH", "stypeM"]),
        ("y ~ 0 + ell + stype", ["ell", "stypeE", "stypeH", "stypeM"]),
        ("y ~ ell*`sch.wide`", ["(Intercept)", "ell", "sch.wideYes", "ell:sch.wideYes"]),
        ("y ~ `sch.wide`:ell", ["(Intercept)", "sch.wideNo:ell", "sch.wideYes:ell"]),
        ("y ~ ell + `sch.wide`:ell", ["(Intercept)", "ell", "ell:sch.wideYes"]),
        ("y ~ C(`class`)", ["(Intercept)", "C(class)2", "C(class)10"]),
        ("y ~ C(stype, Treatment('M'))", ["(Intercept)", 'C(stype, Treatment("M"))E', 'C(stype, Treatment("M"))H']),
        ("y ~ I(ell^2) + I(ell/2) + log(meals)", ["(Intercept)", "I(ell^2)", "I(ell/2)", "log(meals)"]),
        ("y ~ I(ell > 1)", ["(Intercept)", "I(ell > 1)TRUE"]),
        ("y ~ 1", ["(Intercept)"]),
        ("ell + meals", ["(Intercept)", "ell", "meals"]),
        ('年龄 ~ `居住 时间` + I(stype == "E")', ["(Intercept)", "居住 时间", 'I(stype == "E")TRUE']),
    ],
)
def test_coefficients_have_r_s_names_in_r_s_order(formula: str, names: list[str]) -> None:
    assert list(model_matrix(formula, COLUMNS, ALL).names) == names


def test_a_factor_that_stands_before_a_number_stays_before_it() -> None:
    model = model_matrix("y ~ ell + stype + meals", COLUMNS, ALL)
    assert list(model.terms) == ["(Intercept)", "ell", "stype", "stype", "meals"]


def test_rows_with_a_gap_in_any_column_are_not_used_and_are_zeros() -> None:
    model = model_matrix("y ~ `sch.wide`", COLUMNS, ALL)
    assert model.used.tolist() == [True, True, True, False, True, False]
    assert not model.matrix[~model.used].any()
    assert model.outcome is not None
    assert np.isnan(model.outcome[5])


def test_levels_of_rows_outside_the_domain_leave_no_coefficient() -> None:
    model = model_matrix("y ~ stype", COLUMNS, np.array([True, True, False, True, True, True]))
    assert model.names == ("(Intercept)", "stypeH")
    assert model.aliased == ("stypeM",)


def test_a_column_that_depends_on_those_before_it_is_left_out_by_name() -> None:
    model = model_matrix("y ~ ell + I(2*ell) + meals", COLUMNS, ALL)
    assert model.names == ("(Intercept)", "ell", "meals")
    assert model.aliased == ("I(2 * ell)",)


def test_terms_of_a_wald_test_are_found_in_any_order_and_with_backticks() -> None:
    model = model_matrix("y ~ ell*`sch.wide`", COLUMNS, ALL)
    assert model.columns_of(["`sch.wide`:ell", "ell"]) == [3, 1]


def test_terms_of_a_wald_test_may_be_spaced_as_one_likes() -> None:
    model = model_matrix("y ~ I(ell^2) + C(`class`)", COLUMNS, ALL)
    assert model.columns_of(["I( ell ** 2 )", "C(class)"]) == [1, 2, 3]
    assert model.columns_of(["1"]) == [0]


def test_the_columns_a_formula_reads_are_known_before_the_data() -> None:
    assert variables('I(`sch.wide` == "Yes") ~ ell*C(`class`) + log(meals)') == ("sch.wide", "ell", "class", "meals")


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ sch.wide", "backticks, as in `sch.wide`"),
        ("y ~ `sch.wide", "without its partner"),
        ("y ~ elll", "no column 'elll'"),
        ("y ~ spline(ell)", "no function spline()"),
        ("y ~ __import__('os').system('true')", "not understood|backticks|no function"),
        ("y + ell ~ meals", "more than one variable on its left side"),
        ("y ~ ~ ell", "can't be read"),
        ("y ~ I(stype > 3)", "can't be computed: it computes with a text"),
        ("y ~ .", "'.' can't be read"),
        ("y ~ log(ell)", r"log\(ell\) is no finite number in 1 of 5 rows"),
        ("y ~ -1", "nothing on the right side"),
        ("y ~ C(stype, Treatment('X'))", "no level 'X'"),
        ("y ~ I(x * 9 ** 9 ** 9)", "write the power of two numbers as a number"),
    ],
)
def test_a_formula_that_can_t_be_meant_is_refused_with_its_place(formula: str, words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        model_matrix(formula, COLUMNS, ALL)


def test_an_unknown_term_is_named_beside_those_there_are() -> None:
    with pytest.raises(AnalysisError, match=r"no term 'meals'.*'ell'"):
        model_matrix("y ~ ell", COLUMNS, ALL).columns_of(["meals"])


def test_texts_compare_row_by_row_with_a_text_and_with_each_other() -> None:
    first, second = Factor.of(["a", "b", None, "c"]), Factor.of(["b", "b", "a", "a"])
    assert (first == "b").tolist() == [False, True, False, False]
    assert (first != "z").tolist() == [True, True, True, True]
    assert (first == second).tolist() == [False, True, False, False]
