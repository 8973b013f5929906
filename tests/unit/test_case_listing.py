"""Cases are found by what is known of them, page by page, with the days that are left."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from consultame.database import read_session, write_session
from desk.cases.completion import request_completion
from desk.cases.handling import answer_case, transfer_case
from desk.cases.kinds import OPEN_STATES, CaseKind, CaseState, Channel
from desk.cases.listing import (
    CaseFilter,
    CaseOrder,
    CaseRow,
    CasesPage,
    Light,
    WrongCursor,
    case_by_radicado,
    cases_page,
    workload,
)
from desk.radicado import Direction, Radicado
from tests.unit.case_filings import ANA, MORNING, NOBODY, filed

TODAY = date(2026, 12, 10)


def page(**given: Any) -> CasesPage:
    filters = CaseFilter(**{name: given.pop(name) for name in list(given) if name in CaseFilter.__dataclass_fields__})
    with read_session() as session:
        return cases_page(session, filters=filters, **{"today": TODAY, **given})


def numbers(rows: list[CaseRow]) -> list[int]:
    return [int(row.radicado[-6:]) for row in rows]


def found(**given: Any) -> list[int]:
    return numbers(page(**given).rows)


def number(sequence: int) -> Radicado:
    return Radicado(Direction.RECEIVED, 2026, f"{sequence:06}")


def test_the_newest_case_comes_first_and_pages_follow_each_other_without_gap_or_overlap(any_database: str) -> None:
    for hours in (3, 1, 2, 2, 0):
        filed(received_at=MORNING - timedelta(hours=hours))
    first = page(limit=2)
    second = page(limit=2, after=first.next_cursor)
    third = page(limit=2, after=second.next_cursor)
    assert [numbers(part.rows) for part in (first, second, third)] == [[5, 2], [4, 3], [1]]
    assert third.next_cursor is None


def test_a_case_filed_meanwhile_moves_no_page(sqlite_database: None) -> None:
    for hours in (3, 2, 1):
        filed(received_at=MORNING - timedelta(hours=hours))
    first = page(limit=2)
    filed()
    assert numbers(page(limit=2, after=first.next_cursor).rows) == [1]


def test_open_cases_are_listed_by_their_deadline(any_database: str) -> None:
    filed()
    filed(kind=CaseKind.FIRST_LEVEL)
    filed(kind=CaseKind.DOCUMENTS)
    with write_session() as session:
        answer_case(session, case=case_by_radicado(session, number(3)), text="Sí.", by="luis")  # type: ignore[arg-type]
    first = page(order=CaseOrder.DUE_FIRST, limit=1)
    assert numbers(first.rows) == [2]
    assert numbers(page(order=CaseOrder.DUE_FIRST, limit=5, after=first.next_cursor).rows) == [1]


@pytest.mark.parametrize(
    ("wanted", "sequences"),
    [
        ({}, [4, 3, 2, 1]),
        ({"kinds": (CaseKind.COMPLAINT, CaseKind.CLAIM)}, [2]),
        ({"channels": (Channel.WHATSAPP,)}, [3]),
        ({"dependency": "Minería"}, [4]),
        ({"topic": "GLP"}, [3]),
        ({"priority_only": True}, [2]),
        ({"states": (CaseState.ANSWERED,)}, [1]),
        ({"states": OPEN_STATES}, [4, 3, 2]),
        ({"states": (CaseState.RECEIVED,), "channels": (Channel.CHAT,)}, [4, 2]),
        ({"received_since": MORNING - timedelta(hours=2)}, [4, 3]),
        ({"received_until": MORNING - timedelta(hours=2)}, [2, 1]),
    ],
)
def test_filters_restrict_together(any_database: str, wanted: dict[str, Any], sequences: list[int]) -> None:
    filed(received_at=MORNING - timedelta(hours=4))
    filed(kind=CaseKind.COMPLAINT, priority=True, received_at=MORNING - timedelta(hours=3))
    filed(channel=Channel.WHATSAPP, topic="GLP", received_at=MORNING - timedelta(hours=2))
    filed(dependency="Minería")
    with write_session() as session:
        answer_case(session, case=case_by_radicado(session, number(1)), text="Sí.", by="luis")  # type: ignore[arg-type]
    assert found(**wanted) == sequences


@pytest.mark.parametrize(
    "search",
    [
        "1-2026-000002", "rad. 1 2026 000002", "1085245678", "1.085.245.678", " ana.nanez@CORREO.co ", "ñañez",
        "NANEZ lucia", "veREDA", "subsidio pipeta",
    ],
)  # fmt: skip
def test_a_case_is_found_by_number_document_address_or_words(any_database: str, search: str) -> None:
    filed(requester=NOBODY, description="Otra cosa")
    filed()
    assert found(search=search) == [2]


@pytest.mark.parametrize("search", ["100%", "subsidi_", "1085245679", "1-2026-000009", "luis@correo.co", "pozo"])
def test_what_is_not_there_is_not_found(sqlite_database: None, search: str) -> None:
    filed()
    assert found(search=search) == []


def test_words_are_looked_for_among_what_the_other_filters_leave(sqlite_database: None) -> None:
    filed()
    filed(kind=CaseKind.COMPLAINT)
    assert found(search="subsidio", kinds=(CaseKind.COMPLAINT,)) == [2]


def _due(day: date) -> None:
    sequence = int(filed().radicado.sequence)
    with write_session() as session:
        case = case_by_radicado(session, number(sequence))
        assert case is not None
        case.due_on = day


def test_the_light_tells_how_near_the_deadline_is(any_database: str) -> None:
    # Today is Thursday 10 December: Fri 11, Mon 14 are the next two business days, 15 to 17 the three after.
    for day in (9, 10, 14, 15, 17, 18):
        _due(date(2026, 12, day))
    filed()
    with write_session() as session:
        paused = case_by_radicado(session, number(7))
        assert paused is not None
        request_completion(session, case=paused, missing="La cédula", by="luis", now=MORNING)
    rows = {int(row.radicado[-6:]): (row.light, row.days_left) for row in page().rows}
    assert rows == {
        1: (Light.OVERDUE, -1), 2: (Light.RED, 0), 3: (Light.RED, 2), 4: (Light.YELLOW, 3), 5: (Light.YELLOW, 5),
        6: (Light.GREEN, 6), 7: (Light.PAUSED, None),
    }  # fmt: skip
    for light in Light:
        assert found(light=light) == sorted((one for one, (seen, _) in rows.items() if seen is light), reverse=True)


def test_a_settled_case_has_no_light(sqlite_database: None) -> None:
    filed()
    with write_session() as session:
        answer_case(session, case=case_by_radicado(session, number(1)), text="Sí.", by="luis")  # type: ignore[arg-type]
    (row,) = page().rows
    assert (row.light, row.days_left) == (None, None)


def test_the_workload_counts_open_late_and_nearly_late_cases_of_each_dependency(any_database: str) -> None:
    for day in (9, 10, 18):
        _due(date(2026, 12, day))
    filed(requester=replace(ANA, name="Luz"))
    with write_session() as session:
        for sequence, dependency in ((1, "Minería"), (2, "Minería"), (3, "Energía")):
            case = case_by_radicado(session, number(sequence))
            assert case is not None
            transfer_case(session, case=case, dependency=dependency, reason="Tema", by="luis")
        answer_case(session, case=case_by_radicado(session, number(4)), text="Sí.", by="luis")  # type: ignore[arg-type]
    with read_session() as session:
        told = [(w.dependency, w.open, w.overdue, w.red) for w in workload(session, today=TODAY)]
    assert told == [("Minería", 2, 1, 1), ("Energía", 1, 0, 0)]


@pytest.mark.parametrize("cursor", ["", "x", "2026-11-24~x", "2026-11-24T10:00:00~1", "2026-11-24~1"])
def test_a_wrong_cursor_is_refused(sqlite_database: None, cursor: str) -> None:
    with pytest.raises(WrongCursor):
        page(after=cursor)


def test_a_moment_filter_needs_no_particular_zone(sqlite_database: None) -> None:
    filed()
    assert found(received_since=datetime.fromisoformat("2026-11-24T15:00:00+00:00")) == [1]
