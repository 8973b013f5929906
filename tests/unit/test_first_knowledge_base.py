"""The entries that ship with the system hold what the ministry's first knowledge base must hold."""

import re
import unicodedata
from datetime import date

import pytest

from consultame.contact import unknown_placeholders, with_contact_data
from consultame.settings import SEED_DIRECTORY, Settings
from kb.exchange import EntryDocument, read_topic_file, topic_files

SLUGS = set(
    """
    glp_que_es glp_departamentos glp_requisitos glp_porcentaje glp_cupo_mensual glp_como_cobrar glp_soy_beneficiario
    glp_sisben glp_inscripcion glp_no_aparezco glp_ya_usado glp_cedula_otra_persona glp_sin_senal glp_gas_por_red
    glp_precio_cilindro glp_escasez radicado_que_es radicado_donde_esta radicado_perdido radicado_tiempos
    radicado_prorroga radicado_vencido radicado_traslado radicado_incompleta gncv_que_es_sicom gncv_correccion_datos
    gncv_documentos_correccion gncv_chip_bloqueado gncv_revision_anual gncv_revision_quinquenal
    gncv_cambio_placa_dueno gncv_talleres mme_horario mme_direccion mme_telefonos mme_correo mme_funciones
    mme_trato_digno mme_discapacidad mme_corrupcion mme_hablar_asesor pqrsd_como_radicar pqrsd_tipos pqrsd_contenido
    pqrsd_anonima pqrsd_prioritaria pqrsd_verbal datos_personales cita_como_agendar cita_cancelar_cambiar
    cita_que_necesito cita_idioma luz_factura_alta luz_subsidio luz_sin_servicio estrato_incorrecto gas_red_subsidio
    zni paneles_solares comunidades_energeticas retie titulo_minero barequero rucom precio_gasolina estacion_servicio
    gasolina_menos_cantidad hidrocarburos_areas
    """.split()
)
WEAKLY_SOURCED = set(
    """
    glp_cupo_mensual glp_sisben glp_precio_cilindro gncv_documentos_correccion mme_horario gas_red_subsidio zni
    comunidades_energeticas
    """.split()
)
DOCUMENTS = [read_topic_file(path) for path in topic_files(SEED_DIRECTORY)]
ENTRIES = {entry.slug: entry for document in DOCUMENTS for entry in document.entries}
MINIMUM_QUESTIONS = 20


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.findall(r"\w+", "".join(c for c in decomposed if not unicodedata.combining(c))))


def test_every_slug_of_the_contract_is_there_and_no_other() -> None:
    assert set(ENTRIES) == SLUGS
    assert sum(len(document.entries) for document in DOCUMENTS) == len(SLUGS)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_can_be_published_and_has_varied_questions(entry: EntryDocument) -> None:
    assert entry.text().problems() == []
    assert len({_plain(question) for question in entry.questions_es}) >= MINIMUM_QUESTIONS
    assert len({_plain(question) for question in entry.questions_en}) >= 5


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_contact_data_stands_in_no_answer_but_as_placeholders(entry: EntryDocument) -> None:
    answers = entry.answer_es + entry.answer_en
    settings = Settings.model_construct()
    literal = (settings.contact_email, settings.contact_phone, settings.contact_toll_free, "Calle 43", "@", "http")
    assert not [text for text in literal if text in answers]
    assert unknown_placeholders(answers) == []


def test_no_question_stands_in_two_entries() -> None:
    owners: dict[str, list[str]] = {}
    for entry in ENTRIES.values():
        for question in entry.questions_es + entry.questions_en:
            owners.setdefault(_plain(question), []).append(entry.slug)
    assert {question: slugs for question, slugs in owners.items() if len(set(slugs)) > 1} == {}


def test_weakly_sourced_entries_expire_and_the_others_do_not() -> None:
    assert {slug for slug, entry in ENTRIES.items() if entry.valid_until} == WEAKLY_SOURCED
    assert all(entry.valid_until > date(2026, 11, 24) for entry in ENTRIES.values() if entry.valid_until)


def test_button_labels_are_all_different() -> None:
    for labels in ([e.label for e in ENTRIES.values()], [e.label_en for e in ENTRIES.values()]):
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_no_sentence_ends_in_two_full_stops_once_contact_data_is_filled_in(entry: EntryDocument) -> None:
    settings = Settings.model_construct()
    assert ".." not in with_contact_data(entry.answer_es, settings, "es")
    assert ".." not in with_contact_data(entry.answer_en, settings, "en")
