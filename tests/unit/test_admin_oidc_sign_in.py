"""Signing in with the institution's account, at a provider on this machine that speaks OpenID Connect."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember, add_staff_member, deactivate
from tests.oidc_provider import OidcProvider
from tests.unit.admin_site import ORIGIN, PASSWORD, account, admin, visible_text, visitor
from tests.unit.oidc_site import ANA, RETURN, RIGHT, START, come_in, refused, set_settings, told

pytestmark = pytest.mark.usefixtures("sqlite_database")


def test_without_the_settings_there_is_neither_button_nor_way() -> None:
    browser = visitor()
    assert START not in browser.get("/personal/ingresar").text
    assert browser.get(START).status_code == 404
    assert browser.get(RETURN).status_code == 404


def test_whom_the_provider_confirms_comes_in_and_goes_on_where_he_or_she_wanted(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    page = browser.get("/personal/ingresar?next=/personal/entradas%3Fbuscar%3Dgas").text
    assert "Ingresar con la cuenta del Ministerio" in page
    assert re.search(rf'href="{START}\?next=[%\w/]*entradas%3Fbuscar%3Dgas"', page)
    answer = come_in(browser, "/personal/entradas?buscar=gas")
    assert (answer.status_code, answer.headers["location"]) == (303, "/personal/entradas?buscar=gas")
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax", "path=/personal"} <= set(cookie.split("; "))
    assert "Buen día, Ana" in browser.get("/personal/").text
    assert told() == [("sign_in_succeeded", ANA, ANA, {"way": "oidc"})]
    assert "con la cuenta institucional" in visible_text(admin().get("/personal/auditoria").text)


def test_the_provider_is_asked_for_code_pkce_state_and_nonce_anew_each_time(provider: OidcProvider) -> None:
    first, second = (parse_qs(urlsplit(visitor().get(START).headers["location"]).query) for _ in range(2))
    assert first["response_type"] == ["code"]
    assert first["code_challenge_method"] == ["S256"]
    assert first["scope"] == ["openid email"]
    assert first["redirect_uri"] == [f"{ORIGIN}{RETURN}"]
    assert "code_verifier" not in first
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 20
        assert first[name] != second[name]


def test_role_and_name_are_those_of_the_account_here(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.person |= {"name": "Otra", "roles": ["admin"], "groups": ["admin"]}
    browser = visitor()
    come_in(browser)
    assert browser.get("/personal/usuarios").status_code == 403
    assert "Buen día, Ana" in browser.get("/personal/").text


def test_the_address_is_compared_without_regard_to_case(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.person["email"] = "Ana@MinEnergia.example"
    assert come_in(visitor()).status_code == 303


def test_a_letter_that_only_looks_alike_in_lower_case_is_another_address(provider: OidcProvider) -> None:
    account("kata", Role.ADMIN)
    provider.person["email"] = "\N{KELVIN SIGN}ata@minenergia.example"
    assert provider.person["email"].lower() == "kata@minenergia.example"
    answer = come_in(visitor())
    assert answer.status_code == 403
    assert "no tiene una cuenta activa" in visible_text(answer.text)


def test_somebody_without_an_account_stays_outside_and_gets_none(provider: OidcProvider) -> None:
    provider.person["email"] = "nadie@minenergia.example"
    refused(come_in(visitor()), 403, "no tiene una cuenta activa aquí", "oidc_no_account")
    with read_session() as session:
        assert session.scalars(select(StaffMember)).all() == []


def test_a_closed_account_stays_closed(provider: OidcProvider) -> None:
    ana, sara = account("ana", Role.CURATOR), account("sara", Role.ADMIN)
    with write_session() as session:
        deactivate(session, session.get_one(StaffMember, ana.id), by=sara)
    refused(come_in(visitor()), 403, "no tiene una cuenta activa aquí", "oidc_no_account", subject=ANA)


def test_an_account_that_nobody_signs_in_with_is_not_opened(provider: OidcProvider) -> None:
    with write_session() as session:
        add_staff_member(session, email=ANA, name="Autoría", role=Role.CURATOR, password=None)
    refused(come_in(visitor()), 403, "no tiene una cuenta activa aquí", "oidc_no_account", subject=ANA)


@pytest.mark.parametrize("verified", [False, None, "false", 0, "", "no"])
def test_an_address_that_the_provider_has_not_verified_opens_nothing(provider: OidcProvider, verified: object) -> None:
    account("ana", Role.CURATOR)
    provider.person["email_verified"] = verified
    refused(come_in(visitor()), 403, "no tiene un correo verificado", "oidc_unverified")


@pytest.mark.parametrize("email", [["ana@minenergia.example"], None, ""])
def test_without_an_address_nobody_comes_in(provider: OidcProvider, email: object) -> None:
    account("ana", Role.CURATOR)
    provider.person["email"] = email
    refused(come_in(visitor()), 403, "no tiene un correo verificado", "oidc_unverified")


def test_another_claim_may_say_that_the_address_is_verified(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("ana", Role.CURATOR)
    set_settings(monkeypatch, OIDC_VERIFIED_CLAIM="xms_edov")
    assert come_in(visitor()).status_code == 403
    provider.person |= {"xms_edov": "1", "email_verified": False}
    assert come_in(visitor()).status_code == 303


def test_the_address_may_come_from_the_user_info_endpoint_of_the_same_person(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.email_at_user_info_only = True
    assert come_in(visitor()).status_code == 303
    provider.user_info_sub = "somebody-else"
    refused(come_in(visitor()), 502, "No se pudo comprobar la respuesta", "oidc_untrusted")


def test_refusals_count_as_failed_attempts_of_the_address(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    for _ in range(20):
        assert browser.get(f"{RETURN}?code=x&state=x").status_code == 400
    for path in (START, f"{RETURN}?code=x&state=x"):
        answer = browser.get(path)
        assert answer.status_code == 429
        assert "Hubo demasiados intentos fallidos" in visible_text(answer.text)
    assert len(told()) == 20
    assert come_in(visitor(browser.app, client=("192.0.2.7", 1234))).status_code == 303


def test_a_temporary_password_is_not_to_be_changed_by_whom_the_provider_confirms(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_settings(monkeypatch, ENVIRONMENT="production", SECRET_KEY="s" * 40)
    with write_session() as session:
        session.get_one(StaffMember, account("ana", Role.CURATOR).id).must_change_password = True
    by_password = visitor(base_url="https://testserver")
    by_password.headers["Origin"] = "https://testserver"
    assert by_password.post("/personal/ingresar", data=RIGHT).status_code == 303
    assert by_password.get("/personal/").headers["location"] == "/personal/contrasena"
    browser = visitor(base_url="https://testserver")
    assert come_in(browser).status_code == 303
    assert "Buen día, Ana" in browser.get("/personal/").text
    page = visible_text(browser.get("/personal/contrasena").text)
    assert "Ingresó con su cuenta institucional" in page
    assert "Ingresó con una contraseña temporal" not in page


def test_a_session_of_the_provider_ends_with_the_account(provider: OidcProvider) -> None:
    ana, sara = account("ana", Role.CURATOR), account("sara", Role.ADMIN)
    browser = visitor()
    come_in(browser)
    with write_session() as session:
        deactivate(session, session.get_one(StaffMember, ana.id), by=sara)
    assert browser.get("/personal/").headers["location"] == "/personal/ingresar"


def test_signing_out_says_that_the_provider_still_knows_the_browser(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    come_in(browser)
    browser.post("/personal/salir", headers={"Origin": ORIGIN})
    assert "cierre también la de su cuenta institucional" in visible_text(browser.get("/personal/ingresar").text)


@pytest.fixture
def provider_alone(provider: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> OidcProvider:
    set_settings(monkeypatch, PASSWORD_SIGN_IN="false")
    return provider


def _as(provider: OidcProvider, name: str) -> Callable[[TestClient], httpx.Response]:
    provider.person["email"] = f"{name}@minenergia.example"
    return come_in


def test_passwords_close_once_an_administrator_came_from_the_provider(provider_alone: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    account("sara", Role.ADMIN)
    assert visitor().post("/personal/ingresar", data=RIGHT).status_code == 303
    assert _as(provider_alone, "ana")(visitor()).status_code == 303
    assert visitor().post("/personal/ingresar", data=RIGHT).status_code == 303
    assert _as(provider_alone, "sara")(visitor()).status_code == 303
    browser = visitor()
    page = browser.get("/personal/ingresar").text
    assert 'type="password"' not in page
    assert START in page
    refused(
        browser.post("/personal/ingresar", data=RIGHT), 403, "no se ingresa con contraseña", "passwords_closed", ANA
    )
    assert _as(provider_alone, "ana")(visitor()).status_code == 303


def test_passwords_open_again_when_no_administrator_is_left_who_came_from_the_provider(
    provider_alone: OidcProvider,
) -> None:
    sara, nora = account("sara", Role.ADMIN), account("nora", Role.ADMIN)
    _as(provider_alone, "sara")(visitor())
    login = {"email": nora.email, "password": PASSWORD}
    assert visitor().post("/personal/ingresar", data=login).status_code == 403
    with write_session() as session:
        deactivate(session, session.get_one(StaffMember, sara.id), by=nora)
    assert visitor().post("/personal/ingresar", data=login).status_code == 303
