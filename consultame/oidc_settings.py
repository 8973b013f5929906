"""The settings of signing in by OpenID Connect, at the provider that knows the staff."""

import re

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

# Without TLS only where nobody is between: on this machine.
_ISSUER = re.compile(r"https://[^/?#\s]+[^?#\s]*|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:/[^?#\s]*)?")


class OidcSettings(BaseSettings):
    """Who confirms the staff's e-mail addresses, what its button says, and whether passwords are accepted beside it."""

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_button_label: str = Field("Ingresar con la cuenta institucional", min_length=1, max_length=60)
    oidc_verified_claim: str = Field("email_verified", min_length=1, max_length=100)
    password_sign_in: bool = True

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, issuer: str) -> str:
        issuer = issuer.strip()
        if issuer and not _ISSUER.fullmatch(issuer):
            raise ValueError("give the provider's https:// address, as its discovery document names the issuer")
        return issuer

    @model_validator(mode="after")
    def _provider_is_whole(self) -> "OidcSettings":
        secret = self.oidc_client_secret.get_secret_value() if self.oidc_client_secret else ""
        if self.oidc_issuer and not (self.oidc_client_id.strip() and secret.strip()):
            raise ValueError("CONSULTAME_OIDC_ISSUER needs CONSULTAME_OIDC_CLIENT_ID and CONSULTAME_OIDC_CLIENT_SECRET")
        if not self.password_sign_in and not self.oidc_issuer:
            raise ValueError("CONSULTAME_PASSWORD_SIGN_IN=false needs CONSULTAME_OIDC_ISSUER: nobody could sign in")
        return self
