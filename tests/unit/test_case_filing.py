"""A case gets its number, its code and its deadline, whoever files at the same time."""

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from consultame.database import read_session, write_session
from consultame.settings import load_settings
from desk.cases.filing import CaseFiling, FilingRefused, RequesterData, file_case
from desk.cases.kinds import CaseKind, CaseState, RequesterKind
from desk.cases.listing import case_by_radicado
from desk.cases.models import Case, CaseEvent, RadicadoCounter
from desk.cases.numbering import LAST_NUMBER, NumbersExhausted, continue_after, next_radicado
from desk.radicado import Direction, Radicado
from tests.at_once import at_once
from tests.unit.case_filings import ANA, BOGOTA, MORNING, NOBODY, a_filing, filed


def test_a_case_is_filed_with_number_code_and_deadline(any_database: str) -> None:
    acknowledged = filed()
    assert str(acknowledged.radicado) == "1-2026-000001"
    assert (acknowledged.filed_on, acknowledged.due) == (date(2026, 11, 24), date(2026, 12, 16))
    with read_session() as session:
        case = case_by_radicado(session, acknowledged.radicado)
        assert case is not None
        assert (case.state, case.due_on, case.received_at) == (CaseState.RECEIVED, acknowledged.due, MORNING)
        assert case.content.description.startswith("Pido revisar")
        assert (case.requester.document, case.requester.email) == ("1085245678", "ana.nanez@correo.co")
        assert [event.kind for event in case.events] == ["filed"]


def test_fifty_filings_at_once_get_fifty_consecutive_numbers(any_database: str) -> None:
    numbers = at_once(50, lambda _: str(filed().radicado))
    assert sorted(numbers) == [f"1-2026-{number:06}" for number in range(1, 51)]
    with read_session() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 50
        assert session.scalar(select(func.count()).select_from(CaseEvent)) == 50


def test_a_filing_that_fails_leaves_no_gap(any_database: str) -> None:
    filed()
    with pytest.raises(RuntimeError), write_session() as session:
        assert str(file_case(session, filing=a_filing(), now=MORNING).radicado) == "1-2026-000002"
        raise RuntimeError
    assert str(filed().radicado) == "1-2026-000002"


def test_every_year_and_type_has_numbers_of_its_own(any_database: str) -> None:
    filed()
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=BOGOTA)
    assert str(filed(now=new_year).radicado) == "1-2027-000001"
    # 23:30 in Bogotá is next year's in UTC.
    assert str(filed(now=new_year - timedelta(hours=1)).radicado) == "1-2026-000002"
    with write_session() as session:
        assert str(next_radicado(session, Direction.SENT, 2026)) == "2-2026-000001"


def test_numbers_go_on_after_those_given_elsewhere(any_database: str) -> None:
    with write_session() as session:
        continue_after(session, Radicado(Direction.RECEIVED, 2026, "000120"))
        continue_after(session, Radicado(Direction.RECEIVED, 2026, "000007"))
    assert str(filed().radicado) == "1-2026-000121"


def test_numbers_begin_where_the_setting_says_and_go_on_without_a_gap(
    any_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert str(filed().radicado) == "1-2026-000001"
    monkeypatch.setenv("CONSULTAME_RADICADO_FIRST_NUMBER", "500001")
    load_settings.cache_clear()
    numbers: list[str] = []
    threads = [threading.Thread(target=lambda: numbers.append(str(filed().radicado))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"1-2026-{number}" for number in range(500_001, 500_021)]
    with write_session() as session:
        continue_after(session, Radicado(Direction.RECEIVED, 2026, "018168"))
        assert str(next_radicado(session, Direction.SENT, 2026)) == "2-2026-500001"
    assert str(filed().radicado) == "1-2026-500021"
    monkeypatch.setenv("CONSULTAME_RADICADO_FIRST_NUMBER", "1")
    load_settings.cache_clear()
    assert str(filed().radicado) == "1-2026-500022"


def test_no_number_has_seven_digits(any_database: str) -> None:
    with write_session() as session:
        session.add(RadicadoCounter(direction="1", year=2026, last=LAST_NUMBER))
    with pytest.raises(NumbersExhausted):
        filed()


def test_the_code_is_told_once_and_its_hash_kept(sqlite_database: None) -> None:
    first, second = filed(), filed()
    assert len(first.verification_code.replace("-", "")) == 8
    assert first.verification_code != second.verification_code
    with read_session() as session:
        stored = session.execute(text("SELECT * FROM desk_case")).all()
    assert first.verification_code not in str(stored)
    assert first.verification_code.replace("-", "") not in str(stored)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (CaseKind.PETITION, "2026-12-16"),
        (CaseKind.DOCUMENTS, "2026-12-09"),
        (CaseKind.CONSULTATION, "2027-01-08"),
        (CaseKind.COMPLAINT, "2026-12-16"),
        (CaseKind.DENUNCIATION, "2026-12-16"),
        (CaseKind.FIRST_LEVEL, "2026-11-26"),
        (CaseKind.DATA_CONSULTATION, "2026-12-09"),
        (CaseKind.DATA_CLAIM, "2026-12-16"),
    ],
)
def test_the_deadline_is_that_of_the_kind(sqlite_database: None, kind: CaseKind, due: str) -> None:
    assert str(filed(kind=kind).due) == due


def test_what_comes_at_night_is_filed_on_the_next_business_day(sqlite_database: None) -> None:
    night = MORNING.replace(hour=20)
    acknowledged = filed(received_at=night, now=night)
    assert (acknowledged.received_on, acknowledged.filed_on) == (date(2026, 11, 24), date(2026, 11, 25))


def test_anonymous_petitions_are_filed(sqlite_database: None) -> None:
    acknowledged = filed(requester=NOBODY)
    with read_session() as session:
        case = case_by_radicado(session, acknowledged.radicado)
        assert case is not None
        assert (case.requester.kind, case.requester.name) == (RequesterKind.ANONYMOUS, "")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("description", {"description": "  "}),
        ("description", {"description": "a" * 20_001}),
        ("dependency", {"dependency": ""}),
        ("attachments", {"attachments": ("a.pdf",) * 21}),
        ("name", {"requester": replace(ANA, name=" ")}),
        ("email", {"requester": replace(ANA, email="ana")}),
        ("place_code", {"requester": replace(ANA, place_code="99999")}),
        ("document", {"requester": replace(ANA, document="1" * 21)}),
        ("kind", {"requester": replace(NOBODY, document="1085245678")}),
        ("received_at", {"received_at": MORNING + timedelta(hours=1)}),
    ],
)
def test_what_is_missing_or_malformed_is_refused_by_field(
    sqlite_database: None, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(FilingRefused) as refusal:
        filed(**changes)
    assert list(refusal.value.problems) == [field]
    assert str(filed().radicado) == "1-2026-000001"


def test_several_problems_are_told_at_once() -> None:
    filing = CaseFiling(
        a_filing().kind, a_filing().channel, "", RequesterData(RequesterKind.PERSON, email="x"), MORNING
    )
    assert list(filing.problems()) == ["name", "email", "description"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE desk_case_event SET actor = 'otra'",
        "DELETE FROM desk_case_event",
        "DELETE FROM desk_case_event WHERE id = 1",
    ],
)
def test_the_database_refuses_to_change_or_delete_what_happened(any_database: str, statement: str) -> None:
    filed()
    with pytest.raises(DBAPIError, match="desk_case_event only grows"), write_session() as session:
        session.execute(text(statement))
    with read_session() as session:
        assert session.scalars(select(CaseEvent.actor)).all() == ["citizen"]


def test_what_happened_is_not_replaced_or_truncated_either(any_database: str) -> None:
    filed()
    statement = {
        "sqlite": "REPLACE INTO desk_case_event (id, case_id, at, kind, actor, detail, note)"
        " VALUES (1, 1, '2026-01-01', 'noted', 'otra', '{}', '')",
        "postgresql": "TRUNCATE desk_case_event",
    }[any_database]
    with pytest.raises(DBAPIError, match="desk_case_event only grows"), write_session() as session:
        session.execute(text(statement))
