"""Case desk: the language of a case, attachments of the answer, dependencies, saved views, digests

Revision ID: 0014
Revises: 0013
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import consultame.database

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("desk_case", sa.Column("language", sa.String(length=2), server_default="es", nullable=False))
    op.add_column("desk_case_content", sa.Column("answer_attachments", sa.JSON(), server_default="[]", nullable=False))
    dependency = op.create_table(
        "desk_dependency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_dependency")),
        sa.UniqueConstraint("name", name=op.f("uq_desk_dependency_name")),
    )
    # Who first reads what nobody was chosen for.
    op.bulk_insert(dependency, [{"name": "Relacionamiento con el Ciudadano", "email": ""}])
    op.create_table(
        "desk_case_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_member.id"], name=op.f("fk_desk_case_view_account_id_staff_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_case_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_desk_case_view_account_id")),
    )
    op.create_table(
        "desk_digest_round",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("made_at", consultame.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_desk_digest_round")),
    )


def downgrade() -> None:
    op.drop_table("desk_digest_round")
    op.drop_table("desk_case_view")
    op.drop_table("desk_dependency")
    op.drop_column("desk_case_content", "answer_attachments")
    op.drop_column("desk_case", "language")
