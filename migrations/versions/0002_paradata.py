"""How an interview went, which receipts were withdrawn, how far respondents come."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name in ("response", "conflict"):
        op.add_column(name, sa.Column("paradata", sa.Text))
    op.create_table(
        "withdrawal",
        sa.Column("wave", sa.Text, nullable=False),
        sa.Column("receipt_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("wave", "receipt_hash", name="pk_withdrawal"),
        sa.ForeignKeyConstraint(["wave"], ["wave.id"], name="fk_withdrawal_wave"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reached",
        sa.Column("wave", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("wave", "place", name="pk_reached"),
        sa.ForeignKeyConstraint(["wave"], ["wave.id"], name="fk_reached_wave"),
        sqlite_with_rowid=False,
    )
