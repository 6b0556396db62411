"""The lines that tell R, Stata and SPSS how the sample was drawn and weighted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from survey.language import say as speaking
from survey.report.estimating.weighting import HALF_WAY
from survey.report.export.dataset import Dataset, MarginTotals
from survey.report.export.formats.plain import Tell
from survey.report.export.formats.statistical import letter, stata_names
from survey.report.export.variables import Role


def write_r(data: Dataset, path: Path, tell: Tell) -> None:
    """An R script that makes the survey package's design, calibrated as the weights were."""
    _write(path, r_lines(data), tell, data.rows)


def write_do(data: Dataset, path: Path, tell: Tell) -> None:
    """A Stata do-file with svyset."""
    _write(path, do_lines(data), tell, data.rows)


def write_sps(data: Dataset, path: Path, tell: Tell) -> None:
    """SPSS syntax that writes the plan file of Complex Samples."""
    _write(path, sps_lines(data), tell, data.rows)


def r_lines(data: Dataset) -> Iterator[str]:
    """R: reads the CSV unless a data frame `d` is there (from haven::read_sav or read_dta), then makes `design`."""
    say = speaking(data.language)
    yield from (f"# {line}" for line in _head(data))
    yield "library(survey)"
    yield 'options(survey.lonely.psu = "adjust")'
    yield 'if (!exists("d")) d <- read.csv('
    yield f'  "{_name(data)}.csv", fileEncoding = "UTF-8-BOM",'
    yield '  colClasses = c(stratum = "character", psu = "character")'
    yield ")"
    yield "# " + say("Codes below 0 are ways of not answering.")
    yield from _named("items", [f'"{name}"' for name in data.named(Role.ITEM)])
    yield "d[items] <- lapply(d[items], function(x) { x <- as.numeric(x); ifelse(x < 0, NA, x) })"
    if data.margins:
        yield from _r_calibrated(data)
    else:
        yield f"design <- svydesign({_r_units(data)}, weights = ~weight, data = d)"
    if data.replicates:
        yield 'replicates <- svrepdesign(data = d, weights = ~weight, repweights = "^replicate_[0-9]+$",'
        yield f'  type = "other", scale = {_scale(data)!r}, rscales = 1, combined.weights = TRUE, mse = FALSE)'
    yield from _r_example(data)


def do_lines(data: Dataset) -> Iterator[str]:
    """Stata."""
    say = speaking(data.language)
    yield from (f"* {line}" for line in _head(data))
    yield f'use "{_name(data)}.dta", clear'
    missing = {int(code): label for variable in data.variables for code, label in variable.missing}
    yield "* " + "; ".join(f".{letter(code)} {label}" for code, label in sorted(missing.items(), reverse=True))
    units = "psu [pweight = weight], strata(stratum) singleunit(centered)" if data.clustered else "[pweight = weight]"
    if data.margins:
        yield "* " + say("The weights are raked; svyset leaves that out of the variance, which errs on the safe side.")
    yield f"svyset {units}"
    if data.replicates:
        width = len(str(data.replicates))
        first, last = f"replicate_{1:0{width}d}", f"replicate_{data.replicates}"
        yield "* " + say("With the replicate weights, which account for the raking:")
        yield f"* svyset [pweight = weight], vce(bootstrap) bsrweight({first}-{last}) bsn({round(1 / HALF_WAY**2)})"
    district = stata_names(data).get(data.wave.district_question)
    inside = "if inside_margins == 1 " if "inside_margins" in data.columns else ""
    over = f"over({district}) " if district else ""
    prefix = f"svy, subpop({inside.strip()})" if inside else "svy"
    yield f"* {prefix}: mean {stata_names(data).get(_first_item(data), _first_item(data))}, {over}".rstrip()


def sps_lines(data: Dataset) -> Iterator[str]:
    """SPSS, module Complex Samples."""
    yield from (f"* {line.rstrip('.')}." for line in _head(data))
    yield f"GET FILE='{_name(data)}.sav'."
    yield f"CSPLAN ANALYSIS /PLAN FILE='{_name(data)}.csaplan'"
    yield "  /PLANVARS ANALYSISWEIGHT=weight"
    if data.clustered:
        yield "  /DESIGN STRATA=stratum CLUSTER=psu"
    yield "  /ESTIMATOR TYPE=WR."
    yield f"* CSDESCRIPTIVES /PLAN FILE='{_name(data)}.csaplan' /SUMMARY VARIABLES={_first_item(data)}"
    yield "  /MEAN /STATISTICS SE CIN."


def _name(data: Dataset) -> str:
    """The data file beside the script, without its ending; signs that would end a text in one of the programs go."""
    return "".join(sign for sign in data.file or data.wave.id if sign not in "\"'\\`$")


def _r_calibrated(data: Dataset) -> Iterator[str]:
    say = speaking(data.language)
    yield "# " + say("What the design weights were raked to: residents in each cell.")
    yield "totals <- list("
    for place, margin in enumerate(data.margins):
        yield from _r_totals(margin, "," if place + 1 < len(data.margins) else "")
    yield ")"
    yield "for (margin in names(totals)) d[[margin]] <- factor(as.numeric(d[[margin]]), names(totals[[margin]]))"
    yield "cells <- model.matrix(reformulate(names(totals)), d)"
    yield "known <- c(sum(totals[[1]]), unlist(lapply(totals, `[`, -1)))"
    yield "# " + say("What two margins both say is said once.")
    yield "kept <- local({ q <- qr(cells); q$pivot[seq_len(q$rank)] })  # what two margins both say is said once"
    yield 'columns <- paste0("cell_", seq_along(kept))'
    yield "d[columns] <- cells[, kept]"
    yield "# " + say("A constant factor changes nothing but how near the start is to the totals.")
    yield "d$start_weight <- d$base_weight * sum(totals[[1]]) / sum(d$base_weight)"
    yield f"design <- svydesign({_r_units(data)}, weights = ~start_weight, data = d)"
    yield "design <- calibrate(design, reformulate(columns, intercept = FALSE), setNames(known[kept], columns),"
    yield '  calfun = "raking", epsilon = 1e-12, maxit = 500)'


def _r_totals(margin: MarginTotals, comma: str) -> Iterator[str]:
    yield f"  {margin.column} = c("
    last = len(margin.totals) - 1
    for place, (code, total) in enumerate(margin.totals):
        yield f'    "{code}" = {total!r}{"," if place < last else ""}'
    yield f"  ){comma}"


def _r_units(data: Dataset) -> str:
    return "ids = ~psu, strata = ~stratum, nest = TRUE" if data.clustered else "ids = ~1"


def _r_example(data: Dataset) -> Iterator[str]:
    say = speaking(data.language)
    item, district = _first_item(data), data.wave.district_question
    design = "subset(design, inside_margins == 1)" if "inside_margins" in data.columns else "design"
    yield "# " + say("Mean by district, with its standard error:")
    yield f"# svyby(~{item}, ~{district}, {design}, svymean, na.rm = TRUE)"


def _first_item(data: Dataset) -> str:
    """The headline where it is a column itself, else the first question."""
    names = data.named(Role.ITEM)
    return data.wave.analysis.headline if data.wave.analysis.headline in names else names[0]


def _scale(data: Dataset) -> float:
    return 1 / (HALF_WAY**2 * (data.replicates - 1))


def _named(name: str, values: Sequence[str]) -> Iterator[str]:
    yield f"{name} <- c("
    for place, value in enumerate(values):
        yield f"  {value}{',' if place + 1 < len(values) else ''}"
    yield ")"


def _head(data: Dataset) -> tuple[str, ...]:
    lines = (data.title, *(note for note in data.notes if note not in data.title))
    return tuple(" ".join(line.split()) for line in lines)


def _write(path: Path, lines: Iterator[str], tell: Tell, rows: int) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tell(rows, rows)
