"""What the page's script says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from survey.language import Say, format_date
from survey.wave.model import Wave
from survey.web.house import end_of

DRAFT_DAYS = 7
"""How long a draft stays on the phone, and finished answers after their wave's last day."""


def for_the_interview(wave: Wave, language: str, say: Say) -> Mapping[str, Any]:
    """What the script of the questionnaire says, and until when it keeps finished answers (milliseconds since 1970)."""
    last = wave.closes + timedelta(days=DRAFT_DAYS)
    days = {"closes": format_date(wave.closes, language), "last": format_date(last, language)}
    said = {name: say(text) for name, text in TEXTS.items()}
    return {"days": DRAFT_DAYS, "until": end_of(last), "say": said | {"waiting_until": said["waiting_until"] % days}}


def around_it(say: Say) -> Mapping[str, Any]:
    """The same for a page without questions: what it says of answers that waited on the phone."""
    return {"days": DRAFT_DAYS, "say": {name: say(TEXTS[name]) for name in _AROUND}}


def _(text: str) -> str:
    """Marks a text for the catalogues; it is said when a page is made."""
    return text


TEXTS = {
    "start": _("I agree, start"),
    "next": _("Next"),
    "back": _("Back"),
    "part": _("Part %(number)s of %(count)s"),
    "choose": _("Please choose one answer."),
    "skip": _("You have not chosen an answer. You may choose one, or press “Next” again to go on without."),
    "most": _("Please choose at most %(most)s."),
    "number": _("Please write a whole number from %(low)s to %(high)s."),
    "kept": _("Your answers are kept on this phone or computer until you send them."),
    "not_kept": _("This browser cannot keep a draft. Please finish without closing the page."),
    "wipe": _("Wipe my answers"),
    "wiped": _("Your answers were wiped from this phone or computer."),
    "not_asked": _("Thank you"),
    "aloud": _("Read aloud"),
    "aloud_stop": _("Stop reading"),
    "send": _("Send my answers"),
    "sending": _("Sending …"),
    "waiting": _("Your answers wait to be sent"),
    "waiting_text": _(
        "They are complete and saved on this phone or computer. They are sent by themselves as soon as the survey can "
        "be reached. You may close this page; if they are still here next time, they are sent then."
    ),
    "waiting_until": _(
        "The survey takes answers until %(closes)s. What could not be sent is wiped here after %(last)s at the latest."
    ),
    "no_network": _("There is no network just now."),
    "no_answer": _("The survey does not answer just now. We will keep trying."),
    "send_now": _("Send now"),
    "item_waiting": _("Finished answers on this phone or computer wait to be sent."),
    "item_sent": _(
        "Answers that waited on this phone or computer were sent. Please write down their receipt code; "
        "it is shown here for one day:"
    ),
    "item_refused": _("Answers that waited on this phone or computer were not accepted."),
    "item_late": _(
        "Answers on this phone or computer had not reached us when the survey closed. They can no longer be accepted "
        "and were wiped from it. We are sorry."
    ),
    "noted": _("Do not show this again"),
    "see_why": _("See why"),
    "receipt": _("To the receipt"),
    "remove": _("Remove from this phone or computer"),
    "needs_network": _(
        "There is no network just now. That page can be opened when it is back; this one works without."
    ),
    "other_tab": _("You went on in another tab. The newest answers are shown here too."),
    "other_interview": _("Another interview was begun in another tab. Both are kept; this one goes on here."),
    "gone_elsewhere": _("These answers were sent or wiped in another tab. You can begin a new interview here."),
    "older": _("The questions have changed since you began. Answers that still fit were kept; please go on from here."),
}
_AROUND = (
    "item_waiting", "item_sent", "item_refused", "item_late", "noted", "see_why", "send_now", "receipt", "remove"
)  # fmt: skip
