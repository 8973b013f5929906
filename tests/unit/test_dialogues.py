"""The mechanism of guided dialogues, seen through the vehicle gas correction over a real database."""

import json
import logging
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import select

from bot.actions.gncv_correction import CORRECTION, GncvCorrectionAction
from bot.dialogues import wording
from consultame.data_policy import policy_version
from consultame.database import read_session
from consultame.settings import BOT_DIRECTORY
from desk.cases.kinds import CaseKind, RequesterKind
from desk.cases.models import Case
from tests.unit.dialogue_citizen import DialogueCitizen

ANSWERS = {
    "consent": "sí, autorizo",
    "wrong": "la placa",
    "plate": "bcd 234",
    "serial": "LM445566",
    "workshop": "Taller Gas de la 30",
    "details": "La placa aparece ABC123 y debe quedar BCD234",
    "name": "Susana San Juan",
    "document": "cc 1.085.245.678",
    "reply_to": "susana@ejemplo.co",
}


def cases() -> list[Case]:
    with read_session() as session:
        return list(session.scalars(select(Case).order_by(Case.id)))


def opened(until: str = "", **more: Any) -> DialogueCitizen:
    """A citizen who has answered everything before the field `until`."""
    citizen = DialogueCitizen(GncvCorrectionAction(), **more)
    citizen.says("necesito corregir los datos de mi carro a gas", "corregir_gncv", outcome="task")
    while citizen.asked_for not in (until or "consent", "confirmation"):
        citizen.says(ANSWERS[citizen.asked_for or ""])
    return citizen


def test_consent_is_asked_before_anything_else_with_purpose_rights_and_contact(sqlite_database: None) -> None:
    citizen = opened()
    assert citizen.asked_for == "consent"
    for said in ("radicar esta corrección", "Ley 1581 de 2012", "rectificar", "menergia@minenergia.gov.co"):
        assert said in citizen.text
    assert citizen.titles == ["Sí, autorizo", "No autorizo"]


@pytest.mark.parametrize("answer", ["no autorizo", "No", "no, gracias"])
def test_without_consent_nothing_is_asked_and_the_official_channel_is_told(answer: str, sqlite_database: None) -> None:
    citizen = opened().says(answer)
    assert not citizen.is_open
    assert citizen.asked_for is None
    assert "01 8000 910 180" in citizen.text
    assert cases() == []


def test_everything_is_read_back_and_nothing_is_filed_before_it_is_confirmed(sqlite_database: None) -> None:
    citizen = opened("confirmation")
    for said in ("Placa: BCD234", "Serial del cilindro: LM445566", "Nombre: Susana San Juan", "Documento: 1085245678"):
        assert said in citizen.text
    assert citizen.titles == ["Sí, radicar", "Cambiar algo", "Salir"]
    assert cases() == []


def test_the_confirmed_correction_is_filed_as_a_first_level_case_with_its_consent(any_database: str) -> None:
    citizen = opened("confirmation").presses("Sí, radicar")
    assert not citizen.is_open
    with read_session() as session:
        case = session.scalars(select(Case)).one()
        assert (case.kind, case.topic) == (CaseKind.FIRST_LEVEL, "GNCV: corrección de datos")
        assert case.content.description.splitlines() == [
            "Dato errado: La placa",
            "Placa: BCD234",
            "Serial del cilindro: LM445566",
            "Taller o certificador: Taller Gas de la 30",
            "Qué está mal: La placa aparece ABC123 y debe quedar BCD234",
        ]
        requester = case.requester
        assert (requester.kind, requester.name) == (RequesterKind.PERSON, "Susana San Juan")
        assert (requester.document, requester.email) == ("1085245678", "susana@ejemplo.co")
        assert requester.consent_version == policy_version()
        assert requester.consented_at is not None
        assert case.radicado in citizen.text
    assert "Código de verificación: " in citizen.text
    assert "se muestra solo esta vez" in citizen.text


def test_what_the_opening_message_says_is_not_asked_again(sqlite_database: None) -> None:
    citizen = DialogueCitizen(GncvCorrectionAction())
    citizen.says("corrija la placa, es BCD-234", "corregir_gncv", outcome="task").says("sí")
    assert citizen.asked_for == "serial"
    assert (citizen.answers["wrong"], citizen.answers["plate"]) == ("plate", "BCD234")


@pytest.mark.parametrize("field", list(ANSWERS)[1:])
def test_every_answer_can_be_changed_from_the_summary_and_the_rest_stays(field: str, sqlite_database: None) -> None:
    citizen = opened("confirmation")
    before = dict(citizen.answers)
    definition = CORRECTION.field(field)
    assert definition is not None
    citizen.presses("Cambiar algo").presses(definition.label["es"])
    assert citizen.asked_for == field
    citizen.says(ANSWERS[field])
    assert citizen.asked_for == "confirmation"
    assert citizen.answers == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("cambiar la placa", "plate"),
        ("me equivoqué en el taller", "workshop"),
        ("corregir nombre", "name"),
        ("el serial está mal", "serial"),
        ("change the email", "reply_to"),
    ],
)
def test_a_field_is_named_in_words_to_change_it(typed: str, field: str, sqlite_database: None) -> None:
    assert opened("confirmation").says(typed, "faq_ambigua", outcome="suggested").asked_for == field


def test_a_correction_in_the_middle_with_the_new_value_takes_it_and_goes_on(sqlite_database: None) -> None:
    citizen = opened("document").says("me equivoqué en la placa, es XYZ987")
    assert citizen.asked_for == "document"
    assert citizen.answers["plate"] == "XYZ987"


def test_going_back_asks_the_question_before(sqlite_database: None) -> None:
    assert opened("serial").says("volver atrás").asked_for == "plate"


def test_a_no_to_the_summary_asks_what_to_change(sqlite_database: None) -> None:
    citizen = opened("confirmation").says("no", "negar", outcome="smalltalk")
    assert citizen.asked_for == "change"
    assert "Placa" in citizen.titles
    assert citizen.says("la placa").asked_for == "plate"
    assert citizen.says("BCD234").presses("Cambiar algo").says("nada").asked_for == "confirmation"


@pytest.mark.parametrize("field", list(ANSWERS))
@pytest.mark.parametrize("typed", ["cancelar", "Canselar", "ya no quiero seguir", "salir", "cancel"])
def test_leaving_is_possible_at_every_question_and_leaves_nothing(
    field: str, typed: str, sqlite_database: None
) -> None:
    citizen = opened(field).says(typed, "cancelar_cita", outcome="task")
    assert not citizen.is_open
    assert citizen.asked_for is None
    assert "No se hizo ningún trámite" in citizen.text
    assert cases() == []


@pytest.mark.parametrize("field", ["consent", "wrong", "plate", "serial", "workshop", "name", "document", "reply_to"])
def test_a_question_in_between_is_left_to_the_assistant_and_the_dialogue_goes_on(
    field: str, sqlite_database: None
) -> None:
    citizen = opened(field)
    before = dict(citizen.answers)
    citizen.says("¿y cuánto se demoran en responder?", "faq", outcome="answered")
    assert citizen.aside
    assert citizen.asked_for == field
    assert citizen.answers == before
    assert citizen.text.startswith("Sigamos con la corrección de gas vehicular.")


def test_a_value_wins_over_what_the_message_would_be_asking_elsewhere(sqlite_database: None) -> None:
    citizen = opened("workshop").says("Taller Gas Vehicular de la 30", "faq", outcome="answered")
    assert (citizen.aside, citizen.asked_for) == (False, "details")
    citizen.says("La fecha está mal, ¿cómo se corrige?", "faq", outcome="answered")
    assert (citizen.aside, citizen.asked_for) == (False, "name")


def test_an_emergency_comes_first_and_the_text_can_still_be_the_answer(sqlite_database: None) -> None:
    citizen = opened("details").says("hace un mes hubo un escape de gas en el taller")
    assert citizen.aside
    assert citizen.asked_for == "details"
    assert citizen.text.startswith("Primero póngase a salvo.")
    citizen.presses("Incluir lo que escribí")
    assert citizen.asked_for == "name"
    assert citizen.answers["details"] == "hace un mes hubo un escape de gas en el taller"


def test_a_farewell_leaves_but_a_name_that_the_model_takes_for_one_does_not(sqlite_database: None) -> None:
    citizen = opened("name").says("Luz Adela Chaves", "despedirse", outcome="smalltalk")
    assert citizen.asked_for == "document"
    citizen.says("bueno, hasta luego", "despedirse", outcome="smalltalk")
    assert not citizen.is_open


def test_a_dialogue_whose_fields_have_changed_begins_anew(sqlite_database: None) -> None:
    citizen = opened("plate")
    citizen.slots["dialogue"]["requested"] = "a field that is no more"
    assert citizen.says("BCD234").asked_for == "consent"


def test_another_task_waits_until_this_one_is_done_or_left(sqlite_database: None) -> None:
    citizen = opened("plate").says("necesito agendar una cita", "agendar_cita", outcome="task")
    assert (citizen.aside, citizen.asked_for) == (False, "plate")
    assert "escriba «salir» para dejar esto" in citizen.text


def test_three_wrong_answers_in_a_row_lead_to_a_person_and_two_do_not(sqlite_database: None) -> None:
    citizen = opened("plate").says("la del carro").says("no me la sé")
    assert citizen.asked_for == "plate"
    citizen.says("bcd234").says("no").says("no")
    assert citizen.asked_for == "serial"
    citizen.says("ninguno")
    assert not citizen.is_open
    assert "01 8000 910 180" in citizen.text
    assert cases() == []


def test_a_button_of_an_earlier_question_changes_its_answer(sqlite_database: None) -> None:
    citizen = opened("wrong")
    date = next(button for button in citizen.messages[-1]["buttons"] if button["title"] == "Una fecha")
    citizen.presses("La placa").presses_button(date)
    assert (citizen.asked_for, citizen.answers["wrong"]) == ("plate", "date")


def test_a_button_that_no_longer_fits_changes_nothing(sqlite_database: None) -> None:
    confirm = {"title": "Sí, radicar", "payload": '/corregir_gncv{"field": "confirmation", "value": "yes"}'}
    citizen = opened("plate").presses_button(confirm)
    assert (citizen.asked_for, citizen.text.splitlines()[0]) == ("plate", wording.NOT_OFFERED["es"])
    assert cases() == []


def test_the_button_that_begins_this_very_task_asks_the_question_again(sqlite_database: None) -> None:
    citizen = opened("plate").presses_button({"title": "Corregir datos", "payload": "/corregir_gncv"})
    assert (citizen.asked_for, citizen.text.startswith("Sigamos con")) == ("plate", True)


def test_in_english_everything_is_english(sqlite_database: None) -> None:
    citizen = opened("confirmation", language="en")
    assert citizen.titles == ["Yes, file it", "Change something", "Leave"]
    citizen.presses("Yes, file it")
    assert citizen.text.startswith("Done, it is filed.")


def test_what_a_citizen_wrote_is_text_and_no_template(sqlite_database: None) -> None:
    citizen = opened("details").says("<b>{correo}</b> {name} aparece y no es /restart")
    for field in ("name", "document", "reply_to"):
        citizen.says(ANSWERS[field])
    assert "- Qué está mal: <b>{correo}</b> {name} aparece y no es /restart" in citizen.text


def test_a_service_that_fails_keeps_the_answers_and_logs_none_of_them(
    sqlite_database: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    citizen = opened("confirmation")

    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError(f"INSERT … {ANSWERS['name']}")

    with monkeypatch.context() as patched, caplog.at_level(logging.DEBUG):
        patched.setattr("bot.actions.filing.file_case", broken)
        citizen.presses("Sí, radicar")
    assert citizen.is_open
    assert citizen.titles == ["Intentar de nuevo"]
    assert "RuntimeError" in caplog.text
    assert "Susana" not in caplog.text
    citizen.presses("Intentar de nuevo")
    assert len(cases()) == 1


def test_the_action_server_finds_an_action_for_every_form_of_the_domain() -> None:
    domain = yaml.safe_load((BOT_DIRECTORY / "domain.yml").read_text(encoding="utf-8"))
    executor = ActionExecutor()
    executor.register_package("bot.actions")
    assert {f"validate_{form}" for form in domain["forms"]} <= set(executor.actions) & set(domain["actions"])


def test_the_memory_is_what_json_can_hold(sqlite_database: None) -> None:
    citizen = opened("confirmation")
    citizen.slots = json.loads(json.dumps(citizen.slots))
    assert "quedó radicado" in citizen.presses("Sí, radicar").text
