"""Bringing the database's schema up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def alembic_configuration() -> Config:
    """Alembic's configuration, made here so that no alembic.ini is needed."""
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    return configuration


def migrate_database() -> None:
    """Apply every migration that is missing; does nothing on a database that is up to date."""
    command.upgrade(alembic_configuration(), "head")
