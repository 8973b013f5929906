"""Appointments: who attends, slots held and booked, waiting list

Revision ID: 0011
Revises: 0010
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OCCUPIES_SLOT = sa.text("state IN ('held', 'booked', 'confirmed')")


def upgrade() -> None:
    op.create_table(
        "appointment_code_attempts",
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("since", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_appointment_code_attempts")),
    )
    op.create_table(
        "appointment_attendant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_member.id"], name=op.f("fk_appointment_attendant_account_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_attendant")),
        sa.UniqueConstraint("account_id", name=op.f("uq_appointment_attendant_account_id")),
        sa.UniqueConstraint("email", name=op.f("uq_appointment_attendant_email")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("attendant_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("hold_expires_at", consultame.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("meeting_url", sa.String(length=500), server_default="", nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("staff_note", sa.Text(), server_default="", nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("created_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("booked_at", consultame.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", consultame.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", consultame.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("marked_at", consultame.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("segment", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("citizen_name", sa.String(length=120), nullable=False),
        sa.Column("citizen_email", sa.String(length=254), nullable=False),
        sa.Column("citizen_phone", sa.String(length=20), nullable=False),
        sa.Column("gender", sa.String(length=32), nullable=True),
        sa.Column("age_group", sa.String(length=32), nullable=True),
        sa.Column("policy_version", sa.String(length=32), nullable=False),
        sa.Column("policy_accepted_at", consultame.database.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'held' OR hold_expires_at IS NOT NULL", name=op.f("ck_appointment_hold_expires")),
        sa.CheckConstraint(
            "state NOT IN ('booked', 'confirmed') OR (citizen_name <> '' AND citizen_email <> '' AND policy_version <> '' AND policy_accepted_at IS NOT NULL AND code_digest IS NOT NULL)",
            name=op.f("ck_appointment_booked_has_citizen"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["attendant_id"],
            ["appointment_attendant.id"],
            name=op.f("fk_appointment_attendant_id_appointment_attendant"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["appointment.id"], name=op.f("fk_appointment_replaces_id_appointment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_appointment_code_digest")),
        sa.UniqueConstraint("reference", name=op.f("uq_appointment_reference")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_appointment_replaces_id")),
    )
    op.create_index("ix_appointment_attendant_id", "appointment", ["attendant_id"])
    op.create_index("ix_appointment_citizen_email", "appointment", ["citizen_email"])
    op.create_index("ix_appointment_holder", "appointment", ["holder"])
    op.create_index("ix_appointment_starts_at", "appointment", ["starts_at"])
    op.create_index(
        "uq_appointment_occupied_slot",
        "appointment",
        ["attendant_id", "starts_at"],
        unique=True,
        sqlite_where=_OCCUPIES_SLOT,
        postgresql_where=_OCCUPIES_SLOT,
    )

    op.create_table(
        "appointment_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attendant_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_absence_starts_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["attendant_id"],
            ["appointment_attendant.id"],
            name=op.f("fk_appointment_absence_attendant_id_appointment_attendant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_absence")),
    )
    op.create_index("ix_appointment_absence_attendant_id", "appointment_absence", ["attendant_id"])
    op.create_index("ix_appointment_absence_ends_at", "appointment_absence", ["ends_at"])

    op.create_table(
        "appointment_weekly_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attendant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_appointment_weekly_period_starts_before_it_ends")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_appointment_weekly_period_weekday_is_of_the_week")),
        sa.ForeignKeyConstraint(
            ["attendant_id"],
            ["appointment_attendant.id"],
            name=op.f("fk_appointment_weekly_period_attendant_id_appointment_attendant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_weekly_period")),
    )
    op.create_index("ix_appointment_weekly_period_attendant_id", "appointment_weekly_period", ["attendant_id"])

    op.create_table(
        "appointment_waiting_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("attendant_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("offers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("segment", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("citizen_name", sa.String(length=120), nullable=False),
        sa.Column("citizen_email", sa.String(length=254), nullable=False),
        sa.Column("citizen_phone", sa.String(length=20), nullable=False),
        sa.Column("gender", sa.String(length=32), nullable=True),
        sa.Column("age_group", sa.String(length=32), nullable=True),
        sa.Column("policy_version", sa.String(length=32), nullable=False),
        sa.Column("policy_accepted_at", consultame.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_appointment_waiting_place_appointment_id_appointment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["attendant_id"],
            ["appointment_attendant.id"],
            name=op.f("fk_appointment_waiting_place_attendant_id_appointment_attendant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_waiting_place")),
        sa.UniqueConstraint("reference", name=op.f("uq_appointment_waiting_place_reference")),
    )
    op.create_index("ix_appointment_waiting_place_citizen_email", "appointment_waiting_place", ["citizen_email"])
    op.create_index("ix_appointment_waiting_place_line", "appointment_waiting_place", ["day", "state", "id"])


def downgrade() -> None:
    for table in (
        "appointment_waiting_place",
        "appointment_weekly_period",
        "appointment_absence",
        "appointment",
        "appointment_attendant",
        "appointment_code_attempts",
    ):
        op.drop_table(table)
