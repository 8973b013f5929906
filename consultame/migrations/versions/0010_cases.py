"""Cases, their requesters and what happened to them, the numbers given, failed look-ups

Revision ID: 0010
Revises: 0009
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from consultame.database import UtcDateTime

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = UtcDateTime(timezone=True)

# REPLACE removes the former row without firing a trigger for DELETE; the one for INSERT refuses it.
_SQLITE = (
    "CREATE TRIGGER desk_case_event_no_update BEFORE UPDATE ON desk_case_event"
    " BEGIN SELECT RAISE(ABORT, 'desk_case_event only grows'); END",
    "CREATE TRIGGER desk_case_event_no_delete BEFORE DELETE ON desk_case_event"
    " BEGIN SELECT RAISE(ABORT, 'desk_case_event only grows'); END",
    "CREATE TRIGGER desk_case_event_no_replace BEFORE INSERT ON desk_case_event"
    " WHEN EXISTS (SELECT 1 FROM desk_case_event WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'desk_case_event only grows'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION desk_case_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'desk_case_event only grows'; END $$",
    "CREATE TRIGGER desk_case_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON desk_case_event"
    " FOR EACH STATEMENT EXECUTE FUNCTION desk_case_event_only_grows()",
)


def upgrade() -> None:
    op.create_table(
        "desk_radicado_counter",
        sa.Column("direction", sa.String(length=1), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("direction", "year", name=op.f("pk_desk_radicado_counter")),
    )
    _create_case()
    _create_what_belongs_to_a_case()
    op.create_table(
        "desk_look_up_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_look_up_failure")),
    )
    op.create_index("ix_desk_look_up_failure_subject", "desk_look_up_failure", ["subject", "at"])
    op.create_index(op.f("ix_desk_look_up_failure_at"), "desk_look_up_failure", ["at"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _create_case() -> None:
    op.create_table(
        "desk_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("radicado", sa.String(length=13), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("dependency", sa.String(length=120), nullable=False),
        sa.Column("priority", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extension_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("completion_due_on", sa.Date(), nullable=True),
        sa.Column("completion_extended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("authority", sa.String(length=200), server_default="", nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("verification_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_case")),
        sa.UniqueConstraint("radicado", name=op.f("uq_desk_case_radicado")),
    )
    op.create_index("ix_desk_case_received_at", "desk_case", ["received_at", "id"])
    for column in ("state", "kind", "dependency", "topic"):
        op.create_index(f"ix_desk_case_{column}", "desk_case", [column, "received_at", "id"])
    is_open = sa.text("settled_at IS NULL")
    for name, columns in (
        ("received", ["received_at", "id"]),
        ("due", ["due_on", "id"]),
        ("dependency", ["dependency", "due_on", "state", "id"]),
    ):
        op.create_index(
            f"ix_desk_case_open_{name}", "desk_case", columns, sqlite_where=is_open, postgresql_where=is_open
        )


def _create_what_belongs_to_a_case() -> None:
    op.create_table(
        "desk_case_content",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["desk_case.id"], name=op.f("fk_desk_case_content_case_id_desk_case")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_desk_case_content")),
    )
    op.create_table(
        "desk_requester",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("gender", sa.String(length=32), nullable=True),
        sa.Column("age_group", sa.String(length=32), nullable=True),
        sa.Column("place_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("telephone", sa.String(length=30), nullable=False),
        sa.Column("consent_version", sa.String(length=32), server_default="", nullable=False),
        sa.Column("consented_at", _MOMENT, nullable=True),
        sa.Column("erased_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["desk_case.id"], name=op.f("fk_desk_requester_case_id_desk_case")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_desk_requester")),
    )
    for column in ("document", "email"):
        op.create_index(op.f(f"ix_desk_requester_{column}"), "desk_requester", [column])
    op.create_table(
        "desk_case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["desk_case.id"], name=op.f("fk_desk_case_event_case_id_desk_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_case_event")),
    )
    op.create_index(op.f("ix_desk_case_event_case_id"), "desk_case_event", ["case_id"])


def downgrade() -> None:
    for table in (
        "desk_look_up_failure",
        "desk_case_event",
        "desk_requester",
        "desk_case_content",
        "desk_case",
        "desk_radicado_counter",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION desk_case_event_only_grows()")
