"""The tables of all measures as rectangular rows, and as CSV and XLSX.

Every row says which wave and sample it is about and what its margins rest on, so that a row copied elsewhere still says
so. Column keys never change with the language; the heads and labels do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import xlsxwriter

from survey.language import Say, format_date
from survey.language import say as speaking
from survey.report.disclosure.composition import told_rows
from survey.report.figures import Figure, Finding, Results, Row, Statistic
from survey.report.saying import notes
from survey.report.saying.wording import (
    counted_text,
    place_name,
    quality_text,
    reason_text,
    sample_name,
    told_answers,
    variable_name,
)
from survey.report.writing.sheets import Value, neutral, write_notes, write_table


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows of equal length."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def table(results: Results, language: str) -> Table:
    """One row for each measure and place, shares in per cent, hidden figures empty with their reason."""
    say = speaking(language)
    tail = _tail(results, language, say)
    return Table(_heads(say), tuple((*row, *tail) for row in _rows(results, language, say)))


def results_csv(results: Results, language: str) -> bytes:
    """The table as CSV, UTF-8 with BOM so that Excel shows Chinese."""
    return csv_bytes(table(results, language))


def csv_bytes(one: Table) -> bytes:
    """Heads and rows as CSV: UTF-8 with BOM, lines ending as RFC 4180 wants them, no cell that Excel would run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutral(head) for head in one.heads])
    writer.writerows([["" if value is None else neutral(value) for value in row] for row in one.rows])
    return text.getvalue().encode("utf-8-sig")


def results_xlsx(results: Results, language: str) -> bytes:
    """The table as XLSX: one sheet with the figures and their foot, one with the method, one with the margins."""
    say = speaking(language)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        whole = table(results, language)
        wide = len(whole.heads) - len(_tail(results, language, say))
        title = f"{results.wave.title[language]} · {sample_name(results.channel, say)}"
        foot = (title, *notes.foot(results, language, say)[1:])
        write_table(
            book,
            say("Results"),
            title,
            Table(whole.heads[:wide], tuple(row[:wide] for row in whole.rows)),
            foot,
        )
        write_notes(book, say("Method"), title, notes.method(results, language, say))
        untold = notes.untold_cells(results, say)
        write_table(book, say("Margins"), title, _margins(results, language, say), (*untold, *foot))
    return content.getvalue()


def _heads(say: Say) -> tuple[str, ...]:
    share, score = say("Share"), say("Score 0–100")
    parts = (
        say("lower limit"),
        say("upper limit"),
        say("standard error"),
        say("answers"),
        say("effective sample"),
        say("degrees of freedom"),
        say("design effect"),
        say("quality"),
        say("reason"),
    )
    return (
        say("Measure id"),
        say("Measure"),
        say("What the share counts"),
        say("District code"),
        say("Place"),
        f"{share}, %",
        *(f"{share}: {part}" for part in parts),
        score,
        *(f"{score}: {part}" for part in parts),
        say("Mean on the answer scale"),
        say("Wave"),
        say("Closes"),
        say("Sample"),
        say("Frozen plan"),
        say("Results computed"),
        say("Notes"),
    )


def _tail(results: Results, language: str, say: Say) -> tuple[Value, ...]:
    return (
        results.wave.id,
        format_date(results.wave.closes, language),
        sample_name(results.channel, say),
        results.analysis_hash,
        results.computed.strftime("%Y-%m-%d %H:%M UTC"),
        "; ".join(notes.foot(results, language, say)[1:]),
    )


def _rows(results: Results, language: str, say: Say) -> Iterator[tuple[Value, ...]]:
    for finding in results.findings:
        rows = tuple(finding.rows())
        for row, answers in zip(rows, told_answers(rows, results.wave.analysis.smallest_cell), strict=True):
            yield _row(finding, row, answers, results, language)


def _row(finding: Finding, row: Row, answers: int | None, results: Results, language: str) -> tuple[Value, ...]:
    say = speaking(language)
    measure = finding.measure
    smallest = results.wave.analysis.smallest_cell
    score = row.score.estimate
    return (
        measure.id,
        measure.label[language],
        counted_text(measure, say),
        row.place.code,
        place_name(row.place, language, say),
        *_figure(row.share, answers, Statistic.SHARE, smallest, say),
        *_figure(row.score, answers, Statistic.SCORE, smallest, say),
        None if score is None else round(measure.to_raw(score), 4),
    )


def _figure(figure: Figure, answers: int | None, statistic: Statistic, smallest: int, say: Say) -> tuple[Value, ...]:
    factor = 100.0 if statistic is Statistic.SHARE else 1.0
    numbers = [
        None if value is None else round(factor * value, 4)
        for value in (figure.estimate, figure.low, figure.high, figure.se)
    ]
    return (
        *numbers,
        answers,
        None if figure.n_eff is None else round(figure.n_eff, 1),
        figure.df if figure.shown else None,
        None if figure.deff is None else round(figure.deff, 3),
        quality_text(figure, say),
        "" if figure.reason is None else reason_text(figure.reason, smallest, say),
    )


def _margins(results: Results, language: str, say: Say) -> Table:
    return Table(
        (
            say("Margin"),
            say("Cell"),
            say("Answers"),
            say("Before raking") + ", %",
            say("Target") + ", %",
            say("After raking") + ", %",
        ),
        tuple(
            (
                " × ".join(variable_name(v, results.questionnaire, language, say) for v in told.row.variables),
                notes.margin_row_name(told.row, results, language, say),
                told.answers,
                *(None if one is None else round(100 * one, 4) for one in (told.before, told.target, told.after)),
            )
            for told in told_rows(results.weighting.margins)
        ),
    )
