"""Access tokens for the Web API: OAuth 2 client credentials, by Microsoft's library."""

import threading

import msal
import requests

from desk.cases.dataverse.connection import Connection
from desk.cases.dataverse.failures import NoAnswer, RequestRefused

_TEMPORARY = {"temporarily_unavailable", "server_error"}


class AccessTokens:
    """The application's token; the library keeps it until shortly before it expires."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._application: msal.ConfidentialClientApplication | None = None

    def current(self) -> str:
        """A token that should be good.

        Raises:
            NoAnswer: the sign-in service does not answer.
            RequestRefused: it does not know the application, or its secret is wrong or expired.
        """
        try:
            answer = self._known_application().acquire_token_for_client(scopes=[f"{self._connection.url}/.default"])
        except (requests.RequestException, msal.exceptions.MsalServiceError) as failure:
            raise NoAnswer(f"the sign-in service does not answer ({type(failure).__name__})") from None
        except ValueError:
            raise RequestRefused("the sign-in service does not know the tenant, or its answer is unreadable") from None
        return _token_of(answer)

    def renewed(self) -> str:
        """A new token, after the present one was refused. Raises what `current` does."""
        self._known_application().remove_tokens_for_client()
        return self.current()

    def _known_application(self) -> msal.ConfidentialClientApplication:
        """Made at the first use, because making it asks the sign-in service."""
        with self._lock:
            if self._application is None:
                self._application = msal.ConfidentialClientApplication(
                    self._connection.client_id,
                    client_credential=self._connection.client_secret,
                    authority=f"{self._connection.authority}/{self._connection.tenant}",
                    # The settings name the authority; nobody else need be asked whether it is one.
                    instance_discovery=False,
                    timeout=self._connection.timeout,
                )
            return self._application


def _token_of(answer: dict[str, object] | None) -> str:
    token = (answer or {}).get("access_token")
    if isinstance(token, str):
        return token
    error = str((answer or {}).get("error") or "no token")[:80]
    if error in _TEMPORARY:
        raise NoAnswer(f"the sign-in service cannot serve now ({error})")
    codes = (answer or {}).get("error_codes")
    numbers = ", ".join(f"AADSTS{code}" for code in codes) if isinstance(codes, list) else ""
    raise RequestRefused(f"the sign-in service refuses the application: {error}" + (f" ({numbers})" if numbers else ""))
