"""What the staff may do with a case, and when the law no longer allows it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from consultame.database import read_session, write_session
from desk.cases.completion import complete_case, extend_completion, request_clarification, request_completion
from desk.cases.events import last_event_id
from desk.cases.handling import (
    CaseChanged,
    CaseRefused,
    add_note,
    answer_case,
    check_unchanged,
    close_case,
    extend_case,
    refer_case,
    start_case,
    transfer_case,
)
from desk.cases.kinds import CaseKind, CaseState, ClosingReason
from desk.cases.listing import case_by_radicado
from desk.cases.models import Case, CaseEvent
from desk.radicado import Radicado
from tests.at_once import at_once
from tests.unit.case_filings import BOGOTA, MORNING, filed

LUIS = "luis@minenergia.example"


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=BOGOTA)


def done(radicado: Radicado, step: Callable[..., object], **given: object) -> object:
    """Take the step in a transaction of its own."""
    with write_session() as session:
        case = case_by_radicado(session, radicado)
        return step(session, case=case, by=LUIS, **given)


def seen(radicado: Radicado) -> tuple[Case, list[CaseEvent]]:
    with read_session() as session:
        case = case_by_radicado(session, radicado)
        assert case is not None
        return case, list(case.events)


@pytest.fixture
def petition(any_database: str) -> Radicado:
    """Filed on Tuesday 24 November 2026, due on 16 December."""
    return filed().radicado


@pytest.fixture
def sqlite_petition(sqlite_database: None) -> Radicado:
    return filed().radicado


def test_an_answer_settles_the_case_and_has_a_number_of_its_own(petition: Radicado) -> None:
    number = done(petition, answer_case, text=" Su subsidio está activo. ", now=at(12, 1))
    assert str(number) == "2-2026-000001"
    case, events = seen(petition)
    assert (case.state, case.answered_at, case.settled_at) == (CaseState.ANSWERED, at(12, 1), at(12, 1))
    assert case.content.answer == "Su subsidio está activo."
    assert (events[-1].kind, events[-1].actor) == ("answered", LUIS)
    assert events[-1].detail == {"radicado": "2-2026-000001", "late": 0}


def test_a_late_answer_is_given_all_the_same_and_kept_as_late(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, answer_case, text="Sí.", now=at(12, 17))
    assert seen(sqlite_petition)[1][-1].detail["late"] == 1


def test_a_settled_case_is_not_worked_on(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, answer_case, text="Sí.", now=at(12, 1))
    steps: list[tuple[Callable[..., object], dict[str, object]]] = [
        (answer_case, {"text": "Otra."}),
        (transfer_case, {"dependency": "Minería", "reason": "Tema"}),
        (refer_case, {"authority": "CREG", "reason": "Tema"}),
        (extend_case, {"until": date(2026, 12, 18), "reason": "Pruebas"}),
        (request_completion, {"missing": "La cédula"}),
        (complete_case, {"received_at": at(12, 2)}),
    ]
    for step, given in steps:
        with pytest.raises(CaseRefused):
            done(sqlite_petition, step, now=at(12, 2), **given)


@pytest.mark.parametrize(("day", "late"), [(1, 0), (2, 1)])
def test_a_transfer_keeps_the_deadline_and_is_late_after_five_business_days(
    sqlite_petition: Radicado, day: int, late: int
) -> None:
    done(sqlite_petition, transfer_case, dependency="Hidrocarburos", reason="Es de GLP", now=at(12, day))
    case, events = seen(sqlite_petition)
    assert (case.dependency, case.due_on, case.state) == ("Hidrocarburos", date(2026, 12, 16), CaseState.RECEIVED)
    assert events[-1].detail["late"] == late
    assert events[-1].note == "Es de GLP"


def test_a_case_goes_to_another_dependency_with_a_reason_only(sqlite_petition: Radicado) -> None:
    for dependency, reason in (("", "Tema"), ("Relacionamiento con el Ciudadano", "Tema"), ("Minería", " ")):
        with pytest.raises(CaseRefused):
            done(sqlite_petition, transfer_case, dependency=dependency, reason=reason, now=at(12, 1))


def test_a_case_that_belongs_elsewhere_is_settled_by_its_transfer(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, refer_case, authority="CREG", reason="Tarifas", now=at(12, 1))
    case, events = seen(sqlite_petition)
    assert (case.state, case.authority, case.settled_at) == (CaseState.TRANSFERRED, "CREG", at(12, 1))
    assert events[-1].detail == {"destination": "CREG", "late": 0}


def test_the_answer_is_put_off_in_steps_up_to_the_double(petition: Radicado) -> None:
    done(petition, extend_case, until=date(2026, 12, 18), reason="Pruebas", now=at(12, 10))
    done(petition, extend_case, until=date(2027, 1, 8), reason="Pruebas", now=at(12, 17))
    case, events = seen(petition)
    assert (case.due_on, case.extension_days) == (date(2027, 1, 8), 15)
    assert events[-1].detail == {"former": "2026-12-18", "until": "2027-01-08", "days": 13}
    with pytest.raises(CaseRefused, match="máximo"):
        done(petition, extend_case, until=date(2027, 1, 12), reason="Pruebas", now=at(12, 18))


def test_the_answer_is_not_put_off_after_expiry(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, extend_case, until=date(2026, 12, 17), reason="Pruebas", now=at(12, 16))
    with pytest.raises(CaseRefused, match="venció"):
        done(sqlite_petition, extend_case, until=date(2026, 12, 21), reason="Pruebas", now=at(12, 18))
    assert seen(sqlite_petition)[0].due_on == date(2026, 12, 17)


def test_an_extension_needs_a_reason(sqlite_petition: Radicado) -> None:
    with pytest.raises(CaseRefused, match="motivo"):
        done(sqlite_petition, extend_case, until=date(2026, 12, 18), reason=" ", now=at(12, 10))


def test_completion_stops_the_clock_and_what_is_left_runs_from_the_day_after(petition: Radicado) -> None:
    # Asked on the third day of fifteen; the citizen has until 28 December, 27 being a Sunday.
    assert done(petition, request_completion, missing="La cédula", now=at(11, 27)) == date(2026, 12, 28)
    case, _ = seen(petition)
    assert (case.state, case.completion_due_on) == (CaseState.WAITING_FOR_CITIZEN, date(2026, 12, 28))
    with pytest.raises(CaseRefused, match="suspendido"):
        done(petition, extend_case, until=date(2026, 12, 18), reason="Pruebas", now=at(12, 1))
    assert done(petition, complete_case, received_at=at(12, 23), now=at(12, 23)) == date(2027, 1, 13)
    case, events = seen(petition)
    assert (case.state, case.due_on, case.suspended_on) == (CaseState.IN_PROGRESS, date(2027, 1, 13), None)
    assert [event.kind for event in events] == ["filed", "completion_requested", "completed"]


def test_what_is_completed_at_night_counts_from_the_next_business_day(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, request_completion, missing="La cédula", now=at(11, 27))
    night = datetime(2026, 12, 22, 20, 0, tzinfo=BOGOTA)
    assert done(sqlite_petition, complete_case, received_at=night, now=at(12, 23)) == date(2027, 1, 13)


def test_completion_is_asked_for_within_ten_business_days(sqlite_petition: Radicado) -> None:
    with pytest.raises(CaseRefused, match="2026-12-09"):
        done(sqlite_petition, request_completion, missing="La cédula", now=at(12, 10))
    done(sqlite_petition, request_completion, missing="La cédula", now=at(12, 9))
    with pytest.raises(CaseRefused, match="Ya se espera"):
        done(sqlite_petition, request_completion, missing="La cédula", now=at(12, 9))


def test_a_first_level_case_is_not_asked_to_be_completed_after_its_two_days(sqlite_database: None) -> None:
    radicado = filed(kind=CaseKind.FIRST_LEVEL).radicado
    with pytest.raises(CaseRefused, match="2026-11-26"):
        done(radicado, request_completion, missing="La placa", now=at(11, 27))


def test_the_citizen_gets_one_more_month_once_and_in_time(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, request_completion, missing="La cédula", now=at(11, 27))
    assert done(sqlite_petition, extend_completion, now=at(12, 28)) == date(2027, 1, 28)
    with pytest.raises(CaseRefused, match="una vez"):
        done(sqlite_petition, extend_completion, now=at(12, 29))


def test_the_month_is_not_given_again_when_it_is_over(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, request_completion, missing="La cédula", now=at(11, 27))
    with pytest.raises(CaseRefused, match="venció"):
        done(sqlite_petition, extend_completion, now=at(12, 29))


def test_what_is_unclear_is_returned_for_ten_days_and_then_filed_away(sqlite_petition: Radicado) -> None:
    assert done(sqlite_petition, request_clarification, unclear="El hecho", now=at(11, 24)) == date(2026, 12, 9)
    with pytest.raises(CaseRefused, match="no se prorroga"):
        done(sqlite_petition, extend_completion, now=at(12, 1))
    with pytest.raises(CaseRefused, match="no ha vencido"):
        done(sqlite_petition, close_case, reason=ClosingReason.NOT_COMPLETED, now=at(12, 9))
    done(sqlite_petition, close_case, reason=ClosingReason.NOT_COMPLETED, now=at(12, 10))
    assert seen(sqlite_petition)[0].state is CaseState.CLOSED


def test_completion_does_not_come_before_it_was_asked_for(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, request_completion, missing="La cédula", now=at(11, 27))
    for received in (at(11, 26), at(12, 24)):
        with pytest.raises(CaseRefused, match="fecha"):
            done(sqlite_petition, complete_case, received_at=received, now=at(12, 23))


def test_a_petition_is_not_closed_without_an_answer(sqlite_petition: Radicado) -> None:
    for reason in (ClosingReason.ANSWERED, ClosingReason.NO_ANSWER_NEEDED, ClosingReason.NOT_COMPLETED):
        with pytest.raises(CaseRefused):
            done(sqlite_petition, close_case, reason=reason, now=at(12, 1))
    done(sqlite_petition, answer_case, text="Sí.", now=at(12, 1))
    done(sqlite_petition, close_case, reason=ClosingReason.ANSWERED, now=at(12, 2))
    case, _ = seen(sqlite_petition)
    assert (case.state, case.settled_at) == (CaseState.CLOSED, at(12, 1))
    with pytest.raises(CaseRefused, match="cerrado"):
        done(sqlite_petition, close_case, reason=ClosingReason.ANSWERED, now=at(12, 2))


def test_a_compliment_needs_no_answer(sqlite_database: None) -> None:
    radicado = filed(kind=CaseKind.COMPLIMENT).radicado
    done(radicado, close_case, reason=ClosingReason.NO_ANSWER_NEEDED, now=at(12, 1))
    assert seen(radicado)[0].state is CaseState.CLOSED


def test_notes_and_reasons_are_kept_without_personal_data(sqlite_petition: Radicado) -> None:
    done(sqlite_petition, add_note, text="Llamó Ana Pérez, cc 1085245678", now=at(12, 1))
    done(sqlite_petition, transfer_case, dependency="Minería", reason="Escribir a ana@correo.co", now=at(12, 1))
    notes = " ".join(event.note for event in seen(sqlite_petition)[1])
    assert not any(said in notes for said in ("1085245678", "Ana Pérez", "ana@correo.co"))
    assert "[documento]" in notes


def test_work_begins_once(sqlite_petition: Radicado) -> None:
    with write_session() as session:
        case = case_by_radicado(session, sqlite_petition)
        assert case is not None
        start_case(session, case=case)
    assert seen(sqlite_petition)[0].state is CaseState.IN_PROGRESS


def test_the_timeline_is_in_the_order_in_which_things_happened(sqlite_petition: Radicado) -> None:
    for day in range(3):
        done(sqlite_petition, add_note, text=f"Nota {day}", now=MORNING + timedelta(days=day))
    assert [event.note for event in seen(sqlite_petition)[1]] == ["", "Nota 0", "Nota 1", "Nota 2"]


def test_of_two_who_answer_at_once_one_is_told_that_the_other_was_faster(any_database: str) -> None:
    case_id = filed().case_id
    with read_session() as session:
        seen = last_event_id(session, session.get_one(Case, case_id))

    def answer(number: int) -> str:
        try:
            with write_session() as session:
                case = session.get_one(Case, case_id)
                check_unchanged(session, case=case, last_event=seen)
                answer_case(session, case=case, text=f"Respuesta {number}", by=f"{number}@minenergia.example")
            return "answered"
        except CaseChanged:
            return "changed"

    assert sorted(at_once(4, answer)) == ["answered", "changed", "changed", "changed"]
