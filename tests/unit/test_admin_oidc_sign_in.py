"""Signing in with the institution's account, at a provider on this machine that speaks OpenID Connect."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from consultame.audit import AuditEvent
from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember, add_staff_member, deactivate
from tests.conftest import forget_settings
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, running_provider
from tests.unit.admin_site import ORIGIN, PASSWORD, account, admin, create_app, visible_text, visitor

pytestmark = pytest.mark.usefixtures("sqlite_database")

START, RETURN = "/personal/ingresar/cuenta", "/personal/ingresar/cuenta/regreso"
ANA = "ana@minenergia.example"
RIGHT = {"email": ANA, "password": PASSWORD}


@pytest.fixture
def provider(sqlite_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[OidcProvider]:
    with running_provider(f"{ORIGIN}{RETURN}") as running:
        _set(
            monkeypatch,
            PUBLIC_URL=ORIGIN,
            OIDC_ISSUER=running.issuer,
            OIDC_CLIENT_ID=CLIENT,
            OIDC_CLIENT_SECRET=SECRET,
            OIDC_BUTTON_LABEL="Ingresar con la cuenta del Ministerio",
        )
        yield running


def _set(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"CONSULTAME_{name}", value)
    forget_settings()


def _return_address(browser: TestClient, next: str = "") -> str:
    """Start to sign in, and at the provider agree: the address that the browser is sent back to."""
    there = browser.get(START, params={"next": next} if next else {})
    assert there.status_code == 302, visible_text(there.text)
    back = httpx.get(there.headers["location"], trust_env=False)
    assert back.status_code == 302, back.text
    return back.headers["location"].removeprefix(ORIGIN)


def _come_in(browser: TestClient, next: str = "") -> httpx.Response:
    return browser.get(_return_address(browser, next))


def _told() -> list[tuple[str, str, str, dict[str, str | int]]]:
    with read_session() as session:
        stored = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        return [
            (event.action, event.actor, event.subject, event.detail)
            for event in stored
            if event.action.startswith("sign")
        ]


def _refused(answer: httpx.Response, status: int, words: str, reason: str, subject: str = "") -> None:
    """The sign-in page says why, nobody is signed in, and the audit log has noted it."""
    assert answer.status_code == status, visible_text(answer.text)
    page = visible_text(answer.text)
    assert "Ingreso del personal" in page
    assert words in page
    assert _told()[-1] == ("sign_in_failed", "unknown", subject, {"reason": reason})


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
    answer = _come_in(browser, "/personal/entradas?buscar=gas")
    assert (answer.status_code, answer.headers["location"]) == (303, "/personal/entradas?buscar=gas")
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax", "path=/personal"} <= set(cookie.split("; "))
    assert "Buen día, Ana" in browser.get("/personal/").text
    assert _told() == [("sign_in_succeeded", ANA, ANA, {"way": "oidc"})]
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
    _come_in(browser)
    assert browser.get("/personal/usuarios").status_code == 403
    assert "Buen día, Ana" in browser.get("/personal/").text


def test_the_address_is_compared_without_regard_to_case(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.person["email"] = "Ana@MinEnergia.example"
    assert _come_in(visitor()).status_code == 303


def test_a_letter_that_only_looks_alike_in_lower_case_is_another_address(provider: OidcProvider) -> None:
    account("kata", Role.ADMIN)
    provider.person["email"] = "\N{KELVIN SIGN}ata@minenergia.example"
    assert provider.person["email"].lower() == "kata@minenergia.example"
    answer = _come_in(visitor())
    assert answer.status_code == 403
    assert "no tiene una cuenta activa" in visible_text(answer.text)


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another-client"}, "audience"),
        ({"aud": "another-client", "azp": CLIENT}, "audience"),
        ({"aud": [CLIENT, "another-client"], "azp": "another-client"}, "authorized party"),
        ({"aud": None}, "audience"),
        ({"iss": "https://example.org"}, "issuer"),
        ({"exp": int(time.time()) - 600}, "expiry"),
        ({"exp": None}, "expiry"),
        ({"iat": int(time.time()) + 6000, "exp": int(time.time()) + 9000}, "issued in the future"),
        ({"sub": None}, "subject"),
    ],
)
def test_an_id_token_that_was_not_meant_for_this_sign_in_is_refused(
    provider: OidcProvider, claims: dict[str, Any], error: str
) -> None:
    account("ana", Role.CURATOR)
    provider.claims = claims
    _refused(_come_in(visitor()), 502, "No se pudo comprobar la respuesta", "oidc_untrusted")


@pytest.mark.parametrize("fault", ["signed_by_stranger", "signed_with_secret", "unsigned"])
@pytest.mark.parametrize("offered", [["RS256"], ["none", "HS256", "RS256"], ["none", "HS256"]])
def test_only_the_providers_own_signature_counts(provider: OidcProvider, fault: str, offered: list[str]) -> None:
    account("ana", Role.CURATOR)
    setattr(provider, fault, True)
    provider.description["id_token_signing_alg_values_supported"] = offered
    _refused(_come_in(visitor()), 502, "No se pudo comprobar la respuesta", "oidc_untrusted")


def test_a_key_that_the_provider_withdraws_is_out_at_once_and_its_new_one_in(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    app = create_app()
    assert _come_in(visitor(app)).status_code == 303
    key = provider.publish_another_key()
    assert _come_in(visitor(app)).status_code == 502
    provider.signing_key = key
    assert _come_in(visitor(app)).status_code == 303


def test_somebody_without_an_account_stays_outside_and_gets_none(provider: OidcProvider) -> None:
    provider.person["email"] = "nadie@minenergia.example"
    _refused(_come_in(visitor()), 403, "no tiene una cuenta activa aquí", "oidc_no_account")
    with read_session() as session:
        assert session.scalars(select(StaffMember)).all() == []


def test_a_closed_account_stays_closed(provider: OidcProvider) -> None:
    ana, sara = account("ana", Role.CURATOR), account("sara", Role.ADMIN)
    with write_session() as session:
        deactivate(session, session.get_one(StaffMember, ana.id), by=sara)
    _refused(_come_in(visitor()), 403, "no tiene una cuenta activa aquí", "oidc_no_account", subject=ANA)


def test_an_account_that_nobody_signs_in_with_is_not_opened(provider: OidcProvider) -> None:
    with write_session() as session:
        add_staff_member(session, email=ANA, name="Autoría", role=Role.CURATOR, password=None)
    _refused(_come_in(visitor()), 403, "no tiene una cuenta activa aquí", "oidc_no_account", subject=ANA)


@pytest.mark.parametrize("verified", [False, None, "false", 0, "", "no"])
def test_an_address_that_the_provider_has_not_verified_opens_nothing(provider: OidcProvider, verified: object) -> None:
    account("ana", Role.CURATOR)
    provider.person["email_verified"] = verified
    _refused(_come_in(visitor()), 403, "no tiene un correo verificado", "oidc_unverified")


@pytest.mark.parametrize("email", [["ana@minenergia.example"], None, ""])
def test_without_an_address_nobody_comes_in(provider: OidcProvider, email: object) -> None:
    account("ana", Role.CURATOR)
    provider.person["email"] = email
    _refused(_come_in(visitor()), 403, "no tiene un correo verificado", "oidc_unverified")


def test_another_claim_may_say_that_the_address_is_verified(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("ana", Role.CURATOR)
    _set(monkeypatch, OIDC_VERIFIED_CLAIM="xms_edov")
    assert _come_in(visitor()).status_code == 403
    provider.person |= {"xms_edov": "1", "email_verified": False}
    assert _come_in(visitor()).status_code == 303


def test_the_address_may_come_from_the_user_info_endpoint_of_the_same_person(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.email_at_user_info_only = True
    assert _come_in(visitor()).status_code == 303
    provider.user_info_sub = "somebody-else"
    _refused(_come_in(visitor()), 502, "No se pudo comprobar la respuesta", "oidc_untrusted")


def test_a_provider_may_take_the_secret_in_the_form_only(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.description["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert _come_in(visitor()).status_code == 303
    assert provider.refused == []


def test_a_wrong_secret_opens_nothing(provider: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    account("ana", Role.CURATOR)
    _set(monkeypatch, OIDC_CLIENT_SECRET="another")
    _refused(_come_in(visitor()), 502, "No se pudo comprobar la respuesta", "oidc_untrusted")
    assert provider.refused == ["invalid_client"]


def test_the_way_back_is_good_once(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    address = _return_address(browser)
    kept = browser.cookies["consultame_staff"]
    assert browser.get(address).status_code == 303
    _refused(browser.get(address), 400, "venció o ya se usó", "oidc_stale")
    # Whoever copied the cookie of before as well meets with the provider, which takes each code once.
    thief = visitor()
    thief.cookies.set("consultame_staff", kept, path="/personal")
    _refused(thief.get(address), 502, "No se pudo comprobar", "oidc_untrusted")
    assert provider.refused == ["invalid_grant"]


def test_another_browser_cannot_use_the_way_back(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    address = _return_address(visitor())
    _refused(visitor().get(address), 400, "venció o ya se usó", "oidc_stale")
    assert "/token" not in provider.asked


@pytest.mark.parametrize("change", [{"state": "forged"}, {"state": ""}, {"code": "forged"}, {"code": ""}])
def test_a_changed_way_back_leads_nowhere(provider: OidcProvider, change: dict[str, str]) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    path, _, query = _return_address(browser).partition("?")
    answer = browser.get(f"{path}?{urlencode(dict(parse_qsl(query)) | change)}")
    assert answer.status_code in (400, 502)
    assert browser.get("/personal/").status_code == 303


def test_a_code_of_another_browser_does_not_fit_this_ones_verifier(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    ours, others = visitor(), visitor()
    own = dict(parse_qsl(urlsplit(_return_address(ours)).query))
    foreign = dict(parse_qsl(urlsplit(_return_address(others)).query))
    answer = ours.get(f"{RETURN}?{urlencode(own | {'code': foreign['code']})}")
    _refused(answer, 502, "No se pudo comprobar", "oidc_untrusted")
    assert provider.refused == ["invalid_grant"]


def test_what_the_provider_refuses_is_told_in_our_own_words(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.denies = "access_denied"
    answer = _come_in(visitor())
    _refused(answer, 403, "no autorizó el ingreso, o usted lo canceló", "oidc_denied")
    assert "<b>No</b>" not in answer.text


def test_a_refusal_that_nobody_asked_for_is_not_believed(provider: OidcProvider) -> None:
    answer = visitor().get(f"{RETURN}?error=access_denied&state=x")
    _refused(answer, 400, "venció o ya se usó", "oidc_stale")


@pytest.mark.parametrize(
    "broken",
    [
        {"/ministerio/.well-known/openid-configuration": (503, "maintenance")},
        {"/keys": (500, "oops")},
        {"/token": (502, "bad gateway")},
    ],
)
def test_a_provider_that_is_out_of_order_leaves_the_password(
    provider: OidcProvider, broken: dict[str, tuple[int, str]]
) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    address = _return_address(browser)
    provider.broken = broken
    _refused(browser.get(address), 503, "no responde. Vuelva a intentarlo", "oidc_unreachable")
    assert browser.post("/personal/ingresar", data=RIGHT).status_code == 303


def test_a_provider_that_is_down_is_told_before_the_browser_is_sent_there(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("ana", Role.CURATOR)
    with running_provider("http://nowhere.example") as closed:
        pass
    _set(monkeypatch, OIDC_ISSUER=closed.issuer)
    browser = visitor()
    for _ in range(25):
        answer = browser.get(START)
    _refused(answer, 503, "no responde. Vuelva a intentarlo", "oidc_unreachable")
    assert len(_told()) == 1
    assert browser.post("/personal/ingresar", data=RIGHT).status_code == 303


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/ministerio/.well-known/openid-configuration", "<html>"),
        ("/ministerio/.well-known/openid-configuration", "[]"),
        ("/ministerio/.well-known/openid-configuration", "{}"),
        ("/keys", "[1]"),
        ("/keys", "{}"),
        ("/token", "[]"),
        ("/token", "{}"),
        ("/token", '{"access_token": "x", "token_type": "Bearer"}'),
        ("/token", '{"access_token": "x", "token_type": "Bearer", "id_token": 7}'),
        ("/token", '{"access_token": "x", "token_type": "Bearer", "id_token": "a.b.c"}'),
    ],
)
def test_nonsense_of_the_provider_is_a_refusal_not_a_fault(provider: OidcProvider, path: str, body: str) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    address = _return_address(browser)
    provider.broken = {path: (200, body)}
    _refused(browser.get(address), 502, "No se pudo comprobar", "oidc_untrusted")


def test_a_description_of_another_issuer_is_not_followed(provider: OidcProvider) -> None:
    provider.description["issuer"] = "https://example.org"
    _refused(visitor().get(START), 502, "No se pudo comprobar", "oidc_untrusted")


def test_a_stroke_at_the_issuers_end_makes_no_difference(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("ana", Role.CURATOR)
    _set(monkeypatch, OIDC_ISSUER=f"{provider.issuer}/")
    assert _come_in(visitor()).status_code == 303


def test_refusals_count_as_failed_attempts_of_the_address(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    for _ in range(20):
        assert browser.get(f"{RETURN}?code=x&state=x").status_code == 400
    for path in (START, f"{RETURN}?code=x&state=x"):
        answer = browser.get(path)
        assert answer.status_code == 429
        assert "Hubo demasiados intentos fallidos" in visible_text(answer.text)
    assert len(_told()) == 20
    assert _come_in(visitor(browser.app, client=("192.0.2.7", 1234))).status_code == 303


def test_a_temporary_password_is_not_to_be_changed_by_whom_the_provider_confirms(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set(monkeypatch, ENVIRONMENT="production", SECRET_KEY="s" * 40)
    with write_session() as session:
        session.get_one(StaffMember, account("ana", Role.CURATOR).id).must_change_password = True
    by_password = visitor(base_url="https://testserver")
    by_password.headers["Origin"] = "https://testserver"
    assert by_password.post("/personal/ingresar", data=RIGHT).status_code == 303
    assert by_password.get("/personal/").headers["location"] == "/personal/contrasena"
    browser = visitor(base_url="https://testserver")
    assert _come_in(browser).status_code == 303
    assert "Buen día, Ana" in browser.get("/personal/").text
    page = visible_text(browser.get("/personal/contrasena").text)
    assert "Ingresó con su cuenta institucional" in page
    assert "Ingresó con una contraseña temporal" not in page


def test_a_session_of_the_provider_ends_with_the_account(provider: OidcProvider) -> None:
    ana, sara = account("ana", Role.CURATOR), account("sara", Role.ADMIN)
    browser = visitor()
    _come_in(browser)
    with write_session() as session:
        deactivate(session, session.get_one(StaffMember, ana.id), by=sara)
    assert browser.get("/personal/").headers["location"] == "/personal/ingresar"


def test_signing_out_says_that_the_provider_still_knows_the_browser(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    _come_in(browser)
    browser.post("/personal/salir", headers={"Origin": ORIGIN})
    assert "cierre también la de su cuenta institucional" in visible_text(browser.get("/personal/ingresar").text)


@pytest.fixture
def provider_alone(provider: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> OidcProvider:
    _set(monkeypatch, PASSWORD_SIGN_IN="false")
    return provider


def _as(provider: OidcProvider, name: str) -> Callable[[TestClient], httpx.Response]:
    provider.person["email"] = f"{name}@minenergia.example"
    return _come_in


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
    _refused(
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
