"""The settings of signing in at a provider refuse what would let the wrong people in, or nobody."""

import pytest

from consultame.settings import SettingsError, load_settings

COMPLETE = {"OIDC_ISSUER": "https://login.example/tenant", "OIDC_CLIENT_ID": "desk", "OIDC_CLIENT_SECRET": "s3cr3t"}


@pytest.fixture(autouse=True)
def _clean(data_directory: object) -> None:
    """A data directory of its own."""


def _set(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"CONSULTAME_{name}", value)
    load_settings.cache_clear()


def test_it_is_off_until_an_issuer_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, {})
    assert load_settings().oidc_issuer == ""
    assert load_settings().password_sign_in


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8080/realms/desk", "http://localhost:9", "https://a.example/"])
def test_an_issuer_is_an_address_with_tls_or_on_this_machine(issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, COMPLETE | {"OIDC_ISSUER": issuer})
    assert load_settings().oidc_issuer == issuer


@pytest.mark.parametrize(
    "issuer",
    [
        "login.example",
        "http://login.example",
        "http://127.0.0.1.example",
        "http://127.0.0.1@login.example",
        "https://login.example/?tenant=1",
        "https://",
        "ftp://login.example",
    ],
)
def test_another_issuer_is_refused(issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, COMPLETE | {"OIDC_ISSUER": issuer})
    with pytest.raises(SettingsError, match=r"^CONSULTAME_OIDC_ISSUER: give the provider's https:// address"):
        load_settings()


@pytest.mark.parametrize("missing", ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"])
@pytest.mark.parametrize("value", ["", "  "])
def test_a_provider_needs_id_and_secret(missing: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, COMPLETE | {missing: value})
    with pytest.raises(SettingsError, match="needs CONSULTAME_OIDC_CLIENT_ID and CONSULTAME_OIDC_CLIENT_SECRET"):
        load_settings()


def test_passwords_are_not_turned_off_where_there_is_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, {"PASSWORD_SIGN_IN": "false"})
    with pytest.raises(SettingsError, match="needs CONSULTAME_OIDC_ISSUER: nobody could sign in"):
        load_settings()
    _set(monkeypatch, COMPLETE)
    assert not load_settings().password_sign_in
