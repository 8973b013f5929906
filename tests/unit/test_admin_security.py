"""What the application refuses, and how."""

import pytest

from admin import start
from consultame.staff import Role
from kb.models import QuestionState
from tests.unit.admin_site import (
    account,
    create_app,
    curator,
    entry_fields,
    question,
    signed_in,
    stored_question,
    versions_of,
    visible_text,
    visitor,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "http://testserver.example.org"},
        {"Origin": "http://testserver:81"},
        {"Origin": "", "Referer": "https://example.org/personal/"},
        {"Origin": ""},
    ],
)
def test_a_form_sent_from_another_site_changes_nothing(headers: dict[str, str]) -> None:
    number = question()
    answer = curator().post(f"/personal/preguntas/{number}/descartar", data={"reason": "no_question"}, headers=headers)
    assert answer.status_code == 403
    assert "llegó desde otro sitio web" in visible_text(answer.text)
    assert stored_question(number).state is QuestionState.NEW


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none", "Origin": ""},
        {"Origin": "http://testserver"},
        {"Origin": "", "Referer": "http://testserver/personal/preguntas"},
    ],
)
def test_a_form_of_this_site_is_accepted(headers: dict[str, str]) -> None:
    number = question()
    assert (
        curator()
        .post(f"/personal/preguntas/{number}/descartar", data={"reason": "no_question"}, headers=headers)
        .status_code
        == 303
    )
    assert stored_question(number).state is QuestionState.DISMISSED


def test_signing_in_and_the_chat_are_guarded_too() -> None:
    browser = visitor()
    for path in ("/personal/ingresar", "/personal/salir", "/conversacion", "/conversacion/nueva"):
        assert browser.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_huge_body_is_refused_before_it_is_read() -> None:
    answer = visitor().post("/personal/ingresar", content=b"email=" + b"x" * 1_100_000)
    assert answer.status_code == 413
    assert "demasiado grande" in visible_text(answer.text)

    def chunks() -> object:
        yield b"email=x"

    assert visitor().post("/personal/ingresar", content=chunks()).status_code == 413


@pytest.mark.parametrize("path", ["/", "/personal/ingresar", "/personal/", "/nada", "/salud", "/models/active"])
def test_every_answer_says_what_may_be_loaded(path: str) -> None:
    headers = visitor().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' http://127.0.0.1:5005;" in policy
    assert f"frame-ancestors {chr(39) + ('self' if path == '/' else 'none') + chr(39)}" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert ("no-store" in headers.get("cache-control", "")) is path.startswith("/personal")


def test_pages_carry_nothing_that_the_policy_forbids() -> None:
    browser = curator()
    for path in ("/", "/personal/", "/personal/entradas", "/personal/nueva-entrada", "/personal/publicaciones"):
        page = browser.get(path).text
        assert "style=" not in page
        assert "<script>" not in page
        assert " onclick=" not in page


def test_a_fault_is_a_spanish_page_without_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(start, "count_open_needs", fail)
    app = create_app()
    account("ana", Role.CURATOR)
    browser = signed_in("ana", Role.CURATOR, app)
    browser = visitor(app, raise_server_exceptions=False, cookies=dict(browser.cookies))
    answer = browser.get("/personal/")
    assert answer.status_code == 500
    assert "Ocurrió un error" in answer.text
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nada", 404),
        ("/personal/nada", 404),
        ("/personal/preguntas/abc", 404),
        ("/personal/preguntas/0", 404),
        ("/personal/preguntas/99999999999999999999", 404),
        ("/personal/preguntas/77", 404),
        ("/personal/entradas/No-Existe", 404),
        ("/personal/entradas/no_existe", 404),
        ("/personal/entradas/no_existe/editar", 404),
        ("/personal/entradas/no_existe/versiones/1", 404),
        ("/personal/revisiones/77", 404),
        ("/personal/publicaciones/77", 404),
        ("/personal/publicaciones/77/avance", 404),
        ("/personal/preguntas?pagina=x", 422),
        ("/personal/preguntas?pagina=0", 422),
        ("/personal/nueva-entrada?pregunta=x", 422),
        ("/personal/nueva-entrada?pregunta=77", 422),
        ("/personal/salir", 405),
    ],
)
def test_an_address_that_leads_nowhere_gets_a_spanish_page(path: str, status: int) -> None:
    answer = curator().get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "Ir al inicio" in answer.text


def test_programs_get_their_errors_as_json() -> None:
    answer = visitor().get("/models/other")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_control_characters_do_not_reach_the_database() -> None:
    fields = entry_fields(title="Estufas\0 eficientes\x1b", slug="mme_estufas")
    assert curator().post("/personal/nueva-entrada", data=fields).status_code == 303
    assert versions_of("mme_estufas")[0].title == "Estufas eficientes"
