"""The citizen's booking page: from the consent to the appointment, and what may go wrong on the way."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from consultame.database import read_session, write_session
from consultame.outbox import OutgoingMessage
from consultame.settings import load_settings
from desk.appointments.changes import cancel
from desk.appointments.models import AgeGroup, Appointment, AppointmentState, Segment, WaitingPlace
from tests.unit.admin_site import visible_text, visitor
from tests.unit.agenda import FIRST, NOW, TUESDAY, at, booked, person, request_of

TOPIC = {"segmento": "hidrocarburos", "descripcion": "Permiso para una estación de servicio", "idioma": "es"}
DATA = {"nombre": "Luz Marina Pérez", "correo": "luz@correo.example", "telefono": "300 123 4567", "edad": "mas_de_60"}
FIRST_VALUE = "2026-12-01T14:05-05:00"


@pytest.fixture(autouse=True)
def _agenda(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)
    person()


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in ("booking_page", "appointment_links"):
        monkeypatch.setattr(f"admin.{module}.now", lambda: moment)


class Citizen:
    """A browser that fills the form it is shown and presses one of its buttons."""

    def __init__(self, browser: TestClient | None = None) -> None:
        self.browser = browser or visitor()
        self.page: Response = self.browser.get("/citas")

    @property
    def text(self) -> str:
        return visible_text(self.page.text)

    @property
    def carried(self) -> dict[str, str]:
        """What the form would send if nothing was touched but the buttons."""
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.page.text)
        return {name: html.unescape(value) for name, value in hidden}

    def sends(self, **fields: str) -> Response:
        self.page = self.browser.post("/citas", data=self.carried | fields)
        return self.page

    def goes_to_the_month(self) -> None:
        self.sends(autorizo="1")
        self.sends(**TOPIC)

    def goes_to_the_review(self, inicio: str = FIRST_VALUE, **choices: str) -> None:
        self.goes_to_the_month()
        self.sends(dia="2026-12-01")
        self.sends(inicio=inicio, **choices)
        self.sends(**DATA)


def appointments(state: AppointmentState = AppointmentState.BOOKED) -> list[Appointment]:
    with read_session() as session:
        return list(session.scalars(select(Appointment).where(Appointment.state == state).order_by(Appointment.id)))


def test_a_citizen_books_and_gets_code_file_and_link() -> None:
    citizen = Citizen()
    citizen.goes_to_the_review()
    assert "martes 1 de diciembre de 2026 a las 2:05 p. m." in citizen.text
    answer = citizen.sends()
    assert answer.status_code == 303
    (made,) = appointments()
    assert (made.starts_at, made.citizen_name, made.segment) == (FIRST, "Luz Marina Pérez", Segment.HYDROCARBONS)
    assert (made.channel, made.age_group, made.gender) == ("calendar", AgeGroup.OVER_60, None)
    assert made.policy_version == "2026-1"
    assert made.policy_accepted_at is not None
    page = citizen.browser.get(answer.headers["Location"]).text
    assert "Su cita quedó reservada." in visible_text(page)
    assert re.search(r"Código de la cita: [0-9A-Z]{5}-[0-9A-Z]{5}", visible_text(page))
    assert "/cita.ics" in page
    with read_session() as session:
        assert session.scalars(select(OutgoingMessage.recipient)).first() == "luz@correo.example"


def test_nothing_is_asked_before_the_consent() -> None:
    citizen = Citizen()
    assert "Ley 1581 de 2012" in citizen.text
    answer = citizen.sends()
    assert answer.status_code == 422
    assert "marque que autoriza" in citizen.text
    forged = citizen.browser.post(
        "/citas", data=TOPIC | DATA | {"paso": "revision", "visita": "x", "inicio": FIRST_VALUE}
    )
    assert forged.status_code == 422
    assert "Autorice de nuevo" in visible_text(forged.text)
    assert html.escape(DATA["nombre"]) in forged.text
    assert appointments() == []


def test_the_slot_is_held_while_the_citizen_types_and_the_page_says_until_when() -> None:
    citizen = Citizen()
    citizen.goes_to_the_month()
    citizen.sends(dia="2026-12-01")
    citizen.sends(inicio=FIRST_VALUE)
    assert "hasta las 10:10 a. m." in citizen.text
    (held,) = appointments(AppointmentState.HELD)
    assert held.hold_expires_at == NOW + timedelta(minutes=10)
    other = Citizen()
    other.goes_to_the_month()
    other.sends(dia="2026-12-01")
    assert FIRST_VALUE not in other.page.text


def test_typing_on_does_not_prolong_the_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    citizen = Citizen()
    citizen.goes_to_the_month()
    citizen.sends(dia="2026-12-01")
    citizen.sends(inicio=FIRST_VALUE)
    set_clock(monkeypatch, NOW + timedelta(minutes=5))
    citizen.sends(**DATA)
    assert "hasta las 10:10 a. m." in citizen.text


def test_a_slot_that_was_taken_meanwhile_gets_the_nearest_ones_and_nothing_typed_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    citizen = Citizen()
    citizen.goes_to_the_review()
    later = NOW + timedelta(minutes=11)
    set_clock(monkeypatch, later)
    booked(holder="web-2", request=request_of(2), now=later)
    answer = citizen.sends()
    assert answer.status_code == 409
    assert "Otra persona acaba de tomar esa hora" in citizen.text
    assert answer.text.count('name="inicio"') == 3
    citizen.sends(inicio="2026-12-01T14:35-05:00")
    assert 'value="Luz Marina Pérez"' in citizen.page.text
    citizen.sends(**DATA)
    assert citizen.sends().status_code == 303
    assert [row.starts_at for row in appointments()] == [FIRST, at(TUESDAY, 14, 35)]


def test_errors_stand_beside_the_fields_and_nothing_typed_is_lost() -> None:
    citizen = Citizen()
    citizen.goes_to_the_month()
    citizen.sends(dia="2026-12-01")
    citizen.sends(inicio=FIRST_VALUE)
    answer = citizen.sends(nombre="Luz", correo="luz@", telefono="12", genero="mujer")
    assert answer.status_code == 422
    assert 'id="error-correo"' in answer.text
    assert 'id="error-telefono"' in answer.text
    assert 'id="error-nombre"' not in answer.text
    assert re.search(r'id="correo"[^>]*value="luz@"[^>]*aria-describedby="error-correo[^>]*autofocus', answer.text)
    assert re.search(r'value="mujer" selected', answer.text)


@pytest.mark.parametrize(
    ("changed", "error"), [({"segmento": ""}, "segmento"), ({"descripcion": " "}, "descripcion"),
                           ({"descripcion": "x" * 1001}, "descripcion"), ({"segmento": "salud"}, "segmento")]
)  # fmt: skip
def test_the_subject_is_checked(changed: dict[str, str], error: str) -> None:
    citizen = Citizen()
    citizen.sends(autorizo="1")
    answer = citizen.sends(**TOPIC | changed)
    assert answer.status_code == 422
    assert f'id="error-{error}"' in answer.text


def test_the_month_says_in_words_which_days_are_free_or_full() -> None:
    for number, minute in enumerate([(14, 5), (14, 35), (15, 5), (15, 35)]):
        booked(at(TUESDAY, *minute), holder=f"web-{number}", request=request_of(number))
    citizen = Citizen()
    citizen.goes_to_the_month()
    assert "Noviembre de 2026" in citizen.text
    citizen.sends(mes="2026-12")
    page = citizen.page.text
    assert 'aria-label="martes 1 de diciembre de 2026, lleno, puede entrar a la lista de espera"' in page
    assert 'aria-label="miércoles 2 de diciembre de 2026, 4 libres"' in page
    assert 'value="2026-12-08"' not in page
    assert "Mes anterior" in citizen.text
    citizen.sends(mes="2027-01")
    assert "Enero de 2027" in citizen.text
    assert "Mes siguiente" not in citizen.text
    citizen.sends(mes="2031-05")
    assert "Enero de 2027" in citizen.text


def test_on_a_full_day_the_citizen_can_wait() -> None:
    made = [
        booked(at(TUESDAY, *minute), holder=f"web-{number}", request=request_of(number))
        for number, minute in enumerate([(14, 5), (14, 35), (15, 5), (15, 35)])
    ]
    citizen = Citizen()
    citizen.goes_to_the_month()
    citizen.sends(dia="2026-12-01")
    assert "Ese día está lleno" in citizen.text
    citizen.sends(espera="1")
    citizen.sends(**DATA)
    assert citizen.sends().status_code == 200
    assert "Está en la lista de espera" in citizen.text
    with write_session() as session:
        (place,) = session.scalars(select(WaitingPlace))
        assert (place.day, place.citizen_email) == (TUESDAY, "luz@correo.example")
        cancel(session, appointment=session.get_one(Appointment, made[0].appointment_id), now=NOW)
        assert place.appointment_id is not None


def test_a_day_that_is_full_no_longer_offers_its_times_instead_of_the_line() -> None:
    citizen = Citizen()
    citizen.goes_to_the_month()
    citizen.sends(dia="2026-12-01")
    citizen.sends(espera="1")
    citizen.sends(**DATA)
    answer = citizen.sends()
    assert answer.status_code == 409
    assert "ya tiene horas libres" in citizen.text


def test_the_citizen_can_choose_who_attends() -> None:
    beto = person("Beto")
    citizen = Citizen()
    citizen.goes_to_the_month()
    citizen.sends(dia="2026-12-01")
    assert "Cualquiera" in citizen.text
    citizen.sends(inicio=FIRST_VALUE, atiende=str(beto.id))
    citizen.sends(**DATA)
    assert "Beto" in citizen.text
    citizen.sends()
    assert [row.attendant_id for row in appointments()] == [beto.id]


def test_confirming_twice_makes_one_appointment() -> None:
    citizen = Citizen()
    citizen.goes_to_the_review()
    fields = citizen.carried
    first, second = (citizen.browser.post("/citas", data=fields) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(appointments()) == 1


def test_the_next_citizen_at_the_same_computer_sees_nothing_of_the_former_one() -> None:
    first = Citizen()
    first.goes_to_the_review()
    first.sends()
    second = Citizen(first.browser)
    second.goes_to_the_month()
    second.sends(dia="2026-12-01")
    assert second.sends(inicio=FIRST_VALUE).status_code == 409
    assert second.sends(**DATA, paso="revision", inicio=FIRST_VALUE).status_code == 409
    assert not first.browser.cookies
    for page in (first.browser.get("/citas"), second.page):
        assert page.headers["Cache-Control"] == "no-store"
    assert DATA["nombre"] not in first.browser.get("/citas").text


def test_leaving_gives_the_slot_back() -> None:
    citizen = Citizen()
    citizen.goes_to_the_review()
    assert citizen.sends(ir="salir").headers["Location"] == "/"
    assert appointments(AppointmentState.HELD) == []


def test_every_answer_can_be_changed_from_the_review() -> None:
    citizen = Citizen()
    citizen.goes_to_the_review()
    citizen.sends(ir="asunto")
    assert html.escape(TOPIC["descripcion"]) in citizen.page.text
    citizen.sends(**TOPIC | {"descripcion": "Otra cosa"})
    citizen.sends(dia="2026-12-02")
    citizen.sends(inicio="2026-12-02T14:05-05:00")
    citizen.sends(**DATA)
    citizen.sends()
    (made,) = appointments()
    assert (made.description, made.starts_at) == ("Otra cosa", at(TUESDAY + timedelta(days=1), 14, 5))


@pytest.mark.parametrize(
    ("accepted", "english"),
    [("en-US,en;q=0.9", True), ("es-CO,en;q=0.8", False), ("", False), ("fr,en;q=0.5", True), ("en;q=x", False)],
)
def test_the_page_speaks_the_language_the_browser_asks_for(accepted: str, english: bool) -> None:
    page = visitor().get("/citas", headers={"Accept-Language": accepted}).text
    assert ('lang="en"' in page and "Authorisation" in page) == english


def test_a_citizen_books_in_english() -> None:
    citizen = Citizen()
    citizen.page = citizen.browser.get("/citas?lang=en")
    citizen.sends(autorizo="1")
    citizen.sends(**TOPIC | {"idioma": "en"})
    citizen.sends(dia="2026-12-01")
    citizen.sends(inicio=FIRST_VALUE)
    citizen.sends(**DATA)
    assert "Tuesday 1 December 2026 at 2:05 pm" in citizen.text
    answer = citizen.sends()
    assert "Your appointment is booked." in visible_text(citizen.browser.get(answer.headers["Location"]).text)


def test_the_language_can_be_switched_without_losing_what_was_typed() -> None:
    citizen = Citizen()
    citizen.goes_to_the_month()
    citizen.sends(dia="2026-12-01")
    citizen.sends(inicio=FIRST_VALUE)
    citizen.sends(**DATA, cambiar_idioma="en")
    assert "Your data" in citizen.text
    assert 'value="luz@correo.example"' in citizen.page.text
    citizen.sends(**DATA)
    citizen.sends()
    assert [row.language for row in appointments()] == ["es"]


@pytest.mark.parametrize(
    "fields",
    [
        {"dia": "2026-02-30"}, {"dia": "x"}, {"mes": "9999-99"}, {"dia": "2026-12-08"}, {"paso": "revision"},
        {"paso": "hora", "inicio": "0001-01-01T00:00"}, {"paso": "hora", "inicio": "2026-12-01T03:00"},
        {"paso": "hora", "espera": "1"}, {"ir": "x"}, {"paso": "hora", "inicio": FIRST_VALUE, "atiende": "77"},
        {"nombre": "\x00", "paso": "datos"}, {"atiende": "9" * 30, "dia": "2026-12-01"},
    ],
)  # fmt: skip
def test_tampered_fields_get_a_page_and_book_nothing(fields: dict[str, Any]) -> None:
    citizen = Citizen()
    citizen.goes_to_the_month()
    assert citizen.sends(**fields).status_code in (200, 409, 422)
    assert appointments() == []


def test_one_address_cannot_take_every_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    browser, statuses = visitor(), []
    for _ in range(22):
        citizen = Citizen(browser)
        citizen.goes_to_the_month()
        citizen.sends(dia="2026-12-02")
        statuses.append(citizen.sends(inicio="2026-12-02T14:05-05:00").status_code)
    assert statuses[-1] == 429
    assert len(appointments(AppointmentState.HELD)) == 1


def offer_whatsapp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTAME_WHATSAPP_PHONE_NUMBER_ID", "106540352242922")
    monkeypatch.setenv("CONSULTAME_WHATSAPP_ACCESS_TOKEN", "EAAG-token")
    load_settings.cache_clear()


def test_reminders_by_whatsapp_are_asked_for_only_where_they_can_be_sent() -> None:
    citizen = Citizen()
    citizen.goes_to_the_month()
    citizen.sends(dia="2026-12-01")
    citizen.sends(inicio=FIRST_VALUE)
    assert "WhatsApp" not in citizen.page.text
    citizen.sends(**DATA, whatsapp="1")
    citizen.sends()
    [made] = appointments()
    assert (made.whatsapp_version, made.whatsapp_accepted_at) == ("", None)


def test_who_ticks_whatsapp_agrees_and_who_does_not_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    offer_whatsapp(monkeypatch)
    citizen = Citizen()
    citizen.goes_to_the_review()
    assert "Recordatorios por WhatsApp No" in citizen.text
    citizen.sends(ir="datos")
    assert "fuera de Colombia" in citizen.text
    citizen.sends(**DATA, whatsapp="1")
    assert "Recordatorios por WhatsApp Sí" in citizen.text
    citizen.sends()
    [made] = appointments()
    assert made.whatsapp_version == "whatsapp-citas-1"
    assert made.whatsapp_accepted_at is not None


def test_whatsapp_to_a_landline_is_pointed_out_and_nothing_typed_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    offer_whatsapp(monkeypatch)
    citizen = Citizen()
    citizen.goes_to_the_review()
    citizen.sends(ir="datos")
    answer = citizen.sends(**(DATA | {"telefono": "601 220 0300"}), whatsapp="1")
    assert answer.status_code == 422
    assert 'id="error-whatsapp"' in answer.text
    assert 'value="1" checked' in answer.text
    assert 'value="601 220 0300"' in answer.text
