"""No personal data reaches what is kept for curation."""

import pytest

from consultame.masking import masked


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
    ],
)
def test_what_is_not_personal_stays_as_it_was(written: str) -> None:
    assert masked(written) == written
