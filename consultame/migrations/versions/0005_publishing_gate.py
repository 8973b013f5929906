"""Publishing gate: its findings, their acceptance, cancelling, releases restored

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REFERENCES = (
    ("kb_publication", "compared_with_id", "kb_release"),
    ("kb_publication", "accepted_by_id", "staff_member"),
    ("kb_release", "restores_id", "kb_release"),
    ("kb_release", "restored_by_id", "staff_member"),
)


def upgrade() -> None:
    op.create_table(
        "kb_gate_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=200), nullable=False),
        sa.Column("after", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["kb_publication.id"], name=op.f("fk_kb_gate_finding_publication_id_kb_publication")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_gate_finding")),
    )
    op.create_index(op.f("ix_kb_gate_finding_publication_id"), "kb_gate_finding", ["publication_id"])
    op.add_column(
        "kb_publication", sa.Column("cancel_requested", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("kb_publication", sa.Column("gate_counts", sa.JSON(), nullable=True))
    op.add_column(
        "kb_publication", sa.Column("accepted_at", consultame.database.UtcDateTime(timezone=True), nullable=True)
    )
    op.add_column("kb_publication", sa.Column("acceptance_reason", sa.Text(), nullable=True))
    for table, column, referred in REFERENCES:
        # In one statement with its reference: SQLite adds none later, and a table others point to cannot be made anew.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER "
            f"CONSTRAINT fk_{table}_{column}_{referred} REFERENCES {referred} (id)"
        )


def downgrade() -> None:
    for table, column, _ in reversed(REFERENCES):
        op.drop_column(table, column)
    for column in ("acceptance_reason", "accepted_at", "gate_counts", "cancel_requested"):
        op.drop_column("kb_publication", column)
    op.drop_table("kb_gate_finding")
