"""How many of those who were invited answered: the response rate, or that it was not recorded."""

from __future__ import annotations

from survey.language import Say, format_number, format_share
from survey.report.figures import Results
from survey.wave.model import Channel


def response_texts(results: Results, invitations: int, language: str, say: Say) -> tuple[str, ...]:
    """What became of the invitations of a wave, as far as it is known.

    The rate is AAPOR's RR1, the lowest of their rates: answers of eligible residents by all invitations but those of
    residents found not to be eligible; whoever did not answer counts as eligible (AAPOR, Standard Definitions, 2023).

    Parameters
    ----------
    results
        Of one sample.
    invitations
        How many the wave has; 0 where none were kept.
    """
    if results.channel is Channel.OPEN:
        return (say("An open link has no response rate: nobody knows how many saw it."),)
    answered = results.respondents + results.ineligible
    if not invitations or answered > invitations:
        return (
            say(
                "Response rate: not recorded. It needs every invitation and what became of it, which this platform "
                "does not hold for this wave."
            ),
        )
    values = {
        "invitations": format_number(invitations, language),
        "answered": format_number(results.respondents, language),
        "ineligible": format_number(results.ineligible, language),
        "rest": format_number(invitations - answered, language),
        "rate": format_share(results.respondents / (invitations - results.ineligible), language, 1)
        if invitations > results.ineligible
        else "—",
    }
    return (
        say(
            "%(invitations)s invitations: %(answered)s eligible residents answered, %(ineligible)s were not eligible, "
            "and from %(rest)s nothing came. Refusals, residents who could not be reached and addresses nobody lives "
            "at were not recorded apart."
        )
        % values,
        say("Response rate: %(rate)s (AAPOR RR1: whoever did not answer counts as eligible).") % values,
    )
