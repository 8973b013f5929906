"""Cases: the key by which a filing that is tried again is known

Revision ID: 0016
Revises: 0015
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("desk_case", sa.Column("filing_key", sa.String(length=64), nullable=True))
    # Only of the cases that have one: most of a million imported ones have none.
    has_key = sa.text("filing_key IS NOT NULL")
    op.create_index(
        "ix_desk_case_filing_key",
        "desk_case",
        ["filing_key"],
        unique=True,
        sqlite_where=has_key,
        postgresql_where=has_key,
    )


def downgrade() -> None:
    op.drop_index("ix_desk_case_filing_key", table_name="desk_case")
    op.drop_column("desk_case", "filing_key")
