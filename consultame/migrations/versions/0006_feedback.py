"""Feedback on answers, satisfaction, why a question is in the inbox, what a citizen's message meant

Revision ID: 0006
Revises: 0005
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ROWS_AT_ONCE = 1000


def upgrade() -> None:
    op.create_table(
        "kb_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["kb_entry_version.id"], name=op.f("fk_kb_feedback_version_id_kb_entry_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_feedback")),
        sa.UniqueConstraint("conversation_id", "message_id", name=op.f("uq_kb_feedback_conversation_id")),
    )
    op.create_index("ix_kb_feedback_slug", "kb_feedback", ["slug", "created_at"])
    op.create_table(
        "kb_satisfaction",
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("created_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_kb_satisfaction_score_is_one_to_five")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_kb_satisfaction")),
    )
    op.create_index(op.f("ix_kb_satisfaction_created_at"), "kb_satisfaction", ["created_at"])
    op.add_column(
        "kb_unanswered_question",
        sa.Column("reason", sa.String(length=32), nullable=False, server_default="unanswered"),
    )
    op.add_column("conversation_event", sa.Column("said_at", consultame.database.UtcDateTime(timezone=True)))
    op.add_column("conversation_event", sa.Column("intent", sa.String(length=64)))
    op.add_column("conversation_event", sa.Column("slug", sa.String(length=64)))
    _fill_what_was_said()
    answered = sa.text("slug IS NOT NULL")
    op.create_index(
        "ix_conversation_event_slug",
        "conversation_event",
        ["slug", "said_at"],
        sqlite_where=answered,
        postgresql_where=answered,
    )


def _fill_what_was_said() -> None:
    events = sa.table(
        "conversation_event",
        sa.column("id", sa.Integer()),
        sa.column("kind", sa.String()),
        sa.column("data", sa.JSON()),
        sa.column("said_at", consultame.database.UtcDateTime(timezone=True)),
        sa.column("intent", sa.String()),
        sa.column("slug", sa.String()),
    )
    columns = ("said_at", "intent", "slug")
    fill = events.update().where(events.c.id == sa.bindparam("row"))
    fill = fill.values({name: sa.bindparam(f"new_{name}") for name in columns})
    connection, last = op.get_bind(), 0
    while True:
        page = sa.select(events.c.id, events.c.data).where(events.c.kind == "user", events.c.id > last)
        rows = connection.execute(page.order_by(events.c.id).limit(_ROWS_AT_ONCE)).all()
        if not rows:
            return
        connection.execute(fill, [{"row": row.id} | _what_was_said(row.data) for row in rows])
        last = rows[-1].id


def _what_was_said(data: dict[str, Any]) -> dict[str, Any]:
    understood = data.get("parse_data") or {}
    return {
        "new_said_at": datetime.fromtimestamp(data["timestamp"], UTC),
        "new_intent": (understood.get("intent") or {}).get("name"),
        "new_slug": (understood.get("knowledge_base") or {}).get("slug"),
    }


def downgrade() -> None:
    op.drop_index("ix_conversation_event_slug", "conversation_event")
    for column in ("slug", "intent", "said_at"):
        op.drop_column("conversation_event", column)
    op.drop_column("kb_unanswered_question", "reason")
    op.drop_table("kb_satisfaction")
    op.drop_table("kb_feedback")
