"""How a wave's fieldwork stands: answers that came in, invitations used, answers kept apart, where respondents stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from flask import Blueprint
from flask.typing import ResponseReturnValue

from survey.language import NAMES, Say, format_number, format_share
from survey.report.disclosure.counts import told_counts
from survey.report.saying.wording import count_text, sample_name
from survey.report.years.saying.wording import mode_name
from survey.storage.answers.fieldwork import fieldwork
from survey.storage.records import Fieldwork, ResponseCount
from survey.storage.waves import find_wave
from survey.wave.model import Channel
from survey.web.desk.door import members_only
from survey.web.desk.page import page
from survey.web.desk.stops import COUNTED, stops
from survey.web.house import house

blueprint = Blueprint("fieldwork", __name__)


@blueprint.get("/<language>/fieldwork/<wave_id>")
@members_only
def stands(language: str, wave_id: str) -> ResponseReturnValue:
    """How the fieldwork of a wave stands (`UnknownWave` is answered with 404)."""
    with house().sessions() as session:
        stored = find_wave(session, wave_id)
        asked = house().asked(session, stored.wave.questionnaire)
        found = fieldwork(session, wave_id)
    say = house().say(language)
    return page(
        "fieldwork/wave.html",
        stored=stored,
        found=found,
        responses=sum(one.responses for one in found.responses),
        came=came(found, stored.wave.analysis.smallest_cell, language, say),
        number=partial(format_number, language=language),
        used_share=format_share(found.used / found.invitations, language) if found.invitations else "",
        stops=stops(asked, found, language),
        counted=COUNTED,
    )


def came(found: Fieldwork, smallest: int, language: str, say: Say) -> tuple[tuple[str, str, str], ...]:
    """Rows of what came in: sample, then by way of answering and by language apart, and how many.

    Under the rule of all counts: a small number by sample, way and language at once would be a person.
    """
    rows: list[tuple[str, str, str]] = []
    for channel in Channel:
        own = [one for one in found.responses if one.channel is channel]
        if not own:
            continue
        name = sample_name(channel, say)
        rows.append((name, say("all"), format_number(sum(one.responses for one in own), language)))
        rows += [(name, *line) for line in _told(own, lambda one: mode_name(one.mode, say), smallest, language)]
        rows += [
            (name, *line) for line in _told(own, lambda one: NAMES.get(one.language, one.language), smallest, language)
        ]
    return tuple(rows)


def _told(
    own: list[ResponseCount], name: Callable[[ResponseCount], str], smallest: int, language: str
) -> list[tuple[str, str]]:
    counts: Counter[str] = Counter()
    for one in own:
        counts[name(one)] += one.responses
    told = told_counts(list(counts.values()), smallest)
    return [
        (words, count_text(count, smallest) if kept is None else format_number(kept, language))
        for (words, count), kept in zip(counts.items(), told, strict=True)
    ]
