"""What every route needs: configuration, database and languages, opened once when the application is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, cast

from babel.support import Translations
from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from survey.config import Config
from survey.language import Pseudo, Say, texts
from survey.questionnaire.model import Questionnaire
from survey.storage.questionnaires import published


@dataclass(frozen=True, slots=True)
class House:
    """The open application."""

    config: Config
    engine: Engine
    sessions: sessionmaker[Session]
    documents: dict[Any, Any] = field(default_factory=dict)
    """Pages made once, by what they depend on."""
    _asked: dict[str, Questionnaire] = field(default_factory=dict)

    def say(self, language: str) -> Say:
        """A function that says an English interface text in `language`."""
        return self.texts(language).gettext

    def texts(self, language: str) -> Translations:
        """The interface texts of `language`."""
        return Pseudo() if self.config.pseudo and language == "en" else texts(language)

    def asked(self, session: Session, digest: str) -> Questionnaire:
        """The published questionnaire with this content hash, which never changes and is read once."""
        known = self._asked.get(digest)
        if known is None:
            known = self._asked[digest] = published(session, digest)
        return known

    def today(self) -> date:
        """The day it is in Weihai, wherever the server stands."""
        return datetime.now(_WEIHAI).date()


def end_of(day: date) -> int:
    """When a day ends in Weihai, in milliseconds since 1970, as a browser counts."""
    return int(datetime.combine(day + timedelta(days=1), time(), _WEIHAI).timestamp() * 1000)


_WEIHAI = timezone(timedelta(hours=8))


def house() -> House:
    """The house of the application that is answering."""
    return cast(House, current_app.extensions["survey"])
