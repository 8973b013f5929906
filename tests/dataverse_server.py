"""Dataverse's Web API and Microsoft's sign-in service on this machine, as far as they are documented and asked here.

Over TLS, as Microsoft's library insists. Refuses what the real ones refuse: no or an old token, other OData versions,
unknown tables and attributes (with the documented error body), options that do not exist, filters that cannot be read.
"""

import json
import re
import secrets
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.loopback_certificate import make_certificate

TENANT, CLIENT, SECRET = "11111111-2222-3333-4444-555555555555", "app-of-the-chat", "s3cr3t~of-the-app"
CONTACT_ATTRIBUTES = {"contactid", "governmentid", "emailaddress1", "fullname"}
INCIDENT_ATTRIBUTES = {
    "incidentid", "ticketnumber", "casetypecode", "statuscode", "createdon", "resolveby", "title", "description",
    "min_respondido", "min_codigo", "min_plazo",
}  # fmt: skip
_OPTIONS = {"$select", "$expand", "$filter", "$orderby", "$skiptoken"}
_COMPARISON = re.compile(r"([\w/]+) (?:eq '((?:[^']|'')*)'|(ne) null)(?: or |$)")
_EXPANSION = re.compile(r"(\w+)\(\$select=([\w,]+)\)")


class Refusal(Exception):
    """An answer with an error body."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = {"error": {"code": code, "message": message}}


def too_many_requests(seconds: int | str) -> Refusal:
    """The documented answer to whoever asks too often."""
    message = "Number of requests exceeded the limit of 6000 over time window of 300 seconds."
    return Refusal(429, "0x80072322", message, Retry_After=str(seconds))


UNAVAILABLE = Refusal(503, "0x80044150", "The service is unavailable.")
# Instead of an answer: nothing at all, a piece now and then, a page of some proxy, half an object, no connection.
SILENCE, TRICKLE, PROXY_PAGE, HALF, HANG_UP = "silence", "trickle", "proxy page", "half", "hang up"


class DataverseServer(ThreadingHTTPServer):
    """Holds cases, knows one application, and can be told to fail."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"https://127.0.0.1:{self.server_port}"
        self.rows: list[dict[str, Any]] = []
        # What the next questions get instead of their answers; then, as long as it is set, all of them.
        self.next: deque[Refusal | str] = deque()
        self.always: Refusal | str | None = None
        self.sign_in_fails = False
        self.next_link_host = ""
        self.asked: list[dict[str, str]] = []
        self.tokens_given = 0
        self.token = ""
        self.stopping = threading.Event()

    def wait_for_question(self, number: int) -> None:
        """Until so many questions have come."""
        while len(self.asked) < number:
            self.stopping.wait(0.01)

    def revoke_tokens(self) -> None:
        """Accept none of the tokens given so far."""
        self.token = ""


class _Handler(BaseHTTPRequestHandler):
    server: DataverseServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        """The sign-in service's description, or the Web API."""
        address = urlsplit(self.path)
        if address.path.endswith("/.well-known/openid-configuration"):
            self._describe_sign_in()
            return
        options = dict(parse_qsl(address.query, keep_blank_values=True))
        self.server.asked.append({"path": address.path, **options})
        planned = self.server.next.popleft() if self.server.next else self.server.always
        if isinstance(planned, str):
            self._misbehave(planned)
            return
        try:
            if planned is not None:
                raise planned
            self._check_headers()
            self._send(200, self._resource(address.path, options), Preference_Applied=self.headers.get("Prefer", ""))
        except Refusal as refusal:
            self._send(refusal.status, refusal.body, **refusal.headers)

    def do_POST(self) -> None:
        """A token for the application's id and secret (OAuth 2, RFC 6749, 4.4)."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = {name: values[0] for name, values in form.items()}
        if self.server.sign_in_fails:
            self._send(503, {"error": "temporarily_unavailable"})
        elif (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            text = "AADSTS7000215: Invalid client secret provided."
            self._send(401, {"error": "invalid_client", "error_description": text, "error_codes": [7000215]})
        elif (asked.get("grant_type"), asked.get("scope")) != ("client_credentials", f"{self.server.url}/.default"):
            self._send(400, {"error": "invalid_scope", "error_description": "AADSTS70011", "error_codes": [70011]})
        else:
            self.server.tokens_given += 1
            self.server.token = secrets.token_urlsafe(24)
            self._send(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": self.server.token})

    def _describe_sign_in(self) -> None:
        base = f"{self.server.url}/{TENANT}"
        if not self.path.startswith(f"/{TENANT}/"):
            self._send(400, {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."})
            return
        description = {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }
        self._send(200, description)

    def _check_headers(self) -> None:
        if not self.server.token or self.headers.get("Authorization") != f"Bearer {self.server.token}":
            raise Refusal(401, "0x80040204", "Invalid token.", WWW_Authenticate="Bearer")
        for name in ("OData-Version", "OData-MaxVersion"):
            if self.headers.get(name) != "4.0":
                raise Refusal(400, "0x0", f"The header {name} must be 4.0.")
        if self.headers.get("Accept") != "application/json":
            raise Refusal(406, "0x0", "Only application/json is served.")

    def _resource(self, path: str, options: dict[str, str]) -> dict[str, Any]:
        segment = path.removeprefix("/api/data/v9.2/")
        if segment == "WhoAmI":
            return {"BusinessUnitId": "b-1", "UserId": "u-1", "OrganizationId": "o-1"}
        if segment != "incidents":
            raise Refusal(404, "0x8006088a", f"Resource not found for the segment '{segment}'.")
        if unknown := options.keys() - _OPTIONS:
            raise Refusal(400, "0x80060888", f"The query parameter {sorted(unknown)[0]} is not supported.")
        rows = [row for row in self.server.rows if _fits(row, options.get("$filter", ""))]
        if "$orderby" in options:
            name, _, direction = options["$orderby"].partition(" ")
            rows.sort(key=lambda row: str(_held(row, name)), reverse=direction == "desc")
        return self._page([_selected(row, options) for row in rows], options)

    def _page(self, rows: list[dict[str, Any]], options: dict[str, str]) -> dict[str, Any]:
        start = int(options.get("$skiptoken", "0"))
        wanted = re.search(r"odata\.maxpagesize=(\d+)", self.headers.get("Prefer", ""))
        end = start + (int(wanted[1]) if wanted else 5000)
        page = {"@odata.context": f"{self.server.url}/api/data/v9.2/$metadata#incidents", "value": rows[start:end]}
        if end < len(rows):
            query = urlencode(options | {"$skiptoken": str(end)})
            host = self.server.next_link_host or self.server.url
            page["@odata.nextLink"] = f"{host}/api/data/v9.2/incidents?{query}"
        return page

    def _misbehave(self, kind: str) -> None:
        self.close_connection = True
        if kind == SILENCE:
            self.server.stopping.wait(20)
        elif kind == TRICKLE:
            self._begin(200, 60)
            with suppress(OSError):
                for _ in range(60):
                    self.server.stopping.wait(0.05)
                    self.wfile.write(b" ")
        elif kind == PROXY_PAGE:
            self._begin(200, 26)
            self.wfile.write(b"<html>Please wait...</html>"[:26])
        elif kind == HALF:
            self._begin(200, 20)
            self.wfile.write(b'{"value": [{"ticketn')

    def _begin(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; odata.metadata=minimal")
        self.send_header("OData-Version", "4.0")
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _send(self, status: int, body: dict[str, Any], **headers: str) -> None:
        content = json.dumps(body).encode()
        with suppress(OSError):
            self._begin(status, len(content), **headers)
            self.wfile.write(content)


def _check_attribute(name: str, known: set[str], kind: str) -> None:
    if name not in known:
        message = f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{kind}'."
        raise Refusal(400, "0x0", message)


def _held(row: dict[str, Any], path: str) -> object:
    relation, _, name = path.rpartition("/")
    if relation:
        _check_attribute(relation, {"customerid_contact"}, "incident")
        _check_attribute(name, CONTACT_ATTRIBUTES, "contact")
        return (row.get(relation) or {}).get(name)
    _check_attribute(name, INCIDENT_ATTRIBUTES, "incident")
    return row.get(name)


def _fits(row: dict[str, Any], condition: str) -> bool:
    """Whether one of the comparisons holds; text is compared without regard to case, as documented."""
    position, holds = 0, not condition
    while position < len(condition):
        found = _COMPARISON.match(condition, position)
        if not found:
            raise Refusal(400, "0x80060888", f"Syntax error at position {position} in '{condition}'.")
        held = _held(row, found[1])
        text = (found[2] or "").replace("''", "'").lower()
        holds |= held is not None if found[3] else str(held).lower() == text
        position = found.end()
    return holds


def _selected(row: dict[str, Any], options: dict[str, str]) -> dict[str, Any]:
    names = options["$select"].split(",") if "$select" in options else sorted(INCIDENT_ATTRIBUTES)
    chosen = {name: _held(row, name) for name in names} | {"@odata.etag": 'W/"1"', "incidentid": row.get("incidentid")}
    for relation, inner in _EXPANSION.findall(options.get("$expand", "")):
        related = {name: _held(row, f"{relation}/{name}") for name in inner.split(",")}
        chosen[relation] = related if row.get(relation) else None
    return chosen


@contextmanager
def running_dataverse(folder: Path) -> Iterator[tuple[DataverseServer, Path]]:
    """The server on a free port, and the certificate by which it is trusted."""
    certificate, private = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    server = DataverseServer()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server, certificate
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
