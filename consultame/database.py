"""The one database: SQLite (WAL) by default, PostgreSQL by URL. Engines, sessions and column types."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from consultame.settings import load_settings

BUSY_TIMEOUT_MILLISECONDS = 15_000

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values; gives aware ones back on SQLite too, which keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every stored model."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        list[str]: JSON,
        list[dict[str, str]]: JSON,
        list[dict[str, str | float]]: JSON,
        dict[str, str | list[str]]: JSON,
    }


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def make_engine(url: str) -> Engine:
    """An engine for the URL; on SQLite with WAL, a busy timeout, foreign keys on and explicit transactions."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite_connection)
    event.listen(engine, "begin", _begin_sqlite_transaction)
    return engine


def _prepare_sqlite_connection(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for the lock (SQLITE_BUSY at once), so writers take
    # it here. Reading needs none: as on PostgreSQL, each statement sees what is committed when it begins.
    if connection.get_execution_options().get("writes", True):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@lru_cache(maxsize=8)
def _shared_engine(url: str) -> Engine:
    return make_engine(url)


@lru_cache(maxsize=8)
def _reading_engine(url: str) -> Engine:
    return _shared_engine(url).execution_options(writes=False)


def engine() -> Engine:
    """The engine of this process, for the URL in the settings."""
    return _shared_engine(load_settings().database_url)


def write_connection() -> AbstractContextManager[Connection]:
    """As `write_session`, for the statements of a citizen's turn: without a session's bookkeeping about objects."""
    return engine().begin()


def read_connection() -> AbstractContextManager[Connection]:
    """As `read_session`, for the statements of a citizen's turn."""
    return _reading_engine(load_settings().database_url).connect()


@contextmanager
def write_session() -> Iterator[Session]:
    """A session in one transaction that may write: committed at the end, rolled back when the block raises."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def read_session() -> Iterator[Session]:
    """A session for reading only; on SQLite it takes no write lock."""
    with Session(_reading_engine(load_settings().database_url), expire_on_commit=False) as session:
        yield session
