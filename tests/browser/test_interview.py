"""A whole interview on a phone, in each language, with and without a script, with a change of language midway."""

from __future__ import annotations

import csv
import io

import pytest
from interview import CHOSEN, OWN_WORDS, answer, answer_until, on_screen, place_of, send, stored_code, touch
from open_survey import TOKEN, house_of, the_wave

from survey.language import LANGUAGES
from survey.questionnaire.model import Missing, OpenText
from survey.questionnaire.read import shipped
from survey.storage.answers.responses import responses
from survey.wave.model import Channel, Mode

OTHER = {"zh": "ko", "en": "zh", "ko": "en"}
MIDWAY = "nat_air"


def kept(served, submission):
    with house_of(served.app).sessions() as session:
        return [one for one in responses(session, the_wave().id) if one.submission_id == submission]


def complete(served, submission, language):
    """The one response that was stored, after a look whether it holds every answer that was touched."""
    (response,) = kept(served, submission)
    assert (response.language, response.channel, response.mode) == (language, Channel.OPEN, Mode.PHONE)
    for question in shipped().questions():
        given = stored_code(response.answers, question)
        if isinstance(question, OpenText):
            assert given == OWN_WORDS
        elif question.id in CHOSEN:
            assert given == CHOSEN[question.id]
        else:
            assert given not in tuple(Missing), question.id
    return response


def in_the_download(new_phone, response):
    """The desk's file of microdata, fetched by somebody who signed in, has a row with these answers."""
    desk = new_phone()
    desk.goto("/sign-in?token=" + TOKEN)
    file = desk.request.get(f"/en/exports/{the_wave().id}/confidential.csv?sample=open").body().decode("utf-8-sig")
    codes = {name: str(code) for name, code in response.answers.items() if isinstance(code, int) and code >= 0}
    expected = {"language": response.language, "channel": "open", "mode": "phone", **codes}
    return any(expected.items() <= row.items() for row in csv.DictReader(io.StringIO(file)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_the_script(served, new_phone, language):
    page = new_phone()
    page.goto(f"/{language}")
    answer_until(page, MIDWAY)
    submission = page.locator("[name=submission]").input_value()
    touch(page.locator(f"button[data-language={OTHER[language]}]"))
    page.wait_for_url(f"**/{OTHER[language]}")
    assert on_screen(page) == MIDWAY
    assert page.locator("[name=submission]").input_value() == submission
    assert kept(served, submission) == []
    answer_until(page, "send")
    send(page)
    assert in_the_download(new_phone, complete(served, submission, OTHER[language]))
    assert page.evaluate("Object.keys(localStorage).length") == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_script(served, new_phone, language):
    page = new_phone(script=False)
    page.goto(f"/{language}")
    submission = page.locator("[name=submission]").input_value()
    touch(page.locator("label[for=consent]"))
    for question in shipped().questions():
        if question.id == MIDWAY:
            touch(page.locator(f"button[data-language={OTHER[language]}]"))
            page.wait_for_url(f"**/{OTHER[language]}")
            assert kept(served, submission) == []
        assert place_of(page, question).is_visible()
        answer(page, question)
    assert page.locator("[name=submission]").input_value() == submission
    send(page)
    assert in_the_download(new_phone, complete(served, submission, OTHER[language]))
