"""Districts whose own figures no page shows for want of answers are one in a public file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from survey.report.export.dataset import Column
from survey.report.export.public.classes import Groups, levels

TOGETHER = "\N{INFORMATION SEPARATOR ONE}".join(("", "districts", "joined"))
"""Stratum of the joined districts; no stratum of a sample is called like this."""


def few_joined(columns: Mapping[str, Column], question: str, smallest: int) -> tuple[dict[str, Column], Groups]:
    """The columns with districts of few answers joined, and which districts became one.

    Parameters
    ----------
    columns
        Of everybody the margins count, by name.
    question
        The question that asks for the district.
    smallest
        Fewest answers of a district that stands alone.

    Returns
    -------
    columns : dict of str to ndarray
        A joined district is called by its lowest code; its rows are one stratum, for a stratum tells the district.
    groups : tuple of tuple of int
        Every district, the joined ones together.

    Notes
    -----
    One hidden district would follow from the city's figure and the others': the next smallest is joined too, and so
    on until the joined ones have enough answers together.
    """
    codes = columns[question].astype(np.int64)
    alone = levels(codes)
    sizes = sorted((int((codes == code).sum()), code) for (code,) in alone)
    few = [code for size, code in sizes if size < smallest]
    while few and len(few) < len(sizes) and (len(few) < 2 or sum(size for size, _ in sizes[: len(few)]) < smallest):
        few.append(sizes[len(few)][1])
    if not few:
        return dict(columns), alone
    joined = tuple(sorted(few))
    there = np.isin(columns["stratum"], np.unique(columns["stratum"][np.isin(codes, few)]))
    stratum = columns["stratum"].astype(np.str_)
    found = {
        **columns,
        question: np.where(np.isin(codes, few), joined[0], codes),
        "psu": np.char.add(np.char.add(stratum, "\N{INFORMATION SEPARATOR ONE}"), columns["psu"].astype(np.str_)),
        "stratum": np.where(there, TOGETHER, stratum),
    }
    return found, tuple(sorted([joined, *((code,) for (code,) in alone if code not in few)]))
