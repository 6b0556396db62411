"""The DDI-Codebook has the elements, order and attributes that the 2.5 schema asks for.

The schema itself may not be shipped here; what it says of every element we use is written down below (field level
documentation of DDI-Codebook 2.5), and an element or attribute that is not in the list fails.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest
from small_city import questionnaire, sample, wave, words

from survey.report.export.dataset import Dataset, dataset
from survey.report.export.formats.ddi import NAMESPACE
from survey.report.export.write import write
from survey.report.results import examine
from survey.wave.model import Channel

CHILDREN = {
    "codeBook": "docDscr* stdyDscr+ fileDscr* dataDscr*",
    "docDscr": "citation?",
    "citation": "titlStmt rspStmt? prodStmt? verStmt*",
    "titlStmt": "titl IDNo*",
    "rspStmt": "AuthEnty*",
    "prodStmt": "software*",
    "verStmt": "version?",
    "stdyDscr": "citation+ stdyInfo* method* dataAccs* notes*",
    "stdyInfo": "abstract* sumDscr*",
    "sumDscr": "collDate* nation* geogCover* anlyUnit* dataKind*",
    "method": "dataColl*",
    "dataColl": "sampProc* collMode* resInstru* weight*",
    "dataAccs": "useStmt*",
    "useStmt": "restrctn? contact*",
    "fileDscr": "fileTxt*",
    "fileTxt": "fileName? dimensns?",
    "dimensns": "caseQnty* varQnty*",
    "dataDscr": "var*",
    "var": "labl* qstn* invalrng* catgry* concept* varFormat?",
    "qstn": "qstnLit*",
    "invalrng": "item+",
    "catgry": "catValu? labl*",
}
"""In the order of the schema; + at least once, * any number, ? at most once."""

ATTRIBUTES = {
    "codeBook": {"version": "2\\.5"},
    "collDate": {"date": r"\d{4}-\d\d-\d\d", "event": "start|end|single"},
    "nation": {"abbr": "[A-Z]{2}"},
    "software": {"version": ".+"},
    "fileDscr": {"ID": "F1"},
    "item": {"UNITS": "INT|REAL", "VALUE": r"-?\d+"},
    "catgry": {"missing": "Y|N"},
    "varFormat": {"type": "character|numeric", "schema": "SAS|SPSS|IBM|ANSI|ISO|XML-Data|other"},
    "var": {
        "ID": "V_[a-z0-9_]+",
        "name": "[a-z0-9_]+",
        "files": "F1",
        "intrvl": "contin|discrete",
        "nature": "nominal|ordinal|interval|ratio|percent|other",
        "wgt": "wgt|not-wgt",
        "wgt-var": "V_weight",
    },
}


@pytest.fixture(scope="module", params=["zh", "en", "ko"])
def described(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Tree.Element]:
    """The small city's data set and its description, read back."""
    data = dataset(examine(sample(), wave(), questionnaire(), Channel.INVITED, ""), request.param, replicates=2)
    path: Path = tmp_path_factory.mktemp("ddi") / "small.xml"
    write(data, path)
    return data, Tree.parse(path).getroot()


def local(element: Tree.Element) -> str:
    assert element.tag.startswith(f"{{{NAMESPACE}}}")
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def test_every_element_stands_where_the_schema_wants_it(described: tuple[Dataset, Tree.Element]) -> None:
    for element in described[1].iter():
        model = CHILDREN.get(local(element), "")
        pattern = "".join(f"(?:{part.rstrip('+*?')} ){part[len(part.rstrip('+*?')) :]}" for part in model.split())
        assert re.fullmatch(pattern, "".join(f"{local(child)} " for child in element)), local(element)


def test_every_attribute_has_a_value_the_schema_allows(described: tuple[Dataset, Tree.Element]) -> None:
    for element in described[1].iter():
        allowed = ATTRIBUTES.get(local(element), {})
        for name, value in element.attrib.items():
            if not name.startswith("{"):
                assert re.fullmatch(allowed.get(name, "(?!)"), value), (local(element), name, value)


def test_ids_are_unique_and_what_refers_to_them_finds_them(described: tuple[Dataset, Tree.Element]) -> None:
    every = [element.attrib["ID"] for element in described[1].iter() if "ID" in element.attrib]
    assert len(every) == len(set(every))
    for element in described[1].iter():
        assert {element.get("wgt-var"), element.get("files")} - {None} <= set(every)


def test_every_variable_is_described_in_the_language_of_the_labels(described: tuple[Dataset, Tree.Element]) -> None:
    data, root = described
    found = {var.get("name"): var for var in root.iter(f"{{{NAMESPACE}}}var")}
    assert list(found) == list(data.columns)
    sex = found["sex"]
    assert sex.findtext(f"{{{NAMESPACE}}}labl") == words("sex")[data.language]
    assert sex.findtext(f"{{{NAMESPACE}}}qstn/{{{NAMESPACE}}}qstnLit") == words("sex?")[data.language]
    assert [one.get("missing") for one in sex.iter(f"{{{NAMESPACE}}}catgry")] == ["N", "N", "Y", "Y", "Y", "Y"]
    assert found["weight"].get("wgt") == found["replicate_1"].get("wgt") == "wgt"
