"""A small questionnaire, a wave that asks it, and answers to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from survey.questionnaire.canonical import content_hash
from survey.questionnaire.model import (
    Missing,
    MultipleChoice,
    Notices,
    Option,
    Questionnaire,
    Score,
    Section,
    SectionKind,
    Words,
)
from survey.storage.records import Invitation
from survey.wave.model import AnalysisPlan, Channel, District, Mode, Sampling, Wave
from survey.wave.response import Response, SampledUnit


def words(text: str) -> Words:
    return Words(zh=f"{text}(中文)", en=text, ko=f"{text}(한국어)")


def small_questionnaire(version: str = "1", title: str = "A small survey") -> Questionnaire:
    score = Score(id="overall", text=words("How satisfied?"), label=words("Overall"), low_label=words("not at all"),
                  high_label=words("fully"))  # fmt: skip
    choice = MultipleChoice(id="places", text=words("Which places?"), label=words("Places"),
                            options=tuple(Option(code=code, label=words(str(code))) for code in (1, 2, 3)))  # fmt: skip
    section = Section(id="all", kind=SectionKind.OUTCOME, title=words("All"), questions=(score, choice))
    notices = Notices(**{name: words(name) for name in Notices.__dataclass_fields__})
    return Questionnaire(id="small", version=version, title=words(title), notices=notices,
                         missing_labels={code: words(code.name) for code in Missing}, sections=(section,))  # fmt: skip


def small_wave(wave_id: str = "2026", **changes: Any) -> Wave:
    wave = Wave(
        id=wave_id, year=2026, title=words("Check-up"), questionnaire=content_hash(small_questionnaire()),
        opens=date(2026, 5, 1), closes=date(2026, 6, 30), asked_by=words("bureau"), contact=words("12345"),
        results_published=words("in autumn"), simulated=False, district_question="district",
        districts=(District(code=1, name=words("Huancui"), weighting_area="huancui"),), margins=(),
        sampling=Sampling(description=words("d"), strata=words("s"), primary_sampling_unit=words("p")),
        analysis=AnalysisPlan(headline="overall", indices=()),
    )  # fmt: skip
    return replace(wave, **changes)


def answered(number: int = 1, **changes: Any) -> Response:
    """Submission `number`, from the open link."""
    response = Response(
        submission_id=str(UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)), wave="2026",
        questionnaire=content_hash(small_questionnaire()), language="ko", channel=Channel.OPEN, mode=Mode.PHONE,
        answers={"overall": 7, "places": (1, 3), "places_other": "바다 「海」 \u0000 \U0001f30a", "share": 0.1},
    )  # fmt: skip
    return replace(response, **changes)


def sample(communities: int = 4, size: int = 6) -> list[Invitation]:
    """`size` invitations in each of so many communities, one PSU each, two strata."""
    return [
        Invitation(
            code_hash=sha256(f"code {psu} {number}".encode()).hexdigest(),
            unit=SampledUnit(stratum=f"stratum-{psu % 2}", psu=f"psu-{psu}", design_weight=100 + psu / 3),
            district=1,
            community=f"community {psu}",
        )
        for psu in range(communities)
        for number in range(size)
    ]
