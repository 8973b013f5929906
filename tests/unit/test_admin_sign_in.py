"""Signing in and out of the staff screens."""

import time

import pytest

from admin import access
from consultame.database import write_session
from consultame.staff import Role, StaffMember
from tests.conftest import forget_settings
from tests.unit.admin_site import PASSWORD, account, create_app, curator, visible_text, visitor

pytestmark = pytest.mark.usefixtures("sqlite_database")

EMAIL = "ana@minenergia.example"
RIGHT = {"email": EMAIL, "password": PASSWORD}
WRONG = {"email": EMAIL, "password": "otra-clave-larga"}


def test_the_right_password_opens_the_start_page() -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    answer = browser.post("/personal/ingresar", data={"email": " ANA@minenergia.example ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/personal/")
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax", "path=/personal"} <= set(cookie.split("; "))
    assert "secure" not in cookie
    assert "Buen día, Ana" in browser.get("/personal/").text


def test_the_cookie_is_for_https_only_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTAME_ENVIRONMENT", "production")
    monkeypatch.setenv("CONSULTAME_SECRET_KEY", "s" * 40)
    forget_settings()
    account("ana", Role.CURATOR)
    assert "secure" in visitor().post("/personal/ingresar", data=RIGHT).headers["set-cookie"].lower()


@pytest.mark.parametrize("fields", [WRONG, {"email": "nadie@minenergia.example", "password": PASSWORD}, {}])
def test_anything_else_is_refused_in_the_same_words(fields: dict[str, str]) -> None:
    account("ana", Role.CURATOR)
    answer = visitor().post("/personal/ingresar", data=fields)
    assert answer.status_code == 401
    assert "El correo o la contraseña no son correctos." in answer.text
    assert fields.get("email", "") in answer.text
    assert "set-cookie" not in answer.headers


def test_after_five_failures_even_the_right_password_has_to_wait() -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    for _ in range(5):
        assert browser.post("/personal/ingresar", data=WRONG).status_code == 401
    answer = browser.post("/personal/ingresar", data=RIGHT)
    assert answer.status_code == 429
    assert "Espere 15 minutos" in visible_text(answer.text)
    assert int(answer.headers["retry-after"]) == 15 * 60
    account("luis", Role.APPROVER)
    other = {"email": "luis@minenergia.example", "password": PASSWORD}
    assert browser.post("/personal/ingresar", data=other).status_code == 303


def test_signing_in_forgets_former_failures() -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    for _ in range(3):
        for _ in range(4):
            assert browser.post("/personal/ingresar", data=WRONG).status_code == 401
        assert browser.post("/personal/ingresar", data=RIGHT).status_code == 303


def test_one_address_has_twenty_failures() -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    for number in range(20):
        fields = {"email": f"persona{number}@minenergia.example", "password": "x"}
        assert browser.post("/personal/ingresar", data=fields).status_code == 401
    assert browser.post("/personal/ingresar", data=RIGHT).status_code == 429
    assert visitor(browser.app, client=("192.0.2.7", 1234)).post("/personal/ingresar", data=RIGHT).status_code == 303


def test_without_a_session_one_is_sent_to_sign_in_and_comes_back() -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    answer = browser.get("/personal/entradas?buscar=gas")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/personal/ingresar?next=%2Fpersonal%2Fentradas%3Fbuscar%3Dgas"
    assert 'value="/personal/entradas?buscar=gas"' in browser.get(answer.headers["location"]).text
    back = browser.post("/personal/ingresar", data=RIGHT | {"next": "/personal/entradas?buscar=gas"})
    assert back.headers["location"] == "/personal/entradas?buscar=gas"


def test_a_live_part_without_a_session_sends_the_whole_page_to_sign_in() -> None:
    answer = visitor().get("/personal/publicaciones/1/avance", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/personal/ingresar"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "/personal/\\example.org",
        "/personalx",
        "/personal/\nx",
    ],
)
def test_nobody_is_sent_to_another_site(elsewhere: str) -> None:
    account("ana", Role.CURATOR)
    answer = visitor().post("/personal/ingresar", data=RIGHT | {"next": elsewhere})
    assert answer.headers["location"] == "/personal/"


def test_signing_out_ends_the_session() -> None:
    browser = curator()
    answer = browser.post("/personal/salir")
    assert answer.headers["location"] == "/personal/ingresar"
    assert "Cerró la sesión." in browser.get("/personal/ingresar").text
    assert browser.get("/personal/").status_code == 303


def test_a_closed_account_is_out_at_once() -> None:
    browser = curator()
    assert browser.get("/personal/").status_code == 200
    with write_session() as session:
        session.get_one(StaffMember, account("ana", Role.CURATOR).id).active = False
    assert browser.get("/personal/").headers["location"] == "/personal/ingresar"


def test_a_session_ends_after_its_hours_however_much_it_was_used(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = curator()
    present = time.time()
    monkeypatch.setattr(access.time, "time", lambda: present + 8 * 3600 - 60)
    assert browser.get("/personal/").status_code == 200
    monkeypatch.setattr(access.time, "time", lambda: present + 8 * 3600 + 60)
    assert browser.get("/personal/").status_code == 303


def test_a_forged_session_opens_nothing() -> None:
    browser = curator()
    forged = browser.cookies["consultame_staff"][:-2] + "xx"
    other = visitor(create_app())
    other.cookies.set("consultame_staff", forged, path="/personal")
    assert other.get("/personal/").status_code == 303


def test_whoever_is_signed_in_is_not_asked_again() -> None:
    assert curator().get("/personal/ingresar").headers["location"] == "/personal/"
