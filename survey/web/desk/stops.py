"""Where respondents stop: how often each part of a questionnaire was reached, beside the answers that were sent."""

from __future__ import annotations

from survey.language import format_number, format_share
from survey.language import say as say_in
from survey.questionnaire.model import Questionnaire
from survey.storage.answers.reached import OPENED, SENDING
from survey.storage.records import Fieldwork


def _(text: str) -> str:
    """Marks a text for the catalogues; it is said when it is shown."""
    return text


COUNTED = _(
    "Counted by browsers that run the page's script, without knowing whose: who opens the page again, or reports by "
    "hand, is counted again. So these are upper bounds of how many people came that far. Only the answers sent are "
    "exact; the share of people who stopped is at most what stands here. A part that only some are asked is reached by "
    "fewer."
)


def stops(asked: Questionnaire, stands: Fieldwork, language: str) -> list[tuple[str, str, str]]:
    """For each place of the questionnaire, in order, and for sending: its name, how often, share of the openings."""
    say, counts = say_in(language), stands.reached
    places = {OPENED: say("Page opened")}
    places |= {section.id: section.title[language] for section in asked.sections}
    places[SENDING] = say("Last page, ready to send")
    rows = [(name, counts.get(place, 0)) for place, name in places.items()] + [(say("Answers sent"), stands.sent)]
    opened = counts.get(OPENED, 0)
    return [
        (name, format_number(times, language), format_share(times / opened, language) if opened else "—")
        for name, times in rows
    ]
