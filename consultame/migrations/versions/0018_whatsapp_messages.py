"""Messages by WhatsApp: their template; consent to reminders by WhatsApp

Revision ID: 0018
Revises: 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WITH_CITIZEN = ("appointment", "appointment_waiting_place")


def upgrade() -> None:
    moment = consultame.database.UtcDateTime(timezone=True)
    op.add_column("outgoing_message", sa.Column("template", sa.JSON(), server_default="{}", nullable=False))
    for table in _WITH_CITIZEN:
        version = sa.Column("whatsapp_version", sa.String(length=32), server_default="", nullable=False)
        op.add_column(table, version)
        op.add_column(table, sa.Column("whatsapp_accepted_at", moment, nullable=True))


def downgrade() -> None:
    for table in _WITH_CITIZEN:
        op.drop_column(table, "whatsapp_accepted_at")
        op.drop_column(table, "whatsapp_version")
    op.drop_column("outgoing_message", "template")
