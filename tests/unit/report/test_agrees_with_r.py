"""What the report gives for a whole wave is what R's survey package gives (reference/make.R)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_city import questionnaire, response, wave

from survey.analysis.quality import Quality
from survey.report.estimating import estimates, suppression
from survey.report.figures import Figure, PlaceKind
from survey.report.results import Sample, examine
from survey.wave.model import Channel
from survey.wave.response import Response, SampledUnit

REFERENCE = Path(__file__).parent / "reference"
EXPECTED: dict[str, Any] = json.loads((REFERENCE / "expected.json").read_text())
CELLS = [
    (place, measure, statistic)
    for place, measures in EXPECTED["places"].items()
    for measure in measures
    for statistic in ("score", "share")
]
NAMES = ["-".join(cell) for cell in CELLS]


@pytest.fixture(scope="module")
def sample() -> Sample:
    """The reference sample, with nothing hidden."""
    with (REFERENCE / "data.csv").open() as file:
        rows = [_response(place, row) for place, row in enumerate(csv.DictReader(file))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suppression, "alone", lambda figure, smallest: figure)
        patch.setattr("survey.report.results.alone", lambda figure, smallest: figure)
        patch.setattr(estimates, "quality_of_share", lambda *arguments: Quality("ok"))
        patch.setattr(estimates, "quality_of_mean", lambda *arguments: Quality("ok"))
        return examine(rows, wave(), questionnaire(), Channel.INVITED, "")


def _response(place: int, row: dict[str, str]) -> Response:
    answers = {name: int(value) for name, value in row.items() if name not in {"stratum", "psu", "weight"}}
    unit = SampledUnit(stratum=row["stratum"], psu=row["psu"], design_weight=float(row["weight"]))
    return Response(**{field: getattr(response(place, **answers), field) for field in _FIELDS}, sampled=unit)


_FIELDS = ("submission_id", "wave", "questionnaire", "language", "channel", "mode", "answers")


def _figure(sample: Sample, place: str, measure: str, statistic: str) -> Figure:
    finding = next(one for one in sample.results.findings if one.measure.id == measure)
    if place == "city":
        row = finding.city
    elif place == "outside":
        row = finding.outside
    else:
        row = next(one for one in finding.districts if one.place.code == int(place))
    assert row.place.kind is (PlaceKind(place) if place in {"city", "outside"} else PlaceKind.DISTRICT)
    figure: Figure = getattr(row, statistic)
    return figure


def test_weights_agree(sample: Sample) -> None:
    assert np.asarray(sample.results.weighting.weights) == pytest.approx(EXPECTED["weights"], rel=1e-8)


@pytest.mark.parametrize(("place", "measure", "statistic"), CELLS, ids=NAMES)
def test_figures_agree(sample: Sample, place: str, measure: str, statistic: str) -> None:
    expected = EXPECTED["places"][place][measure][statistic]
    figure = _figure(sample, place, measure, statistic)
    assert (figure.n, figure.df) == (expected["n"], expected["df"])
    assert figure.estimate == pytest.approx(expected["estimate"], rel=1e-8)
    assert figure.se == pytest.approx(expected["se"], rel=1e-8)
    if figure.se:
        assert figure.deff == pytest.approx(expected["deff"], rel=1e-6)
        assert figure.n_eff == pytest.approx(expected["n"] / expected["deff"], rel=1e-6)
    if statistic == "score" or min(figure.n * figure.estimate, figure.n * (1 - figure.estimate)) >= 10:
        assert (figure.low, figure.high) == pytest.approx((expected["low"], expected["high"]), rel=1e-6)
