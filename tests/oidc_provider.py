"""An OpenID Connect provider on this machine, as far as the protocol is asked here, and its people.

Discovery, authorization endpoint (code flow with PKCE), token endpoint, user-info endpoint and keys. Refuses what a
real one refuses: other clients, secrets and return addresses, codes used twice or with another verifier. `claims`,
`description` and the switches make it say what a false or careless one might.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "consultame", "s3cr3t~of-the-desk-at-the-ministry"


@dataclass
class Grant:
    """What one code stands for."""

    redirect_uri: str
    challenge: str
    nonce: str


class OidcProvider(ThreadingHTTPServer):
    """Confirms one person to one client."""

    daemon_threads = True

    def __init__(self, redirect_uri: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}/ministerio"
        self.redirect_uri = redirect_uri
        self.signing_key = _key("first")
        self.keys = KeySet([self.signing_key])
        self.person: dict[str, Any] = {
            "sub": "83692", "email": "ana@minenergia.example", "email_verified": True,
        }  # fmt: skip
        self.claims: dict[str, Any] = {}
        self.description: dict[str, Any] = {}
        self.email_at_user_info_only = False
        self.user_info_sub = ""
        self.signed_by_stranger = False
        self.signed_with_secret = False
        self.unsigned = False
        self.denies = ""
        self.broken: dict[str, tuple[int, str]] = {}
        self.grants: dict[str, Grant] = {}
        self.asked: list[str] = []
        self.refused: list[str] = []
        self.access_token = ""

    def publish_another_key(self) -> RSAKey:
        """Withdraw the key that signs; returns the one that is published in its place."""
        key = _key("second")
        self.keys = KeySet([key])
        return key

    def id_token(self, nonce: str) -> str:
        """The signed word on who it is (OpenID Connect Core 1.0, 2)."""
        moment = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": moment, "exp": moment + 300, "nonce": nonce,
            **({"sub": self.person["sub"]} if self.email_at_user_info_only else self.person), **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.unsigned:
            parts = [
                base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "none"}, claims)
            ]
            return b".".join([*parts, b""]).decode()
        if self.signed_with_secret:
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])
        name = str(self.signing_key.kid)
        return jwt.encode(
            {"alg": "RS256", "kid": name}, claims, _key(name) if self.signed_by_stranger else self.signing_key
        )


def _key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


class _Refused(Exception):
    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.status = error, status


class _Handler(BaseHTTPRequestHandler):
    server: OidcProvider
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        """Discovery, keys, authorization, user-info."""
        address = urlsplit(self.path)
        self._answer(address.path, {
            "/ministerio/.well-known/openid-configuration": self._describe,
            "/keys": lambda: self._send(200, self.server.keys.as_dict(private=False)),
            "/authorize": lambda: self._authorize(dict(parse_qsl(address.query))),
            "/userinfo": self._tell,
        })  # fmt: skip

    def do_POST(self) -> None:
        """Tokens."""
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self._answer(self.path, {"/token": lambda: self._exchange(form)})

    def _answer(self, path: str, routes: dict[str, Any]) -> None:
        self.server.asked.append(path)
        if path in self.server.broken:
            status, body = self.server.broken[path]
            self._send_text(status, body)
            return
        try:
            if path not in routes:
                raise _Refused("not_found", 404)
            routes[path]()
        except _Refused as refusal:
            self.server.refused.append(refusal.error)
            self._send(refusal.status, {"error": refusal.error})

    def _describe(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_port}"
        self._send(200, {
            "issuer": self.server.issuer,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/userinfo",
            "jwks_uri": f"{base}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.server.description,
        })  # fmt: skip

    def _authorize(self, asked: dict[str, str]) -> None:
        """As if the person had signed in and agreed (OpenID Connect Core 1.0, 3.1.2; RFC 7636, 4.3)."""
        # Who asks for an address that is not registered is told here, not there (RFC 6749, 3.1.2.4).
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") != self.server.redirect_uri:
            raise _Refused("invalid_request")
        answer = {"state": asked.get("state", "")}
        if self.server.denies:
            answer |= {"error": self.server.denies, "error_description": "<b>No</b>"}
        elif asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            answer |= {"error": "invalid_scope"}
        elif asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
            answer |= {"error": "invalid_request"}
        else:
            answer["code"] = secrets.token_urlsafe(24)
            self.server.grants[answer["code"]] = Grant(
                asked["redirect_uri"], asked["code_challenge"], asked.get("nonce", "")
            )
        self.send_response(302)
        self.send_header("Location", f"{self.server.redirect_uri}?{urlencode(answer)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _exchange(self, form: dict[str, str]) -> None:
        self._check_client(form)
        if form.get("grant_type") != "authorization_code":
            raise _Refused("unsupported_grant_type")
        grant = self.server.grants.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if grant is None or form.get("redirect_uri") != grant.redirect_uri or challenge != grant.challenge:
            raise _Refused("invalid_grant")
        self.server.access_token = secrets.token_urlsafe(24)
        self._send(200, {
            "access_token": self.server.access_token, "token_type": "Bearer", "expires_in": 300,
            "id_token": self.server.id_token(grant.nonce),
        })  # fmt: skip

    def _check_client(self, form: dict[str, str]) -> None:
        """By HTTP Basic, or by the form where the description says so (RFC 6749, 2.3.1)."""
        if "client_secret_post" in self.server.description.get("token_endpoint_auth_methods_supported", []):
            known = (form.get("client_id"), form.get("client_secret"))
        else:
            kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
            name, _, secret = base64.b64decode(encoded).decode().partition(":") if kind == "Basic" else ("", "", "")
            known = (unquote(name), unquote(secret))
        if known != (CLIENT, SECRET):
            raise _Refused("invalid_client", 401)

    def _tell(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.server.access_token}":
            raise _Refused("invalid_token", 401)
        self._send(200, self.server.person | ({"sub": self.server.user_info_sub} if self.server.user_info_sub else {}))

    def _send(self, status: int, body: object) -> None:
        self._send_text(status, json.dumps(body), "application/json")

    def _send_text(self, status: int, text: str, kind: str = "text/html") -> None:
        content = text.encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)


@contextmanager
def running_provider(redirect_uri: str) -> Iterator[OidcProvider]:
    """The provider on a free port."""
    provider = OidcProvider(redirect_uri)
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
        thread.join()
