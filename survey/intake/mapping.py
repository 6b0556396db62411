"""What the columns of a file mean: the mapping file.

The file::

    channel = "invited"          # or "open"
    encoding = "gb18030"         # of a CSV file; UTF-8 unless written. delimiter = ";"  sheet = "2024" (XLSX)
    ignore = ["id"]              # columns left out on purpose; every other column must be mapped

    [missing]                    # signs that mean the same in every question: "99" = -1, ".a" = -1 (Stata's letters)

    [mode]                       # phone, web, interviewer, paper: value = "paper", or column (and codes)
    [language]                   # zh, en, ko: likewise
    [stratum]                    # invited only: column, or value for all
    [psu]                        # invited only: column; without this table every row is a sampling unit of its own
    [design_weight]              # invited only: column, or value for all
    [count]                      # column: how many residents with the same answers a row stands for

    [[question]]
    id = "overall_satisfaction"  # a question of the questionnaire (or of a write-in: id_other)
    column = "q1"
    codes = { Low = 1, "99" = -1 }  # what stands in the file (or its label) → code; without it the number is the code
    # a multiple choice: columns = { q7a = 1, q7b = 2 }, chosen = ["1", "yes"]; or column, separator = ";"
    # the same answer for everybody: value = 1
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from survey.intake.files.tables import Source
from survey.questionnaire.errors import DefinitionError, Message
from survey.questionnaire.model import Missing, MultipleChoice, OpenText, Questionnaire, SingleChoice, write_in_id
from survey.questionnaire.notation.table import TEXT, WHOLE_NUMBER, Table, document, no_such_value
from survey.questionnaire.routing import required
from survey.wave.model import Channel

FIELDS = ("mode", "language", "stratum", "psu", "design_weight", "count")
_DRAWN = ("stratum", "design_weight")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where something about a row stands: the same value for all, or a column, perhaps with codes."""

    value: str | None = None
    column: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Where the answer to one question stands.

    `codes` maps texts of the file to codes; when empty the text is the code. `missing` maps more of them in
    either case. `columns` maps the columns of a multiple choice to its options.
    """

    question: str
    is_text: bool
    is_multiple: bool
    value: int | None = None
    column: str | None = None
    codes: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)
    chosen: tuple[str, ...] = ("1",)
    separator: str | None = None

    def reads(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (*([self.column] if self.column is not None else []), *self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """The whole mapping file."""

    channel: Channel
    source: Source
    ignore: tuple[str, ...]
    fields: Mapping[str, Field]
    items: tuple[Item, ...]

    def reads(self) -> Iterator[str]:
        """Every column it reads."""
        for one in self.fields.values():
            if one.column is not None:
                yield one.column
        for item in self.items:
            yield from item.reads()


def read(text: str, questionnaire: Questionnaire) -> ColumnMapping:
    """The mapping written in `text`; `DefinitionError` with everything that is wrong with it."""
    whole = document(text)
    channel = whole.choice("channel", Channel) or Channel.INVITED
    missing = _missing(whole)
    mapping = ColumnMapping(
        channel=channel,
        source=_source(whole),
        ignore=whole.texts("ignore", ()),
        fields={name: _field(whole.table(name), name) for name in FIELDS if whole.has(name)},
        items=tuple(
            replace(item, missing=missing)
            for one in whole.tables("question", "question")
            if (item := _item(one, questionnaire)) is not None
        ),
    )
    whole.finish()
    _check(mapping, whole, questionnaire)
    if whole.problems:
        raise DefinitionError(whole.problems)
    return mapping


def _source(whole: Table) -> Source:
    encoding, delimiter = whole.text("encoding", "utf-8-sig"), whole.text("delimiter", ",")
    try:
        "".encode(encoding)
    except (LookupError, ValueError):  # "undefined" is an encoding that refuses everything.
        whole.problem("encoding", Message('"%(encoding)s" is no encoding', encoding=encoding))
    if len(delimiter) != 1 or delimiter in '\r\n\0"':
        whole.problem("delimiter", Message("must be one sign"))
    return Source(encoding=encoding, delimiter=delimiter, sheet=whole.text("sheet", "") or None)


def _missing(whole: Table) -> Mapping[str, int]:
    found = {key: int(value) for key, value in _coded(whole, "missing", int).items()}
    for text, code in found.items():
        if code not in set(Missing):
            known = ", ".join(str(int(way)) for way in Missing)
            whole.problem(f'missing "{text}"', Message("%(code)s is none of %(known)s", code=code, known=known))
    return found


def _field(table: Table, name: str) -> Field:
    found = Field(
        value=_scalar(table, "value"),
        column=table.text("column") if table.has("column") else None,
        codes={key: str(value) for key, value in _coded(table, "codes", str).items()},
    )
    if (found.value is None) == (found.column is None):
        table.problem("column", Message("either a column or a value for all is needed"))
    table.finish()
    return found


def _scalar(table: Table, key: str) -> str | None:
    if not table.has(key):
        return None
    return str(table.number(key)) if isinstance(table.values[key], int | float) else table.text(key)


def _item(table: Table, questionnaire: Questionnaire) -> Item | None:
    name = table.id()
    questions = {question.id: question for question in questionnaire.questions()}
    write_ins = {
        write_in_id(q.id)
        for q in questions.values()
        if isinstance(q, SingleChoice | MultipleChoice) and any(option.write_in for option in q.options)
    }
    item = Item(
        question=name,
        is_text=name in write_ins or isinstance(questions.get(name), OpenText),
        is_multiple=isinstance(questions.get(name), MultipleChoice),
        value=table.integer("value") if table.has("value") else None,
        column=table.text("column") if table.has("column") else None,
        codes={key: int(value) for key, value in _coded(table, "codes", int).items()},
        columns={key: int(value) for key, value in _coded(table, "columns", int).items()},
        chosen=table.texts("chosen", ("1",)),
        separator=table.text("separator") if table.has("separator") else None,
    )
    table.finish()
    if name and name not in questions and name not in write_ins:
        table.problem("id", Message('the questionnaire has no question "%(question)s"', question=name))
        return None
    if sum(given is not None for given in (item.value, item.column, item.columns or None)) != 1:
        table.problem("column", Message("exactly one of column, columns and value is needed"))
    if (item.columns or item.separator) and not item.is_multiple:
        table.problem("columns", Message("columns and separator are for multiple choices"))
    return item


def _coded(table: Table, key: str, kind: type[int] | type[str]) -> Mapping[str, int | str]:
    """A table of texts to codes (whole numbers) or to words."""
    if not table.has(key):
        return {}
    found: dict[str, int | str] = {}
    for text, value in table.table(key).values.items():
        if isinstance(value, kind) and not isinstance(value, bool):
            found[text.strip()] = value
        else:
            table.problem(f"{key}.{text}", no_such_value(WHOLE_NUMBER if kind is int else TEXT, value))
    return found


def _check(mapping: ColumnMapping, whole: Table, questionnaire: Questionnaire) -> None:
    """What the parts of a mapping say about each other and the questionnaire."""
    mapped = [item.question for item in mapping.items]
    for name in dict.fromkeys(name for name in mapped if mapped.count(name) > 1):
        whole.problem(f'question "{name}"', Message("stands twice"))
    for section in questionnaire.sections:
        for question in section.questions:
            if required(section, question) and question.id not in mapped and not question.ask_if:
                whole.problem(f'question "{question.id}"', Message("is missing: everybody must have an answer to it"))
    for column in sorted(set(mapping.ignore) & set(mapping.reads())):
        whole.problem("ignore", Message('column "%(column)s" is mapped too', column=column))
    _check_fields(mapping, whole)


def _check_fields(mapping: ColumnMapping, whole: Table) -> None:
    invited = mapping.channel is Channel.INVITED
    needed = ("mode", "language", *(_DRAWN if invited else ()))
    for name in needed:
        if name not in mapping.fields:
            whole.problem(name, Message("is missing: a column, or a value for all"))
    for name in (*_DRAWN, "psu"):
        if not invited and name in mapping.fields:
            whole.problem(name, Message("only an invited sample has it"))
