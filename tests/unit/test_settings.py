"""Settings are typed, refuse what is unsafe, and say what is wrong in one line."""

from pathlib import Path

import pytest

from consultame.settings import Settings, SettingsError, load_settings


def test_the_development_secret_is_made_once_and_readable_by_the_owner_only(data_directory: Path) -> None:
    first, second = Settings().secret("web-session"), Settings().secret("web-session")
    assert first == second
    assert (data_directory / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in data_directory.iterdir()] == ["secret_key"]


def test_a_data_directory_that_is_a_file_is_refused(data_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data_directory / "file").write_text("text")
    monkeypatch.setenv("CONSULTAME_DATA_DIRECTORY", str(data_directory / "file" / "var"))
    load_settings.cache_clear()
    with pytest.raises(SettingsError, match=r"CONSULTAME_DATA_DIRECTORY: .*file is not a folder"):
        load_settings()


def test_each_purpose_has_a_key_of_its_own(data_directory: Path) -> None:
    settings = load_settings()
    assert settings.secret("web-session") != settings.secret("model-server")


@pytest.mark.parametrize("key", [None, "", "short"])
def test_production_refuses_to_run_without_a_long_secret(
    key: str | None, data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSULTAME_ENVIRONMENT", "production")
    if key is not None:
        monkeypatch.setenv("CONSULTAME_SECRET_KEY", key)
    load_settings.cache_clear()
    with pytest.raises(SettingsError, match="CONSULTAME_SECRET_KEY must have at least 32 characters"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONSULTAME_ADMIN_PORT", "eighty"),
        ("CONSULTAME_RASA_PORT", "70000"),
        ("CONSULTAME_ENVIRONMENT", "staging"),
        ("CONSULTAME_CONTACT_EMAIL", "not an address"),
    ],
)
def test_a_malformed_value_is_named_in_one_line(
    name: str, value: str, data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    load_settings.cache_clear()
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert str(refusal.value).startswith(f"{name}: ")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("url", ["postgres://u:p@db/x", "postgresql://u:p@db/x"])
def test_postgresql_addresses_get_the_installed_driver(
    url: str, data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSULTAME_DATABASE_URL", url)
    assert Settings().database_url == "postgresql+psycopg://u:p@db/x"


def test_origins_of_the_chat_default_to_the_citizen_page_and_can_be_listed(
    data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings().allowed_chat_origins == ["http://127.0.0.1:8000", "http://localhost:8000"]
    monkeypatch.setenv("CONSULTAME_CHAT_ORIGINS", "https://www.minenergia.gov.co, https://otra.gov.co")
    assert Settings().allowed_chat_origins == ["https://www.minenergia.gov.co", "https://otra.gov.co"]
