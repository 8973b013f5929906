"""The state of a case is told to its owner only; a wrong number and a wrong code are the same to anybody."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, select, text

from consultame.database import engine, read_session, write_session
from desk.cases import ownership
from desk.cases.directory import DirectoryUnavailable, KnownCase
from desk.cases.filing import FiledCase
from desk.cases.kinds import CaseKind, CaseState
from desk.cases.models import Case, LookUpFailure
from desk.cases.ownership import OwnerData, OwnershipFactor, VerificationCode
from desk.cases.status import CaseStatus, LateRemedy, Locked, NextStep, Refused, Unavailable, case_status, status_of
from desk.radicado import Direction, Radicado
from tests.at_once import at_once
from tests.unit.case_filings import MORNING, NOBODY, filed

MISSING = Radicado(Direction.RECEIVED, 2026, "999999")
WRONG = VerificationCode("2222-2222")
ANAS_DATA = OwnerData("5678", "a", "correo.co")


def asked(
    radicado: Radicado, factor: OwnershipFactor, *, sender: str = "web-1", now: datetime = MORNING
) -> CaseStatus | Refused | Locked | Unavailable:
    with write_session() as session:
        return case_status(session, radicado=radicado, factor=factor, sender=sender, now=now)


def code_of(case: FiledCase) -> VerificationCode:
    return VerificationCode(case.verification_code)


def test_the_owner_learns_state_dates_and_next_step_by_the_code(any_database: str) -> None:
    case = filed()
    status = asked(case.radicado, code_of(case))
    assert isinstance(status, CaseStatus)
    assert (status.state, status.kind) == (CaseState.RECEIVED, CaseKind.PETITION)
    assert (status.received_on, status.due_on, status.days_left) == (date(2026, 11, 24), date(2026, 12, 16), 15)
    assert (status.next_step, status.is_late, status.remedies) == (NextStep.MINISTRY_ANSWERS, False, ())


def test_neither_names_nor_content_are_told(sqlite_database: None) -> None:
    case = filed()
    told = repr(asked(case.radicado, code_of(case))).lower()
    assert not any(word in told for word in ("ana", "ñáñez", "5678", "correo", "subsidio", "3001234567"))


@pytest.mark.parametrize("written", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}."])
def test_the_code_counts_however_it_is_written(sqlite_database: None, written: object) -> None:
    case = filed()
    assert callable(written)
    assert isinstance(asked(case.radicado, VerificationCode(written(case.verification_code))), CaseStatus)


@pytest.mark.parametrize(
    "data", [ANAS_DATA, OwnerData(" 5678", "A", "@Correo.CO"), ownership.owner_data_of("1085245678", "a@correo.co")]
)
def test_the_owner_is_known_by_document_and_address_too(any_database: str, data: OwnerData) -> None:
    assert isinstance(asked(filed().radicado, data), CaseStatus)


@pytest.mark.parametrize(
    "factor",
    [
        WRONG,
        VerificationCode(""),
        replace(ANAS_DATA, document_ending="0000"),
        replace(ANAS_DATA, email_initial="b"),
        replace(ANAS_DATA, email_domain="gmail.com"),
        OwnerData("", "", ""),
    ],
)
def test_who_does_not_have_the_factor_is_refused(sqlite_database: None, factor: OwnershipFactor) -> None:
    assert asked(filed().radicado, factor) == Refused()


@pytest.mark.parametrize("factor", [OwnerData("", "", ""), VerificationCode("")])
def test_nothing_fits_a_case_without_requester_or_code(sqlite_database: None, factor: OwnershipFactor) -> None:
    case = filed(requester=NOBODY)
    with write_session() as session:
        session.get_one(Case, case.case_id).verification_hash = None
    assert asked(case.radicado, factor) == Refused()


def test_the_code_of_one_case_does_not_open_another(sqlite_database: None) -> None:
    first, second = filed(), filed()
    assert asked(first.radicado, code_of(second)) == Refused()


@contextmanager
def _recorded_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements and hash computations that the block causes, in their order."""
    work: list[str] = []
    hashed, equal = ownership.keyed_hash, ownership._equal

    def before(*arguments: object) -> None:
        work.append(str(arguments[2]))

    def counted_hash(purpose: str, *parts: str) -> str:
        work.append(f"hash for {purpose}")
        return hashed(purpose, *parts)

    def counted_equal(first: str, second: str) -> bool:
        work.append(f"compare {len(first)} with {len(second)}")
        return equal(first, second)

    with monkeypatch.context() as patch:
        patch.setattr(ownership, "keyed_hash", counted_hash)
        patch.setattr(ownership, "_equal", counted_equal)
        event.listen(engine(), "before_cursor_execute", before)
        try:
            yield work
        finally:
            event.remove(engine(), "before_cursor_execute", before)


@pytest.mark.parametrize("factor", [WRONG, replace(ANAS_DATA, document_ending="0000")])
def test_a_wrong_number_and_a_wrong_factor_get_the_same_answer_by_the_same_work(
    any_database: str, factor: OwnershipFactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = filed()
    with _recorded_work(monkeypatch) as for_wrong_factor:
        first = asked(case.radicado, factor, sender="web-1")
    with _recorded_work(monkeypatch) as for_wrong_number:
        second = asked(MISSING, factor, sender="web-2")
    assert first == second == Refused()
    assert for_wrong_factor == for_wrong_number
    assert sum(step.startswith("compare 64 with 64") for step in for_wrong_factor) == 2


def test_five_failures_for_a_number_lock_it_for_everybody_until_the_hour_is_over(any_database: str) -> None:
    case = filed()
    for attempt in range(5):
        assert asked(case.radicado, WRONG, sender=f"web-{attempt}") == Refused()
    assert asked(case.radicado, code_of(case), sender="owner") == Locked()
    assert asked(case.radicado, code_of(case), sender="owner", now=MORNING + timedelta(minutes=59)) == Locked()
    later = asked(case.radicado, code_of(case), sender="owner", now=MORNING + timedelta(minutes=61))
    assert isinstance(later, CaseStatus)


def test_five_failures_of_a_sender_lock_it_for_every_number(any_database: str) -> None:
    case = filed()
    for attempt in range(5):
        assert asked(replace(MISSING, sequence=f"99999{attempt}"), WRONG) == Refused()
    assert asked(case.radicado, code_of(case)) == Locked()
    assert isinstance(asked(case.radicado, code_of(case), sender="web-2"), CaseStatus)


def test_a_number_that_does_not_exist_is_locked_like_any_other(sqlite_database: None) -> None:
    for attempt in range(5):
        asked(MISSING, WRONG, sender=f"web-{attempt}")
    assert asked(MISSING, WRONG, sender="web-9") == Locked()


def test_of_many_attempts_at_once_five_are_heard(any_database: str) -> None:
    case = filed()
    answers = at_once(12, lambda number: asked(case.radicado, WRONG, sender=f"web-{number}"))
    assert answers.count(Refused()) == 5
    assert answers.count(Locked()) == 7


def test_a_lock_is_logged_and_stored_without_personal_data(
    sqlite_database: None, caplog: pytest.LogCaptureFixture
) -> None:
    case = filed()
    caplog.set_level(logging.INFO)
    for _ in range(5):
        asked(case.radicado, WRONG, sender="573001234567")
    assert "locked" in caplog.text
    with read_session() as session:
        stored = str(session.execute(text("SELECT * FROM desk_look_up_failure")).all())
    for kept in (caplog.text, stored):
        assert "573001234567" not in kept
        assert str(case.radicado) not in kept


def test_failures_are_forgotten_after_a_day(sqlite_database: None) -> None:
    asked(MISSING, WRONG)
    asked(MISSING, WRONG, now=MORNING + timedelta(hours=25))
    with read_session() as session:
        assert len(session.scalars(select(LookUpFailure)).all()) == 2


def _known(**changes: object) -> KnownCase:
    plain = KnownCase(
        "1-2026-000001", CaseKind.PETITION, CaseState.IN_PROGRESS, received_at=MORNING, due_on=date(2026, 12, 16)
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def told_of(case: KnownCase, today: date) -> CaseStatus:
    return status_of(case, Radicado(Direction.RECEIVED, 2026, "000001"), today)


def test_a_late_case_tells_what_the_law_allows() -> None:
    status = told_of(_known(), date(2026, 12, 17))
    assert (status.is_late, status.days_left) == (True, -1)
    assert status.remedies == (LateRemedy.REPEAT_THE_REQUEST, LateRemedy.COMPLAIN, LateRemedy.LEGAL_ACTION)


def test_a_case_is_late_on_the_saturday_after_its_friday() -> None:
    status = told_of(_known(due_on=date(2026, 12, 18)), date(2026, 12, 19))
    assert (status.is_late, status.days_left) == (True, 0)


def test_late_documents_are_owed_within_three_business_days() -> None:
    status = told_of(_known(kind=CaseKind.DOCUMENTS, due_on=date(2026, 12, 9)), date(2026, 12, 10))
    assert status.remedies[0] is LateRemedy.COPIES_ARE_OWED
    assert status.copies_due_on == date(2026, 12, 14)


def test_while_the_citizen_is_waited_for_no_clock_runs() -> None:
    waiting = _known(state=CaseState.WAITING_FOR_CITIZEN, completion_due_on=date(2027, 1, 4))
    status = told_of(waiting, date(2026, 12, 20))
    assert (status.next_step, status.completion_due_on) == (NextStep.CITIZEN_COMPLETES, date(2027, 1, 4))
    assert (status.days_left, status.is_late, status.remedies) == (None, False, ())


@pytest.mark.parametrize(
    ("state", "next_step"),
    [
        (CaseState.ANSWERED, NextStep.NOTHING),
        (CaseState.CLOSED, NextStep.NOTHING),
        (CaseState.TRANSFERRED, NextStep.OTHER_AUTHORITY_ANSWERS),
    ],
)
def test_a_settled_case_is_not_late(state: CaseState, next_step: NextStep) -> None:
    status = told_of(_known(state=state, answered_at=MORNING + timedelta(days=3)), date(2027, 2, 1))
    assert (status.next_step, status.is_late, status.days_left) == (next_step, False, None)
    assert status.answered_on == date(2026, 11, 27)


class _OtherSystem:
    """A directory elsewhere, with one case or out of order."""

    def __init__(self, case: KnownCase | None) -> None:
        self._case = case

    def find(self, radicado: Radicado) -> KnownCase | None:
        if self._case is None:
            raise DirectoryUnavailable
        return self._case if self._case.radicado == str(radicado) else None


def test_another_directory_is_asked_under_the_same_rules(sqlite_database: None) -> None:
    other = _OtherSystem(_known(document="1085245678", email="ana@correo.co"))
    number = Radicado(Direction.RECEIVED, 2026, "000001")
    with write_session() as session:
        ask = {"session": session, "sender": "web-1", "now": MORNING, "directory": other}
        assert isinstance(case_status(radicado=number, factor=ANAS_DATA, **ask), CaseStatus)  # type: ignore[arg-type]
        assert case_status(radicado=MISSING, factor=ANAS_DATA, **ask) == Refused()  # type: ignore[arg-type]


def test_a_directory_that_does_not_answer_counts_no_failure(sqlite_database: None) -> None:
    ask = {"radicado": MISSING, "factor": WRONG, "sender": "web-1", "now": MORNING, "directory": _OtherSystem(None)}
    with write_session() as session:
        assert case_status(session, **ask) == Unavailable()  # type: ignore[arg-type]
    with read_session() as session:
        assert session.scalars(select(LookUpFailure)).all() == []
