"""Failed sign-ins are counted for all processes together, for a quarter of an hour."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from admin.sign_in_limits import SignInLimits
from consultame import sign_in_attempts
from consultame.database import now, read_session, write_session
from consultame.retention_job import erase_old_sign_in_attempts
from consultame.sign_in_attempts import SignInAttempt
from tests.conftest import forget_settings

EMAIL, ADDRESS = "ana@minenergia.example", "192.0.2.7"


def _attempts() -> list[SignInAttempt]:
    with read_session() as session:
        return list(session.scalars(select(SignInAttempt)))


def _let_pass(minutes: float, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now() + timedelta(minutes=minutes)
    monkeypatch.setattr(sign_in_attempts, "now", lambda: moment)


def test_processes_count_together(any_database: str) -> None:
    processes = [SignInLimits() for _ in range(3)]
    waits = [processes[turn % 3].minutes_to_wait(EMAIL, ADDRESS) for turn in range(7)]
    assert waits == [0, 0, 0, 0, 0, 15, 15]
    assert processes[1].minutes_to_wait("luis@minenergia.example", ADDRESS) == 0


def test_parallel_guesses_are_five(any_database: str) -> None:
    with ThreadPoolExecutor(12) as pool:
        waits = list(pool.map(lambda _: SignInLimits().minutes_to_wait(EMAIL, ADDRESS), range(24)))
    assert waits.count(0) == 5
    assert len(_attempts()) == 5


def test_twenty_failures_close_an_address_for_every_e_mail(any_database: str) -> None:
    limits = SignInLimits()
    for _ in range(25):
        limits.failed(ADDRESS)
    assert limits.minutes_to_wait_at(ADDRESS) == 15
    assert limits.minutes_to_wait(EMAIL, ADDRESS) == 15
    assert limits.minutes_to_wait(EMAIL, "192.0.2.8") == 0


def test_the_window_moves_with_the_oldest_attempt(any_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = SignInLimits()
    assert limits.minutes_to_wait(EMAIL, ADDRESS) == 0
    _let_pass(10, monkeypatch)
    assert [limits.minutes_to_wait(EMAIL, ADDRESS) for _ in range(5)] == [0, 0, 0, 0, 5]
    _let_pass(15.1, monkeypatch)
    assert [limits.minutes_to_wait(EMAIL, ADDRESS) for _ in range(2)] == [0, 10]


def test_coming_in_forgets_the_failures_of_the_e_mail_only(any_database: str) -> None:
    limits = SignInLimits()
    for _ in range(4):
        limits.minutes_to_wait(EMAIL, ADDRESS)
        limits.failed(ADDRESS)
    limits.succeeded(EMAIL)
    assert [limits.minutes_to_wait(EMAIL, ADDRESS) for _ in range(5)] == [0] * 5
    assert len(_attempts()) == 4 + 5


def test_a_lock_out_and_an_outage_are_noted_once_in_a_window(any_database: str) -> None:
    assert [SignInLimits().is_first_refusal(EMAIL, ADDRESS) for _ in range(3)] == [True, False, False]
    assert [SignInLimits().is_first_outage(ADDRESS) for _ in range(3)] == [True, False, False]


def test_neither_e_mail_nor_address_is_kept(any_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = SignInLimits()
    limits.minutes_to_wait(EMAIL, ADDRESS)
    limits.failed(ADDRESS)
    former = [attempt.subject for attempt in _attempts()]
    assert all(len(subject) == 64 and int(subject, 16) for subject in former)
    monkeypatch.setenv("CONSULTAME_SECRET_KEY", "another-secret-of-more-than-32-characters")
    forget_settings()
    limits.failed(ADDRESS)
    assert _attempts()[-1].subject not in former


def test_at_night_what_counts_no_more_is_erased(any_database: str) -> None:
    with write_session() as session:
        session.add(SignInAttempt(subject="a" * 64, at=now() - timedelta(minutes=16)))
        session.add(SignInAttempt(subject="b" * 64, at=now() - timedelta(minutes=14)))
    erase_old_sign_in_attempts.call_local()
    assert [attempt.subject[0] for attempt in _attempts()] == ["b"]
