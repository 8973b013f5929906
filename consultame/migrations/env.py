"""Alembic's entry: migrations run on the engine of the settings."""

from alembic import context

import kb.models  # noqa: F401  (registers the models)
from consultame.database import Base, engine


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    # Rasa keeps its conversations in a table of its own, which it makes itself.
    return kind != "table" or name in Base.metadata.tables


with engine().connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=_is_ours,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
