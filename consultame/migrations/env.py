"""Alembic's entry: migrations run on the engine of the settings."""

from alembic import context

import consultame.audit  # noqa: F401  (registers the models)
import consultame.conversations  # noqa: F401  (registers the models)
import consultame.outbox  # noqa: F401  (registers the models)
import consultame.sign_in_attempts  # noqa: F401  (registers the models)
import desk.appointments.models  # noqa: F401  (registers the models)
import desk.cases.models  # noqa: F401  (registers the models)
import kb.answer_requests  # noqa: F401  (registers the models)
import kb.expiry  # noqa: F401  (registers the models)
import kb.feedback  # noqa: F401  (registers the models)
import kb.models  # noqa: F401  (registers the models)
import kb.satisfaction  # noqa: F401  (registers the models)
from consultame.database import Base, engine

with engine().connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
