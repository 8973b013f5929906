"""The guided dialogues of a real system: Rasa's forms, the action server, the database, the web channel."""

import re
from typing import Any

import httpx

from tests.integration.web_citizen import Citizen, stored, texts_of
from tests.running_system import RunningSystem

RADICADO = re.compile(r"1-\d{4}-\d{6}")
CODE = re.compile(r": ([0-9A-Z]{4}-[0-9A-Z]{4})")


def press(citizen: Citizen, body: dict[str, Any], title: str) -> dict[str, Any]:
    button = next(each for message in body["messages"] for each in message["buttons"] if each["title"] == title)
    return citizen.presses(button)


def test_a_complaint_is_dictated_digressed_from_corrected_filed_and_looked_up(
    citizen: Citizen, client: httpx.Client, system: RunningSystem
) -> None:
    body = citizen.says("quiero poner una queja formal contra el ministerio")
    assert body["outcome"] == "task"
    body = press(citizen, body, "Sí, autorizo")
    body = citizen.says("Nadie contesta el teléfono de la línea gratuita")
    body = citizen.says("Llamé el lunes y el martes por la mañana y no contestaron")
    body = press(citizen, body, "Omitir")
    body = press(citizen, body, "Con mi nombre")
    aside = citizen.says("¿cuál es el horario de atención del ministerio?")
    assert (aside["outcome"], aside["slug"]) == ("answered", "mme_horario")
    answer, resumed = aside["messages"]
    assert answer["rating"]["helpful"] is None
    assert "rating" not in resumed
    assert resumed["text"].startswith("Sigamos con su solicitud.")
    assert resumed["text"].endswith("¿Cuál es su nombre completo?")
    answered = citizen.says("Susana San Juan")
    assert (answered["outcome"], answered["slug"]) == ("task", None)
    citizen.says("1085245678")
    body = citizen.says("susana@ejemplo.co")
    assert "Nombre: Susana San Juan" in texts_of(body)
    citizen.says("cambiar el nombre")
    body = citizen.says("Susana Páramo San Juan")
    filed = texts_of(press(citizen, body, "Sí, radicar"))
    radicado, code = RADICADO.search(filed), CODE.search(filed)
    assert radicado
    assert code
    requester = "SELECT r.name FROM desk_requester r JOIN desk_case c ON c.id = r.case_id WHERE c.radicado = ?"
    kept = stored(system, requester, radicado[0])
    assert kept == [("Susana Páramo San Juan",)]
    other = Citizen(client)
    assert "comprobar que el caso es suyo" in texts_of(other.says(f"en qué va el radicado {radicado[0]}"))
    assert texts_of(other.says("CDFG-2345")).startswith("No encontré un caso con el radicado")
    assert texts_of(other.says(code[1].lower())).startswith(f"Su caso {radicado[0]} fue recibido")
    at_once = Citizen(client).says(f"en qué va el radicado {radicado[0]}, mi código es {code[1]}")
    assert [message["text"][:8] for message in at_once["messages"]] == ["Su caso "]
    assert citizen.says("gracias")["messages"][0]["text"].startswith("Con mucho gusto")


def test_a_dialogue_is_left_and_the_next_message_is_a_question_like_any_other(
    citizen: Citizen, system: RunningSystem
) -> None:
    citizen.says("necesito que me corrijan la placa que quedó mal en el sistema de gas vehicular")
    citizen.says("sí, autorizo")
    assert "No se hizo ningún trámite" in texts_of(citizen.says("canselar"))
    assert citizen.says("¿a qué hora abren?")["slug"] == "mme_horario"
    assert stored(system, "SELECT 1 FROM desk_case WHERE topic LIKE 'GNCV%'") == []


def test_the_number_is_asked_for_and_a_question_about_it_is_answered_by_its_entry(citizen: Citizen) -> None:
    assert "¿Cuál es el número de radicado?" in texts_of(citizen.says("quiero consultar un radicado"))
    body = citizen.says("¿dónde está el número?")
    assert len(body["messages"]) == 2
    assert "acuse" in body["messages"][0]["text"]
    assert "¿Cuál es el número de radicado?" in body["messages"][1]["text"]


def test_an_emergency_interrupts_a_dialogue(citizen: Citizen) -> None:
    citizen.says("quiero poner una queja formal contra el ministerio")
    body = citizen.says("ayuda, se está escapando el gas de la pipeta y huele durísimo")
    assert body["messages"][0]["text"].startswith("Aléjese del peligro")
    assert body["messages"][1]["text"].startswith("Primero póngase a salvo.")


def test_a_button_of_a_dialogue_that_is_over_begins_it_anew(citizen: Citizen) -> None:
    body = citizen.says("quiero poner una queja formal contra el ministerio")
    citizen.says("salir")
    assert "¿Autoriza el tratamiento de sus datos?" in texts_of(press(citizen, body, "Sí, autorizo"))


def test_a_message_of_a_dialogue_sent_twice_counts_once(citizen: Citizen) -> None:
    citizen.says("quiero consultar un radicado")
    twice = {"id": "message-sent-twice-1", "text": "no es un número"}
    assert citizen.post(twice).json() == citizen.post(twice).json()
    assert "no encontré" in texts_of(citizen.says("tampoco esto es un número")).lower()


def test_a_dialogue_goes_on_in_english_when_that_is_asked_for(citizen: Citizen) -> None:
    citizen.says("quiero poner una queja formal contra el ministerio")
    body = citizen.says("could we continue in English?")
    assert "Let us go on with your request." in texts_of(body)
    body = press(citizen, body, "Yes, I agree")
    assert "What do you ask for" in texts_of(body)
