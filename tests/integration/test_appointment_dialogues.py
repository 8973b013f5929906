"""An appointment booked, changed and cancelled in the chat of a real system."""

import re

import httpx

from tests.integration.test_dialogues import press
from tests.integration.web_citizen import Citizen, stored, texts_of
from tests.running_system import RunningSystem, run_command

CODE = re.compile(r"Código de la cita: ([0-9A-Z]{5}-[0-9A-Z]{5})")
STATE = "SELECT state FROM appointment WHERE citizen_email = ? ORDER BY id"
EMAIL = "susana.cita@correo.example"


def test_an_appointment_is_booked_changed_and_cancelled(
    citizen: Citizen, client: httpx.Client, system: RunningSystem
) -> None:
    added = run_command(
        system.data_directory,
        "appointments", "staff", "add", "ana.cita@minenergia.example", "--name", "Ana",
        "--hours", "mon-fri 14:00-16:30",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    body = citizen.says("quiero apartar una cita virtual con ustedes")
    assert body["outcome"] == "task"
    body = press(citizen, body, "Sí, autorizo")
    press(citizen, body, "Minería")
    body = citizen.says("Necesito saber qué permisos pide una mina de carbón")
    offer = body["messages"][-1]["buttons"][0]["title"]
    aside = citizen.says("¿cuál es el horario de atención del ministerio?")
    assert aside["slug"] == "mme_horario"
    assert "Le guardo el" in texts_of(press(citizen, aside, offer))
    citizen.says("Susana San Juan")
    citizen.says(EMAIL)
    body = citizen.says("300 123 4567")
    body = press(citizen, body, "Omitir")
    body = press(citizen, body, "Omitir")
    body = press(citizen, body, "Español")
    assert EMAIL in texts_of(body)
    booked = texts_of(press(citizen, body, "Sí, reservar"))
    code = CODE.search(booked)
    assert code, booked
    assert stored(system, STATE, EMAIL) == [("booked",)]
    calendar = httpx.get(system.admin + re.search(r"(/citas/\S+/cita\.ics)", booked)[1], trust_env=False)  # type: ignore[index]
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    other = Citizen(client)
    other.says("necesito pasar mi cita para otro día")
    body = other.says(code[1].lower())
    body = press(other, body, body["messages"][-1]["buttons"][0]["title"])
    assert "¿Paso su cita del" in texts_of(body)
    assert code[1] in texts_of(press(other, body, "Sí"))
    other.says("cancéleme la cita que tengo el jueves")
    body = other.says(code[1])
    assert "quedó cancelada" in texts_of(press(other, body, "Sí"))
    assert stored(system, STATE, EMAIL) == [("cancelled",)]
