"""Meta's WhatsApp Business Cloud API on this machine, as far as it is documented and used here: sending templates.

Refuses what the real one refuses, with the documented error bodies: no or another token, an unknown number id,
templates that are not registered, parameters in another number or form, telephone numbers that are none, too many
messages to one recipient. Whatever it accepts arrives, be it the second time: it does not look at
`biz_opaque_callback_data`.
"""

import json
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from consultame.settings import load_settings
from consultame.whatsapp_registration import LONGEST_BODY, Registration, registrations

NUMBER_ID, TOKEN, VERSION = "106540352242922", "EAAG-token-of-the-desk", "v24.0"
PUBLIC_URL = "https://consultame.example"
# To one recipient: a message each six seconds, of which 45 may be taken at once.
BURST = 45
_E164 = re.compile(r"\+?[1-9]\d{7,14}")
_VARIABLE = re.compile(r"\{\{(\d+)\}\}")
_NOT_IN_A_PARAMETER = re.compile(r"[\n\t]| {5}")
# Instead of an answer: none at all, one that no API gave, one that cannot be read.
HANG_UP, PROXY_PAGE, NO_JSON = "hang up", "proxy page", "no JSON"


class Refusal(Exception):
    """An answer with an error body."""

    def __init__(self, status: int, code: int, title: str, *, subcode: int | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.body: dict[str, Any] = {
            "error": {
                "message": f"(#{code}) {title}",
                "type": "OAuthException",
                "code": code,
                "error_data": {"messaging_product": "whatsapp", "details": f"{title}: 573001234567"},
                "fbtrace_id": "AbCdEfGhIjK",
            }
        }
        if subcode is not None:
            self.body["error"]["error_subcode"] = subcode


@dataclass(frozen=True)
class Arrived:
    """A message as the recipient sees it."""

    to: str
    text: str
    addresses: tuple[str, ...]
    callback_data: str


class WhatsAppServer(ThreadingHTTPServer):
    """Knows one number and the templates of the settings, and can be told to fail."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        settings = load_settings().model_copy(update={"public_url": PUBLIC_URL})
        self.templates: dict[tuple[str, str], Registration] = {
            (each["name"], each["language"]): each for each in registrations(settings)
        }
        self.token = TOKEN
        self.arrived: list[Arrived] = []
        self.asked = 0
        # What the next requests get instead of being looked at; with HANG_UP they were.
        self.next: deque[Refusal | tuple[int, str]] = deque()
        self.on_arrival: Callable[[], None] = lambda: None

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a system that sends here."""
        return {
            "CONSULTAME_WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID,
            "CONSULTAME_WHATSAPP_ACCESS_TOKEN": TOKEN,
            "CONSULTAME_WHATSAPP_API_URL": self.url,
        }

    def take(self, body: dict[str, Any]) -> dict[str, Any]:
        """Accept the message, or raise why not."""
        if body.get("messaging_product") != "whatsapp" or body.get("recipient_type") != "individual":
            raise Refusal(400, 100, "Invalid parameter")
        if len(str(body.get("biz_opaque_callback_data", ""))) > 512:
            raise Refusal(400, 100, "Invalid parameter")
        to = str(body.get("to", ""))
        if not _E164.fullmatch(to):
            raise Refusal(400, 131009, "Parameter value is not valid")
        if body.get("type") != "template":
            raise Refusal(400, 131047, "Re-engagement message")
        text, addresses = self._filled(body["template"])
        if Counter(each.to for each in self.arrived)[to] >= BURST:
            raise Refusal(400, 131056, "(Business Account, Consumer Account) pair rate limit hit")
        self.arrived.append(Arrived(to, text, addresses, str(body.get("biz_opaque_callback_data", ""))))
        self.on_arrival()
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": to.lstrip("+")}],
            "messages": [{"id": f"wamid.{len(self.arrived):032}", "message_status": "accepted"}],
        }

    def _filled(self, template: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        registered = self.templates.get((template["name"], template["language"]["code"]))
        if registered is None:
            raise Refusal(404, 132001, "Template name does not exist in the translation")
        body = next(each for each in registered["components"] if each["type"] == "BODY")["text"]
        buttons = next(each for each in registered["components"] if each["type"] == "BUTTONS")["buttons"]
        sent = template["components"]
        values = [text for each in sent if each["type"] == "body" for text in _texts(each)]
        if len(values) != len(set(_VARIABLE.findall(body))):
            raise Refusal(400, 132000, "Number of parameters does not match the expected number of params")
        text = _VARIABLE.sub(lambda match: values[int(match[1]) - 1], body)
        if len(text) > LONGEST_BODY:
            raise Refusal(400, 132005, "Translated text too long")
        ends = {each["index"]: _texts(each) for each in sent if each["type"] == "button" and each["sub_type"] == "url"}
        if sorted(ends) != [str(index) for index in range(len(buttons))] or any(len(end) != 1 for end in ends.values()):
            raise Refusal(400, 131008, "Required parameter is missing")
        addresses = [str(button["url"]).replace("{{1}}", ends[str(i)][0]) for i, button in enumerate(buttons)]
        if any(len(address) > 2000 for address in addresses):
            raise Refusal(400, 131009, "Parameter value is not valid")
        return text, tuple(addresses)


def _texts(component: dict[str, Any]) -> list[str]:
    texts = [parameter.get("text") for parameter in component["parameters"]]
    if not all(isinstance(text, str) and text for text in texts):
        raise Refusal(400, 131008, "Required parameter is missing")
    if any(_NOT_IN_A_PARAMETER.search(text) for text in texts):
        raise Refusal(400, 132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return [str(text) for text in texts]


class _Handler(BaseHTTPRequestHandler):
    server: WhatsAppServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def do_POST(self) -> None:
        """A message to be sent."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        planned = self.server.next.popleft() if self.server.next else None
        if isinstance(planned, tuple) and planned[1] != HANG_UP:
            self._send(planned[0], planned[1].encode())
            return
        try:
            if isinstance(planned, Refusal):
                raise planned
            self._check_address()
            answer = self.server.take(json.loads(content))
        except Refusal as refusal:
            self._send(refusal.status, json.dumps(refusal.body).encode())
            return
        if planned is not None:
            self.close_connection = True
            return
        self._send(200, json.dumps(answer).encode())

    def _check_address(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            raise Refusal(401, 190, "Access token has expired")
        if self.path != f"/{VERSION}/{NUMBER_ID}/messages":
            raise Refusal(400, 100, "Unsupported post request. Object does not exist", subcode=33)
        if self.headers.get("Content-Type") != "application/json":
            raise Refusal(400, 100, "Invalid parameter")

    def _send(self, status: int, content: bytes) -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)


@contextmanager
def running_whatsapp() -> Iterator[WhatsAppServer]:
    """The server on a free port."""
    server = WhatsAppServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
