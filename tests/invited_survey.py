"""The survey of `open_survey` with a sample: addresses in communities, each with its code."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from open_survey import SECRET, TOKEN, the_wave

from survey.app import create_app
from survey.codes import code_of, invitation_hash
from survey.config import Config
from survey.questionnaire.read import shipped
from survey.storage.invitations import add_invitations
from survey.storage.questionnaires import publish
from survey.storage.records import Invitation
from survey.storage.waves import create_wave, open_wave
from survey.wave.response import SampledUnit
from survey.web.house import House

WENDENG = 5
COMMUNITY = "天福 <社区> & “北”"
"""A name that a page must not take for markup."""
SIZE = 6


def codes(community: int) -> list[str]:
    """The codes of a community's invitations."""
    return [code_of(int(f"{community}{number}" * 20)) for number in range(1, SIZE + 1)]


def units() -> list[SampledUnit]:
    """Two communities in Wendeng."""
    return [SampledUnit(stratum="5-1", psu=f"5-1-{number}", design_weight=120.5) for number in (1, 2)]


def invited_app(address: str, folder: Path, *, opened: bool = True) -> Flask:
    """The real application; its wave has a sample of two communities."""
    app = create_app(Config(folder=folder, database=address, secret=SECRET, desk_token=TOKEN))
    house: House = app.extensions["survey"]
    sample = [
        Invitation(code_hash=invitation_hash(SECRET, code), unit=unit, district=WENDENG, community=COMMUNITY)
        for number, unit in enumerate(units(), 1)
        for code in codes(number)
    ]
    with house.sessions.begin() as session:
        publish(session, shipped())
        create_wave(session, the_wave())
        add_invitations(session, the_wave().id, sample)
        if opened:
            open_wave(session, the_wave().id)
    return app
