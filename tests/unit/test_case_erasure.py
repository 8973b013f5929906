"""A person is erased from settled cases on request; the case itself is kept."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from consultame.audit import Action, AuditFilter, events
from consultame.database import read_session, write_session
from desk.cases.erasure import ErasedCases, erase_cases_of, erase_cases_settled_before, erase_requester
from desk.cases.handling import CaseRefused, answer_case
from desk.cases.listing import case_by_radicado
from desk.cases.models import Case
from desk.cases.ownership import VerificationCode
from desk.cases.status import Refused, case_status
from tests.running_system import run_command
from tests.unit.case_filings import MORNING, NOBODY, filed

_ADMIN = "admin@minenergia.example"
_TOLD = "Soy Ana Lucía Ñáñez, cc 1.085.245.678, llámeme al 3001234567 o a ana.nanez@correo.co. La pipeta llegó vacía."


def settled(**changes: object) -> str:
    acknowledged = filed(description=_TOLD, attachments=("cedula de ana.pdf",), **changes)
    with write_session() as session:
        case = case_by_radicado(session, acknowledged.radicado)
        assert case is not None
        answer_case(session, case=case, text="Señora Ana Lucía Ñáñez: sí.", by="luis@minenergia.example")
    return acknowledged.verification_code


def erased(**whom: str) -> ErasedCases:
    with write_session() as session:
        return erase_cases_of(session, by=_ADMIN, **whom)


@pytest.mark.parametrize("whom", [{"email": "Ana.Nanez@correo.co "}, {"document": "1085245678"}])
def test_nothing_of_the_person_is_left_and_the_case_is(any_database: str, whom: dict[str, str]) -> None:
    code = settled()
    assert erased(**whom) == ErasedCases(1, 0)
    with read_session() as session:
        tables = ("desk_case", "desk_case_content", "desk_requester", "desk_case_event", "audit_event")
        kept = " ".join(str(session.execute(text(f"SELECT * FROM {table}")).all()) for table in tables).lower()
        case = session.scalars(select(Case)).one()
        assert "pipeta" in case.content.description
        assert (case.requester.kind, case.requester.place_code) == ("person", "52001")
        assert [event.kind for event in case.events][-1] == "personal_data_erased"
        assert events(session, AuditFilter(action=Action.CASE_DATA_ERASED), limit=1)[0].detail == {"cases": 1}
    assert not any(said in kept for said in ("lucía", "lucia", "ñáñez", "nanez", "1085245678", "3001234567", "ana.pdf"))
    with write_session() as session:
        factor = VerificationCode(code)
        asked = case_status(session, radicado=case.number, factor=factor, sender="web-1", now=MORNING)
    assert asked == Refused()


def test_an_open_case_keeps_its_person(sqlite_database: None) -> None:
    acknowledged = filed()
    assert erased(document="1085245678") == ErasedCases(0, 1)
    with pytest.raises(CaseRefused, match="abierto"), write_session() as session:
        case = case_by_radicado(session, acknowledged.radicado)
        assert case is not None
        erase_requester(session, case=case, by=_ADMIN)


@pytest.mark.parametrize("whom", [{}, {"document": ""}, {"document": "..."}, {"document": "108524567"}])
def test_nobody_else_is_erased(sqlite_database: None, whom: dict[str, str]) -> None:
    settled()
    acknowledged = filed(requester=NOBODY)
    with write_session() as session:
        case = case_by_radicado(session, acknowledged.radicado)
        assert case is not None
        answer_case(session, case=case, text="Sí.", by="luis@minenergia.example")
    assert erased(**whom) == ErasedCases(0, 0)


def test_persons_of_cases_that_were_settled_long_ago_are_erased_once(sqlite_database: None) -> None:
    settled()
    with write_session() as session:
        at = session.scalars(select(Case.settled_at)).one()
        assert at is not None
        assert erase_cases_settled_before(session, moment=at, by=_ADMIN) == ErasedCases(0, 0)
    later = at.replace(year=at.year + 1)
    for count in (1, 0):
        with write_session() as session:
            assert erase_cases_settled_before(session, moment=later, by=_ADMIN) == ErasedCases(count, 0)


def test_the_command_erases_conversations_and_cases(sqlite_database: None, tmp_path: Path) -> None:
    settled()
    filed()
    done = run_command(tmp_path, "erase", "--document", "1.085.245.678")
    assert done.stdout.splitlines() == [
        "0 conversation(s), 0 unanswered question(s), 0 message(s) and 0 answer request(s) erased.",
        "1 case(s) without their person; 1 open case(s) left as they are.",
    ]
