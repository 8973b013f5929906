"""Municipalities and departments are found as citizens name them, and ordinary words are none."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.places import PlaceKind, departments, municipalities, places_in


def named(text: str) -> list[tuple[str, str]]:
    """What the text says at each place, and the codes."""
    return [(text[place.start : place.end], "|".join(place.codes)) for place in places_in(text)]


def test_the_list_is_whole() -> None:
    codes = municipalities()
    assert len(departments()) == 33
    assert 1100 <= len(codes) <= 1123
    assert all(re.fullmatch(r"\d{5}", code) and code[:2] == place.department_code for code, place in codes.items())
    same_name = Counter((place.name, place.department_code) for place in codes.values())
    assert max(same_name.values()) == 1
    assert {codes[code].name for code in ("05001", "11001", "52001", "88564")} == {
        "Medellín", "Bogotá, D.C.", "Pasto", "Providencia",
    }  # fmt: skip


def test_every_municipality_is_found_beside_its_department() -> None:
    missed = [
        place.code
        for place in municipalities().values()
        if place.code != "11001"
        and (place.code,) not in [p.codes for p in places_in(f"{place.name}, {place.department}")]
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vivo en bogota", [("bogota", "11001")]),
        ("Bogotá D.C.", [("Bogotá D.C", "11001")]),
        ("acá en Cúcuta no hay gas", [("Cúcuta", "54001")]),
        ("soy de cali", [("cali", "76001")]),
        ("Santiago de Cali", [("Santiago de Cali", "76001")]),
        ("una pipeta en Cartagena", [("Cartagena", "13001")]),
        ("tumaco nariño", [("tumaco", "52835"), ("nariño", "52")]),
        ("San Andrés de Tumaco", [("San Andrés de Tumaco", "52835")]),
        ("en PASTO Y MOCOA", [("PASTO", "52001"), ("MOCOA", "86001")]),
        ("los de Buga", [("Buga", "76111")]),
        ("vivo en la guajira", [("la guajira", "44")]),
        ("soy del valle del cauca", [("valle del cauca", "76")]),
        ("vivo en el valle", [("valle", "76")]),
        ("Norte de Santander", [("Norte de Santander", "54")]),
        ("estamos en San Andrés Islas", [("San Andrés Islas", "88001")]),
        ("san andrés", [("san andrés", "88001|68669")]),
        ("San Andrés, Santander", [("San Andrés", "68669"), ("Santander", "68")]),
        ("La Unión, Nariño", [("La Unión", "52399"), ("Nariño", "52")]),
        ("Nariño, La Unión", [("Nariño", "52"), ("La Unión", "52399")]),
        ("municipio de La Unión del departamento de Nariño", [("La Unión", "52399"), ("Nariño", "52")]),
        ("vivo en La Unión", [("La Unión", "05400|52399|70400|76400")]),
        ("soy de nariño, vivo en la unión", [("nariño", "52"), ("la unión", "52399")]),
        ("Florida, Valle", [("Florida", "76275"), ("Valle", "76")]),
        ("una casa en Florida", [("Florida", "76275")]),
        ("me mude a la florida de miami", []),
        ("Granada (Meta)", [("Granada", "50313"), ("Meta", "50")]),
        ("en granada", [("granada", "05313|25312|50313")]),
        ("Bolívar, Cauca", [("Bolívar", "19100"), ("Cauca", "19")]),
        ("el departamento de Bolívar", [("Bolívar", "13")]),
        ("la plaza de simon bolivar", []),
        ("Caldas, Antioquia", [("Caldas", "05129"), ("Antioquia", "05")]),
        ("trabajo en Caldas", [("Caldas", "17")]),
        ("municipio de Caldas", [("Caldas", "05129|15131")]),
        ("mi hija Armenia Rosas", []),
        ("en Armenia, Quindío", [("Armenia", "63001"), ("Quindío", "63")]),
        ("me llamo Rosa Palestina Córdoba", []),
        ("doña Candelaria Venecia Sucre", []),
        ("vereda de Candelaria", [("Candelaria", "08141|76130")]),
        ("queremos la paz y la unión", []),
        ("alcaldía de La Paz, Cesar", [("La Paz", "20621"), ("Cesar", "20")]),
        ("la pipeta está en la mesa", []),
        ("mi casa en La Mesa", [("La Mesa", "25386")]),
        ("fui al banco, en el banco no pagan", []),
        ("El Banco Magdalena", [("El Banco", "47245"), ("Magdalena", "47")]),
        ("llegamos a un pueblo nuevo", []),
        ("vivo en pueblo nuevo", [("pueblo nuevo", "23570")]),
        ("vivo en el meta", [("meta", "50")]),
        ("la meta de la empresa", []),
        ("la providencia del juez", []),
        ("soy de Providencia", [("Providencia", "52565|88564")]),
        ("es el mejor país, Colombia", []),
        ("vivo en Colombia", []),
        ("Colombia, Huila", [("Colombia", "41206"), ("Huila", "41")]),
        ("toca pagar más de una vez", []),
        ("ya habia apartado la cita", []),
        ("el río Cauca y el rio magdalena", []),
        ("la avenida Bolívar con calle Caldas", []),
        ("universidad de Antioquia", [("Antioquia", "05")]),
        ("Carmen de Bolívar", [("Carmen de Bolívar", "13244")]),
        ("el carmen de viboral", [("el carmen de viboral", "05148")]),
        ("San Juan", []),
        ("barrio San José", []),
        ("vivo en San José del Guaviare", [("San José del Guaviare", "95001")]),
        ("I live in Soledad, near Barranquilla", [("Soledad", "08758"), ("Barranquilla", "08001")]),
        ("la soledad es dura", []),
        ("Toca", [("Toca", "15814")]),
        ("Sucre", [("Sucre", "70")]),
        ("", []),
    ],
)
def test_places_are_found_as_citizens_name_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


def test_spans_are_those_of_the_original_text() -> None:
    text = "vivo\u00a0en\u00a0\u200bBogota\u0301, cerca de Itagu\u0308i\u0301"
    assert named(text) == [("Bogota\u0301", "11001"), ("Itagu\u0308i\u0301", "05360")]
    assert [place.kind for place in places_in(text)] == [PlaceKind.MUNICIPALITY] * 2


SOME_WORDS = st.sampled_from(
    [
        "vivo",
        "en",
        "de",
        "La",
        "Unión",
        "Nariño",
        ",",
        "san",
        "José",
        "Bogotá",
        "D.C.",
        "valle",
        "del",
        "Cauca",
        "\u200b",
        "ﬁ",
    ]
)


@given(st.one_of(st.text(), st.lists(SOME_WORDS).map(" ".join)))
def test_any_text_gives_spans_inside_it_that_do_not_overlap(text: str) -> None:
    last = 0
    for place in places_in(text):
        assert last <= place.start < place.end <= len(text)
        assert place.codes
        last = place.end
