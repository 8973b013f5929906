"""A petition, complaint, claim or denunciation dictated to the chat, and the claim for the gas subsidy."""

import pytest
from sqlalchemy import select

from bot.actions.petition import PetitionAction
from consultame.database import read_session
from desk.cases.kinds import CaseKind, Channel, RequesterKind
from desk.cases.models import Case
from tests.unit.dialogue_citizen import DialogueCitizen

FACTS = ("El camión me cobró de más por la pipeta", "El lunes me pidieron veinte mil pesos más, en mi casa")


def begun(opening: str = "necesito presentar algo") -> DialogueCitizen:
    return DialogueCitizen(PetitionAction()).says(opening, "presentar_queja", outcome="task").presses("Sí, autorizo")


def filed() -> Case:
    with read_session() as session:
        case = session.scalars(select(Case).order_by(Case.id.desc())).first()
        assert case is not None
        session.refresh(case, ["content", "requester"])
        return case


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("quiero poner una queja", CaseKind.COMPLAINT),
        ("voy a presentar un reclamo", CaseKind.CLAIM),
        ("vengo a poner un denuncio", CaseKind.DENUNCIATION),
        ("I want to file a complaint", CaseKind.COMPLAINT),
    ],
)
def test_what_is_to_be_filed_is_taken_from_the_opening(opening: str, kind: CaseKind, sqlite_database: None) -> None:
    citizen = begun(opening)
    assert (citizen.answers["kind"], citizen.asked_for) == (kind, "object")


def test_a_complaint_with_a_name_is_filed_whole(any_database: str) -> None:
    citizen = begun("quiero poner una queja")
    citizen.says(FACTS[0]).says(FACTS[1]).says("tres fotos y el recibo").presses("Con mi nombre")
    citizen.says("Pedro Páramo Rulfo").says("27123456").says("Vereda La Cocha km 3, Pasto").presses("Sí, radicar")
    case = filed()
    assert (case.kind, case.channel) == (CaseKind.COMPLAINT, Channel.CHAT)
    assert case.content.description.splitlines() == [
        f"Solicitud: {FACTS[0]}",
        f"Hechos y razones: {FACTS[1]}",
        "Documentos que anuncia: tres fotos y el recibo",
        "Responder a la dirección: Vereda La Cocha km 3, Pasto",
    ]
    assert (case.requester.kind, case.requester.document) == (RequesterKind.PERSON, "27123456")


def test_an_anonymous_denunciation_is_told_its_consequence_and_asks_for_no_personal_data(any_database: str) -> None:
    citizen = begun("quiero denunciar a un distribuidor de gas").says(FACTS[0]).says(FACTS[1]).presses("Omitir")
    assert "no le llega respuesta" in citizen.text
    citizen.says("anónima", "faq", outcome="answered").presses("Sí, radicar")
    requester = filed().requester
    assert requester.kind is RequesterKind.ANONYMOUS
    assert (requester.name, requester.document, requester.email) == ("", "", "")
    assert requester.consent_version


@pytest.mark.parametrize(
    ("button", "kind"),
    [
        ("Que hagan o decidan algo", CaseKind.PETITION),
        ("Documentos o información", CaseKind.DOCUMENTS),
        ("Una consulta", CaseKind.CONSULTATION),
    ],
)
def test_a_petition_has_the_term_of_what_it_asks_for(button: str, kind: CaseKind, sqlite_database: None) -> None:
    citizen = begun().presses("Petición").presses(button).says(FACTS[0]).says(FACTS[1]).presses("Omitir")
    citizen.presses("Anónima").presses("Sí, radicar")
    assert filed().kind is kind


def test_changing_the_kind_drops_what_the_new_one_does_not_ask(sqlite_database: None) -> None:
    citizen = begun().presses("Petición").presses("Una consulta").says(FACTS[0]).says(FACTS[1]).presses("Omitir")
    citizen.presses("Anónima").presses("Cambiar algo").presses("Clase").presses("Sugerencia")
    assert citizen.asked_for == "confirmation"
    assert set(citizen.answers) == {"consent", "kind", "object", "identity"}


def test_a_claim_for_the_gas_subsidy_is_a_first_level_case_with_what_is_needed_to_look_into_it(
    any_database: str,
) -> None:
    citizen = begun("quiero reclamar por el subsidio de gas").presses("Subsidio de gas")
    citizen.says("San Pedro")
    assert "Valle del Cauca" in citizen.text
    citizen.says("San Pedro, Valle del Cauca", "faq", outcome="answered").says("estrato 2", "faq", outcome="answered")
    citizen.says("Gas de Nariño").says("ayer").says("que no aparezco en la lista", "faq", outcome="answered")
    citizen.says("Susana San Juan").says("1085245678").says("susana@ejemplo.co").presses("Sí, radicar")
    case = filed()
    assert (case.kind, case.topic) == (CaseKind.FIRST_LEVEL, "Subsidio GLP: reclamo de datos")
    assert case.requester.place_code == "76670"
    for line in ("Municipio: San Pedro, Valle del Cauca", "Estrato: Estrato 2", "Distribuidor: Gas de Nariño"):
        assert line in case.content.description


def test_a_question_about_anonymity_is_a_digression_and_no_choice(sqlite_database: None) -> None:
    citizen = begun("quiero poner una queja").says(FACTS[0]).says(FACTS[1]).presses("Omitir")
    citizen.says("¿qué pasa si es anónima?", "faq", outcome="answered")
    assert (citizen.aside, citizen.asked_for) == (True, "identity")
