"""Every setting of the system, read once from the environment (prefix CONSULTAME_) and an optional .env file."""

import hashlib
import hmac
import os
import secrets
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import (
    EmailStr,
    Field,
    NameEmail,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import SettingsConfigDict

from consultame.dataverse_settings import DataverseSettings
from consultame.oidc_settings import OidcSettings
from consultame.whatsapp_settings import WhatsAppSettings

PROJECT_DIRECTORY = Path(__file__).resolve().parent.parent
BOT_DIRECTORY = PROJECT_DIRECTORY / "bot"
STORY_TESTS = PROJECT_DIRECTORY / "tests" / "stories"
SEED_DIRECTORY = PROJECT_DIRECTORY / "kb" / "seed"

Language = Literal["es", "en"]

MINIMUM_SECRET_LENGTH = 32

# Making one takes longer than a thousand addresses.
_EMAIL = TypeAdapter(EmailStr)


class SettingsError(Exception):
    """The settings cannot be used; the message is one line for the operator."""


class Settings(DataverseSettings, OidcSettings, WhatsAppSettings):
    """Typed settings. Each field is the environment variable CONSULTAME_<FIELD>; docs/deployment.md lists them."""

    model_config = SettingsConfigDict(
        env_prefix="CONSULTAME_", env_file=PROJECT_DIRECTORY / ".env", extra="ignore", env_ignore_empty=True
    )

    environment: Literal["development", "production"] = "development"
    data_directory: Path = PROJECT_DIRECTORY / "var"
    database_url: str = ""
    secret_key: SecretStr | None = None

    host: str = "127.0.0.1"
    admin_port: int = Field(8000, ge=1, le=65535)
    rasa_port: int = Field(5005, ge=1, le=65535)
    actions_port: int = Field(5055, ge=1, le=65535)
    public_chat_url: str = ""
    chat_origins: str = ""
    model_poll_seconds: int = Field(2, ge=1, le=3600)
    keep_publisher_waiting: bool = True
    startup_timeout_seconds: int = Field(180, ge=5)

    session_hours: int = Field(24, ge=1, le=720)
    staff_session_hours: int = Field(8, ge=1, le=72)
    message_max_characters: int = Field(1000, ge=100, le=4096)
    conversations_kept_days: int = Field(90, ge=1, le=36500)
    expiry_warning_days: int = Field(30, ge=1, le=365)
    messages_per_minute: int = Field(30, ge=1)
    sessions_per_minute: int = Field(60, ge=1)

    smtp_host: str = ""
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = True
    mail_from: NameEmail = NameEmail(name="ConsúltaME", email="menergia@minenergia.gov.co")
    messages_kept_days: int = Field(30, ge=1, le=36500)
    case_alerts_email: EmailStr | None = None
    radicado_first_number: int = Field(1, ge=1, le=999_999)
    office_opens: time = time(7)
    office_closes: time = time(16)

    public_url: str = ""
    data_policy_version: str = Field("2026-1", min_length=1, max_length=32)
    appointment_times: str = "14:05,14:35,15:05,15:35"
    appointment_minutes: int = Field(30, ge=5, le=240)
    appointment_notice_minutes: int = Field(120, ge=0, le=14400)
    appointment_horizon_days: int = Field(60, ge=1, le=366)
    appointment_hold_minutes: int = Field(10, ge=1, le=120)
    appointment_offer_minutes: int = Field(120, ge=5, le=2880)
    appointment_meeting_url: str = ""

    rollback_unanswered_points: int = Field(0, ge=0, le=100)
    rollback_window_messages: int = Field(200, ge=10, le=10_000)
    rollback_minimum_messages: int = Field(100, ge=10, le=10_000)

    contact_email: EmailStr = "menergia@minenergia.gov.co"
    contact_judicial_email: EmailStr = "notijudiciales@minenergia.gov.co"
    contact_ethics_email: EmailStr = "lineaetica@minenergia.gov.co"
    contact_phone: str = "(601) 220 0300"
    contact_toll_free: str = "01 8000 910 180"
    contact_address: str = "Calle 43 No. 57-31 CAN, Bogotá"
    contact_hours_es: str = "lunes a viernes de 7:00 a. m. a 4:00 p. m., jornada continua"
    contact_hours_en: str = "Monday to Friday, 7:00 am to 4:00 pm"
    emergency_line: str = "123"
    emergency_gas_line: str = "164"

    @field_validator("data_directory")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        path = path if path.is_absolute() else PROJECT_DIRECTORY / path
        there = next(folder for folder in (path, *path.parents) if folder.exists())
        if not there.is_dir():
            raise ValueError(f"{there} is not a folder")
        return path

    @field_validator("appointment_times")
    @classmethod
    def _times_of_day(cls, text: str) -> str:
        try:
            times = sorted({time.fromisoformat(part.strip()) for part in text.split(",")})
        except ValueError:
            raise ValueError("give times of the day as 14:05,14:35") from None
        return ",".join(moment.strftime("%H:%M") for moment in times)

    @field_validator("appointment_meeting_url")
    @classmethod
    def _meeting_template(cls, url: str) -> str:
        if url and (not url.startswith("https://") or "{reference}" not in url):
            raise ValueError("give an https:// address that holds {reference}")
        return url

    @model_validator(mode="after")
    def _derive_addresses(self) -> "Settings":
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_directory / 'consultame.db'}"
        elif self.database_url.startswith(("postgres://", "postgresql://")):
            self.database_url = "postgresql+psycopg://" + self.database_url.split("://", 1)[1]
        self.public_url = (self.public_url or self.admin_url).rstrip("/")
        if not self.public_chat_url:
            self.public_chat_url = f"http://{self.host}:{self.rasa_port}/webhooks/web"
        return self

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> "Settings":
        key = self.secret_key.get_secret_value() if self.secret_key else ""
        if self.environment == "production" and len(key) < MINIMUM_SECRET_LENGTH:
            raise ValueError(
                f"CONSULTAME_SECRET_KEY must have at least {MINIMUM_SECRET_LENGTH} characters in production"
            )
        return self

    @model_validator(mode="after")
    def _office_opens_before_it_closes(self) -> "Settings":
        if self.office_opens >= self.office_closes:
            raise ValueError("CONSULTAME_OFFICE_OPENS must be earlier than CONSULTAME_OFFICE_CLOSES")
        return self

    @property
    def models_directory(self) -> Path:
        """Where trained models lie, one `<fingerprint>.tar.gz` each."""
        return self.data_directory / "models"

    @property
    def admin_url(self) -> str:
        return f"http://{self.host}:{self.admin_port}"

    @property
    def actions_url(self) -> str:
        return f"http://{self.host}:{self.actions_port}/webhook"

    @property
    def allowed_chat_origins(self) -> list[str]:
        """Web origins whose pages may talk to the web channel (comma-separated CONSULTAME_CHAT_ORIGINS)."""
        if self.chat_origins:
            return [origin.strip() for origin in self.chat_origins.split(",") if origin.strip()]
        return [f"http://{host}:{self.admin_port}" for host in dict.fromkeys([self.host, "127.0.0.1", "localhost"])]

    def secret(self, purpose: str) -> str:
        """A key of its own for each purpose, derived from the one secret (HMAC-SHA256, hexadecimal).

        In development, where no secret is set, one is made and kept in `<data_directory>/secret_key`.
        """
        root = self.secret_key.get_secret_value() if self.secret_key else _development_secret(self.data_directory)
        return hmac.new(root.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _development_secret(data_directory: Path) -> str:
    path = data_directory / "secret_key"
    data_directory.mkdir(parents=True, exist_ok=True)
    candidate = data_directory / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        candidate.touch(mode=0o600)
        candidate.write_text(secrets.token_hex(32))
        try:
            os.link(candidate, path)
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return path.read_text().strip()


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a value is missing or malformed; the message names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "CONSULTAME_" + str(first["loc"][0]).upper() + ": " if first["loc"] else ""
        raise SettingsError(f"{name}{first['msg'].removeprefix('Value error, ')}") from None


def is_email(text: str) -> bool:
    """Whether the text is an e-mail address by the rules of `email-validator` (no DNS look-up)."""
    try:
        _EMAIL.validate_python(text)
    except ValidationError:
        return False
    return True
