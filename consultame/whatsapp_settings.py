"""The settings of messages by WhatsApp (Meta's WhatsApp Business Cloud API); without the first two none is sent."""

import re
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
# As Meta takes names and languages of templates.
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:_[A-Z]{2,3})?")
_LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


class WhatsAppSettings(BaseSettings):
    """Which number messages are sent from, and which registered templates they are made with."""

    whatsapp_phone_number_id: str = ""
    whatsapp_access_token: SecretStr | None = None
    whatsapp_api_version: str = "v24.0"
    whatsapp_api_url: str = "https://graph.facebook.com"
    whatsapp_template_day_before: str = "cita_recordatorio_24h"
    whatsapp_template_hour_before: str = "cita_recordatorio_1h"
    whatsapp_template_answer: str = "respuesta_disponible"
    whatsapp_language_es: str = "es"
    whatsapp_language_en: str = "en"

    @property
    def sends_whatsapp(self) -> bool:
        """Whether messages may be sent by WhatsApp."""
        return bool(self.whatsapp_phone_number_id)

    @field_validator("whatsapp_phone_number_id")
    @classmethod
    def _digits(cls, number: str) -> str:
        if number and not re.fullmatch(r"\d{5,30}", number, re.ASCII):
            raise ValueError("give the id of the phone number, digits only; it is not the number itself")
        return number

    @field_validator("whatsapp_api_version")
    @classmethod
    def _version(cls, version: str) -> str:
        if not _VERSION.fullmatch(version):
            raise ValueError("give a version like v24.0")
        return version

    @field_validator("whatsapp_api_url")
    @classmethod
    def _origin(cls, url: str) -> str:
        """The access token goes there: in clear to this machine only."""
        parts = urlsplit(url.rstrip("/"))
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not secure or not parts.hostname or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("give an address like https://graph.facebook.com, without a path")
        return url.rstrip("/")

    @field_validator("whatsapp_template_day_before", "whatsapp_template_hour_before", "whatsapp_template_answer")
    @classmethod
    def _template_name(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("give the name of a template: small letters, digits and _")
        return name

    @field_validator("whatsapp_language_es", "whatsapp_language_en")
    @classmethod
    def _language_code(cls, code: str) -> str:
        if not _LANGUAGE.fullmatch(code):
            raise ValueError("give a language code like es or es_CO")
        return code

    @model_validator(mode="after")
    def _number_and_token(self) -> "WhatsAppSettings":
        token = self.whatsapp_access_token.get_secret_value() if self.whatsapp_access_token else ""
        if bool(self.whatsapp_phone_number_id) != bool(token.strip()):
            raise ValueError("set CONSULTAME_WHATSAPP_PHONE_NUMBER_ID and CONSULTAME_WHATSAPP_ACCESS_TOKEN, or neither")
        return self
