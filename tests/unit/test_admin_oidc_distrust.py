"""What does not come from the provider, or not whole, or not for this sign-in, opens nothing and is told."""

import time
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from consultame.staff import Role
from tests.oidc_provider import CLIENT, OidcProvider, running_provider
from tests.unit.admin_site import account, create_app, visitor
from tests.unit.oidc_site import RETURN, RIGHT, START, come_in, refused, return_address, set_settings, told

pytestmark = pytest.mark.usefixtures("sqlite_database")


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
    refused(come_in(visitor()), 502, "No se pudo comprobar la respuesta", "oidc_untrusted")


@pytest.mark.parametrize("fault", ["signed_by_stranger", "signed_with_secret", "unsigned"])
@pytest.mark.parametrize("offered", [["RS256"], ["none", "HS256", "RS256"], ["none", "HS256"]])
def test_only_the_providers_own_signature_counts(provider: OidcProvider, fault: str, offered: list[str]) -> None:
    account("ana", Role.CURATOR)
    setattr(provider, fault, True)
    provider.description["id_token_signing_alg_values_supported"] = offered
    refused(come_in(visitor()), 502, "No se pudo comprobar la respuesta", "oidc_untrusted")


def test_a_key_that_the_provider_withdraws_is_out_at_once_and_its_new_one_in(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    app = create_app()
    assert come_in(visitor(app)).status_code == 303
    key = provider.publish_another_key()
    assert come_in(visitor(app)).status_code == 502
    provider.signing_key = key
    assert come_in(visitor(app)).status_code == 303


def test_a_provider_may_take_the_secret_in_the_form_only(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.description["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert come_in(visitor()).status_code == 303
    assert provider.refused == []


def test_a_wrong_secret_opens_nothing(provider: OidcProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    account("ana", Role.CURATOR)
    set_settings(monkeypatch, OIDC_CLIENT_SECRET="another")
    refused(come_in(visitor()), 502, "No se pudo comprobar la respuesta", "oidc_untrusted")
    assert provider.refused == ["invalid_client"]


def test_the_way_back_is_good_once(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    address = return_address(browser)
    kept = browser.cookies["consultame_staff"]
    assert browser.get(address).status_code == 303
    refused(browser.get(address), 400, "venció o ya se usó", "oidc_stale")
    # Whoever copied the cookie of before as well meets with the provider, which takes each code once.
    thief = visitor()
    thief.cookies.set("consultame_staff", kept, path="/personal")
    refused(thief.get(address), 502, "No se pudo comprobar", "oidc_untrusted")
    assert provider.refused == ["invalid_grant"]


def test_another_browser_cannot_use_the_way_back(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    address = return_address(visitor())
    refused(visitor().get(address), 400, "venció o ya se usó", "oidc_stale")
    assert "/token" not in provider.asked


@pytest.mark.parametrize("change", [{"state": "forged"}, {"state": ""}, {"code": "forged"}, {"code": ""}])
def test_a_changed_way_back_leads_nowhere(provider: OidcProvider, change: dict[str, str]) -> None:
    account("ana", Role.CURATOR)
    browser = visitor()
    path, _, query = return_address(browser).partition("?")
    answer = browser.get(f"{path}?{urlencode(dict(parse_qsl(query)) | change)}")
    assert answer.status_code in (400, 502)
    assert browser.get("/personal/").status_code == 303


def test_a_code_of_another_browser_does_not_fit_this_ones_verifier(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    ours, others = visitor(), visitor()
    own = dict(parse_qsl(urlsplit(return_address(ours)).query))
    foreign = dict(parse_qsl(urlsplit(return_address(others)).query))
    answer = ours.get(f"{RETURN}?{urlencode(own | {'code': foreign['code']})}")
    refused(answer, 502, "No se pudo comprobar", "oidc_untrusted")
    assert provider.refused == ["invalid_grant"]


def test_what_the_provider_refuses_is_told_in_our_own_words(provider: OidcProvider) -> None:
    account("ana", Role.CURATOR)
    provider.denies = "access_denied"
    answer = come_in(visitor())
    refused(answer, 403, "no autorizó el ingreso, o usted lo canceló", "oidc_denied")
    assert "<b>No</b>" not in answer.text


def test_a_refusal_that_nobody_asked_for_is_not_believed(provider: OidcProvider) -> None:
    answer = visitor().get(f"{RETURN}?error=access_denied&state=x")
    refused(answer, 400, "venció o ya se usó", "oidc_stale")


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
    address = return_address(browser)
    provider.broken = broken
    refused(browser.get(address), 503, "no responde. Vuelva a intentarlo", "oidc_unreachable")
    assert browser.post("/personal/ingresar", data=RIGHT).status_code == 303


def test_a_provider_that_is_down_is_told_before_the_browser_is_sent_there(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("ana", Role.CURATOR)
    with running_provider("http://nowhere.example") as closed:
        pass
    set_settings(monkeypatch, OIDC_ISSUER=closed.issuer)
    browser = visitor()
    for _ in range(25):
        answer = browser.get(START)
    refused(answer, 503, "no responde. Vuelva a intentarlo", "oidc_unreachable")
    assert len(told()) == 1
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
    address = return_address(browser)
    provider.broken = {path: (200, body)}
    refused(browser.get(address), 502, "No se pudo comprobar", "oidc_untrusted")


def test_a_description_of_another_issuer_is_not_followed(provider: OidcProvider) -> None:
    provider.description["issuer"] = "https://example.org"
    refused(visitor().get(START), 502, "No se pudo comprobar", "oidc_untrusted")


def test_a_stroke_at_the_issuers_end_makes_no_difference(
    provider: OidcProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("ana", Role.CURATOR)
    set_settings(monkeypatch, OIDC_ISSUER=f"{provider.issuer}/")
    assert come_in(visitor()).status_code == 303
