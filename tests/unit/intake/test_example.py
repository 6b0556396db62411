"""The example of a mapping fits what we export, in every language, and brings back the same answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from small_city import questionnaire, sample, wave

from survey.intake.example import example_mapping
from survey.intake.mapping import read as read_mapping
from survey.intake.read import read_file
from survey.language import LANGUAGES, say
from survey.questionnaire.model import Missing, OpenText, Questionnaire
from survey.questionnaire.plan import city_plan
from survey.questionnaire.read import read
from survey.questionnaire.validation import completed
from survey.report.export.dataset import dataset
from survey.report.export.write import write
from survey.report.results import examine
from survey.wave.model import Channel
from survey.wave.response import Response, SampledUnit

TEXTS = ("voice", "places_other")


def shipped() -> Questionnaire:
    text = (files("survey.questionnaire") / "definitions" / "residents.toml").read_text(encoding="utf-8")
    return read(text, city_plan())


def kept(responses: list[Response]) -> Counter[tuple[object, ...]]:
    """Answers, design and mode of each, without what no export holds."""

    def codes(answers: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
        return tuple(sorted((name, answer) for name, answer in answers.items() if name not in TEXTS))

    def design(unit: SampledUnit | None) -> tuple[object, ...]:  # A workbook holds 16 digits of a number.
        return () if unit is None else (unit.stratum, unit.psu, f"{unit.design_weight:.12g}")

    return Counter((one.mode, design(one.sampled), codes(one.answers)) for one in responses)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_of_the_shipped_questionnaire_names_every_question(language: str) -> None:
    mapping = read_mapping(example_mapping(shipped(), language, say(language)), shipped())
    asked = [one.id for one in shipped().questions() if not isinstance(one, OpenText)]
    assert [item.question for item in mapping.items] == asked


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".sav", ".dta"])
def test_what_we_export_comes_in_again_with_the_example(tmp_path: Path, ending: str) -> None:
    given = [replace(one, answers=completed(questionnaire(), one.answers)) for one in sample(1)]
    given[0] = replace(given[0], answers={**given[0].answers, "a": int(Missing.LEFT_BLANK)})
    data = dataset(examine(given, wave(), questionnaire(), Channel.INVITED, ""), "en")
    write(data, path := tmp_path / f"file{ending}")
    other = [one.name for one in data.variables if not one.question and one.name not in ("mode", "stratum", "psu")]
    left = [name for name in (*other, "note") if name != "base_weight" and (ending == ".csv" or name != "note")]
    text = example_mapping(questionnaire(), "en", say("en")).replace('["id"]', str(left))
    taken = read_file(path, read_mapping(text, questionnaire()), wave(), questionnaire())
    assert kept(list(taken.responses)) == kept(given)
    assert taken.left_out == {}
