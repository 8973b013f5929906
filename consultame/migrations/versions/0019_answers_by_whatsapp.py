"""Citizens who wait for an answer may be told by WhatsApp instead of by e-mail

Revision ID: 0019
Revises: 0018
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ADDRESS = sa.String(length=254)


def upgrade() -> None:
    with op.batch_alter_table("kb_answer_request") as batch_op:
        # Whoever waits already gave an e-mail address.
        batch_op.add_column(sa.Column("channel", sa.String(length=16), server_default="email", nullable=False))
        batch_op.alter_column("email", new_column_name="recipient", existing_type=_ADDRESS, existing_nullable=False)
    with op.batch_alter_table("kb_answer_request") as batch_op:
        batch_op.alter_column(
            "channel", server_default=None, existing_type=sa.String(length=16), existing_nullable=False
        )


def downgrade() -> None:
    # A number is no e-mail address, and an agreement to the one is none to the other.
    op.execute("DELETE FROM kb_answer_request WHERE channel <> 'email'")
    with op.batch_alter_table("kb_answer_request") as batch_op:
        batch_op.drop_column("channel")
        batch_op.alter_column("recipient", new_column_name="email", existing_type=_ADDRESS, existing_nullable=False)
