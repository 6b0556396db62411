"""DDI-Codebook 2.5: what the file is, how it came about, and every variable, for archives and their catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Tree

from survey import __version__
from survey.language import say as speaking
from survey.report.export.dataset import Dataset
from survey.report.export.formats.plain import Tell
from survey.report.export.variables import Level, Role, Variable

NAMESPACE = "ddi:codebook:2_5"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_ADDRESS = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_FILE = "F1"
_FINAL = "weight"


def write_ddi(data: Dataset, path: Path, tell: Tell) -> None:
    """The description of the data set as XML; no answer of anybody is in it."""
    Tree.register_namespace("", NAMESPACE)
    tree = Tree.ElementTree(code_book(data))
    Tree.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)
    tell(data.rows, data.rows)


def code_book(data: Dataset) -> Tree.Element:
    """The whole document; the schema fixes the order of the elements."""
    root = Tree.Element(_tag("codeBook"), {"version": "2.5", _XML_LANGUAGE: data.language})
    root.set(_SCHEMA, f"{NAMESPACE} {_ADDRESS}")
    document = _below(root, "docDscr")
    _citation(document, data, with_software=True)
    _study(_below(root, "stdyDscr"), data)
    _file(_below(root, "fileDscr", ID=_FILE), data)
    described = _below(root, "dataDscr")
    for variable in data.variables:
        _variable(described, variable, data)
    return root


def _study(study: Tree.Element, data: Dataset) -> None:
    say, wave, language = speaking(data.language), data.wave, data.language
    _citation(study, data, with_software=False)
    information = _below(study, "stdyInfo")
    _below(information, "abstract", data.questionnaire.notices.introduction[language])
    summary = _below(information, "sumDscr")
    for event, day in (("start", wave.opens), ("end", wave.closes)):
        _below(summary, "collDate", day.isoformat(), date=day.isoformat(), event=event)
    _below(summary, "nation", say("China"), abbr="CN")
    for district in wave.districts:
        _below(summary, "geogCover", district.name[language])
    _below(summary, "anlyUnit", say("Resident"))
    _below(summary, "dataKind", say("Survey data (simulated)") if wave.simulated else say("Survey data"))
    collection = _below(_below(study, "method"), "dataColl")
    _below(collection, "sampProc", wave.sampling.description[language])
    _below(collection, "sampProc", wave.sampling.strata[language])
    _below(collection, "sampProc", wave.sampling.primary_sampling_unit[language])
    _below(collection, "collMode", say("Questionnaire on phone or computer, by an interviewer, or on paper"))
    _below(collection, "resInstru", f"{data.questionnaire.id} {data.questionnaire.version}")
    for heading, sentences in data.method:
        _below(collection, "weight", f"{heading}: {' '.join(sentences)}")
    use = _below(_below(study, "dataAccs"), "useStmt")
    _below(use, "restrctn", data.notes[-1])
    _below(use, "contact", wave.contact[language])
    for note in data.notes[:-1]:
        _below(study, "notes", note)


def _citation(above: Tree.Element, data: Dataset, *, with_software: bool) -> None:
    citation = _below(above, "citation")
    title = _below(citation, "titlStmt")
    _below(title, "titl", data.title)
    _below(title, "IDNo", data.wave.id)
    _below(_below(citation, "rspStmt"), "AuthEnty", data.wave.asked_by[data.language])
    if with_software:
        _below(_below(citation, "prodStmt"), "software", "weihai-resident-survey", version=__version__)
    _below(_below(citation, "verStmt"), "version", data.questionnaire.version)


def _file(file: Tree.Element, data: Dataset) -> None:
    described = _below(file, "fileTxt")
    _below(described, "fileName", data.wave.id)
    dimensions = _below(described, "dimensns")
    _below(dimensions, "caseQnty", str(data.rows))
    _below(dimensions, "varQnty", str(len(data.variables)))


def _variable(above: Tree.Element, variable: Variable, data: Dataset) -> None:
    var = _below(above, "var", ID=_id(variable.name), name=variable.name, files=_FILE, **_attributes(variable, data))
    _below(var, "labl", variable.label)
    if variable.text:
        _below(_below(var, "qstn"), "qstnLit", variable.text)
    if variable.missing:
        invalid = _below(var, "invalrng")
        for code, _ in variable.missing:
            _below(invalid, "item", UNITS="INT", VALUE=str(code))
    for is_missing, codes in (("N", variable.codes), ("Y", variable.missing)):
        for code, label in codes:
            category = _below(var, "catgry", missing=is_missing)
            _below(category, "catValu", str(code))
            _below(category, "labl", label)
    for concept in _concepts(variable, data):
        _below(var, "concept", concept)
    _below(var, "varFormat", type="character" if variable.is_text else "numeric", schema="other")


def _attributes(variable: Variable, data: Dataset) -> dict[str, str]:
    scale = variable.level is Level.SCALE
    nature = "ratio" if scale else variable.level.value
    found = {"intrvl": "contin" if scale else "discrete", "nature": nature}
    if variable.role in (Role.WEIGHT, Role.REPLICATE):
        return {**found, "wgt": "wgt"}
    if variable.role is Role.ITEM:
        return {**found, "wgt-var": _id(_FINAL)}
    return found


def _concepts(variable: Variable, data: Dataset) -> Iterator[str]:
    """The section of the questionnaire an item belongs to."""
    for section in data.questionnaire.sections:
        if any(question.id == variable.question for question in section.questions):
            yield section.title[data.language]


def _id(name: str) -> str:
    return f"V_{name}"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _below(above: Tree.Element, element_name: str, text: str | None = None, /, **attributes: str) -> Tree.Element:
    element = Tree.SubElement(above, _tag(element_name), attributes)
    element.text = None if text is None else "".join(sign for sign in text if sign >= " " or sign in "\n\t")
    return element
