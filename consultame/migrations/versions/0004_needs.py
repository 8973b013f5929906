"""Unanswered questions grouped by need

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "kb_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("created_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_need")),
    )
    with op.batch_alter_table("kb_unanswered_question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dismissal_reason", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("dismissal_note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("need_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("need_fit", sa.Double(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("placed_by_words", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("vector", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("vector_name", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_kb_unanswered_question_need_id"), ["need_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_kb_unanswered_question_need_id_kb_need"), "kb_need", ["need_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("kb_unanswered_question", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_kb_unanswered_question_need_id_kb_need"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_kb_unanswered_question_need_id"))
        for name in (
            "vector_name", "vector", "placed_by_words", "need_fit", "need_id", "dismissal_note", "dismissal_reason",
        ):  # fmt: skip
            batch_op.drop_column(name)
    op.drop_table("kb_need")
