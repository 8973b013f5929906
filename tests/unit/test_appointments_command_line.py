"""A desk is run from the command line: who attends, absences, results, figures."""

import json

import pytest
from typer.testing import CliRunner

from consultame.command_line.appointments import application
from consultame.command_line.installation import DEMO_ATTENDANTS, install
from consultame.command_line.outcome import CommandFailed, WrongInput
from consultame.database import now, read_session, write_session
from desk.appointments.attendants import attendants
from desk.appointments.availability import free_slots
from desk.appointments.booking import Booked, book
from desk.appointments.changes import mark
from desk.appointments.models import Appointment, Segment
from desk.appointments.timetable import booking_window, local
from tests.unit.agenda import FIRST, NOW, REQUEST, appointment, booked


def run(*arguments: str) -> str:
    done = CliRunner().invoke(application, arguments, catch_exceptions=False, env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.output


def test_who_was_added_attends_in_the_hours_given(sqlite_database: None) -> None:
    run(
        "staff", "add", "ana@m.example", "--name", "Ana", "--hours", "mon-fri 14:00-15:10", "--break", "tue 14:00-14:10"
    )
    assert booked(FIRST.replace(minute=35)).attendant_name == "Ana"
    assert "tue 14:00-14:10 break" in run("staff", "list")


def test_an_absence_lists_the_appointments_that_fall_into_it(sqlite_database: None) -> None:
    run("staff", "add", "ana@m.example", "--name", "Ana", "--hours", "mon-fri 8:00-17:00")
    day = booking_window(now()).first_day
    with write_session() as session:
        slot = free_slots(
            session, first_day=day, last_day=booking_window(now()).last_day, segment=Segment.OTHER, language="es",
            now=now(),
        )[0]  # fmt: skip
        assert isinstance(book(session, starts_at=slot.starts_at, holder="x", request=REQUEST, now=now()), Booked)
    told = run("absence", "add", "ana@m.example", "--from", slot.day.isoformat(), "--to", slot.day.isoformat())
    assert f"{local(slot.starts_at):%Y-%m-%d %H:%M}, ana@m.example: absent" in told
    assert "1 appointment(s)" in run("conflicts")
    run("absence", "remove", "1")
    assert "0 appointment(s)" in run("conflicts")
    assert "ana@m.example" in run("list", "--day", slot.day.isoformat())
    assert REQUEST.name not in run("list", "--day", slot.day.isoformat())


def test_what_has_not_begun_cannot_be_marked_and_what_is_not_there_neither(sqlite_database: None) -> None:
    run("staff", "add", "ana@m.example", "--name", "Ana", "--hours", "mon-fri 8:00-17:00")
    with pytest.raises(WrongInput):
        run("mark", "7", "--missed")
    with write_session() as session:
        day = booking_window(now()).last_day
        slot = free_slots(
            session, first_day=local(now()).date(), last_day=day, segment=Segment.OTHER, language="es", now=now()
        )[-1]
        book(session, starts_at=slot.starts_at, holder="x", request=REQUEST, now=now())
    with pytest.raises(CommandFailed, match="has not begun"):
        run("mark", "1", "--missed")


def test_figures_come_as_json(sqlite_database: None) -> None:
    run("staff", "add", "ana@m.example", "--name", "Ana", "--hours", "mon-fri 8:00-17:00")
    made = booked(FIRST, now=NOW)
    with write_session() as session:
        mark(session, appointment=appointment(session, made), attended=True, now=FIRST)
    report = json.loads(run("figures", "--from", "2026-12-01", "--to", "2026-12-01", "--json"))
    assert report["total"]["attended"] == 1
    assert report["by"]["segment"]["hidrocarburos"]["attendance"] == 1.0
    assert "segment: hidrocarburos" in run("figures", "--from", "2026-12-01", "--to", "2026-12-01")


def test_development_has_attendants_to_try_with_and_production_has_none(
    sqlite_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import forget_settings

    monkeypatch.setenv("CONSULTAME_ENVIRONMENT", "production")
    monkeypatch.setenv("CONSULTAME_SECRET_KEY", "x" * 40)
    forget_settings()
    install()
    with read_session() as session:
        assert attendants(session) == []
    monkeypatch.setenv("CONSULTAME_ENVIRONMENT", "development")
    forget_settings()
    for _ in range(2):
        install()
    with write_session() as session:
        assert {a.email for a in attendants(session)} == {a.email for a in DEMO_ATTENDANTS}
        assert all(a.is_demo for a in attendants(session))
        assert session.get(Appointment, 1) is None
