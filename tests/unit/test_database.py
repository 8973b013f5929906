"""The database keeps its promises on SQLite and PostgreSQL alike."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from consultame.database import engine, read_session, write_session
from consultame.migration import alembic_configuration, migrate_database
from consultame.staff import Role, StaffMember, add_staff_member
from kb.models import EntryVersion


def test_the_migrations_give_exactly_the_models(any_database: str) -> None:
    command.check(alembic_configuration())


def test_migrating_twice_changes_nothing_and_migrating_down_leaves_nothing(any_database: str) -> None:
    migrate_database()
    command.downgrade(alembic_configuration(), "base")
    assert set(inspect(engine()).get_table_names()) == {"alembic_version"}
    migrate_database()
    assert "kb_entry" in inspect(engine()).get_table_names()


def test_moments_come_back_in_utc_whatever_zone_they_were_given_in(any_database: str) -> None:
    bogota = timezone(timedelta(hours=-5))
    with write_session() as session:
        member = add_staff_member(session, email="a@b.example", name="A", role=Role.ADMIN, password=None)
        member.created_at = datetime(2026, 11, 24, 20, 0, tzinfo=bogota)
    with read_session() as session:
        assert session.scalars(select(StaffMember)).one().created_at == datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


def test_a_moment_without_time_zone_is_refused(any_database: str) -> None:
    with pytest.raises(StatementError, match="time zone"), write_session() as session:
        member = add_staff_member(session, email="a@b.example", name="A", role=Role.ADMIN, password=None)
        member.created_at = datetime(2026, 11, 24)  # noqa: DTZ001
        session.flush()


def test_a_row_cannot_point_to_one_that_is_not_there(any_database: str) -> None:
    with pytest.raises(IntegrityError), write_session() as session:
        session.add(
            EntryVersion(
                entry_id=99, number=1, author_id=99, title="", label="", label_en="", answer_es="", answer_en="",
                questions_es=[], questions_en=[], source="",
            )
        )  # fmt: skip


def test_nothing_of_a_block_that_fails_is_kept(any_database: str) -> None:
    with pytest.raises(RuntimeError), write_session() as session:
        add_staff_member(session, email="a@b.example", name="A", role=Role.ADMIN, password=None)
        raise RuntimeError
    with read_session() as session:
        assert session.scalars(select(StaffMember)).all() == []


def test_many_writers_at_once_wait_for_each_other_and_lose_nothing(any_database: str) -> None:
    def add_ten(worker: int) -> None:
        for number in range(10):
            with write_session() as session:
                # Reads before it writes: the pattern that fails on SQLite without an immediate transaction.
                session.scalars(select(StaffMember)).all()
                address = f"w{worker}-{number}@b.example"
                add_staff_member(session, email=address, name="A", role=Role.CURATOR, password=None)

    workers = [threading.Thread(target=add_ten, args=(worker,)) for worker in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with read_session() as session:
        assert len(session.scalars(select(StaffMember)).all()) == 80


def test_sqlite_runs_in_write_ahead_mode_with_foreign_keys_and_a_busy_timeout(sqlite_database: None) -> None:
    with engine().connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15_000}
