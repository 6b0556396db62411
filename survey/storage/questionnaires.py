"""Published questionnaire versions: written once, never changed."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.questionnaire.canonical import canonical, content_hash, from_canonical
from survey.questionnaire.model import Questionnaire
from survey.storage.answers.insert import insert_once
from survey.storage.errors import AlreadyExists, UnknownQuestionnaire
from survey.storage.tables import QuestionnaireRow


def publish(session: Session, questionnaire: Questionnaire) -> str:
    """Freeze a questionnaire version and return its content hash; publishing it again changes nothing.

    Raises
    ------
    AlreadyExists
        The same id and version was published with other content.
    """
    digest = content_hash(questionnaire)
    name = {"id": questionnaire.id, "version": questionnaire.version}
    insert_once(session, QuestionnaireRow, {"hash": digest, "definition": canonical(questionnaire), **name})
    kept = session.scalar(select(QuestionnaireRow.hash).filter_by(**name))
    if kept != digest:
        raise AlreadyExists(
            f'Questionnaire "{questionnaire.id}" version "{questionnaire.version}" was published before with other '
            "content, and a published version never changes: give the changed one a new version."
        )
    return digest


def published(session: Session, digest: str) -> Questionnaire:
    """The published questionnaire with this content hash; `UnknownQuestionnaire` when there is none."""
    definition = session.scalar(select(QuestionnaireRow.definition).filter_by(hash=digest))
    if definition is None:
        raise UnknownQuestionnaire(f'No published questionnaire has the content hash "{digest}".')
    return _read(definition)


def published_version(session: Session, questionnaire_id: str, version: str) -> Questionnaire:
    """The published questionnaire with this id and version; `UnknownQuestionnaire` when there is none."""
    definition = session.scalar(select(QuestionnaireRow.definition).filter_by(id=questionnaire_id, version=version))
    if definition is None:
        raise UnknownQuestionnaire(f'Questionnaire "{questionnaire_id}" version "{version}" was not published.')
    return _read(definition)


def versions(session: Session, questionnaire_id: str) -> tuple[Questionnaire, ...]:
    """Every published version of a questionnaire."""
    rows = session.scalars(select(QuestionnaireRow.definition).filter_by(id=questionnaire_id))
    return tuple(_read(definition) for definition in rows)


def all_published(session: Session) -> dict[str, Questionnaire]:
    """Every published questionnaire by its content hash, in the order of id and version."""
    rows = session.execute(
        select(QuestionnaireRow.hash, QuestionnaireRow.definition).order_by(
            QuestionnaireRow.id, QuestionnaireRow.version
        )
    )
    return {row.hash: _read(row.definition) for row in rows}


def only_published(session: Session) -> Questionnaire:
    """The one published questionnaire; `UnknownQuestionnaire`, with their names, unless there is exactly one."""
    rows = session.execute(
        select(QuestionnaireRow.id, QuestionnaireRow.version, QuestionnaireRow.definition).order_by(
            QuestionnaireRow.id, QuestionnaireRow.version
        )
    ).all()
    if not rows:
        raise UnknownQuestionnaire("No questionnaire is published yet.")
    if len(rows) > 1:
        names = ", ".join(f"{row.id} {row.version}" for row in rows)
        raise UnknownQuestionnaire(f"Several questionnaires are published; say which one is meant: {names}.")
    return _read(rows[0].definition)


@lru_cache(maxsize=16)
def _read(definition: str) -> Questionnaire:
    """A definition never changes, so it is read once."""
    return from_canonical(definition)
