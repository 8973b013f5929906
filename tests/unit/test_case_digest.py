"""Dependencies hear weekly of what is due and overdue, and daily of what has two business days left."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from consultame.database import read_session, write_session
from consultame.outbox import OutgoingMessage
from consultame.settings import load_settings
from desk.cases.completion import request_completion
from desk.cases.dependencies import DependencyRefused, dependencies, keep_dependency
from desk.cases.digest import send_digests
from desk.cases.handling import answer_case
from desk.cases.kinds import CaseKind
from desk.cases.models import Case
from tests.unit.case_filings import BOGOTA, NOBODY, filed

MINES = "Dirección de Minería"
MONDAY = datetime(2026, 11, 23, 7, 5, tzinfo=BOGOTA)
STAFF = "marta@minenergia.example"


def digests() -> list[OutgoingMessage]:
    with read_session() as session:
        return list(session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id)))


def send(moment: datetime) -> int:
    with write_session() as session:
        return send_digests(session, now=moment)


def received(*day: int, kind: CaseKind = CaseKind.PETITION, dependency: str = MINES) -> int:
    moment = datetime(*day, 10, tzinfo=BOGOTA)
    return filed(requester=NOBODY, kind=kind, dependency=dependency, received_at=moment, now=moment).case_id


@pytest.fixture(autouse=True)
def _mines_have_an_address(any_database: str) -> None:
    with write_session() as session:
        keep_dependency(session, name=MINES, email="Minas@minenergia.gov.co")


def test_on_monday_a_dependency_hears_of_what_is_overdue_and_due_within_five_days() -> None:
    received(2026, 10, 15)  # due on 6 November
    received(2026, 11, 5)  # due on 27 November
    received(2026, 11, 20)  # due in December
    assert send(MONDAY) == 1
    (mail,) = digests()
    assert mail.recipient == "minas@minenergia.gov.co"
    assert mail.subject == f"Esta semana: 1 por vencer, 1 vencidos. {MINES}"
    assert "1-2026-000001 · Derecho de petición · venció el viernes 6 de noviembre de 2026" in mail.text
    assert "1-2026-000002 · Derecho de petición · vence el viernes 27 de noviembre de 2026, quedan 4" in mail.text
    assert "1-2026-000003" not in mail.text
    assert "subsidio" not in mail.text
    assert "/personal/casos?dependencia=Direcci%C3%B3n+de+Miner%C3%ADa" in mail.text


def test_every_day_a_dependency_hears_of_what_has_two_days_left() -> None:
    send(MONDAY)
    received(2026, 11, 23, kind=CaseKind.FIRST_LEVEL)  # due on Wednesday
    assert send(MONDAY + timedelta(days=1)) == 1
    assert digests()[0].subject == f"Vencen pronto: 1 por vencer, 0 vencidos. {MINES}"
    assert send(MONDAY + timedelta(days=2)) == 1
    assert "vence hoy" in digests()[1].text
    assert send(MONDAY + timedelta(days=3)) == 0


def test_each_digest_is_written_once_however_often_the_worker_starts() -> None:
    received(2026, 11, 20, kind=CaseKind.FIRST_LEVEL)
    assert send(MONDAY) == 2
    for minutes in (0, 10, 300):
        assert send(MONDAY + timedelta(minutes=minutes)) == 0
    assert len(digests()) == 2


def test_two_workers_at_once_write_each_digest_once() -> None:
    received(2026, 11, 20, kind=CaseKind.FIRST_LEVEL)
    workers = [threading.Thread(target=send, args=(MONDAY,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(digests()) == 2


def test_a_worker_that_was_down_on_monday_makes_up_for_it() -> None:
    received(2026, 10, 15)
    assert send(MONDAY + timedelta(days=2)) == 1
    assert digests()[0].subject.startswith("Esta semana")


def test_what_comes_later_in_the_week_makes_no_second_weekly_digest() -> None:
    assert send(MONDAY) == 0
    received(2026, 10, 15)
    assert send(MONDAY + timedelta(days=1)) == 0
    assert send(MONDAY + timedelta(days=7)) == 1


@pytest.mark.parametrize(
    "moment",
    [
        MONDAY.replace(hour=6, minute=59),
        datetime(2026, 11, 21, 9, tzinfo=BOGOTA),  # a Saturday
        datetime(2026, 11, 16, 9, tzinfo=BOGOTA),  # a holiday Monday
    ],
)
def test_nobody_is_written_to_before_the_office_opens_nor_on_a_day_off(moment: datetime) -> None:
    received(2026, 10, 1)
    assert send(moment) == 0


def test_what_is_settled_or_waits_for_the_citizen_is_left_out() -> None:
    for case_id in (received(2026, 11, 17), received(2026, 11, 17)):
        with write_session() as session:
            case = session.get_one(Case, case_id)
            if case_id % 2:
                answer_case(session, case=case, text="Sí.", by=STAFF, now=MONDAY)
            else:
                request_completion(session, case=case, missing="Todo.", by=STAFF, now=MONDAY)
    assert send(datetime(2026, 12, 14, 8, tzinfo=BOGOTA)) == 0


def test_a_dependency_without_an_address_is_told_of_at_that_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    received(2026, 10, 15, dependency="Sin correo")
    assert send(MONDAY) == 0
    monkeypatch.setenv("CONSULTAME_CASE_ALERTS_EMAIL", "mesa@minenergia.gov.co")
    load_settings.cache_clear()
    assert send(MONDAY + timedelta(days=7)) == 1
    assert digests()[0].recipient == "mesa@minenergia.gov.co"


def test_a_long_digest_lists_fifty_and_counts_the_rest() -> None:
    for _ in range(53):
        received(2026, 10, 15)
    send(MONDAY)
    text = digests()[0].text
    assert text.count("\n- ") == 50
    assert "y 3 más" in text


@pytest.mark.parametrize(("name", "email"), [("", ""), ("x" * 121, ""), ("Minas", "minas")])
def test_a_dependency_without_a_name_or_with_a_wrong_address_is_refused(name: str, email: str) -> None:
    with pytest.raises(DependencyRefused), write_session() as session:
        keep_dependency(session, name=name, email=email)
    with read_session() as session:
        assert [each.name for each in dependencies(session)] == [MINES, "Relacionamiento con el Ciudadano"]
