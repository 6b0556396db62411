"""R reads the exported files, runs the exported lines, and finds our page's estimates and standard errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rscript import r
from small_city import PREFER_NOT, numbered, questionnaire, response, sample, wave

from survey.analysis.estimate import estimate
from survey.analysis.statistics import mean
from survey.report.estimating.weighting import replicated
from survey.report.export.dataset import REPLICATE_SEED, Dataset, dataset
from survey.report.export.public.file import public
from survey.report.export.write import write
from survey.report.figures import Figure
from survey.report.results import Sample, examine
from survey.wave.model import Channel

READING = {
    "csv": "",
    "sav": "d <- as.data.frame(haven::read_sav('2026-small.sav', user_na = FALSE))",
    "sav by foreign": "d <- foreign::read.spss('2026-small.sav', to.data.frame = TRUE, use.value.labels = FALSE)",
    "dta": "d <- as.data.frame(haven::read_dta('2026-small.dta'))",
}
QUESTION = """
item_mean <- function(x) ifelse(rowSums(!is.na(x)) >= 2, rowMeans(x, na.rm = TRUE), NA)
add <- function(design) update(design,
  overall_score = overall * 10, overall_share = as.numeric(overall >= 8),
  safety_index_score = (item_mean(cbind(a, b, c)) - 1) * 25,
  safety_index_share = as.numeric(item_mean(cbind(a, b, c)) >= 4 - 1e-9),
  proud_score = (proud - 1) * 25, proud_share = as.numeric(proud >= 4))
figures <- function(whole) {
  inside <- subset(add(whole), inside_margins == 1)
  places <- c(list(city = inside), setNames(lapply(1:4, function(k) subset(inside, district %in% k)), 1:4))
  lapply(places, function(place) {
    names <- paste0(rep(c("overall", "safety_index", "proud"), each = 2), c("_score", "_share"))
    sapply(names, function(name) {
      m <- svymean(reformulate(name), place, na.rm = TRUE)
      list(c(coef(m)[[1]], SE(m)[[1]]))
    })
  })
}
"""


@pytest.fixture(scope="module", params=list(Channel))
def examined(request: pytest.FixtureRequest) -> Sample:
    """Two samples with people who did not say their sex or age, and foreign nationals outside the margins."""
    rows = sample(channel=request.param)
    rows += [response(0, channel=request.param, weight=30.0, sex=PREFER_NOT, overall=3) for _ in range(9)]
    rows += [response(n, channel=request.param, age_group=PREFER_NOT, district=2, a=1, b=2) for n in range(7)]
    rows += [response(n, channel=request.param, residence=5, overall=10, weight=3.0) for n in range(12)]
    return examine(numbered(rows), wave(), questionnaire(), request.param, "")


@pytest.fixture(scope="module")
def folder(examined: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data in every format and the R script."""
    made = tmp_path_factory.mktemp("export")
    data = dataset(examined, "ko", replicates=60)
    for ending in ("csv", "sav", "dta", "r"):
        write(data, made / f"2026-small.{ending}")
    return made


def shown(examined: Sample) -> dict[tuple[str, str], Figure]:
    """Every figure the page shows for the city and the districts."""
    found = {}
    for finding in examined.results.findings:
        if finding.measure.id in {"overall", "safety_index", "proud"}:
            for row in (finding.city, *finding.districts):
                place = "city" if row.place.code is None else str(row.place.code)
                found[place, f"{finding.measure.id}_score"] = row.score
                found[place, f"{finding.measure.id}_share"] = row.share
    return {key: figure for key, figure in found.items() if figure.shown}


@pytest.mark.parametrize("read", READING)
def test_the_exported_lines_give_the_figures_of_the_page(examined: Sample, folder: Path, read: str) -> None:
    answer = r(f"{READING[read]}\nsource('2026-small.r')\n{QUESTION}\nanswer <- figures(design)", folder)
    figures = shown(examined)
    assert len(figures) > 20
    for (place, name), figure in figures.items():
        assert answer[place][name] == pytest.approx([figure.estimate, figure.se], rel=1e-8), (place, name)


def test_the_replicate_weights_give_our_bootstrap_errors(examined: Sample, folder: Path) -> None:
    script = "source('2026-small.r')\nm <- svymean(~overall, replicates, na.rm = TRUE)\nanswer <- c(coef(m), SE(m))"
    frame = examined.frame
    ours = estimate(replicated(frame, examined.results.weighting, 60, REPLICATE_SEED), mean, frame.answers("overall"))
    assert r(script, folder) == pytest.approx([ours.value[0, 0], ours.se[0, 0]], rel=1e-8)
    linear = estimate(examined.results.weighting.design, mean, frame.answers("overall"))
    assert ours.se[0, 0] == pytest.approx(linear.se[0, 0], rel=0.35)


def test_labels_and_missing_codes_arrive_in_r(folder: Path) -> None:
    script = """
    s <- haven::read_sav('2026-small.sav', user_na = TRUE)
    t <- haven::read_dta('2026-small.dta')
    answer <- list(label = attr(s$overall, 'label'), values = as.list(attr(s$sex, 'labels')),
      range = attr(s$sex, 'na_range'), refused = sum(s$sex == -2),
      stata = attr(t$overall, 'label'), tagged = sum(haven::is_tagged_na(t$sex, 'b'), na.rm = TRUE),
      tags = names(attr(t$sex, 'labels')))
    """
    found: dict[str, Any] = r(script, folder)
    assert found["label"] == found["stata"] == "overall한"
    codes = {"left_blank한": -4, "not_asked한": -3, "prefer_not_to_say한": -2, "dont_know한": -1}
    assert found["values"] == codes | {"option 1한": 1, "option 2한": 2}
    assert set(found["tags"]) == set(found["values"])
    assert found["range"] == [-4, -1]
    assert found["refused"] == found["tagged"] == 9


def test_a_wave_that_meets_only_its_first_margin_says_the_same_in_r(tmp_path: Path) -> None:
    split = replace(
        wave(),
        margins=(
            wave().margins[0],
            replace(wave().margins[1], cells=tuple(_moved(cell) for cell in wave().margins[1].cells)),
        ),
    )
    examined = examine(sample(), split, questionnaire(), Channel.INVITED, "")
    assert examined.results.weighting.only_first
    data: Dataset = dataset(examined, "en")
    assert [margin.column for margin in data.margins] == ["margin_1"]
    for ending in ("csv", "r"):
        write(data, tmp_path / f"2026-small.{ending}")
    answer = r(f"source('2026-small.r')\n{QUESTION}\nanswer <- figures(design)", tmp_path)
    for (place, name), figure in shown(examined).items():
        assert answer[place][name] == pytest.approx([figure.estimate, figure.se], rel=1e-8), (place, name)


def _moved(cell: Any) -> Any:
    """Totals of one area that contradict the other margin's."""
    factor = {"north": 0.5, "south": 1.9, "west": 1.3}[cell.levels[0]]
    return replace(cell, total=cell.total * factor)


@pytest.mark.parametrize("ending", ["csv", "sav", "dta"])
def test_the_public_file_runs_in_r_and_comes_near(examined: Sample, tmp_path: Path, ending: str) -> None:
    published = public(dataset(examined, "zh"), np.random.default_rng(1))
    for suffix in (ending, "r"):
        write(published, tmp_path / f"2026-small.{suffix}")
    script = f"{READING[ending]}\nsource('2026-small.r')\nm <- svymean(~overall, design, na.rm = TRUE)"
    estimate_, error = r(f"{script}\nanswer <- c(coef(m), SE(m))", tmp_path)
    city = shown(examined)["city", "overall_score"]
    assert city.estimate is not None
    assert city.se is not None
    assert 10 * estimate_ == pytest.approx(city.estimate, abs=3 * city.se)
    assert 10 * error == pytest.approx(city.se, rel=0.5)
