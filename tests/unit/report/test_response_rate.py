"""The response rate is the lowest of AAPOR's, and where the platform cannot know it says so."""

from __future__ import annotations

import pytest
from small_city import questionnaire, sample, wave

from survey.document.compose import compose
from survey.document.model import Points
from survey.language import LANGUAGES, say
from survey.report.figures import Results
from survey.report.results import examine
from survey.report.saying.response import response_texts
from survey.wave.model import Channel


def results(channel: Channel = Channel.INVITED, screened_out: int = 0) -> Results:
    rows = sample(sizes={1: 160, 2: 90, 3: 80, 4: 70, **({10: screened_out} if screened_out else {})}, channel=channel)
    return examine(rows, wave(), questionnaire(), channel, "plan").results


def test_who_did_not_answer_counts_as_eligible_and_who_was_not_eligible_does_not_count() -> None:
    told = response_texts(results(screened_out=20), 1020, "en", say("en"))
    assert told[0].startswith("1,020 invitations: 400 eligible residents answered, 20 were not eligible, and from 600")
    assert told[1] == "Response rate: 40.0% (AAPOR RR1: whoever did not answer counts as eligible)."


@pytest.mark.parametrize("invitations", [0, 399])
def test_without_all_invitations_no_rate_is_made_up(invitations: int) -> None:
    (told,) = response_texts(results(), invitations, "en", say("en"))
    assert told.startswith("Response rate: not recorded")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_link_has_no_response_rate(language: str) -> None:
    (told,) = response_texts(results(Channel.OPEN), 1000, language, say(language))
    assert told == say(language)("An open link has no response rate: nobody knows how many saw it.")


@pytest.mark.parametrize(("invitations", "told"), [(1000, "Response rate: 40.0%"), (0, "Response rate: not recorded")])
def test_the_report_says_it_with_the_method(invitations: int, told: str) -> None:
    one = examine(sample(), wave(), questionnaire(), Channel.INVITED, "plan")
    document = compose(one, None, "en", (), invitations)
    points = [
        item
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Points)
        for item in block.items
    ]
    assert any(item.startswith(told) for item in points)
