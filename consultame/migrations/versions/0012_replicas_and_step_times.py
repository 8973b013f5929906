"""Which model each Rasa server answers with; how long the steps of a publication took

Revision ID: 0012
Revises: 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "kb_replica",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("model_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("reported_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kb_replica")),
    )
    op.add_column(
        "kb_publication", sa.Column("step_entered_at", consultame.database.UtcDateTime(timezone=True), nullable=True)
    )
    op.add_column("kb_publication", sa.Column("step_seconds", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("kb_publication", "step_seconds")
    op.drop_column("kb_publication", "step_entered_at")
    op.drop_table("kb_replica")
