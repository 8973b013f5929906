"""The OpenID Connect provider: the way there, and whose e-mail address it confirms to whoever comes back.

Authorization code flow with PKCE, state and nonce by Authlib, which also checks the ID token. Nothing the provider says
is kept from one sign-in to the next: a key or address that it withdraws is out at once, and an outage is seen before
the browser is sent there.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from admin.pages import STAFF_PATH
from consultame.settings import Settings, load_settings

log = logging.getLogger(__name__)

RETURN_PATH = f"{STAFF_PATH}/ingresar/cuenta/regreso"
_NAME = "oidc"
_BASIC = "client_secret_basic"
_TIMEOUT_SECONDS = 5
_PATIENCE_SECONDS = 10
_CLOCK_DIFFERENCE_SECONDS = 60
# None that a provider could be talked into with what is public: neither `none` nor a shared key.
_SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# What reading an answer of another make may raise.
_SENSELESS = (AuthlibBaseError, JoseError, ValueError, TypeError, LookupError, AttributeError, RuntimeError)


class OidcProblem(StrEnum):
    """Why the provider's word opens no account."""

    UNREACHABLE = "oidc_unreachable"
    DENIED = "oidc_denied"
    STALE = "oidc_stale"
    UNTRUSTED = "oidc_untrusted"
    UNVERIFIED = "oidc_unverified"
    NO_ACCOUNT = "oidc_no_account"


class OidcError(Exception):
    """Nobody is signed in by the provider; `problem` says why."""

    def __init__(self, problem: OidcProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


async def way_to_provider(request: Request) -> Response:
    """Send the browser to the provider; state, nonce and PKCE's verifier wait in its session.

    Raises:
        OidcError: the provider does not answer, or not as its settings say.
    """
    async with _talking() as provider:
        await _describe(provider)
        answer: Response = await provider.authorize_redirect(request, load_settings().public_url + RETURN_PATH)
        return answer


async def confirmed_email(request: Request) -> str:
    """The e-mail address of whoever comes back, confirmed by the provider.

    Raises:
        OidcError: the provider refused, does not answer, said something that cannot be trusted, or confirms no address;
            or this browser did not start here, or came back before.
    """
    async with _talking() as provider:
        state = request.query_params.get("state") or ""
        if await provider.framework.get_state_data(request.session, state) is None:
            raise OidcError(OidcProblem.STALE)
        if error := request.query_params.get("error"):
            await provider.framework.clear_state_data(request.session, state)
            log.warning("the OpenID Connect provider refused: %.200r", error)
            raise OidcError(OidcProblem.DENIED)
        try:
            issuer = await _describe(provider)
            return await _email_of(provider, request, issuer)
        finally:
            await provider.framework.clear_state_data(request.session, state)


async def _email_of(provider: StarletteOAuth2App, request: Request, issuer: str) -> str:
    # Authlib compares the audience only when it is told to.
    expected = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": load_settings().oidc_client_id},
    }
    token = await provider.authorize_access_token(  # type: ignore[no-untyped-call]
        request, claims_options=expected, leeway=_CLOCK_DIFFERENCE_SECONDS
    )
    claims = token["userinfo"]
    if not claims.get("email"):
        # A provider may tell scopes' claims at this endpoint only (OpenID Connect Core 1.0, 5.4).
        told = await provider.userinfo(token=token)
        if told["sub"] != claims["sub"]:
            raise ValueError("the user-info endpoint tells of somebody else")
        claims = told
    email = claims.get("email")
    if not isinstance(email, str) or not email or not _is_verified(claims):
        raise OidcError(OidcProblem.UNVERIFIED)
    return email


def _is_verified(claims: Mapping[str, object]) -> bool:
    """Some providers say it in text or as a number."""
    return str(claims.get(load_settings().oidc_verified_claim)).lower() in {"true", "1"}


@asynccontextmanager
async def _talking() -> AsyncIterator[StarletteOAuth2App]:
    """The provider; what goes wrong with it is an `OidcError`, and in the operator's log."""
    provider = _provider(load_settings())
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            yield provider
    except (httpx2.HTTPError, TimeoutError) as error:
        log.error("the OpenID Connect provider does not answer: %.300r", error)
        raise OidcError(OidcProblem.UNREACHABLE) from None
    except _SENSELESS as error:
        log.error("the OpenID Connect provider's answer is not accepted: %.300r", error)
        raise OidcError(OidcProblem.UNTRUSTED) from None


def _provider(settings: Settings) -> StarletteOAuth2App:
    secret = settings.oidc_client_secret
    provider: StarletteOAuth2App = OAuth().register(
        _NAME,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value() if secret else "",
        server_metadata_url=settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": _TIMEOUT_SECONDS},
    )
    return provider


async def _describe(provider: StarletteOAuth2App) -> str:
    """Read the discovery document; returns the issuer, which must be the one of the settings.

    Raises:
        ValueError: it describes another one (OpenID Connect Discovery 1.0, 4.3).
    """
    description = await provider.load_server_metadata()
    issuer = description["issuer"]
    # Whether it ends with a stroke is easily mistaken, and points to the same document.
    if not isinstance(issuer, str) or issuer.rstrip("/") != load_settings().oidc_issuer.rstrip("/"):
        raise ValueError(f"it calls itself {issuer!r}")
    offered = description.get("id_token_signing_alg_values_supported") or []
    description["id_token_signing_alg_values_supported"] = [name for name in _SIGNATURES if name in offered]
    # Basic is what a provider takes that does not say (OpenID Connect Discovery 1.0, 3).
    ways = description.get("token_endpoint_auth_methods_supported") or [_BASIC]
    provider.client_kwargs["token_endpoint_auth_method"] = _BASIC if _BASIC in ways else "client_secret_post"
    return issuer
