"""From the rows of a file to responses of a wave: all of them, or every row that is wrong."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from survey.intake.answers import answers_of, decoded
from survey.intake.errors import BadRows, Fault, FileProblem, Flaw, RowProblem, UnusableFile
from survey.intake.files.cells import text_of
from survey.intake.files.tables import Row, Table, open_table
from survey.intake.mapping import ColumnMapping, Field
from survey.questionnaire.model import LANGUAGES, Answer, Missing, Questionnaire
from survey.questionnaire.validation import check_answers, completed
from survey.wave.model import Channel, Mode, Wave
from survey.wave.response import LARGEST_WEIGHT, Response, SampledUnit

MOST_RESPONSES = 1_000_000
"""Residents a file may stand for, and so each of its rows."""
MOST_TIMES = 100
"""How many times the middle design weight one may be: a few larger ones leave nothing of the other answers."""
_NOTHING = (None, int(Missing.NOT_ASKED), int(Missing.LEFT_BLANK))
"""No answer; our own exports write the codes."""
_DELIMITERS = {";": ";", "\t": "\\t", ",": ",", "|": "|"}
"""Signs that may part columns, as a mapping writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Responses ready to be kept, and per question how many answers nobody should have been asked for.

    Such an answer stands where the questionnaire's own rules skip the question; it is left out.
    """

    responses: tuple[Response, ...]
    rows: int
    left_out: Mapping[str, int]


def read_file(path: Path, mapping: ColumnMapping, wave: Wave, questionnaire: Questionnaire) -> Intake:
    """The responses in a file.

    Raises
    ------
    BadRows
        With every problem of every row; nothing else of the file is of use then.
    UnusableFile
        The file as a whole.
    """
    table = open_table(path, mapping.source)
    _check_columns(table, mapping)
    mapped = frozenset(item.question for item in mapping.items)
    problems: list[RowProblem] = []
    responses: list[Response] = []
    left_out: Counter[str] = Counter()
    weights: dict[int, float] = {}
    rows = 0
    for row in table.rows:
        rows += 1
        one = _Reading(row, table, mapping, wave, questionnaire)
        response, count = one.response(mapped, left_out)
        problems += one.problems
        if not one.problems:
            if len(responses) + count > MOST_RESPONSES:
                raise UnusableFile(FileProblem(Flaw.TOO_MANY, {"most": f"{MOST_RESPONSES:,}"}))
            responses.extend(_alike(response, count))
            if response.sampled is not None:
                weights[one.line] = response.sampled.design_weight
    problems += _standing_out(weights, mapping)
    if problems:
        raise BadRows(problems, rows)
    if not responses:
        raise UnusableFile(FileProblem(Flaw.NO_ROWS))
    return Intake(responses=tuple(responses), rows=rows, left_out=dict(left_out))


def _check_columns(table: Table, mapping: ColumnMapping) -> None:
    twice = sorted({name for name in table.columns if table.columns.count(name) > 1})
    missing = sorted(set(mapping.reads()) - set(table.columns))
    unmapped = sorted(set(table.columns) - set(mapping.reads()) - set(mapping.ignore))
    told = [
        FileProblem(flaw, {"columns": ", ".join(names)})
        for flaw, names in ((Flaw.TWICE, twice), (Flaw.MISSING, missing), (Flaw.UNMAPPED, unmapped))
        if names
    ]
    other = next((sign for sign in _DELIMITERS if len(table.columns) == 1 and sign in table.columns[0]), "")
    if told and other:
        told = [FileProblem(Flaw.DELIMITER, {"delimiter": _DELIMITERS[other]})]
    if told:
        raise UnusableFile(*told)


def _standing_out(weights: Mapping[int, float], mapping: ColumnMapping) -> Iterator[RowProblem]:
    """Rows whose design weight is far above the middle one."""
    middle = float(np.median([*weights.values()])) if weights else 0.0
    column = mapping.fields.get("design_weight", Field(value="")).column or ""
    for line, weight in weights.items():
        if weight > MOST_TIMES * middle:
            told = text_of(weight)
            yield RowProblem(line=line, column=column, question="", reason=Fault.WEIGHT_STANDS_OUT, value=told)


def _alike(response: Response, count: int) -> Iterator[Response]:
    """The response as often as its row counts, each with a random id of its own."""
    for _ in range(count):
        unit = response.sampled
        yield Response(
            submission_id=str(uuid.uuid4()),
            wave=response.wave,
            questionnaire=response.questionnaire,
            language=response.language,
            channel=response.channel,
            mode=response.mode,
            answers=response.answers,
            sampled=unit if unit is None or unit.psu else _own_unit(unit),
        )


def _own_unit(unit: SampledUnit) -> SampledUnit:
    return SampledUnit(stratum=unit.stratum, psu=str(uuid.uuid4()), design_weight=unit.design_weight)


class _Reading:
    """One row on its way to a response; notes what is wrong with it."""

    def __init__(
        self, row: Row, table: Table, mapping: ColumnMapping, wave: Wave, questionnaire: Questionnaire
    ) -> None:
        self.line, cells = row
        self.problems: list[RowProblem] = []
        self.mapping, self.wave, self.questionnaire, self.table = mapping, wave, questionnaire, table
        if len(cells) != len(table.columns):
            self._note("", "", Fault.SHAPE, f"{len(cells)} / {len(table.columns)}")
        self.cells = dict(zip(table.columns, cells, strict=False))
        read = set(mapping.reads())
        for column in table.formulas.get(self.line, ()):
            if column in read:
                self._note(column, "", Fault.FORMULA, "")

    def response(self, mapped: frozenset[str], left_out: Counter[str]) -> tuple[Response, int]:
        """The response, to be used only when no problem was noted, and how many residents it stands for."""
        count = self._count()
        answers = self._answers(mapped, left_out, count)
        response = Response(
            submission_id="",
            wave=self.wave.id,
            questionnaire=self.wave.questionnaire,
            language=self._word("language", LANGUAGES),
            channel=self.mapping.channel,
            mode=Mode(self._word("mode", tuple(Mode)) or Mode.PAPER),
            answers=answers,
            sampled=self._unit(),
        )
        return response, count

    def _note(self, column: str, question: str, reason: Fault, value: str) -> None:
        self.problems.append(
            RowProblem(line=self.line, column=column, question=question, reason=reason, value=value[:40])
        )

    def _answers(self, mapped: frozenset[str], left_out: Counter[str], count: int) -> dict[str, Answer]:
        given: dict[str, Answer] = {}
        for item in self.mapping.items:
            answer, faults = answers_of(item, self.cells, self.table.labels)
            for column, reason, value in faults:
                self._note(column, item.question, reason, value)
            if answer not in _NOTHING:
                given[item.question] = answer
        if self.problems:
            return {}
        columns = {item.question: ", ".join(item.reads()) for item in self.mapping.items}
        for one in check_answers(self.questionnaire, given):
            answer = given.get(one.question_id, "")
            self.problems.append(
                RowProblem(
                    line=self.line,
                    column=columns.get(one.question_id, ""),
                    question=one.question_id,
                    reason=one.reason,
                    value="" if isinstance(answer, str) else str(answer),
                )
            )
        whole = completed(self.questionnaire, given)
        for name in given:
            if whole.get(name, Missing.NOT_ASKED) == Missing.NOT_ASKED:
                left_out[name] += count
        blank = int(Missing.LEFT_BLANK)
        return {
            name: int(Missing.NOT_ASKED) if kept == blank and name not in mapped else kept
            for name, kept in whole.items()
        }

    def _field(self, name: str) -> tuple[str, str]:
        """The text of a field and the column it stands in."""
        one = self.mapping.fields.get(name, Field(value=""))
        if one.column is None:
            return one.value or "", ""
        text = self.cells.get(one.column, "")
        return (decoded(text, one.codes, self.table.labels.get(one.column, {})) or text), one.column

    def _word(self, name: str, known: tuple[str, ...]) -> str:
        text, column = self._field(name)
        if text in known:
            return text
        self._note(column or name, "", Fault.UNKNOWN_CODE if text else Fault.EMPTY, text)
        return ""

    def _count(self) -> int:
        if "count" not in self.mapping.fields:
            return 1
        text, column = self._field("count")
        if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_RESPONSES:
            return int(text)
        self._note(column, "", Fault.NO_COUNT, text)
        return 1

    def _unit(self) -> SampledUnit | None:
        if self.mapping.channel is not Channel.INVITED:
            return None
        stratum, column = self._field("stratum")
        if not stratum:
            self._note(column, "", Fault.EMPTY, "")
        psu, column = self._field("psu")
        if "psu" in self.mapping.fields and not psu:
            self._note(column, "", Fault.EMPTY, "")
        return SampledUnit(stratum=stratum, psu=psu, design_weight=self._weight())

    def _weight(self) -> float:
        text, column = self._field("design_weight")
        try:
            weight = float(text)
        except ValueError:
            weight = 0.0
        if not 0 < weight <= LARGEST_WEIGHT:
            self._note(column, "", Fault.NO_WEIGHT, text)
        return weight
