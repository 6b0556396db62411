"""A page of the desk: what the templates of every one of them find besides their own values."""

from __future__ import annotations

from functools import partial

from flask import g, render_template

from survey.language import COLON, Say, format_date, format_number
from survey.report.saying.wording import sample_name
from survey.wave.model import Channel, State
from survey.web.desk.door import address_in, sign_out_form
from survey.web.house import house


def page(template: str, **values: object) -> str:
    """The template in the reader's language, with the frame of the desk and its ways of writing."""
    say = house().say(g.language)
    return render_template(
        template,
        sign_out=sign_out_form(),
        address_in=address_in,
        language=g.language,
        Channel=Channel,
        format_date=format_date,
        format_number=format_number,
        sample_name=partial(sample_name, say=say),
        state_name=partial(_state_name, say=say),
        colon=COLON[g.language],
        **values,
    )


def _state_name(state: State, say: Say) -> str:
    match state:
        case State.PLANNED:
            return say("planned")
        case State.OPEN:
            return say("open")
        case State.CLOSED:
            return say("closed")
