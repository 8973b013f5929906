"""Chat, booking page and staff say the same of personal data, and keep the same version with the appointment."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions.booking import BookingAction
from bot.actions.petition import PetitionAction
from bot.dialogues import form_action
from consultame.data_policy import policy_statement
from consultame.database import read_session
from desk.appointments.consent_texts import LIMITS, PURPOSE
from desk.appointments.models import Appointment
from tests.conftest import forget_settings
from tests.unit.admin_site import curator, visible_text, visitor
from tests.unit.agenda import NOW, person
from tests.unit.dialogue_citizen import DialogueCitizen
from tests.unit.test_admin_agenda import CALL
from tests.unit.test_booking_page import Citizen

VERSION = "2027-política-3"


@pytest.fixture(autouse=True)
def _policy(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return NOW.astimezone(tz)

    monkeypatch.setattr(form_action, "datetime", Clock)
    for module in ("booking_page", "appointment_links", "agenda_booking"):
        monkeypatch.setattr(f"admin.{module}.now", lambda: NOW)
    monkeypatch.setenv("CONSULTAME_DATA_POLICY_VERSION", VERSION)
    forget_settings()
    person()


def kept() -> list[tuple[str, str]]:
    with read_session() as session:
        return [(row.channel, row.policy_version) for row in session.scalars(select(Appointment))]


def test_the_version_of_the_settings_is_kept_whatever_the_way() -> None:
    chat = DialogueCitizen(BookingAction()).says("quiero una cita", "agendar_cita", outcome="task")
    chat.presses("Sí, autorizo").presses("Minería").says("Un permiso para una mina").says("mañana a las 2 y media")
    chat.says("Susana San Juan").says("susana@correo.example").says("300 123 45 67").says("omitir").says("omitir")
    chat.says("español").presses("Sí, reservar")
    page = Citizen()
    page.goes_to_the_review()
    page.sends()
    curator().post("/personal/agenda/nueva", data=CALL | {"inicio": "2026-12-01T15:05-05:00"})
    assert kept() == [("web", VERSION), ("calendar", VERSION), ("phone", VERSION)]


@pytest.mark.parametrize("language", ["es", "en"])
def test_everywhere_the_same_is_said_of_the_data(language: Any) -> None:
    said = [policy_statement(PURPOSE[language], language), LIMITS[language], VERSION]
    chat = DialogueCitizen(BookingAction(), language=language).says("cita", "agendar_cita", outcome="task").text
    page = visible_text(visitor().get("/citas", headers={"Accept-Language": language}).text)
    call = visible_text(curator().get("/personal/agenda/nueva").text)
    for text in [chat, page] + ([call] if language == "es" else []):
        assert all(part in text for part in said), text


def test_another_dialogue_names_its_own_purpose_and_the_same_rights() -> None:
    text = DialogueCitizen(PetitionAction()).says("quiero radicar una queja", "presentar_queja", outcome="task").text
    assert "solo para radicar su solicitud, responderle y mostrarle su estado. Usted puede conocer" in text
    assert VERSION in text
    assert "citas" not in text
