"""With the CRM chosen the state is told by the same rules; when it is down that is said, and filing goes on."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from consultame.database import engine, read_session, write_session
from consultame.migration import migrate_database
from desk.cases import ownership
from desk.cases.dataverse import directory as crm_directory
from desk.cases.kinds import CaseState
from desk.cases.models import LookUpFailure
from desk.cases.ownership import OwnerData, OwnershipFactor, VerificationCode
from desk.cases.status import CaseStatus, Locked, Refused, Unavailable, case_status
from desk.radicado import Direction, Radicado
from tests.dataverse_server import SILENCE, UNAVAILABLE, DataverseServer
from tests.unit.case_filings import MORNING, filed
from tests.unit.crm import ELSEWHERE, NUMBER, crm, crm_case, set_setting

__all__ = ["crm", "set_setting"]

Setting = Callable[[str, str], None]
ANAS_DATA = OwnerData("5678", "a", "correo.co")
WRONG = OwnerData("0000", "a", "correo.co")


@pytest.fixture(autouse=True)
def _database(crm: DataverseServer) -> None:
    migrate_database()


def asked(
    radicado: Radicado = NUMBER, factor: OwnershipFactor = ANAS_DATA, *, sender: str = "web-1"
) -> CaseStatus | Refused | Locked | Unavailable:
    with write_session() as session:
        return case_status(session, radicado=radicado, factor=factor, sender=sender, now=MORNING)


def test_the_owner_learns_the_state_that_the_crm_holds(crm: DataverseServer) -> None:
    crm.rows[:] = [crm_case(statuscode=3)]
    status = asked()
    assert isinstance(status, CaseStatus)
    assert status.state is CaseState.WAITING_FOR_CITIZEN
    assert not any(word in repr(status).lower() for word in ("ana", "subsidio", "5678", "correo"))


def test_the_code_that_the_crm_holds_opens_its_case(crm: DataverseServer, set_setting: Setting) -> None:
    set_setting("CODE_FIELD", "min_codigo")
    crm.rows[:] = [crm_case(min_codigo="CDFG2345")]
    assert isinstance(asked(factor=VerificationCode("cdfg-2345")), CaseStatus)
    assert asked(factor=VerificationCode("cdfg-2346")) == Refused()


def test_cases_filed_here_are_found_beside_those_of_the_crm(crm: DataverseServer) -> None:
    case = filed()
    assert isinstance(asked(case.radicado, VerificationCode(case.verification_code)), CaseStatus)
    assert isinstance(asked(NUMBER), CaseStatus)


@contextmanager
def _recorded_work(crm: DataverseServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Statements, hashes, rows read and questions to the CRM that the block causes."""
    work: list[str] = []
    hashed, read = ownership.keyed_hash, crm_directory.known_case

    def before(*arguments: object) -> None:
        work.append(str(arguments[2]))

    def counted_hash(purpose: str, *parts: str) -> str:
        work.append(f"hash for {purpose}")
        return hashed(purpose, *parts)

    def counted_reading(*arguments: object) -> object:
        work.append("row read")
        return read(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(ownership, "keyed_hash", counted_hash)
        patch.setattr(crm_directory, "known_case", counted_reading)
        event.listen(engine(), "before_cursor_execute", before)
        questions = len(crm.asked)
        try:
            yield work
        finally:
            event.remove(engine(), "before_cursor_execute", before)
        work += [f"question {'$select' in question}" for question in crm.asked[questions:]]


def test_a_wrong_number_and_a_wrong_factor_get_the_same_answer_by_the_same_work(
    crm: DataverseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(sender="first")
    with _recorded_work(crm, monkeypatch) as for_wrong_factor:
        first = asked(NUMBER, WRONG, sender="web-1")
    with _recorded_work(crm, monkeypatch) as for_wrong_number:
        second = asked(ELSEWHERE, WRONG, sender="web-2")
    assert first == second == Refused()
    assert for_wrong_factor == for_wrong_number
    assert for_wrong_factor.count("row read") == for_wrong_factor.count("question True") == 1


def test_five_failures_lock_and_the_crm_is_not_asked_any_more(crm: DataverseServer) -> None:
    for attempt in range(5):
        assert asked(NUMBER, WRONG, sender=f"web-{attempt}") == Refused()
    questions = len(crm.asked)
    assert asked(sender="owner") == Locked()
    assert len(crm.asked) == questions


def test_when_the_crm_is_down_it_is_said_nothing_is_counted_and_requests_are_still_filed(
    crm: DataverseServer, set_setting: Setting
) -> None:
    set_setting("PATIENCE_SECONDS", "0.2")
    case = filed()
    crm.always = UNAVAILABLE
    # The same for every number and factor, whoever holds the case.
    assert asked(NUMBER) == asked(NUMBER, WRONG) == asked(ELSEWHERE, WRONG) == Unavailable()
    assert asked(case.radicado, VerificationCode(case.verification_code)) == Unavailable()
    with read_session() as session:
        assert session.scalars(select(LookUpFailure)).all() == []
    assert filed(now=MORNING + timedelta(hours=1)).radicado == Radicado(Direction.RECEIVED, 2026, "000002")


def test_while_the_crm_is_slow_others_can_write(crm: DataverseServer) -> None:
    crm.next.append(SILENCE)
    slow = threading.Thread(target=asked)
    slow.start()
    crm.wait_for_question(1)
    filed()
    assert slow.is_alive()
    slow.join()


def test_an_outage_is_logged_with_its_reason_and_no_citizen_s_data(
    crm: DataverseServer, set_setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    set_setting("PATIENCE_SECONDS", "0.2")
    crm.always = UNAVAILABLE
    asked()
    assert "the CRM could not be asked for a case: answers 503" in caplog.text
    assert not any(kept in caplog.text for kept in (NUMBER.sequence, "5678", "correo.co"))
