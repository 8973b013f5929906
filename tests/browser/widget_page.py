"""A page with the widget, and a small server that speaks the web channel's protocol with its limits."""

import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

WIDGET = Path(__file__).parents[2] / "widget"
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 640}
CONTENT_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8"}

HOST_PAGE = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Página de prueba</title><link rel="icon" href="/favicon.js">
<script type="module" src="/widget/consultame-chat.js"></script></head>
<body><main><h1>Servicio a la ciudadanía</h1><p>Una página cualquiera.</p>
<p><a href="/otra" data-consultame-ask="¿Dónde queda el Ministerio?">Pregunte dónde queda</a></p>
</main>
<consultame-chat api="{api}" appointments="/citas"><p id="fallback">Llame al 01 8000 910 180</p></consultame-chat>
</body></html>"""

ANSWERS = {
    "requisitos": (
        "Para recibir el subsidio, su hogar debe cumplir todas estas condiciones:\n\n"
        "1. Ser de estrato 1 o 2.\n2. Vivir en una zona donde funciona el subsidio.\n"
        "3. No tener gas por red (por tubería).\n4. Figurar en la base de datos del Ministerio.\n\n"
        "Tenga a la mano:\n- Su cédula original.\n- El recibo de la luz.\n\n"
        "Escriba a menergia@minenergia.gov.co, llame gratis al 01 8000 910 180 o al (601) 220 0300. "
        "Más en https://www.minenergia.gov.co/es/glp/ (en español)."
    ),
    "html": '<img src=x onerror="document.title=1"><b>negrita</b> <script>document.title=2</script>',
    "emergencia": "Llame ya: línea 164 si es un escape de gas, o 123 para cualquier emergencia.",
    "norma": "Lo dice el artículo 123 de la Ley 1437; su radicado es 1-2023-011418 y su cupo, 14,6 kg.",
    "largo": "\n\n".join(f"Párrafo {n}: " + "la respuesta sigue y sigue. " * 8 for n in range(1, 9)),
}

# What an entry answers, with the language of the answer: it can be rated.
ENTRIES = {"requisitos": "es", "requirements": "en"}

# What the channel keeps as a question without an answer, and the consent it asks for.
WITHOUT_ANSWER = "sin respuesta"
CONSENT = {
    "version": "aviso-1",
    "text": (
        "El Ministerio de Minas y Energía usará este correo solo para enviarle la respuesta a esta pregunta, cuando "
        "haya una aprobada. Usted puede borrar sus datos escribiendo a menergia@minenergia.gov.co (Ley 1581 de 2012)."
    ),
}

WHATSAPP_CONSENT = {
    "version": "aviso-whatsapp-1",
    "text": (
        "El Ministerio de Minas y Energía usará este celular solo para avisarle una vez, por WhatsApp, cuando haya una "
        "respuesta aprobada a esta pregunta. Para eso entrega el número y la pregunta, con los datos personales "
        "ocultos, a WhatsApp (Meta), que los trata fuera de Colombia. El Ministerio borra el número 30 días después de "
        "avisarle o, si no hay respuesta, a los 180 días. Darlo es voluntario y solo para mayores de edad. Usted puede "
        "conocer, corregir o borrar sus datos, o retirar esta autorización, escribiendo a menergia@minenergia.gov.co "
        "(Ley 1581 de 2012)."
    ),
}


@dataclass
class Conversation:
    said: list[dict[str, Any]] = field(default_factory=list)
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)


class Channel:
    """The state of the pretended web channel, and the faults a test wants of it."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.faults: list[tuple[int, str]] = []
        self.session_faults: list[tuple[int, str]] = []
        self.received: list[dict[str, Any]] = []
        self.judgements: list[dict[str, Any]] = []
        self.wishes: list[dict[str, Any]] = []
        self.tells_by_whatsapp = False
        self.wish_language = "es"
        self.release: threading.Event | None = None
        self.lock = threading.RLock()

    def open(self) -> dict[str, Any]:
        token = secrets.token_hex(8)
        self.conversations[token] = Conversation()
        titles = ["Requisitos del subsidio de gas", "Consultar un radicado", "Hablar con una persona"]
        greeting = {"text": "Hola, soy ConsúltaME.\n\n¿En qué le ayudo?", "buttons": self.buttons(token, titles)}
        return {"token": token, "expires_in": 86400, "messages": [greeting]}

    @staticmethod
    def buttons(token: str, titles: list[str]) -> list[dict[str, str]]:
        return [{"title": title, "button": f"{token}.{title}"} for title in titles]

    def answer(self, token: str, body: dict[str, Any]) -> dict[str, Any]:
        conversation = self.conversations[token]
        if body["id"] not in conversation.answered:
            text = body.get("text") or body["button"].split(".")[1]
            answers = self.answers_to(token, text)
            conversation.said.append({"from": "citizen", "text": text, "buttons": [], "at": time.time()})
            conversation.said += [{"from": "assistant", **answer, "at": time.time()} for answer in answers]
            if text in ENTRIES:
                answers[-1]["rating"] = {"message_id": body["id"], "helpful": None, "language": ENTRIES[text]}
                # The history is asked for the vote of the moment, the answer was given before any.
                conversation.said[-1]["rating"] = dict(answers[-1]["rating"])
            if text == WITHOUT_ANSWER:
                language = self.wish_language
                offer = {"message_id": body["id"], "requested": False, "language": language, "consent": CONSENT}
                if self.tells_by_whatsapp:
                    offer["whatsapp_consent"] = WHATSAPP_CONSENT
                answers[-1]["answer_request"] = offer
                conversation.said[-1]["answer_request"] = dict(offer)
            result = {"id": body["id"], "messages": answers, "outcome": "answered", "slug": None}
            result["farewell"] = text == "chao"
            conversation.answered[body["id"]] = result
        return conversation.answered[body["id"]]

    def judge(self, token: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.judgements.append(body)
        for said in self.conversations[token].said:
            if said.get("rating", {}).get("message_id") == body.get("message_id", ""):
                said["rating"]["helpful"] = body["helpful"]
        return body

    def keep_wish(self, token: str, body: dict[str, Any]) -> dict[str, Any]:
        self.wishes.append(body)
        for said in self.conversations[token].said:
            if said.get("answer_request", {}).get("message_id") == body["message_id"]:
                said["answer_request"]["requested"] = True
        return {"message_id": body["message_id"], "requested": True}

    def answers_to(self, token: str, text: str) -> list[dict[str, Any]]:
        if text == "ambigua":
            choices = self.buttons(token, ["Ninguna de estas", "Requisitos"])
            return [{"text": "¿Cuál de estas?", "buttons": choices}, {"text": "Elija una.", "buttons": []}]
        return [{"text": ANSWERS.get(text, f"Respuesta a: {text}"), "buttons": []}]


class Refusal(Exception):
    """What the channel answers instead: status and code."""


class ChannelHandler(BaseHTTPRequestHandler):
    channel: Channel
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_OPTIONS(self) -> None:
        self.reply(204, None, {"Access-Control-Allow-Headers": "authorization,content-type"})

    def do_GET(self) -> None:
        self.guarded(lambda: (200, {"messages": self.channel.conversations[self.token()].said}))

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.guarded(lambda: self.session() if self.path == "/chat/session" else self.message(content))

    def session(self) -> tuple[int, Any]:
        if self.channel.session_faults:
            raise Refusal(*self.channel.session_faults.pop(0))
        return 201, self.channel.open()

    def message(self, content: bytes) -> tuple[int, Any]:
        body = json.loads(content)
        self.channel.received.append(body)
        if self.channel.faults:
            raise Refusal(*self.channel.faults.pop(0))
        token = self.token()
        if self.path in ("/chat/feedback", "/chat/satisfaction"):
            return 200, self.channel.judge(token, self.path, body)
        if self.path == "/chat/answer-request":
            return 200, self.channel.keep_wish(token, body)
        if not MESSAGE_ID.fullmatch(body["id"]) or len(body.get("text", "")) > 1000 or len({*body} - {"id"}) != 1:
            raise Refusal(400, "invalid_message")
        if "button" in body and not body["button"].startswith(token + "."):
            raise Refusal(400, "invalid_button")
        if self.channel.release:
            self.channel.release.wait(20)
        with self.channel.lock:
            return 200, self.channel.answer(token, body)

    def token(self) -> str:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.channel.conversations:
            raise Refusal(401, "invalid_token")
        return token

    def guarded(self, respond: Callable[[], tuple[int, Any]]) -> None:
        try:
            status, body = respond()
        except Refusal as refusal:
            status, code = refusal.args
            body = {"error": {"code": code, "message": f"Explicación de {code}."}}
        self.reply(status, body)

    def reply(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", ""))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


class SiteHandler(BaseHTTPRequestHandler):
    """A ministry's page with a strict CSP, and the widget's files."""

    api: str

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        status, content, kind = 200, b"", ".js"
        if self.path == "/":
            content, kind = HOST_PAGE.format(api=self.api).encode(), ".html"
        elif self.path.startswith("/widget/") and (file := WIDGET / Path(self.path).name).is_file():
            content, kind = file.read_bytes(), file.suffix
        elif self.path != "/favicon.js":
            status = 404
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPES[kind])
        self.send_header("Content-Length", str(len(content)))
        origin = self.api.removesuffix("/chat")
        self.send_header("Content-Security-Policy", f"default-src 'self'; connect-src 'self' {origin}")
        self.end_headers()
        self.wfile.write(content)


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing: a browser that leaves, or gives up waiting, breaks its connections."""


def serving(handler: type[BaseHTTPRequestHandler], **state: Any) -> Iterator[str]:
    server = QuietServer(("127.0.0.1", 0), type("Handler", (handler,), state))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass
class Visit:
    """A citizen's tab on the page, with what the browser complained of."""

    page: Page
    complaints: list[str]

    @property
    def widget(self) -> Locator:
        return self.page.locator("consultame-chat")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Escriba su pregunta")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Pregunte aquí")

    @property
    def bubbles(self) -> Locator:
        return self.log.locator(".bubble")

    def opens(self) -> None:
        self.launcher.click()
        expect(self.log).to_contain_text("¿En qué le ayudo?")

    def asks(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def spoken(self) -> list[str]:
        """The bubbles' texts in their order, without the speaker's name."""
        return [text.split(":", 1)[1].strip() for text in self.bubbles.all_text_contents()]


def expect_accessible(visit: Visit) -> None:
    complaints = len(visit.complaints)
    results = Axe().run(visit.page, options={"resultTypes": ["violations"]})
    # Axe itself measures with inline styles, which the page's CSP refuses.
    del visit.complaints[complaints:]
    assert results.violations_count == 0, results.generate_report()


def expect_large_targets(visit: Visit) -> None:
    for target in [*visit.page.get_by_role("button").all(), *visit.page.get_by_role("textbox").all()]:
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, target.inner_text()
