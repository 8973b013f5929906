"""The pages behind the signed links: opening one changes nothing, a button does; no link opens another appointment."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from consultame.database import read_session, write_session
from consultame.outbox import MessageState, OutgoingMessage
from desk.appointments.booking import Booked
from desk.appointments.changes import mark
from desk.appointments.links import Purpose, offer_url, token_of
from desk.appointments.models import Appointment, AppointmentState, WaitingPlace
from desk.appointments.timetable import local
from desk.appointments.waiting_list import join_waiting_list
from tests.unit.admin_site import visible_text, visitor
from tests.unit.agenda import FIRST, NOW, REQUEST, TUESDAY, appointment, at, booked, person, request_of

PAGES = ("", "/confirmar", "/cambiar", "/cancelar")


@pytest.fixture
def made(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> Booked:
    """An appointment on Tuesday at 14:05, seen on the Monday before."""
    set_clock(monkeypatch, NOW)
    person()
    return booked()


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in ("appointment_links", "waiting_offers"):
        monkeypatch.setattr(f"admin.{module}.now", lambda: moment)


def path(made: Booked) -> str:
    return "/citas/" + made.url.rpartition("/")[2]


def state(made: Booked) -> AppointmentState:
    with read_session() as session:
        return appointment(session, made).state


def test_opening_the_links_changes_nothing(made: Booked) -> None:
    browser = visitor()
    for page in PAGES:
        answer = browser.get(path(made) + page)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "martes 1 de diciembre de 2026 a las 2:05 p. m." in visible_text(answer.text)
    assert state(made) is AppointmentState.BOOKED


def test_the_buttons_confirm_and_cancel(made: Booked) -> None:
    browser = visitor()
    answer = browser.post(path(made) + "/confirmar")
    assert "Su cita quedó confirmada." in visible_text(browser.get(answer.headers["Location"]).text)
    assert state(made) is AppointmentState.CONFIRMED
    answer = browser.post(path(made) + "/cancelar")
    assert "Su cita quedó cancelada." in visible_text(browser.get(answer.headers["Location"]).text)
    assert state(made) is AppointmentState.CANCELLED
    for page in PAGES[1:]:
        assert browser.get(path(made) + page).status_code == 410
    assert browser.post(path(made) + "/confirmar").status_code == 410
    assert browser.post(path(made) + "/cambiar", data={"inicio": at(TUESDAY, 15, 5).isoformat()}).status_code == 410


def test_the_change_page_moves_the_appointment(made: Booked) -> None:
    browser = visitor()
    page = browser.get(path(made) + "/cambiar").text
    wanted = at(TUESDAY, 15, 5).isoformat(timespec="minutes")
    assert f'value="{wanted}"' in page
    assert f'value="{local(FIRST).isoformat(timespec="minutes")}"' not in page
    answer = browser.post(path(made) + "/cambiar", data={"inicio": wanted})
    assert "3:05 p. m." in visible_text(browser.get(answer.headers["Location"]).text)


def test_a_time_that_was_taken_meanwhile_gets_the_next_ones(made: Booked) -> None:
    booked(at(TUESDAY, 15, 5), holder="web-2", request=request_of(2))
    answer = visitor().post(path(made) + "/cambiar", data={"inicio": at(TUESDAY, 15, 5).isoformat()})
    assert answer.status_code == 409
    assert "Otra persona acaba de tomar esa hora" in answer.text
    assert answer.text.count('type="radio"') == 3


@pytest.mark.parametrize(
    "start", ["", "mañana", "2026-12-01T99:00", "x" * 41, "2026-12-01T15:05", "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_a_malformed_time_moves_nothing_unless_it_is_a_slot(start: str, made: Booked) -> None:
    answer = visitor().post(path(made) + "/cambiar", data={"inicio": start})
    assert answer.status_code in (303, 409, 422)
    with read_session() as session:
        assert (appointment(session, made).starts_at == FIRST) == (start != "2026-12-01T15:05")


def test_a_link_works_for_its_own_appointment_and_purpose_only(made: Booked) -> None:
    other = booked(at(TUESDAY, 15, 5), holder="web-2", request=request_of(2))
    with read_session() as session:
        reference = appointment(session, other).reference
    browser = visitor()
    payload, signature = path(made).removeprefix("/citas/").rsplit(".", 1)
    forged = path(other).removeprefix("/citas/").rsplit(".", 1)[0] + "." + signature
    for token in (
        forged, payload, payload + "." + signature[:-2] + "AA", reference, "x",
        token_of(Purpose.WAITING_PLACE, reference),
    ):  # fmt: skip
        for page in PAGES:
            assert browser.get(f"/citas/{token}{page}").status_code == 404
            if page:
                assert browser.post(f"/citas/{token}{page}").status_code == 404
    assert [state(made), state(other)] == [AppointmentState.BOOKED] * 2


def test_after_the_appointment_the_links_do_nothing_any_more(made: Booked, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, FIRST)
    browser = visitor()
    for page in PAGES[1:]:
        assert browser.get(path(made) + page).status_code == 410
        assert browser.post(path(made) + page, data={"inicio": at(TUESDAY, 15, 5).isoformat()}).status_code == 410
    assert state(made) is AppointmentState.BOOKED


def test_links_of_a_mail_sent_before_a_change_still_work(made: Booked) -> None:
    browser = visitor()
    browser.post(path(made) + "/cambiar", data={"inicio": at(TUESDAY, 15, 5).isoformat()})
    browser.post(path(made) + "/confirmar")
    assert state(made) is AppointmentState.CONFIRMED


def test_another_site_cannot_press_the_button(made: Booked) -> None:
    answer = visitor().post(path(made) + "/cancelar", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert state(made) is AppointmentState.BOOKED


def test_the_calendar_file_can_be_loaded(made: Booked) -> None:
    answer = visitor().get(path(made) + "/cita.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.text.startswith("BEGIN:VCALENDAR")


def test_who_missed_it_books_again_on_the_same_page(made: Booked, monkeypatch: pytest.MonkeyPatch) -> None:
    after = FIRST + timedelta(hours=1)
    with write_session() as session:
        mark(session, appointment=appointment(session, made), attended=False, now=after)
    set_clock(monkeypatch, after)
    browser = visitor()
    assert "Reagende su cita" in visible_text(browser.get(path(made) + "/cambiar").text)
    wanted = at(TUESDAY + timedelta(days=1), 14, 5)
    answer = browser.post(path(made) + "/cambiar", data={"inicio": wanted.isoformat()})
    assert answer.headers["Location"].partition("?")[0] != path(made)
    with read_session() as session:
        assert session.scalars(select(Appointment.starts_at).order_by(Appointment.id)).all() == [FIRST, wanted]
    assert browser.get(path(made) + "/cambiar").status_code == 410


def test_pages_speak_english_for_an_english_appointment(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)
    person()
    made = booked(request=replace(REQUEST, language="en"))
    answer = visitor().get(path(made) + "/confirmar")
    assert 'lang="en"' in answer.text
    assert "Will you attend this appointment?" in answer.text


def test_a_freed_slot_is_accepted_by_its_button(made: Booked) -> None:
    for number, minute in enumerate([(14, 35), (15, 5), (15, 35)]):
        booked(at(TUESDAY, *minute), holder=f"web-{number + 2}", request=request_of(number))
    with write_session() as session:
        place = join_waiting_list(session, day=TUESDAY, request=request_of(9), now=NOW)
    browser, offer = visitor(), offer_url(place.reference).partition("8000")[2]
    assert browser.get(offer).status_code == 410
    browser.post(path(made) + "/cancelar")
    assert "martes 1 de diciembre de 2026 a las 2:05 p. m." in visible_text(browser.get(offer).text)
    with read_session() as session:
        assert len(session.scalars(select(Appointment).where(Appointment.state == AppointmentState.HELD)).all()) == 1
    answer = browser.post(offer)
    assert browser.get(answer.headers["Location"]).status_code == 200
    with read_session() as session:
        assert session.get_one(WaitingPlace, place.id).appointment_id is not None
        waiting = select(OutgoingMessage).where(OutgoingMessage.state == MessageState.WAITING)
        assert any(mail.recipient == "p9@correo.example" for mail in session.scalars(waiting))
