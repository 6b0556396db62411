"""How a wave's fieldwork stands: answers that came in, invitations used, answers kept apart, where respondents stop."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from survey.language import NAMES, format_number, format_share
from survey.report.saying.wording import sample_name
from survey.report.years.saying.wording import mode_name
from survey.storage.fieldwork import fieldwork
from survey.storage.waves import find_wave
from survey.web.desk import address_in, members_only, sign_out_form
from survey.web.house import house
from survey.web.stops import COUNTED, stops

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
    return render_template(
        "fieldwork/wave.html",
        sign_out=sign_out_form(),
        address_in=address_in,
        language=g.language,
        stored=stored,
        found=found,
        responses=sum(one.responses for one in found.responses),
        number=partial(format_number, language=language),
        used_share=format_share(found.used / found.invitations, language) if found.invitations else "",
        sample_name=partial(sample_name, say=say),
        mode_name=partial(mode_name, say=say),
        language_name=NAMES,
        stops=stops(asked, found, language),
        counted=COUNTED,
    )
