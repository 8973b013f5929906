"""The website widget in a real browser, with a small server that speaks the web channel's protocol with its limits."""

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

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

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
</main><consultame-chat api="{api}"><p id="fallback">Llame al 01 8000 910 180</p></consultame-chat>
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


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def site(channel: Channel) -> Iterator[str]:
    for api in serving(ChannelHandler, channel=channel):
        yield from serving(SiteHandler, api=f"{api}/chat")


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


@pytest.fixture
def visit(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The page at 1280 × 800. At the end nothing may have been complained of, but what a test took from the list."""
    context = browser.new_context(viewport=DESKTOP)
    context.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective))"
    )
    page = context.new_page()
    visit = Visit(page, [])
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.set_default_timeout(8000)
    page.goto(site)
    yield visit
    context.close()
    # The browser itself reports the refusals that a test asked the server for.
    assert [text for text in visit.complaints if not text.startswith("Failed to load resource")] == []


def test_the_children_are_shown_only_without_the_widget(browser: Browser, site: str, visit: Visit) -> None:
    expect(visit.launcher).to_be_visible()
    expect(visit.page.locator("#fallback")).to_be_hidden()
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto(site)
    expect(without.locator("#fallback")).to_be_visible()
    without.context.close()


def test_a_question_is_asked_and_its_answer_shown_with_lists_and_links(visit: Visit) -> None:
    visit.opens()
    visit.asks("requisitos")
    answer = visit.bubbles.last
    expect(answer.locator("ol > li")).to_have_count(4)
    expect(answer.locator("ul > li")).to_have_count(2)
    links = {link.get_attribute("href"): link for link in answer.locator("a").all()}
    assert list(links) == [
        "mailto:menergia@minenergia.gov.co",
        "tel:018000910180",
        "tel:+576012200300",
        "https://www.minenergia.gov.co/es/glp/",
    ]
    assert links["https://www.minenergia.gov.co/es/glp/"].get_attribute("rel") == "noopener"
    expect(answer).to_contain_text("ConsúltaME respondió:")
    expect(visit.log.locator("time").last).to_have_text(re.compile(r"^\d{1,2}:\d{2}\s[ap]\.\sm\.$"))
    expect(visit.box).to_have_value("")
    expect(visit.box).to_be_focused()


def test_three_figures_are_a_telephone_number_only_when_the_line_is_about_calling(visit: Visit) -> None:
    visit.opens()
    visit.asks("emergencia")
    expect(visit.bubbles.last.locator("a")).to_have_text(["164", "123"])
    visit.asks("norma")
    expect(visit.bubbles.last).to_contain_text("artículo 123")
    expect(visit.bubbles.last.locator("a")).to_have_count(0)


def test_html_in_an_answer_and_in_a_question_is_shown_as_text(visit: Visit) -> None:
    visit.opens()
    visit.asks("html")
    expect(visit.bubbles.last).to_contain_text(ANSWERS["html"])
    visit.asks("<b>hola</b>")
    expect(visit.bubbles).to_have_count(5)
    assert visit.spoken()[3] == "<b>hola</b>"
    assert visit.bubbles.locator("img, b, script").count() == 0
    assert visit.page.title() == "Página de prueba"


def test_a_long_answer_is_shown_from_its_beginning(visit: Visit) -> None:
    visit.opens()
    visit.asks("largo")
    expect(visit.bubbles.last.locator("p").nth(1)).to_be_in_viewport()
    expect(visit.bubbles.last.locator("p").last).not_to_be_in_viewport()


def test_a_pressed_button_becomes_the_citizens_message_and_all_buttons_go(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.page.get_by_role("button", name="Consultar un radicado").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Consultar un radicado")
    assert visit.spoken()[1:] == ["Consultar un radicado", "Respuesta a: Consultar un radicado"]
    assert channel.received[0]["button"].endswith(".Consultar un radicado")
    assert "text" not in channel.received[0]
    expect(visit.log.get_by_role("button")).to_have_count(0)
    expect(visit.box).to_be_focused()


def test_the_buttons_of_the_newest_turn_are_active_whichever_of_its_messages_has_them(visit: Visit) -> None:
    visit.opens()
    visit.asks("ambigua")
    expect(visit.log.get_by_role("button")).to_have_text(["Ninguna de estas", "Requisitos"])
    visit.asks("otra cosa")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: otra cosa")
    expect(visit.log.get_by_role("button")).to_have_count(0)


def test_a_reload_restores_the_conversation_with_its_buttons(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks("hola")
    visit.asks("ambigua")
    expect(visit.bubbles).to_have_count(6)
    before = visit.spoken()
    visit.page.reload()
    expect(visit.bubbles).to_have_count(6)
    assert visit.spoken() == before
    assert len(channel.conversations) == 1
    assert visit.page.evaluate("localStorage.length") == 0
    visit.page.get_by_role("button", name="Requisitos").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Requisitos")


def test_a_reload_before_the_first_question_shows_the_greeting_again(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.page.keyboard.press("Escape")
    visit.page.reload()
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
    visit.opens()
    visit.page.get_by_role("button", name="Hablar con una persona").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Hablar con una persona")
    assert len(channel.conversations) == 1


def test_a_failed_message_is_sent_again_with_its_id_and_shown_once(visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.faults = [(503, "not_ready"), (500, "internal_error")]
    visit.asks("hola")
    retry = visit.page.get_by_role("button", name="Reintentar")
    expect(visit.log).to_contain_text("No se envió. Reintentar")
    visit.page.context.set_offline(True)
    retry.click()
    expect(visit.log).to_contain_text("No se envió. Reintentar")
    visit.page.context.set_offline(False)
    for _ in range(2):
        retry.click()
        expect(visit.page.get_by_role("status").filter(has_text="Escribiendo…")).to_have_count(0)
    expect(visit.bubbles.last).to_contain_text("Respuesta a: hola")
    assert len({body["id"] for body in channel.received}) == 1
    assert visit.spoken()[1:] == ["hola", "Respuesta a: hola"]
    expect(retry).to_have_count(0)
    expect(visit.box).to_be_focused()


def test_an_answer_that_was_lost_on_its_way_is_not_processed_twice(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.page.route("**/chat/messages", lambda route: (route.fetch(), route.abort())[1], times=1)
    visit.asks("hola")
    visit.page.get_by_role("button", name="Reintentar").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: hola")
    (conversation,) = channel.conversations.values()
    assert [said["from"] for said in conversation.said] == ["citizen", "assistant"]


def test_a_server_that_does_not_answer_is_given_up_after_fifteen_seconds(visit: Visit, channel: Channel) -> None:
    visit.page.clock.install()
    visit.page.reload()
    visit.opens()
    channel.release = threading.Event()
    visit.asks("hola")
    expect(visit.page.get_by_role("status").filter(has_text="Escribiendo…")).to_be_visible()
    visit.page.clock.fast_forward(14_000)
    expect(visit.log).not_to_contain_text("No se envió")
    visit.page.clock.fast_forward(2_000)
    expect(visit.log).to_contain_text("No se envió. Reintentar")
    channel.release.set()


def test_messages_sent_while_one_waits_go_out_in_order_with_each_answer_under_its_question(
    visit: Visit, channel: Channel
) -> None:
    visit.opens()
    channel.release = threading.Event()
    with visit.page.expect_request(lambda request: request.method == "POST"):
        visit.asks("uno")
    visit.asks("dos")
    visit.asks("tres")
    expect(visit.log.get_by_text("En espera")).to_have_count(2)
    assert len(channel.received) <= 1
    channel.release.set()
    expect(visit.bubbles).to_have_count(7)
    assert [body["text"] for body in channel.received] == ["uno", "dos", "tres"]
    pairs = [(text, f"Respuesta a: {text}") for text in ("uno", "dos", "tres")]
    assert visit.spoken()[1:] == [said for pair in pairs for said in pair]
    expect(visit.log.get_by_text("En espera")).to_have_count(0)


def test_going_too_fast_and_a_refused_message_are_said(visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.faults = [(429, "too_many_requests"), (400, "empty_text")]
    visit.asks("uno")
    expect(visit.log).to_contain_text("Espere un minuto")
    expect(visit.page.get_by_role("button", name="Reintentar")).to_have_count(1)
    visit.asks("dos")
    expect(visit.log).to_contain_text("Explicación de empty_text.")
    expect(visit.page.get_by_role("button", name="Reintentar")).to_have_count(1)


@pytest.mark.parametrize("way", ["text", "button"])
def test_an_expired_session_is_replaced_and_the_message_sent_again(way: str, visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.conversations.clear()
    if way == "text":
        visit.asks("Consultar un radicado")
    else:
        visit.page.get_by_role("button", name="Consultar un radicado").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Consultar un radicado")
    expect(visit.log).to_contain_text("La conversación anterior venció; empezamos una nueva.")
    assert len({body["id"] for body in channel.received}) == 1
    assert channel.received[-1]["text"] == "Consultar un radicado"
    assert visit.spoken()[1:] == ["Consultar un radicado", "Respuesta a: Consultar un radicado"]


def test_a_session_that_expired_before_a_reload_is_replaced(visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.conversations.clear()
    visit.page.reload()
    expect(visit.log.locator("> :first-child")).to_have_text("La conversación anterior venció; empezamos una nueva.")
    visit.page.get_by_role("button", name="Consultar un radicado").click()
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Consultar un radicado")


def test_a_server_that_is_not_ready_can_be_tried_again(visit: Visit, channel: Channel) -> None:
    channel.session_faults = [(503, "not_ready")]
    visit.launcher.click()
    expect(visit.log).to_contain_text("Explicación de not_ready.")
    visit.page.get_by_role("button", name="Reintentar").click()
    expect(visit.log).to_contain_text("¿En qué le ayudo?")
    expect(visit.log).not_to_contain_text("Explicación de not_ready.")


def test_an_overlong_text_is_refused_and_a_long_one_counted(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.box.fill("a" * 899)
    expect(visit.page.get_by_text("caracteres")).to_have_count(0)
    visit.box.fill("ñ" * 999 + "😀")
    expect(visit.page.get_by_text("1.000 de 1.000 caracteres")).to_be_visible()
    visit.box.fill("a" * 1001)
    expect(visit.page.get_by_role("alert")).to_contain_text("El mensaje es muy largo")
    expect(visit.box).to_have_attribute("aria-invalid", "true")
    visit.box.press("Enter")
    visit.page.get_by_role("button", name="Enviar").click()
    expect(visit.box).to_have_value("a" * 1001)
    assert channel.received == []
    visit.asks("ñ" * 999 + "😀")
    expect(visit.bubbles).to_have_count(3)
    expect(visit.page.get_by_role("alert")).to_have_count(0)


def test_what_is_empty_is_not_sent_and_shift_enter_breaks_the_line(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks(" \n ")
    visit.box.fill("")
    low = visit.box.bounding_box()
    visit.page.keyboard.type("uno")
    visit.page.keyboard.press("Shift+Enter")
    visit.page.keyboard.type("dos")
    expect(visit.box).to_have_value("uno\ndos")
    high = visit.box.bounding_box()
    assert low
    assert high
    assert high["height"] > low["height"] + 10
    visit.page.keyboard.press("Enter")
    expect(visit.bubbles).to_have_count(3)
    assert [body["text"] for body in channel.received] == ["uno\ndos"]
    assert visit.box.bounding_box() == low


def test_everything_can_be_done_with_the_keyboard(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(visit.launcher).to_be_focused()
    keyboard.press("Enter")
    expect(visit.box).to_be_focused()
    expect(visit.widget).to_have_attribute("open", "")
    expect(visit.log).to_contain_text("¿En qué le ayudo?")
    keyboard.press("Shift+Tab")
    expect(visit.page.get_by_role("button", name="Hablar con una persona")).to_be_focused()
    keyboard.press("Enter")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: Hablar con una persona")
    expect(visit.box).to_be_focused()
    keyboard.type("hola")
    keyboard.press("Enter")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: hola")
    keyboard.press("Escape")
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
    expect(visit.launcher).to_be_focused()
    assert visit.widget.get_attribute("open") is None


def test_beside_the_page_the_panel_is_not_modal_and_full_screen_it_keeps_the_focus(visit: Visit) -> None:
    visit.opens()
    # The panel hears of the new size after the page has it.
    modal = visit.page.locator("dialog:modal")
    dialog = visit.page.get_by_role("dialog", name="ConsúltaME")
    expect(modal).to_have_count(0)
    visit.box.fill("a medio escribir")
    visit.page.set_viewport_size(PHONE)
    expect(visit.box).to_be_focused()
    expect(modal).to_have_count(1)
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}
    for key in ("Tab", "Shift+Tab"):
        for _ in range(12):
            visit.page.keyboard.press(key)
            assert visit.page.evaluate("document.activeElement.localName") == "consultame-chat"
    visit.page.set_viewport_size(DESKTOP)
    expect(modal).to_have_count(0)
    expect(visit.box).to_have_value("a medio escribir")
    visit.page.get_by_role("button", name="Cerrar").click()
    expect(visit.launcher).to_be_focused()


def test_an_element_of_the_page_asks_its_question_and_gets_the_focus_back(visit: Visit, channel: Channel) -> None:
    trigger = visit.page.get_by_role("link", name="Pregunte dónde queda")
    trigger.click()
    expect(visit.bubbles).to_have_count(3)
    assert visit.spoken() == [
        "Hola, soy ConsúltaME.¿En qué le ayudo?",
        "¿Dónde queda el Ministerio?",
        "Respuesta a: ¿Dónde queda el Ministerio?",
    ]
    assert visit.page.url.endswith("/")
    visit.page.keyboard.press("Escape")
    expect(trigger).to_be_focused()


def test_the_methods_and_the_open_attribute(visit: Visit, channel: Channel) -> None:
    visit.widget.evaluate("chat => chat.ask('hola')")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: hola")
    visit.widget.evaluate("chat => chat.close()")
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
    visit.widget.evaluate("chat => chat.open()")
    expect(visit.box).to_be_focused()
    visit.widget.evaluate("chat => chat.removeAttribute('open')")
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
    visit.widget.evaluate("chat => chat.ask('a'.repeat(1001))")
    expect(visit.page.get_by_role("alert")).to_contain_text("El mensaje es muy largo")
    assert len(channel.received) == 1


def test_a_new_conversation_is_confirmed_and_does_not_get_the_old_ones_answers(visit: Visit, channel: Channel) -> None:
    visit.opens()
    channel.release = threading.Event()
    visit.asks("vieja")
    options = visit.page.get_by_role("button", name="Opciones")
    options.click()
    visit.page.get_by_role("button", name="Nueva conversación").click()
    confirmation = visit.page.get_by_role("alertdialog", name="¿Empezar una conversación nueva?")
    expect(confirmation.get_by_role("button", name="Cancelar")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(confirmation).to_be_hidden()
    expect(visit.bubbles).to_have_count(2)
    options.click()
    visit.page.get_by_role("button", name="Nueva conversación").click()
    confirmation.get_by_role("button", name="Empezar una nueva").click()
    expect(visit.bubbles).to_have_count(1)
    with visit.page.expect_response("**/chat/messages"):
        channel.release.set()
    visit.asks("nueva")
    expect(visit.bubbles.last).to_contain_text("Respuesta a: nueva")
    assert visit.spoken()[1:] == ["nueva", "Respuesta a: nueva"]
    assert [len(conversation.said) for conversation in channel.conversations.values()] == [2, 2]


def test_the_conversation_can_be_saved_as_text(visit: Visit, tmp_path: Path) -> None:
    visit.opens()
    visit.asks("requisitos")
    expect(visit.bubbles).to_have_count(3)
    visit.page.get_by_role("button", name="Opciones").click()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Guardar conversación").click()
    assert re.fullmatch(r"conversacion-consultame-\d{4}-\d\d-\d\d\.txt", download.value.suggested_filename)
    download.value.save_as(tmp_path / "saved.txt")
    saved = (tmp_path / "saved.txt").read_text()
    assert re.search(r"\] Usted:\nrequisitos\n", saved)
    assert ANSWERS["requisitos"] in saved


def test_only_an_entrys_answer_is_rated_and_the_vote_can_be_changed_and_survives_a_reload(
    visit: Visit, channel: Channel
) -> None:
    visit.opens()
    visit.asks("hola")
    visit.asks("requisitos")
    rating = visit.log.get_by_role("group", name="¿Le sirvió esta respuesta?")
    expect(rating).to_have_count(1)
    no, yes = (rating.get_by_role("button", name=name, exact=True) for name in ("No me sirvió", "Sí, me sirvió"))
    no.click()
    expect(visit.log.get_by_role("status")).to_contain_text("Gracias por su opinión. Si quiere, cuéntenos")
    expect(no).to_be_focused()
    yes.click()
    expect(visit.log.get_by_role("status")).to_have_text("Gracias por su opinión.")
    expect(visit.log.get_by_role("textbox")).to_have_count(0)
    message_id = channel.received[1]["id"]
    assert channel.judgements == [{"message_id": message_id, "helpful": helpful} for helpful in (False, True)]
    visit.page.reload()
    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(no).to_have_attribute("aria-pressed", "false")


def test_after_a_thumb_down_a_comment_is_written_with_the_keyboard_alone(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks("requisitos")
    visit.log.get_by_role("button", name="No me sirvió").press("Enter")
    comment = visit.log.get_by_role("textbox", name="¿Qué le faltó a la respuesta? (opcional)")
    expect(comment).to_have_attribute("maxlength", "500")
    expect(comment).to_have_accessible_description("No escriba su nombre, su cédula ni otros datos personales.")
    visit.page.keyboard.press("Tab")
    expect(comment).to_be_focused()
    visit.page.keyboard.type("falta el precio")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    expect(visit.log.get_by_role("status")).to_have_text("Gracias. El personal del Ministerio leerá su comentario.")
    expect(comment).to_be_hidden()
    expect(visit.log.get_by_role("button", name="No me sirvió")).to_be_focused()
    assert channel.judgements[-1]["comment"] == "falta el precio"
    assert visit.spoken()[1:] == ["requisitos", visit.spoken()[2]]


def test_a_vote_that_was_not_kept_is_taken_back_and_said(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks("requisitos")
    expect(visit.bubbles).to_have_count(3)
    channel.faults = [(429, "too_many_requests")]
    yes = visit.log.get_by_role("button", name="Sí, me sirvió")
    yes.click()
    expect(visit.log.get_by_role("status")).to_have_text("No se guardó su opinión. Inténtelo de nuevo.")
    expect(yes).to_have_attribute("aria-pressed", "false")
    yes.click()
    expect(visit.log.get_by_role("status")).to_have_text("Gracias por su opinión.")


def test_an_english_answer_is_rated_in_english(visit: Visit) -> None:
    visit.opens()
    visit.asks("requirements")
    rating = visit.log.get_by_role("group", name="Was this answer helpful?")
    expect(rating.get_by_role("button", name="Yes, it helped me")).to_be_visible()
    expect(rating).to_have_attribute("lang", "en")


def test_closing_asks_how_the_conversation_was_until_it_is_scored(visit: Visit, channel: Channel) -> None:
    card = visit.page.get_by_role("group", name="¿Cómo le pareció esta conversación?")
    visit.opens()
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(card).to_have_count(0)
    visit.opens()
    visit.asks("hola")
    expect(visit.bubbles).to_have_count(3)
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(card).to_be_visible()
    visit.launcher.click()
    expect(card).to_have_count(0)
    visit.page.keyboard.press("Escape")
    card.get_by_role("button", name="4, buena").click()
    expect(card.get_by_role("status")).to_have_text("Gracias por su opinión.")
    card.get_by_role("button", name="5, muy buena").click()
    expect(card.get_by_role("button", name="5, muy buena")).to_have_attribute("aria-pressed", "true")
    expect(card.get_by_role("status")).to_have_text("Gracias por su opinión.")
    assert channel.judgements == [{"score": 4}, {"score": 5}]
    visit.launcher.click()
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(card).to_have_count(0)


def test_who_does_not_want_to_score_is_not_asked_again(visit: Visit) -> None:
    card = visit.page.get_by_role("group", name="¿Cómo le pareció esta conversación?")
    visit.opens()
    visit.asks("hola")
    expect(visit.bubbles).to_have_count(3)
    visit.page.keyboard.press("Escape")
    card.get_by_role("button", name="No calificar").click()
    expect(card).to_have_count(0)
    expect(visit.launcher).to_be_focused()
    visit.launcher.click()
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(card).to_have_count(0)


def test_a_goodbye_asks_how_the_conversation_was(visit: Visit, channel: Channel) -> None:
    visit.opens()
    visit.asks("chao")
    visit.log.get_by_role("button", name="3, regular").click()
    expect(visit.log.get_by_role("status")).to_have_text("Gracias por su opinión.")
    assert channel.judgements == [{"score": 3}]


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_finds_nothing_in_what_asks_for_opinions_and_all_fits(width: int, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": width, "height": 720})
    visit.opens()
    visit.asks("requisitos")
    visit.log.get_by_role("button", name="No me sirvió").click()
    expect(visit.log.get_by_role("textbox")).to_be_visible()
    visit.asks("chao")
    visit.log.get_by_role("button", name="2, mala").click()
    expect(visit.log.get_by_role("status").last).to_have_text("Gracias por su opinión.")
    expect_accessible(visit)
    expect_large_targets(visit)
    assert visit.log.evaluate("log => log.parentElement.scrollWidth <= log.parentElement.clientWidth")
    visit.widget.evaluate("chat => chat.store.set({ score: undefined })")
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_role("button", name="1, muy mala")).to_be_in_viewport(ratio=1)
    expect_accessible(visit)
    expect_large_targets(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_interface_in_english(visit: Visit) -> None:
    visit.widget.evaluate("chat => chat.lang = 'en'")
    visit.page.get_by_role("button", name="Ask here").click()
    expect(visit.page.get_by_role("textbox", name="Write your question")).to_be_focused()
    expect(visit.page.get_by_role("dialog")).to_contain_text("Virtual assistant: its answers are approved")
    visit.page.get_by_role("textbox").fill("a" * 1001)
    expect(visit.page.get_by_text("1,001 of 1,000 characters")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_finds_nothing_in_any_state_and_nothing_overflows(width: int, visit: Visit, channel: Channel) -> None:
    visit.page.set_viewport_size({"width": width, "height": 720})
    expect(visit.launcher).to_be_visible()
    expect_accessible(visit)
    visit.opens()
    expect_accessible(visit)
    visit.asks("requisitos")
    expect(visit.bubbles).to_have_count(3)
    channel.faults = [(503, "not_ready")]
    visit.asks("https://ejemplo.co/" + "muylargo" * 30)
    expect(visit.log).to_contain_text("No se envió")
    visit.box.fill("a" * 1001)
    visit.page.get_by_role("button", name="Opciones").click()
    expect_accessible(visit)
    assert visit.log.evaluate("log => log.parentElement.scrollWidth <= log.parentElement.clientWidth")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.page.get_by_role("button", name="Nueva conversación").click()
    expect_accessible(visit)


def expect_accessible(visit: Visit) -> None:
    complaints = len(visit.complaints)
    results = Axe().run(visit.page, options={"resultTypes": ["violations"]})
    # Axe itself measures with inline styles, which the page's CSP refuses.
    del visit.complaints[complaints:]
    assert results.violations_count == 0, results.generate_report()


def test_targets_are_large_enough_for_a_finger(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    visit.opens()
    visit.page.get_by_role("button", name="Opciones").click()
    expect_large_targets(visit)


def expect_large_targets(visit: Visit) -> None:
    for target in [*visit.page.get_by_role("button").all(), *visit.page.get_by_role("textbox").all()]:
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, target.inner_text()


@pytest.mark.parametrize(("width", "height"), [(640, 400), (320, 256)])
def test_a_zoomed_page_leaves_room_for_the_answer_and_the_text_box(width: int, height: int, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": width, "height": height})
    visit.opens()
    visit.asks("requisitos")
    expect(visit.bubbles).to_have_count(3)
    expect(visit.bubbles.last.locator("p").nth(1)).to_be_in_viewport()
    expect(visit.box).to_be_in_viewport(ratio=1)
    close = visit.page.get_by_role("button", name="Cerrar")
    close.click()
    expect(visit.page.get_by_role("dialog")).to_be_hidden()
