"""The identifiers and places of a message, as citizens write them, become entities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.entities import CitizenEntities, entities_in, people_in

TEXTS = [
    # Radicados
    ("radicado 1-2023-011418", "radicado=1-2023-011418"),
    ("1-2023011418", "radicado=1-2023-011418"),
    ("12023011418", "radicado=1-2023-011418"),
    ("rad 1 2025 004512", "radicado=1-2025-004512"),
    ("Radicado No.1–2023–011418, gracias", "radicado=1-2023-011418"),
    ("1\u00a02023\u00a0011418", "radicado=1-2023-011418"),
    ("respondieron con 2.2022.008168 al 1_2022_000001", "radicado=2-2022-008168 radicado=1-2022-000001"),
    ("el radicado 1-2023-01141", ""),
    ("radicado 123456", ""),
    ("4-2023-011418", ""),
    # Plates
    ("ABC123", "placa=ABC123"),
    ("mi placa es abc-123", "placa=ABC123"),
    ("el carro abc 123 es a gas", "placa=ABC123"),
    ("Abc – 123", "placa=ABC123"),
    ("placa abc  123", "placa=ABC123"),
    ("la moto abc 12d no tanquea", "placa=ABC12D"),
    ("ABC12D", "placa=ABC12D"),
    ("placas xyz987 y QWE45F", "placa=XYZ987 placa=QWE45F"),
    ("placa SOL123", "placa=SOL123"),
    ("placa GAS 100", "placa=GAS100"),
    ("¿la placa(KLM456)?", "placa=KLM456"),
    ("el 30 por 100 del recibo", ""),
    ("cto 123", ""),
    ("los 200 kilovatios", ""),
    ("art 123 del código", ""),
    ("ley 142 de 1994", ""),
    ("LEY 142", ""),
    ("del 2020", ""),
    ("con gas 100 % natural", ""),
    ("hay 300 familias", ""),
    ("XABC123", ""),
    ("ABC1234", ""),
    ("abc-123-x", ""),
    ("kwh 130 subsidiados", ""),
    ("res 181 de 2010", ""),
    # Documents
    ("mi cédula es 1085245678", "documento=1085245678"),
    ("cc 1.085.245.678", "documento=1085245678"),
    ("CC: 52 345 678", "documento=52345678"),
    ("C.C. No. 12'345.678", "documento=12345678"),
    ("c.c.52345678", "documento=52345678"),
    ("cedula de ciudadania numero 5234567", "documento=5234567"),
    ("identificada con cédula de ciudadanía No. 30.734.567", "documento=30734567"),
    ("TI 1034567890", "documento=1034567890"),
    ("tarjeta de identidad: 1034567890", "documento=1034567890"),
    ("C.E. 345678", "documento=345678"),
    ("cedula de extranjeria 345678", "documento=345678"),
    ("nit 900123456-7", "documento=900123456"),
    ("NIT: 900.123.456-7", "documento=900123456"),
    ("Nit 800 123 456", "documento=800123456"),
    ("mi documento: 98765432", "documento=98765432"),
    ("1085245678", "documento=1085245678"),
    ("52.345.678", "documento=52345678"),
    ("la de mi mamá 27123456", "documento=27123456"),
    ("my id number is 52345678", "documento=52345678"),
    ("12345", ""),
    ("gano 1.500.000", ""),
    ("$ 1234567", ""),
    ("pago 123456 pesos", ""),
    ("consumí 145678 kwh", ""),
    ("resolución 181294", ""),
    ("la factura 12345678", ""),
    ("NIU 123456789", ""),
    ("SICOM 123456", ""),
    ("tarjeta 4111 1111 1111 1111", ""),
    # E-mail
    ("pepita.perez+gas@correo.com.co", "correo=pepita.perez+gas@correo.com.co"),
    ("Mi correo es JUAN_52@Gmail.com.", "correo=juan_52@gmail.com"),
    ("peña@correo.co", "correo=peña@correo.co"),
    ("escriba a 3101234567@hotmail.com", "correo=3101234567@hotmail.com"),
    ("bogota@minenergia.gov.co", "correo=bogota@minenergia.gov.co"),
    ("juan arroba gmail", ""),
    ("@minenergiaco", ""),
    ("juan@", ""),
    # Telephones
    ("llámeme al 3101234567", "telefono=3101234567"),
    ("mi cel es 310 123 4567", "telefono=3101234567"),
    ("+57 310-123-4567", "telefono=3101234567"),
    ("573101234567", "telefono=3101234567"),
    ("(+57) 310 1234567", "telefono=3101234567"),
    ("310.123.45.67", "telefono=3101234567"),
    ("fijo 601 2200300", "telefono=6012200300"),
    ("(602) 723 4567", "telefono=6027234567"),
    ("cel 3101234567 o 3159876543", "telefono=3101234567 telefono=3159876543"),
    ("cc 52345678 cel 3101234567", "documento=52345678 telefono=3101234567"),
    ("52345678 3101234567", "documento=52345678 telefono=3101234567"),
    ("la línea 01 8000 910 180", ""),
    ("018000910180", ""),
    ("310123456", "documento=310123456"),
    ("31012345678", ""),
    ("3.500.000.000 de pesos", ""),
    # Dates
    ("el 03/05/2026", "fecha=2026-05-03"),
    ("3-5-26", "fecha=2026-05-03"),
    ("2026-05-03", "fecha=2026-05-03"),
    ("03.05.2026", "fecha=2026-05-03"),
    ("nací el 12/11/85", "fecha=1985-11-12"),
    ("3 de marzo de 2026", "fecha=2026-03-03"),
    ("el 3 de Marzo del 2026.", "fecha=2026-03-03"),
    ("marzo 3 de 2026", "fecha=2026-03-03"),
    ("desde el 3 de marzo", "fecha=--03-03"),
    ("1° de julio", "fecha=--07-01"),
    ("primero de mayo de 2025", "fecha=2025-05-01"),
    ("29 de febrero", "fecha=--02-29"),
    ("March 3, 2026", "fecha=2026-03-03"),
    ("on March 3rd", "fecha=--03-03"),
    ("3rd of March 2026", "fecha=2026-03-03"),
    ("3-mar-2026", "fecha=2026-03-03"),
    ("31/02/2026", ""),
    ("29/02/2025", ""),
    ("31 de abril", ""),
    ("2026-13-01", ""),
    ("14,6 kg", ""),
    ("el 15 del mes", ""),
    ("calle 43 # 57-31", ""),
    # Places
    ("vivo en Ipiales, Nariño", "municipio=52356 departamento=52"),
    ("vivo en La Unión", "municipio=05400|52399|70400|76400"),
    ("La Unión, Valle", "municipio=76400 departamento=76"),
    ("Bogotá", "municipio=11001"),
    ("la gente de Putumayo", "departamento=86"),
    ("cc 1.085.245.678 de Pasto", "documento=1085245678 municipio=52001"),
    # None, and many at once
    ("", ""),
    ("hola buenas tardes", ""),
    ("¿cuánto es el tope de 14,6 kg al mes?", ""),
    ("la Ley 1755 de 2015 da 15 días", ""),
    ("el subsidio de la pipeta de gas", ""),
    ("estrato 2 y sisbén A3", ""),
    ("👍👍", ""),
    (
        "Soy de mocoa, cc 69123456, cel 3201234567, correo a@b.co, rad 1-2025-004512 del 3/04/2025",
        "municipio=86001 documento=69123456 telefono=3201234567 correo=a@b.co radicado=1-2025-004512 fecha=2025-04-03",
    ),
]


def shown(text: str) -> str:
    """The entities of a text as the table writes them."""
    return " ".join(f"{entity['entity']}={entity['value']}" for entity in entities_in(text))


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_entities_are_found_as_citizens_write_them(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("niño, mi placa: abc–123.", "abc–123"),
        ("mi ce\u0301dula es\u00a01.085.245.678", "1.085.245.678"),
        ("cel 310\u200b123\u200b4567", "310\u200b123\u200b4567"),
        ("rad\u200d 1\u20112023\u2011011418!", "1\u20112023\u2011011418"),
        ("el día 3 de marzo de 2026", "3 de marzo de 2026"),
        ("señora: PEPA@correo.co", "PEPA@correo.co"),
        ("ﬁja: 601 2200300", "601 2200300"),
    ],
)
def test_spans_are_those_of_the_original_text(text: str, written: str) -> None:
    (entity,) = entities_in(text)
    assert text[entity["start"] : entity["end"]] == written


def test_the_component_keeps_what_a_message_has_and_adds_its_own() -> None:
    kept = {"entity": "placa", "value": "x", "start": 0, "end": 6, "extractor": "other"}
    message = Message({TEXT: "ABC123 en Pasto", ENTITIES: [kept]})
    CitizenEntities().process([message])
    added = {"entity": "municipio", "value": "52001", "start": 10, "end": 15, "extractor": "CitizenEntities"}
    assert message.get(ENTITIES) == [kept, added]
    assert message.as_dict(only_output_properties=True)[ENTITIES] == [kept, added]


def test_a_message_without_text_has_no_entities() -> None:
    message = Message({})
    CitizenEntities().process([message])
    assert message.get(ENTITIES) == []


def test_people_are_found_when_a_dialogue_asks_for_a_name() -> None:
    assert people_in("le escribe Juan Carlos Rodríguez Martínez") == ["Juan Carlos Rodríguez Martínez"]
    assert people_in("me llamo rosa elvira cuaran") == ["rosa elvira cuaran"]
    assert people_in("el subsidio de la pipeta de gas") == []


PIECES = st.sampled_from(
    ["cc", "310", "1234567", "1-2023-", "011418", "ABC", "123", "@", "a@b.co", "3", "de", "marzo", "/", "2026", "-",
     ".", "Pasto", "\u200b", "\u0301", "–", "\u00a0", "+57", "nit", "$", "٣", "²"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_any_text_gives_spans_inside_it_that_do_not_overlap(text: str) -> None:
    last = 0
    for entity in entities_in(text):
        assert last <= entity["start"] < entity["end"] <= len(text)
        assert entity["value"]
        last = entity["end"]
