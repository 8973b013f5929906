"""The settings of the connection to Dynamics 365 (Dataverse), where cases may be looked up."""

import re
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

# An attribute of the table, or one of a row it points to: `customerid_contact/emailaddress1`.
_ATTRIBUTE = re.compile(r"(?:[A-Za-z_]\w*/)?[A-Za-z_]\w*")
_MEANINGS = re.compile(r"[^=,]+=\w+(?:,[^=,]+=\w+)*")
_HTTPS = re.compile(r"https://[^/?#\s]+")
# A setting left empty has its default.
_NO_ATTRIBUTE = "none"
_NEEDED = ("dataverse_url", "dataverse_tenant", "dataverse_client_id", "dataverse_client_secret")


class DataverseSettings(BaseSettings):
    """Where cases are looked up, and what the CRM calls what is looked for."""

    case_directory: Literal["local", "dataverse"] = "local"
    dataverse_url: str = ""
    dataverse_tenant: str = ""
    dataverse_client_id: str = ""
    dataverse_client_secret: SecretStr | None = None
    dataverse_authority: str = "https://login.microsoftonline.com"
    dataverse_timeout_seconds: float = Field(4, ge=0.1, le=60)
    dataverse_patience_seconds: float = Field(7, ge=0.1, le=120)
    dataverse_pause_seconds: float = Field(30, ge=0.1, le=3600)

    dataverse_table: str = "incidents"
    dataverse_number_field: str = "ticketnumber"
    dataverse_kind_field: str = "casetypecode"
    dataverse_state_field: str = "statuscode"
    dataverse_received_field: str = "createdon"
    dataverse_due_field: str = "resolveby"
    dataverse_answered_field: str = ""
    dataverse_completion_field: str = ""
    dataverse_code_field: str = ""
    dataverse_document_field: str = "customerid_contact/governmentid"
    dataverse_email_field: str = "customerid_contact/emailaddress1"
    # The standard values of a case's type and status reason.
    dataverse_kinds: str = "1=petition,2=claim,3=petition"
    dataverse_states: str = (
        "1=in_progress,2=in_progress,3=waiting_for_citizen,4=in_progress,5=answered,1000=answered,6=closed,2000=closed"
    )

    @field_validator("dataverse_url", "dataverse_authority")
    @classmethod
    def _https_origin(cls, url: str) -> str:
        url = url.strip().rstrip("/")
        if url and not _HTTPS.fullmatch(url):
            raise ValueError("give an address like https://organization.crm2.dynamics.com, without a path")
        return url

    @field_validator(
        "dataverse_number_field", "dataverse_kind_field", "dataverse_state_field", "dataverse_received_field",
        "dataverse_due_field", "dataverse_answered_field", "dataverse_completion_field", "dataverse_code_field",
        "dataverse_document_field", "dataverse_email_field",
    )  # fmt: skip
    @classmethod
    def _attribute(cls, name: str) -> str:
        if name and not _ATTRIBUTE.fullmatch(name):
            raise ValueError(f"give an attribute's name, or relation/attribute, or {_NO_ATTRIBUTE}")
        return "" if name == _NO_ATTRIBUTE else name

    @field_validator("dataverse_table")
    @classmethod
    def _entity_set(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise ValueError("give the name of an entity set, like incidents")
        return name

    @field_validator("dataverse_kinds", "dataverse_states")
    @classmethod
    def _meanings(cls, text: str) -> str:
        text = ",".join(part.strip() for part in text.split(","))
        if not _MEANINGS.fullmatch(text):
            raise ValueError("give what each value means, as 1=petition,2=claim")
        return text

    @model_validator(mode="after")
    def _nothing_is_missing(self) -> "DataverseSettings":
        if self.case_directory != "dataverse":
            return self
        missing = [name for name in _NEEDED if not _text_of(getattr(self, name)).strip()]
        required = ("number", "kind", "state", "received")
        missing += [f"dataverse_{name}_field" for name in required if not getattr(self, f"dataverse_{name}_field")]
        if missing:
            names = ", ".join(f"CONSULTAME_{name.upper()}" for name in missing)
            raise ValueError(f"CONSULTAME_CASE_DIRECTORY=dataverse needs {names}")
        if not self.dataverse_code_field and not (self.dataverse_document_field and self.dataverse_email_field):
            raise ValueError(
                "CONSULTAME_CASE_DIRECTORY=dataverse needs CONSULTAME_DATAVERSE_CODE_FIELD, or "
                "CONSULTAME_DATAVERSE_DOCUMENT_FIELD and CONSULTAME_DATAVERSE_EMAIL_FIELD, to recognise owners by"
            )
        return self


def _text_of(value: str | SecretStr | None) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value or ""
