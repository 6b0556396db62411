"""Questionnaires, waves, responses, conflicts and invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

DESIGN = (
    "(channel = 'invited') = (stratum IS NOT NULL) AND (stratum IS NULL) = (psu IS NULL)"
    " AND (stratum IS NULL) = (design_weight IS NULL)"
)


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_questionnaire"),
    )
    op.create_index("uq_questionnaire_id_version", "questionnaire", ["id", "version"], unique=True)
    op.create_table(
        "wave",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("questionnaire", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("analysis_hash", sa.Text),
        sa.Column("definition", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wave"),
        sa.ForeignKeyConstraint(["questionnaire"], ["questionnaire.hash"], name="fk_wave_questionnaire"),
        sa.CheckConstraint("state IN ('planned', 'open', 'closed')", name=op.f("ck_wave_state")),
    )
    op.create_table(
        "wave_change",
        sa.Column("wave", sa.Text, nullable=False),
        sa.Column("shard", sa.BigInteger, nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("wave", "shard", name="pk_wave_change"),
        sa.ForeignKeyConstraint(["wave"], ["wave.id"], name="fk_wave_change_wave"),
        sqlite_with_rowid=False,
    )
    create_submitted("response")
    create_submitted("conflict", sa.Column("fingerprint", sa.Text, nullable=False))
    op.create_table(
        "invitation",
        sa.Column("wave", sa.Text, nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("stratum", sa.Text, nullable=False),
        sa.Column("psu", sa.Text, nullable=False),
        sa.Column("design_weight", sa.Double, nullable=False),
        sa.Column("district", sa.BigInteger, nullable=False),
        sa.Column("community", sa.Text, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("wave", "code_hash", name="pk_invitation"),
        sa.ForeignKeyConstraint(["wave"], ["wave.id"], name="fk_invitation_wave"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitation_wave_stratum_psu", "invitation", ["wave", "stratum", "psu"])


def create_submitted(name: str, *key: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("wave", sa.Text, nullable=False),
        sa.Column("submission_id", sa.Text, nullable=False),
        *key,
        sa.Column("receipt_hash", sa.Text, nullable=False),
        sa.Column("questionnaire", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("stratum", sa.Text),
        sa.Column("psu", sa.Text),
        sa.Column("design_weight", sa.Double),
        sa.Column("answers", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("wave", "submission_id", *(column.name for column in key), name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["wave"], ["wave.id"], name=f"fk_{name}_wave"),
        sa.ForeignKeyConstraint(["questionnaire"], ["questionnaire.hash"], name=f"fk_{name}_questionnaire"),
        sa.CheckConstraint(DESIGN, name=op.f(f"ck_{name}_design")),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{name}_wave_receipt_hash", name, ["wave", "receipt_hash"])
