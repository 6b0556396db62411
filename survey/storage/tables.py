"""The tables. No column holds a time, an address or anything else that points to a person.

Tables of answers and invitations are keyed by random values and kept in the order of their keys where the database
can (SQLite: WITHOUT ROWID), so that no order of arrival is written down; docs/privacy.md tells the rest.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, ForeignKeyConstraint, Index, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text, float: Double, int: BigInteger}  # noqa: RUF012 - SQLAlchemy reads it from here


class QuestionnaireRow(Table):
    """A published questionnaire version; never changed."""

    __tablename__ = "questionnaire"
    __table_args__ = (Index("uq_questionnaire_id_version", "id", "version", unique=True),)

    hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    version: Mapped[str]
    definition: Mapped[str]
    """Canonical JSON."""


class WaveRow(Table):
    """A wave; only its state moves, and its analysis hash is set when it opens."""

    __tablename__ = "wave"
    __table_args__ = (CheckConstraint("state IN ('planned', 'open', 'closed')", name="state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    questionnaire: Mapped[str] = mapped_column(ForeignKey(QuestionnaireRow.hash))
    state: Mapped[str]
    analysis_hash: Mapped[str | None]
    definition: Mapped[str]
    """Canonical JSON."""


class ChangeRow(Table):
    """How often the responses of a wave changed, counted in several rows so that writers seldom wait for each other."""

    __tablename__ = "wave_change"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave: Mapped[str] = mapped_column(ForeignKey(WaveRow.id), primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changes: Mapped[int]


class _Submitted:
    """What was sent."""

    wave: Mapped[str] = mapped_column(ForeignKey(WaveRow.id), primary_key=True)
    submission_id: Mapped[str] = mapped_column(primary_key=True)
    receipt_hash: Mapped[str]
    questionnaire: Mapped[str] = mapped_column(ForeignKey(QuestionnaireRow.hash))
    language: Mapped[str]
    channel: Mapped[str]
    mode: Mapped[str]
    stratum: Mapped[str | None]
    psu: Mapped[str | None]
    design_weight: Mapped[float | None]
    answers: Mapped[str]
    """JSON object, keys sorted."""
    paradata: Mapped[str | None]
    """JSON object, keys sorted: coarse device, rounded seconds, breaks; None where no script ran."""


_INVITED_HAVE_A_DESIGN = (
    "(channel = 'invited') = (stratum IS NOT NULL) AND (stratum IS NULL) = (psu IS NULL)"
    " AND (stratum IS NULL) = (design_weight IS NULL)"
)


class ResponseRow(_Submitted, Table):
    """A response that counts."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint(_INVITED_HAVE_A_DESIGN, name="design"),
        Index(None, "wave", "receipt_hash"),
        {"sqlite_with_rowid": False},
    )


class ConflictRow(_Submitted, Table):
    """Other answers that came under a submission id already taken: kept, not counted."""

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint(_INVITED_HAVE_A_DESIGN, name="design"),
        Index(None, "wave", "receipt_hash"),
        {"sqlite_with_rowid": False},
    )

    fingerprint: Mapped[str] = mapped_column(primary_key=True, sort_order=1)
    """Digest of the content, so that sending the same conflict again keeps it once."""


class WithdrawalRow(Table):
    """A receipt whose answers were withdrawn, so that a copy that waits on a phone cannot bring them back."""

    __tablename__ = "withdrawal"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave: Mapped[str] = mapped_column(ForeignKey(WaveRow.id), primary_key=True)
    receipt_hash: Mapped[str] = mapped_column(primary_key=True)


class ReachedRow(Table):
    """How often a place of a wave's questionnaire was reached: a number, of nobody."""

    __tablename__ = "reached"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave: Mapped[str] = mapped_column(ForeignKey(WaveRow.id), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    """Id of a section, or one of `survey.storage.answers.reached`'s own."""
    times: Mapped[int]


class InvitationRow(Table):
    """A sampled unit with the hash of its code. Nothing leads from here to a response."""

    __tablename__ = "invitation"
    __table_args__ = (
        ForeignKeyConstraint(["wave"], [WaveRow.id]),
        Index(None, "wave", "stratum", "psu"),
        {"sqlite_with_rowid": False},
    )

    wave: Mapped[str] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    stratum: Mapped[str]
    psu: Mapped[str]
    design_weight: Mapped[float]
    district: Mapped[int]
    community: Mapped[str]
    used: Mapped[bool]
