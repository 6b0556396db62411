"""`survey estimate`: a plan in, estimates out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from survey.analysis.errors import PlanError
from survey.analysis.plan.answers import Answer, run
from survey.analysis.plan.answers import Progress as Told
from survey.analysis.plan.writers import check_ending, table, write

SHOWN = (
    *("estimate", "se", "ci_low", "ci_high", "t", "p", "n", "df", "quality", "reason", "against"),
    *("rank", "rank_range_low", "rank_range_high", "error"),
)
UNSHOWN = ("vcov_", "controls.", "extremes.")
MOST = 14
LONGEST = 200
WIDTH = 160


@click.command()
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), help="Data file (.csv or .parquet) instead of the plan's.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write: .json, .csv, .xlsx or .parquet.")
def estimate(plan: Path, data: Path | None, out: Path | None) -> None:
    """Estimate what PLAN (JSON or TOML) asks, from any survey file.

    Ends with status 0 when every ask was answered, 1 when an ask ended in an error, 2 when the plan or the
    data could not be read.
    """
    try:
        if out is not None:
            check_ending(out)
        with _progress() as told:
            answer = run(plan, data, told)
        if out is not None:
            write(answer, out)
    except (PlanError, OSError) as problem:
        click.echo(f"Error: {problem}", err=True)
        sys.exit(2)
    if out is None:
        _show(answer)
    for name, words in _errors(answer):
        click.echo(f"Error in {name}: {words}", err=True)
    sys.exit(1 if answer.failed else 0)


@contextmanager
def _progress() -> Iterator[Told | None]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def told(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name or "done")

        yield told


def _errors(answer: Answer) -> Iterator[tuple[str, str]]:
    for name, result in answer.results.items():
        for cell in result.get("cells", [result]):
            if "error" in cell:
                where = ", ".join(f"{column} {level}" for column, level in cell.get("domain", {}).items())
                yield f"{name} ({where})" if where else name, cell["error"]


def _show(answer: Answer) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    for name, result in answer.results.items():
        rows = table(Answer(made_with={}, results={name: result}, failed=False))
        known = list(dict.fromkeys(key for row in rows for key in row if key != "id"))
        columns = _columns(known)
        console.print(name, style="bold", markup=False, highlight=False)
        shown = Table()
        for column in columns:
            shown.add_column(column, overflow="fold")
        for row in rows[:LONGEST]:
            shown.add_row(*[_cell(row.get(column)) for column in columns])
        console.print(shown)
        if len(rows) > LONGEST:
            console.print(f"{len(rows) - LONGEST} more rows: write them with --out")


def _columns(known: list[str]) -> list[str]:
    """Columns for a terminal: of a cell what one reads first, of other answers what there is room for."""
    if "estimate" in known:
        lead = known[: known.index("estimate")]
        return lead + [key for key in known if key in SHOWN and key not in lead]
    return [key for key in known if not key.startswith(UNSHOWN)][:MOST]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    estimate()
