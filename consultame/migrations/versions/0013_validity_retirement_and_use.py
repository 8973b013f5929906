"""First day of an entry's validity, retirement, notices to curators, indexes for figures of use

Revision ID: 0013
Revises: 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("kb_entry_version", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("kb_entry", sa.Column("retired_at", consultame.database.UtcDateTime(timezone=True), nullable=True))
    op.add_column("kb_entry", sa.Column("retirement_reason", sa.Text(), nullable=False, server_default=""))
    # In one statement with its reference: SQLite adds none later, and a table others point to cannot be made anew.
    op.execute(
        "ALTER TABLE kb_entry ADD COLUMN retired_by_id INTEGER "
        "CONSTRAINT fk_kb_entry_retired_by_id_staff_member REFERENCES staff_member (id)"
    )
    op.create_table(
        "kb_expiry_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("curator_id", sa.Integer(), nullable=True),
        sa.Column("created_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["curator_id"], ["staff_member.id"], name=op.f("fk_kb_expiry_notice_curator_id_staff_member")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["kb_entry_version.id"], name=op.f("fk_kb_expiry_notice_version_id_kb_entry_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_expiry_notice")),
        sa.UniqueConstraint("version_id", "kind", name=op.f("uq_kb_expiry_notice_version_id")),
    )
    # What waits is counted on every page of the staff.
    op.create_index("ix_kb_unanswered_question_state", "kb_unanswered_question", ["state", "need_id"])
    op.create_index("ix_kb_feedback_created_at", "kb_feedback", ["created_at", "slug", "helpful"])
    answered = sa.text("slug IS NOT NULL")
    op.create_index(
        "ix_conversation_event_answered",
        "conversation_event",
        ["said_at", "slug"],
        sqlite_where=answered,
        postgresql_where=answered,
    )
    asked_for_a_person = sa.text("intent = 'hablar_con_asesor'")
    op.create_index(
        "ix_conversation_event_person",
        "conversation_event",
        ["conversation_id", "turn"],
        sqlite_where=asked_for_a_person,
        postgresql_where=asked_for_a_person,
    )


def downgrade() -> None:
    op.drop_index("ix_conversation_event_person", "conversation_event")
    op.drop_index("ix_conversation_event_answered", "conversation_event")
    op.drop_index("ix_kb_feedback_created_at", "kb_feedback")
    op.drop_index("ix_kb_unanswered_question_state", "kb_unanswered_question")
    op.drop_table("kb_expiry_notice")
    for column in ("retired_by_id", "retirement_reason", "retired_at"):
        op.drop_column("kb_entry", column)
    op.drop_column("kb_entry_version", "valid_from")
