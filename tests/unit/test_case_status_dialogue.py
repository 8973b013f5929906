"""The state of a case in the chat: told to its owner only, and in words that say what the law allows."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.actions.case_status import CaseStatusAction
from bot.actions.case_status_texts import status_text
from bot.actions.second_factor import factor_in
from bot.dialogues.fields import Context
from consultame.database import write_session
from consultame.migration import migrate_database
from desk.cases.filing import CaseFiling, FiledCase, RequesterData, file_case
from desk.cases.kinds import CaseKind, CaseState, Channel, RequesterKind
from desk.cases.lock_out import MOST_FAILURES
from desk.cases.status import CaseStatus, LateRemedy, NextStep
from desk.foreign_numbers import foreign_number_in
from desk.radicado import Direction, Radicado
from tests.dataverse_server import UNAVAILABLE, DataverseServer
from tests.unit.crm import NUMBER, crm, set_setting
from tests.unit.dialogue_citizen import DialogueCitizen

__all__ = ["crm", "set_setting"]


def a_case() -> FiledCase:
    requester = RequesterData(
        kind=RequesterKind.PERSON, name="Pedro Páramo", document="1085244821", email="pedro@ejemplo.co"
    )
    filing = CaseFiling(
        kind=CaseKind.PETITION, channel=Channel.CHAT, description="Pido agua", requester=requester,
        received_at=datetime.now(UTC) - timedelta(hours=1),
    )  # fmt: skip
    with write_session() as session:
        return file_case(session, filing=filing)


def asking(text: str = "¿en qué va mi petición?", conversation_id: str = "web-1") -> DialogueCitizen:
    citizen = DialogueCitizen(CaseStatusAction(), conversation_id=conversation_id)
    return citizen.says(text, "consultar_radicado", outcome="task")


def written(radicado: Radicado) -> str:
    return str(radicado).replace("-", " ")


def test_the_number_is_asked_for_and_recognised_in_any_spelling(sqlite_database: None) -> None:
    case = a_case()
    assert asking().asked_for == "radicado"
    assert asking(f"estado del {written(case.radicado)}").asked_for == "proof"
    assert asking().says(f"rad. No. {str(case.radicado).replace('-', '.')}").asked_for == "proof"


def test_the_code_opens_the_state_whatever_its_spelling(any_database: str) -> None:
    case = a_case()
    code = case.verification_code.lower().replace("-", " ")
    citizen = asking(f"estado del {case.radicado}").says(f"el código es {code}")
    assert not citizen.is_open
    assert citizen.text.startswith(f"Su caso {case.radicado} fue recibido")
    assert "Fecha límite para responderle: " in citizen.text
    for private in ("Pedro", "Páramo", "Pido agua", "4821", "ejemplo"):
        assert private not in citizen.text


def test_number_and_code_in_the_first_message_are_answered_at_once(sqlite_database: None) -> None:
    case = a_case()
    citizen = asking(f"estado del {case.radicado}, código {case.verification_code}")
    assert not citizen.is_open
    assert citizen.text.startswith(f"Su caso {case.radicado} fue recibido")
    wrong = asking(f"estado del {case.radicado}, código CDFG-2345")
    assert (wrong.asked_for, "No encontré un caso" in wrong.text) == ("proof", True)


@pytest.mark.parametrize(
    "proof", ["4821 p ejemplo.co", "los últimos son 4821, la letra P y @ejemplo.co", "1085244821 pedro@ejemplo.co"]
)
def test_document_and_e_mail_together_open_it_too(proof: str, sqlite_database: None) -> None:
    assert asking(f"estado del {a_case().radicado}").says(proof, "faq", outcome="answered").text.startswith("Su caso")


def test_a_wrong_code_and_a_number_that_does_not_exist_get_the_same_words(sqlite_database: None) -> None:
    case = a_case()
    missing = Radicado(Direction.RECEIVED, case.radicado.year, "999999")
    wrong = asking(f"estado del {case.radicado}").says("CDFG-2345").text.replace(str(case.radicado), "#")
    unknown = asking(f"estado del {missing}").says("CDFG-2345").text.replace(str(missing), "#")
    assert wrong == unknown
    assert wrong.startswith("No encontré un caso con el radicado # y ese dato.")


def test_three_wrong_proofs_end_the_look_up(sqlite_database: None) -> None:
    citizen = asking(f"estado del {a_case().radicado}").says("CDFG-2345").says("CDFG-2346")
    assert citizen.asked_for == "proof"
    citizen.says("CDFG-2347")
    assert not citizen.is_open
    assert "01 8000 910 180" in citizen.text


def test_five_failures_lock_the_number_and_say_when_to_try_again(any_database: str) -> None:
    case = a_case()
    for number in range(MOST_FAILURES):
        asking(f"estado del {case.radicado}", f"web-{number}").says("CDFG-2345")
    locked = asking(f"estado del {case.radicado}", "web-9").says(case.verification_code)
    assert not locked.is_open
    assert "Puede intentarlo de nuevo en una hora" in locked.text


def test_while_the_crm_is_down_that_is_said_and_a_petition_is_still_taken(
    crm: DataverseServer, set_setting: Callable[[str, str], None]
) -> None:
    migrate_database()
    set_setting("PATIENCE_SECONDS", "0.2")
    crm.always = UNAVAILABLE
    citizen = asking(f"estado del {NUMBER}").says("5678 a correo.co")
    assert not citizen.is_open
    assert citizen.text.startswith("En este momento no puedo consultar el sistema de casos.")
    assert "01 8000 910 180" in citizen.text
    assert a_case().radicado.sequence == "000001"
    crm.always = None
    assert asking(f"estado del {NUMBER}").says("5678 a correo.co").text.startswith(f"Su caso {NUMBER} está en trámite")


def test_the_number_can_be_corrected_when_asked_for_the_proof(sqlite_database: None) -> None:
    case = a_case()
    citizen = asking("estado del 1-2019-000001").says("corregir número")
    assert citizen.asked_for == "radicado"
    assert citizen.says(str(case.radicado)).says(case.verification_code).text.startswith("Su caso")
    at_once = asking("estado del 1-2019-000001").says(f"me equivoqué en el número, es {case.radicado}")
    assert at_once.says(case.verification_code).text.startswith("Su caso")


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("¿dónde está el número?", "radicado_donde_esta"),
        ("no lo tengo", "radicado_perdido"),
        ("lo perdí", "radicado_perdido"),
    ],
)
def test_a_question_about_the_number_is_answered_by_its_own_entry(asked: str, slug: str, sqlite_database: None) -> None:
    """Alone «¿dónde está el número?» would be about telephone numbers."""
    citizen = asking().says(asked, "faq", outcome="answered")
    assert (citizen.aside, citizen.asked_for) == (False, "radicado")
    assert (citizen.messages[0]["response"], citizen.messages[0]["slug"]) == ("utter_faq", slug)
    assert citizen.text.endswith("Tiene la forma 1-2026-012345.")


def test_without_the_code_the_other_proof_is_told(sqlite_database: None) -> None:
    citizen = asking("1-2025-004512").says("perdí el código", "faq", outcome="answered")
    assert citizen.asked_for == "proof"
    assert citizen.text.startswith("Sin el código puede probar")


@pytest.mark.parametrize(
    ("number", "issuer"),
    [("20235291234567", "otra entidad"), ("E-2023-012345", "CREG"), ("23-123456", "SIC")],
)
def test_a_number_of_another_entity_is_said_to_be_one(number: str, issuer: str, sqlite_database: None) -> None:
    citizen = asking(f"en qué va el {number}")
    assert citizen.asked_for == "radicado"
    assert f"parece de {issuer}" in citizen.text


@pytest.mark.parametrize("text", ["1-2023-011418", "mi cédula es 1085245678", "3101234567", "25/11/2026", "nada"])
def test_other_numbers_are_not_taken_for_foreign_radicados(text: str) -> None:
    assert foreign_number_in(text) is None


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("CDFG-2345", {"code": "CDFG2345"}),
        ("mi codigo es cdfg 2345 gracias", {"code": "CDFG2345"}),
        ("4821, m, gmail.com", {"document_ending": "4821", "email_initial": "m", "email_domain": "gmail.com"}),
        ("4821 y la m y gmail.com", {"document_ending": "4821", "email_initial": "m", "email_domain": "gmail.com"}),
        ("1.085.244.821 M@Uni.edu.co", {"document_ending": "4821", "email_initial": "m", "email_domain": "uni.edu.co"}),
        ("no tengo eso", None), ("12345678", None), ("gmail.com", None), ("4821 gmail.com", None), ("", None),
    ],
)  # fmt: skip
def test_the_proof_is_read_as_people_write_it(text: str, factor: dict[str, str] | None) -> None:
    assert factor_in(text) == factor


CONTEXT = Context("web-1", "m-1", "web", "es", datetime(2026, 11, 30, 15, tzinfo=UTC))
RADICADO = Radicado(Direction.RECEIVED, 2026, "000001")


def told(state: CaseState, **more: object) -> str:
    known = {
        "radicado": RADICADO, "kind": CaseKind.DOCUMENTS, "state": state, "received_on": date(2026, 11, 3),
        "due_on": date(2026, 11, 17), "answered_on": None, "completion_due_on": None,
        "next_step": NextStep.MINISTRY_ANSWERS, "days_left": None, "is_late": False, "remedies": (),
        "copies_due_on": None,
    }  # fmt: skip
    return status_text(CaseStatus(**(known | more)), CONTEXT).text  # type: ignore[arg-type]


def test_a_late_case_is_told_with_what_the_law_allows() -> None:
    text = told(
        CaseState.IN_PROGRESS, days_left=-9, copies_due_on=date(2026, 11, 20),
        remedies=tuple(LateRemedy), is_late=True,
    )  # fmt: skip
    assert "Fecha límite para responderle: martes 17 de noviembre de 2026." in text
    assert "Ese plazo ya venció." in text
    for said in ("a más tardar el viernes 20 de noviembre de 2026", "reiterar", "queja", "tutela"):
        assert said in text


def test_every_state_says_what_comes_next() -> None:
    waiting = told(
        CaseState.WAITING_FOR_CITIZEN, completion_due_on=date(2026, 12, 14), next_step=NextStep.CITIZEN_COMPLETES
    )
    assert "complete o aclare su solicitud a más tardar el lunes 14 de diciembre de 2026" in waiting
    answered = told(CaseState.ANSWERED, answered_on=date(2026, 11, 10), next_step=NextStep.NOTHING)
    assert "Respondido: martes 10 de noviembre de 2026." in answered
    transferred = told(CaseState.TRANSFERRED, next_step=NextStep.OTHER_AUTHORITY_ANSWERS)
    assert "responde esa entidad" in transferred
    assert "Fecha límite" not in answered + transferred + waiting
