"""Citizens who wait for an answer; answers checked after a release; why a release was restored

Revision ID: 0009
Revises: 0008
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "kb_answer_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("consent_version", sa.String(length=32), nullable=False),
        sa.Column("consented_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["kb_unanswered_question.id"],
            name=op.f("fk_kb_answer_request_question_id_kb_unanswered_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outgoing_message.id"], name=op.f("fk_kb_answer_request_message_id_outgoing_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_answer_request")),
        sa.UniqueConstraint("question_id", name=op.f("uq_kb_answer_request_question_id")),
    )
    op.create_index(op.f("ix_kb_answer_request_state"), "kb_answer_request", ["state"])
    op.add_column("kb_unanswered_question", sa.Column("answer_number", sa.Integer(), nullable=True))
    op.add_column(
        "kb_unanswered_question",
        sa.Column("answer_checked_at", consultame.database.UtcDateTime(timezone=True), nullable=True),
    )
    op.add_column("kb_unanswered_question", sa.Column("reopening_note", sa.Text(), nullable=False, server_default=""))
    op.add_column("kb_release", sa.Column("restore_reason", sa.Text(), nullable=False, server_default=""))
    said = sa.text("said_at IS NOT NULL")
    op.create_index(
        "ix_conversation_event_said_at", "conversation_event", ["said_at"], sqlite_where=said, postgresql_where=said
    )


def downgrade() -> None:
    op.drop_index("ix_conversation_event_said_at", "conversation_event")
    op.drop_column("kb_release", "restore_reason")
    for column in ("reopening_note", "answer_checked_at", "answer_number"):
        op.drop_column("kb_unanswered_question", column)
    op.drop_table("kb_answer_request")
