"""The last moment at which a message that leaves the system is of use

Revision ID: 0017
Revises: 0016
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "outgoing_message", sa.Column("not_after", consultame.database.UtcDateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("outgoing_message", "not_after")
