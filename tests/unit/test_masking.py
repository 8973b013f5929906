"""No personal data reaches what is kept for curation."""

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from consultame.masking import Kind, composed, masked, personal_data_in
from consultame.settings import BOT_DIRECTORY

LABELLED_TEXTS = Path(__file__).parent.parent / "data" / "masking_texts.yml"
OUT_OF_SCOPE_QUESTIONS = BOT_DIRECTORY / "gate" / "out_of_scope_questions.yml"


@pytest.mark.parametrize(
    ("written", "secret", "label"),
    [
        ("mi correo es pepita.perez+gas@correo.com.co", "pepita.perez+gas@correo.com.co", "[correo]"),
        ("mi cédula es 1085245678", "1085245678", "[documento]"),
        ("cc 1.085.245.678 de Pasto", "1.085.245.678", "[documento]"),
        ("CC: 52 345 678", "52 345 678", "[documento]"),
        ("nit 900123456-7", "900123456", "[documento]"),
        ("llámeme al 3101234567", "3101234567", "[teléfono]"),
        ("mi cel es 310 123 4567", "310 123 4567", "[teléfono]"),
        ("+57 310-123-4567", "310-123-4567", "[teléfono]"),
        ("fijo 601 2200300", "601 2200300", "[teléfono]"),
        ("mi placa es ABC123", "ABC123", "[placa]"),
        ("la moto abc 12d no tanquea", "abc 12d", "[placa]"),
        ("vivo en la calle 43 # 57-31", "43 # 57-31", "[dirección]"),
        ("Cra 7 No. 12-34 apto 501", "7 No. 12-34", "[dirección]"),
        ("carrera 15 con 80 sur", "carrera 15", "[dirección]"),
        ("tarjeta 4111 1111 1111 1111", "4111 1111 1111 1111", "[tarjeta]"),
        ("placa del taxi wxz doscientos once", "wxz doscientos once", "[placa]"),
        ("la placa es J N V 3 8 6", "J N V 3 8 6", "[placa]"),
        ("celular tres quince cuatro cuarenta y dos diez cero nueve", "tres quince", "[teléfono]"),
        ("cédula doce millones quinientos mil trescientos cuatro", "quinientos mil", "[documento]"),
        ("correo lina guion bajo 22 arroba outlook punto es", "lina guion bajo 22", "[correo]"),
        ("lina.22 @ outlook .com", "lina.22", "[correo]"),
        ("calle treinta y dos numero quince cuarenta", "quince cuarenta", "[dirección]"),
        ("finca el mirador vereda alto bonito", "mirador", "[dirección]"),
        ("mz 14 casa 3", "14 casa 3", "[dirección]"),
        ("ahorros 123-456789-00 bancolombia", "123-456789-00", "[cuenta]"),
        ("mi pasaporte es AV482917", "AV482917", "[documento]"),
        ("NOMBRE: ROSMIRA CHILITO QUINAYAS", "QUINAYAS", "[nombre]"),
        ("att jorge eliecer tombe morales", "tombe", "[nombre]"),
        ("PATIÑO ERAZO SEGUNDO GERARDO", "ERAZO SEGUNDO", "[nombre]"),
        ("mi abuelita maria del transito botina", "botina", "[nombre]"),
        ("My brother Tomasz Wisniewski has the papers", "Tomasz Wisniewski", "[nombre]"),
        ("me llamo rosa elvira cuaran y no aparezco", "rosa elvira", "[nombre]"),
        ("Soy doña Carmen Tulia Ortega, vecina de Ipiales", "Carmen Tulia Ortega", "[nombre]"),
        ("le escribe Juan Carlos Rodríguez Martínez de Nariño", "Juan Carlos Rodríguez Martínez", "[nombre]"),
    ],
)
def test_personal_data_is_replaced_by_a_label(written: str, secret: str, label: str) -> None:
    result = masked(written)
    assert secret not in result
    assert label in result


@pytest.mark.parametrize(
    "written",
    [
        "¿cuánto es el tope de 14,6 kg al mes?",
        "el radicado 1-2023-011418 no aparece",
        "la Ley 1755 de 2015 da 15 días",
        "vivo en Nariño, estrato 1",
        "el subsidio de la pipeta de gas",
        "hola buenas tardes",
        "resolución 40720",
        "Decreto 1073 de 2015 artículo 2.2.2.2.1.4",
        "son 1.250.000 pesos por la conversión",
        "me llamó la atención el precio",
        "doña, ¿ya me van a responder?",
        "la señora no sabe qué hacer",
        "el barrio Santa Cruz y la vereda El Carmen",
        "en la carrera séptima con transmilenio",
        "el taxi a los cinco años necesita otro cilindro",
        "se fue la luz en Puerto Carreño",
        "tv 32 pulgadas",
    ],
)
def test_what_is_not_personal_stays_as_it_was(written: str) -> None:
    assert masked(written) == written


def test_an_accent_written_apart_hides_nothing() -> None:
    assert masked("mi ce\u0301dula es\u00a01.085.245.678") == "mi cédula es\u00a0[documento]"


def _labelled() -> list[dict[str, Any]]:
    texts: list[dict[str, Any]] = YAML(typ="safe").load(LABELLED_TEXTS)
    return texts


def _long_words(text: str) -> Counter[str]:
    return Counter(word for word in re.findall(r"[^\W_]+", text.lower()) if len(word) > 3)


def _is_masked(value: str, result: str, said_beside: Counter[str]) -> bool:
    """Whether neither the value remains, nor a word of it longer than three characters that nothing else says."""
    left = _long_words(result)
    return value not in result and not any(left[word] > said_beside[word] for word in _long_words(value))


def test_of_the_labelled_personal_data_next_to_nothing_remains() -> None:
    labelled, hits = Counter[str](), Counter[str]()
    for each in _labelled():
        result, beside = masked(each["text"]), each["text"]
        for personal in each["personal"]:
            beside = beside.replace(personal["value"], " ", 1)
        for personal in each["personal"]:
            labelled[personal["kind"]] += 1
            hits[personal["kind"]] += _is_masked(personal["value"], result, _long_words(beside))
    recall = {kind: hits[kind] / count for kind, count in labelled.items()}
    assert set(recall) == set(Kind)
    assert recall.pop(Kind.NAME) >= 0.9
    assert {kind: share for kind, share in recall.items() if share < 0.98} == {}


def test_texts_without_personal_data_stay_nearly_all_as_they_were() -> None:
    innocent = [each["text"] for each in _labelled() if not each["personal"]]
    assert sum(masked(text) != text for text in innocent) <= 0.06 * len(innocent)
    asked = [question["text"] for question in YAML(typ="safe").load(OUT_OF_SCOPE_QUESTIONS)["questions"]]
    assert sum(masked(text) != text for text in asked) <= 0.02 * len(asked)


def test_masking_a_message_takes_no_longer_than_an_eyeblink() -> None:
    texts = [each["text"] for each in _labelled()]
    masked(texts[0])
    began = time.process_time()
    for text in texts:
        masked(text)
    assert (time.process_time() - began) / len(texts) < 0.03


@pytest.mark.parametrize(
    "piece", ["1 ", "a1 ", "calle 1 ", "a.", "a@", "casa a ", "tres ", "Ana de la ", "vereda a ", "-"]
)
def test_a_hostile_message_takes_no_longer_than_a_second(piece: str) -> None:
    masked("")
    began = time.process_time()
    masked(piece * (4096 // len(piece)))
    assert time.process_time() - began < 1


PIECES = st.sampled_from(
    ["cc", "310", "1234567", "@", "a.co", "calle 4 # 5", "Ana", "de la", "\u0301", "\u200b", "٣", "\n"]
)


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_any_text_gives_spans_inside_it_that_do_not_overlap(text: str) -> None:
    last = 0
    for found in personal_data_in(composed(text)):
        assert last <= found.start < found.end <= len(composed(text))
        last = found.end
