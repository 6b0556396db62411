"""A small questionnaire, wave and sample made for the tests of the report: numbers one can check by hand."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import (
    Direction,
    FivePoint,
    Links,
    Missing,
    MultipleChoice,
    Notices,
    Number,
    OpenText,
    Option,
    Point,
    Questionnaire,
    Score,
    Section,
    SectionKind,
    SingleChoice,
    Words,
)
from survey.wave.model import AnalysisPlan, Channel, District, Index, Margin, MarginCell, Mode, Sampling, Wave
from survey.wave.response import Response, SampledUnit

PREFER_NOT = int(Missing.PREFER_NOT_TO_SAY)
DONT_KNOW = int(Missing.DONT_KNOW)


def words(text: str) -> Words:
    """The text marked in each language."""
    return Words(zh=f"{text}中", en=text, ko=f"{text}한")


def _options(*codes: int) -> tuple[Option, ...]:
    return tuple(Option(code=code, label=words(f"option {code}")) for code in codes)


def _single(name: str, *codes: int, ends_if: tuple[int, ...] = ()) -> SingleChoice:
    return SingleChoice(id=name, text=words(f"{name}?"), label=words(name), options=_options(*codes), ends_if=ends_if)


def _five(name: str, direction: Direction = Direction.SATISFACTION) -> FivePoint:
    points = tuple(Point(code=code, label=words(f"degree {code}")) for code in range(1, 6))
    links = Links(dimension=8, tasks=(26, 31), units=("public_security_bureau",))
    return FivePoint(
        id=name, text=words(f"{name}?"), label=words(name), direction=direction, points=points, links=links
    )


def questionnaire() -> Questionnaire:
    """Background, a score, four five-point items, a multiple choice with a write-in, a number and open text."""
    overall = Score(
        id="overall", text=words("overall?"), label=words("overall"), low_label=words("low"), high_label=words("high")
    )
    places = MultipleChoice(
        id="places",
        text=words("places?"),
        label=words("places"),
        options=(*_options(1, 2), Option(code=96, label=words("other"), write_in=True)),
    )
    background = (
        _single("district", 1, 2, 3, 4, 10, ends_if=(10,)),
        _single("sex", 1, 2),
        _single("age_group", 1, 2, 3),
        _single("residence", 1, 5),
    )
    open_questions = (
        Number(id="years", text=words("years?"), label=words("years"), low=0, high=99),
        OpenText(id="voice", text=words("voice?"), label=words("voice")),
    )
    notice = words("notice")
    return Questionnaire(
        id="small",
        version="1",
        title=words("title"),
        notices=Notices(
            introduction=notice,
            privacy=notice,
            consent=notice,
            sensitive=notice,
            open_text=notice,
            screened_out=notice,
            thanks=notice,
        ),
        missing_labels={missing: words(missing.name.lower()) for missing in Missing},
        sections=(
            Section(id="place", kind=SectionKind.BACKGROUND, title=words("place"), questions=background),
            Section(id="whole", kind=SectionKind.OUTCOME, title=words("whole"), questions=(overall,)),
            Section(
                id="safety",
                kind=SectionKind.ASPECT,
                title=words("safety"),
                questions=(_five("a"), _five("b"), _five("c"), _five("proud", Direction.AGREEMENT)),
                aspect=words("aspect"),
            ),
            Section(id="more", kind=SectionKind.OPEN, title=words("more"), questions=(places, *open_questions)),
        ),
    )


def _margin(variable: str, shares: dict[str, float]) -> Margin:
    totals = {"north": 6000.0, "south": 3000.0, "west": 1000.0}
    return Margin(
        variables=("weighting_area", variable),
        cells=tuple(
            MarginCell(levels=(area, level), total=total * share)
            for area, total in totals.items()
            for level, share in shares.items()
        ),
        source=words("census"),
        assumption=words("youngest assumed"),
    )


def wave() -> Wave:
    """Four districts in three weighting areas (4 is counted with 2), raked to area × sex and area × age."""
    return Wave(
        id="2026-small",
        year=2026,
        title=words("wave"),
        questionnaire=content_hash(questionnaire()),
        opens=date(2026, 5, 1),
        closes=date(2026, 5, 31),
        asked_by=words("bureau"),
        contact=words("12345"),
        results_published=words("autumn"),
        simulated=True,
        district_question="district",
        districts=(
            District(code=1, name=words("North"), weighting_area="north"),
            District(code=2, name=words("South"), weighting_area="south"),
            District(code=3, name=words("West"), weighting_area="west"),
            District(code=4, name=words("Port"), weighting_area="south"),
        ),
        margins=(
            _margin("sex", {"1": 0.5, "2": 0.5}),
            _margin("age_group", {"1": 0.25, "2": 0.5, "3": 0.25}),
        ),
        sampling=Sampling(
            description=words("two stages"), strata=words("districts"), primary_sampling_unit=words("community")
        ),
        analysis=AnalysisPlan(
            headline="overall",
            indices=(Index(id="safety_index", label=words("safety index"), items=("a", "b", "c"), answered=2),),
            outside_margins=(("residence", (5,)),),
        ),
    )


def response(number: int, *, channel: Channel = Channel.INVITED, weight: float = 10.0, **answers: object) -> Response:
    """One response; answers given by name overwrite the usual ones."""
    usual = {"district": 1, "sex": 1, "age_group": 1, "residence": 1, "overall": 8, "a": 4, "b": 4, "c": 4, "proud": 5}
    district = answers.get("district", 1)
    unit = SampledUnit(stratum=f"s{district}", psu=f"p{district}-{number % 6}", design_weight=weight)
    return Response(
        submission_id=f"{number:08d}",
        wave="2026-small",
        questionnaire=content_hash(questionnaire()),
        language="zh",
        channel=channel,
        mode=Mode.PHONE,
        answers={**usual, **answers},  # type: ignore[arg-type]
        sampled=unit if channel is Channel.INVITED else None,
    )


def sample(seed: int = 1, sizes: dict[int, int] | None = None, channel: Channel = Channel.INVITED) -> list[Response]:
    """A sample over the districts with random answers; women and the young are over-represented."""
    chance = random.Random(seed)
    rows: list[Response] = []
    for district, size in (sizes or {1: 160, 2: 90, 3: 80, 4: 70}).items():
        for _ in range(size):
            sex = chance.choice((1, 2, 2))
            age = chance.choice((1, 1, 2, 3))
            level = 2 + district % 3
            answers = {
                "district": district,
                "sex": sex,
                "age_group": age,
                "overall": min(10, max(0, round(chance.gauss(5 + district, 2)))),
                **{item: min(5, max(1, round(chance.gauss(level, 1)))) for item in ("a", "b", "c", "proud")},
                "places": chance.choice(((1,), (1, 2), (2, 96))),
                "places_other": "=SUM(A1)",
                "years": chance.randrange(60),
                "voice": "my own words",
            }
            rows.append(response(len(rows), channel=channel, weight=chance.uniform(5, 20), **answers))
    return rows


def numbered(responses: list[Response]) -> list[Response]:
    """The same responses with ids of their own."""
    return [replace(one, submission_id=f"{place:08d}") for place, one in enumerate(responses)]
