"""Wilkinson formulas: from text and columns to the matrix a model is fitted on."""

from survey.analysis.models.formula.coding import INTERCEPT, independent
from survey.analysis.models.formula.factor import Column, Factor, factor_of_numbers
from survey.analysis.models.formula.matrix import ModelMatrix, model_matrix, variables

__all__ = [
    "INTERCEPT",
    "Column",
    "Factor",
    "ModelMatrix",
    "factor_of_numbers",
    "independent",
    "model_matrix",
    "variables",
]
