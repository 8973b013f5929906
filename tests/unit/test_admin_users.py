"""Administrators keep the accounts; nobody locks the house with everyone outside."""

import re

import pytest
from fastapi.testclient import TestClient

from consultame.database import read_session, write_session
from consultame.staff import AccountProblem, Role, StaffError, StaffMember, deactivate, staff_member_by_email
from tests.conftest import forget_settings
from tests.unit.admin_site import PASSWORD, account, admin, approver, curator, signed_in, visible_text, visitor

pytestmark = pytest.mark.usefixtures("sqlite_database")

USERS = "/personal/usuarios"
NEW = {"email": "Nueva@minenergia.example", "name": "Nora Díaz", "role": "curator"}
OWN_PASSWORD = "/personal/contrasena"
CHOSEN = "el perro verde come lunes"


def _stored(email: str) -> StaffMember:
    with read_session() as session:
        member = staff_member_by_email(session, email)
    assert member
    return member


def _temporary_password(page: str) -> str:
    found = re.search(r"<code>([a-z2-9-]{19})</code>", page)
    assert found, page
    return found[1]


def _sign_in(email: str, password: str) -> tuple[TestClient, int]:
    browser = visitor()
    return browser, browser.post("/personal/ingresar", data={"email": email, "password": password}).status_code


def _production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTAME_ENVIRONMENT", "production")
    monkeypatch.setenv("CONSULTAME_SECRET_KEY", "s" * 40)
    forget_settings()


def test_a_new_account_opens_with_the_password_that_is_shown_once() -> None:
    browser = admin()
    page = browser.post(USERS, data=NEW).text
    password = _temporary_password(page)
    assert _sign_in("nueva@minenergia.example", password)[1] == 303
    listed = browser.get(USERS).text
    assert "Nora Díaz" in listed
    assert password not in listed
    stored = _stored("nueva@minenergia.example")
    assert (stored.role, stored.must_change_password) == (Role.CURATOR, True)
    assert password not in (stored.password_hash or "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "no-es-correo"}, "El correo electrónico no es válido."),
        ({"email": "sara@minenergia.example"}, "Ese correo ya tiene una cuenta."),
        ({"name": " \0 "}, "Escriba el nombre"),
        ({"name": "x" * 121}, "más de 120"),
        ({"role": "king"}, "Elija un rol."),
        ({"role": ""}, "Elija un rol."),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_and_the_form_keeps_what_was_typed(
    changes: dict[str, str], message: str
) -> None:
    answer = admin().post(USERS, data=NEW | changes)
    assert answer.status_code == 422
    assert message in visible_text(answer.text)
    assert (NEW | changes)["email"] in answer.text
    with read_session() as session:
        assert staff_member_by_email(session, NEW["email"]) is None


def test_a_deactivated_person_is_out_at_once_and_reactivating_revives_no_session() -> None:
    browser, ana = admin(), curator()
    number = account("ana", Role.CURATOR).id
    cookie = dict(ana.cookies)
    assert browser.post(f"{USERS}/{number}/desactivar").status_code == 303
    assert "Desactivada" in browser.get(USERS).text
    assert ana.get("/personal/").headers["location"] == "/personal/ingresar"
    assert _sign_in("ana@minenergia.example", PASSWORD)[1] == 401
    assert browser.post(f"{USERS}/{number}/reactivar").status_code == 303
    former = visitor(cookies=cookie)
    assert former.get("/personal/").headers["location"] == "/personal/ingresar"
    assert _sign_in("ana@minenergia.example", PASSWORD)[1] == 303


def test_another_role_counts_from_the_next_request_on() -> None:
    ana = curator()
    assert ana.get("/personal/nueva-entrada").status_code == 200
    number = account("ana", Role.CURATOR).id
    assert admin().post(f"{USERS}/{number}/rol", data={"role": "approver"}).status_code == 303
    assert ana.get("/personal/nueva-entrada").status_code == 403


def test_nobody_deactivates_or_demotes_the_own_account() -> None:
    account("otra", Role.ADMIN)
    browser, number = admin(), account("sara", Role.ADMIN).id
    for path, data in ((f"{USERS}/{number}/desactivar", {}), (f"{USERS}/{number}/rol", {"role": "curator"})):
        answer = browser.post(path, data=data)
        assert answer.status_code == 409
        assert "otra persona de Administración" in visible_text(answer.text)
    assert _stored("sara@minenergia.example").active
    assert _stored("sara@minenergia.example").role is Role.ADMIN


def test_of_two_administrators_who_deactivate_each_other_one_stays(any_database: str) -> None:
    first, second = account("sara", Role.ADMIN), account("otra", Role.ADMIN)
    with write_session() as session:
        deactivate(session, session.get_one(StaffMember, second.id), by=first)
    with pytest.raises(StaffError) as refusal, write_session() as session:
        deactivate(session, session.get_one(StaffMember, first.id), by=second)
    assert refusal.value.problem is AccountProblem.LAST_ADMINISTRATOR


def test_a_reset_password_ends_the_sessions_and_the_former_password() -> None:
    ana, number = curator(), account("ana", Role.CURATOR).id
    password = _temporary_password(admin().post(f"{USERS}/{number}/contrasena").text)
    assert ana.get("/personal/").headers["location"] == "/personal/ingresar"
    assert _sign_in("ana@minenergia.example", PASSWORD)[1] == 401
    assert _sign_in("ana@minenergia.example", password)[1] == 303


@pytest.mark.parametrize("path", ["", "/1", "/1/rol", "/1/desactivar", "/1/reactivar", "/1/contrasena"])
def test_only_administrators_see_or_change_accounts(path: str) -> None:
    for browser in (curator(), approver()):
        answer = browser.post(USERS + path) if path.count("/") == 2 else browser.get(USERS + path)
        assert answer.status_code == 403
        assert "/personal/usuarios" not in browser.get("/personal/").text
    assert "/personal/usuarios" in admin().get("/personal/").text


def test_an_account_that_nobody_signs_in_with_is_neither_shown_nor_changed() -> None:
    with write_session() as session:
        session.add(StaffMember(email="base@consultame.example", name="Base", role=Role.CURATOR))
    browser, number = admin(), _stored("base@consultame.example").id
    assert "base@consultame.example" not in browser.get(USERS).text
    assert browser.get(f"{USERS}/{number}").status_code == 404
    assert browser.post(f"{USERS}/{number}/contrasena").status_code == 404


def test_ones_own_password_is_changed_and_other_browsers_are_signed_out() -> None:
    here, there = curator(), curator()
    answer = here.post(OWN_PASSWORD, data={"present": PASSWORD, "new": CHOSEN, "repeated": CHOSEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/personal/")
    assert "Cambió su contraseña." in here.get("/personal/").text
    assert there.get("/personal/").headers["location"] == "/personal/ingresar"
    assert _sign_in("ana@minenergia.example", CHOSEN)[1] == 303


@pytest.mark.parametrize(
    ("present", "new", "repeated", "message"),
    [
        ("no-es-la-clave", CHOSEN, CHOSEN, "La contraseña actual no es correcta."),
        (PASSWORD, CHOSEN, "otra cosa distinta", "no son iguales"),
        (PASSWORD, PASSWORD, PASSWORD, "distinta de la actual"),
        (PASSWORD, "corta", "corta", "al menos 12 caracteres"),
        (PASSWORD, "ana come guayabas", "ana come guayabas", "no puede llevar su nombre"),
        (PASSWORD, "Colombia2026**", "Colombia2026**", "de las primeras"),
    ],
)
def test_a_password_that_will_not_do_is_refused_and_the_former_one_stays(
    present: str, new: str, repeated: str, message: str
) -> None:
    answer = curator().post(OWN_PASSWORD, data={"present": present, "new": new, "repeated": repeated})
    assert answer.status_code == 422
    assert message in visible_text(answer.text)
    assert _sign_in("ana@minenergia.example", PASSWORD)[1] == 303


def test_the_present_password_cannot_be_guessed_at_leisure() -> None:
    browser = curator()
    wrong = {"present": "no-es-la-clave", "new": CHOSEN, "repeated": CHOSEN}
    assert [browser.post(OWN_PASSWORD, data=wrong).status_code for _ in range(6)] == [422] * 5 + [429]
    right = {"present": PASSWORD, "new": CHOSEN, "repeated": CHOSEN}
    assert browser.post(OWN_PASSWORD, data=right).status_code == 429


def test_in_production_a_temporary_password_opens_only_the_page_that_changes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with write_session() as session:
        session.get_one(StaffMember, account("ana", Role.CURATOR).id).must_change_password = True
    assert curator().get("/personal/").status_code == 200
    _production(monkeypatch)
    browser = visitor(base_url="https://testserver")
    browser.headers["Origin"] = "https://testserver"
    browser.post("/personal/ingresar", data={"email": "ana@minenergia.example", "password": PASSWORD})
    for path in ("/personal/", "/personal/entradas", "/personal/ingresar"):
        assert browser.get(path).headers["location"] == OWN_PASSWORD
    assert browser.post("/personal/nueva-entrada").headers["location"] == OWN_PASSWORD
    assert "contraseña temporal" in browser.get(OWN_PASSWORD).text
    browser.post(OWN_PASSWORD, data={"present": PASSWORD, "new": CHOSEN, "repeated": CHOSEN})
    assert browser.get("/personal/").status_code == 200


def test_the_pages_are_in_spanish_and_say_which_account_is_ones_own() -> None:
    browser, other = admin(), account("otra", Role.APPROVER).id
    own = account("sara", Role.ADMIN).id
    assert "Desactivar la cuenta" in browser.get(f"{USERS}/{other}").text
    assert "Desactivar la cuenta" not in browser.get(f"{USERS}/{own}").text
    assert "Esta es su cuenta." in browser.get(f"{USERS}/{own}").text
    assert signed_in("otra", Role.APPROVER).get(OWN_PASSWORD).status_code == 200
