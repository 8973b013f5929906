"""The citizens' page and the chat without JavaScript."""

import json
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from admin.chat_channel import ChatChannel
from tests.unit.admin_site import create_app, visible_text, visitor

pytestmark = pytest.mark.usefixtures("sqlite_database")

GREETING = {"text": "Hola, soy ConsúltaME.", "buttons": [{"title": "Consultar un radicado", "button": "signed-1"}]}


class Channel:
    """A web channel that remembers what it was told."""

    def __init__(self) -> None:
        self.conversations: dict[str, list[dict[str, Any]]] = {}
        self.received: list[dict[str, str]] = []
        self.refusal: httpx.Response | None = None
        self.is_up = True
        self.language = "es"
        self.tells_by_whatsapp = False
        self.votes: list[dict[str, Any]] = []
        self.wishes: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.is_up:
            raise httpx.ConnectError("refused")
        if request.url.path.endswith("/session"):
            token = f"token-{len(self.conversations)}"
            self.conversations[token] = []
            return httpx.Response(201, json={"token": token, "expires_in": 3600, "messages": [GREETING]})
        said = self.conversations.get(request.headers["authorization"].removeprefix("Bearer "))
        if said is None:
            return httpx.Response(401, json={"error": {"code": "invalid_token", "message": "Venció."}})
        if request.url.path.endswith("/history"):
            return httpx.Response(200, json={"messages": said})
        if self.refusal:
            return self.refusal
        if request.url.path.endswith("/feedback"):
            return self._receive_vote(json.loads(request.content), said)
        if request.url.path.endswith("/answer-request"):
            return self._receive_wish(json.loads(request.content), said)
        return self._receive(json.loads(request.content), said)

    def _receive(self, body: dict[str, str], said: list[dict[str, Any]]) -> httpx.Response:
        if body not in self.received:
            self.received.append(body)
            text = body.get("text") or "Consultar un radicado"
            said.append({"from": "citizen", "text": text, "buttons": [], "at": 1795516200.5})
            buttons = [{"title": "Otra cosa", "button": "signed-2"}]
            said.append({"from": "assistant", "text": "Claro.\n\n<b>Vea</b>", "buttons": buttons, "at": 1795516201.0})
            if text == "¿qué es el GLP?":
                said[-1]["rating"] = {"message_id": body["id"], "helpful": None, "language": self.language}
            if text == "¿y el SOAT?":
                consent = {"version": "aviso-1", "text": "Usará su correo solo para avisarle (Ley 1581 de 2012)."}
                offer = {"message_id": body["id"], "requested": False, "language": self.language, "consent": consent}
                if self.tells_by_whatsapp:
                    said_of_meta = "Entrega el número a WhatsApp (Meta), que lo trata fuera de Colombia."
                    offer["whatsapp_consent"] = {"version": "aviso-whatsapp-1", "text": said_of_meta}
                said[-1]["answer_request"] = offer
        return httpx.Response(200, json={"id": body["id"], "messages": [], "outcome": "answered", "slug": None})

    def _receive_wish(self, wish: dict[str, Any], said: list[dict[str, Any]]) -> httpx.Response:
        self.wishes.append(wish)
        (offer,) = [message["answer_request"] for message in said if "answer_request" in message]
        offer["requested"] = True
        return httpx.Response(200, json={"message_id": wish["message_id"], "requested": True})

    def _receive_vote(self, vote: dict[str, Any], said: list[dict[str, Any]]) -> httpx.Response:
        self.votes.append(vote)
        (rating,) = [message["rating"] for message in said if "rating" in message]
        rating["helpful"] = vote["helpful"]
        return httpx.Response(200, json={"message_id": vote["message_id"], "helpful": vote["helpful"]})


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def citizen(channel: Channel) -> TestClient:
    app = create_app()
    app.state.chat_channel = ChatChannel("http://rasa.example/webhooks/web", httpx.MockTransport(channel))
    return visitor(app)


def test_the_page_has_the_widget_the_topics_and_the_official_channels() -> None:
    page = visitor().get("/")
    assert page.status_code == 200
    assert '<consultame-chat api="http://127.0.0.1:5005/webhooks/web" appointments="/citas">' in page.text
    assert '<script type="module" src="/widget/consultame-chat.js"></script>' in page.text
    assert page.text.count("data-consultame-ask=") == 13
    text = visible_text(page.text)
    for expected in (
        "01 8000 910 180",
        "(601) 220 0300",
        "minenergia.gov.co",
        "Calle 43 No. 57-31",
        "Ingreso del personal",
    ):
        assert expected in text
    assert 'href="/conversacion"' in page.text
    assert "set-cookie" not in page.headers


def test_a_conversation_begins_with_the_greeting_and_its_buttons(citizen: TestClient) -> None:
    page = citizen.get("/conversacion?pregunta=%C2%BFqu%C3%A9+es%3F")
    assert page.status_code == 200
    assert "Hola, soy ConsúltaME." in page.text
    assert 'name="button" value="signed-1"' in page.text
    assert "\n¿qué es?</textarea>" in page.text
    cookie = page.headers["set-cookie"].lower()
    assert {"httponly", "path=/conversacion", "samesite=lax", "max-age=3600"} <= set(cookie.split("; "))


def test_what_is_typed_is_sent_and_the_answer_shown(citizen: TestClient, channel: Channel) -> None:
    citizen.get("/conversacion")
    answer = citizen.post("/conversacion", data={"id": "form-0001", "text": "hola"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/conversacion#ultimo")
    assert channel.received == [{"id": "form-0001", "text": "hola"}]
    page = citizen.get("/conversacion").text
    assert "Usted" in page
    assert "Claro.\n\n&lt;b&gt;Vea&lt;/b&gt;" in page
    assert 'value="signed-2"' in page
    assert "signed-1" not in page


def test_a_button_of_the_greeting_can_be_pressed(citizen: TestClient, channel: Channel) -> None:
    citizen.get("/conversacion")
    assert citizen.post("/conversacion", data={"id": "form-0001", "button": "signed-1"}).status_code == 303
    assert channel.received == [{"id": "form-0001", "button": "signed-1"}]


def test_a_form_sent_twice_counts_once(citizen: TestClient, channel: Channel) -> None:
    citizen.get("/conversacion")
    for _ in range(2):
        assert citizen.post("/conversacion", data={"id": "form-0001", "text": "hola"}).status_code == 303
    assert len(channel.received) == 1


def test_without_cookie_and_without_id_a_text_still_arrives(citizen: TestClient, channel: Channel) -> None:
    assert citizen.post("/conversacion", data={"text": "hola"}).status_code == 303
    assert channel.received[0]["text"] == "hola"
    assert len(channel.received[0]["id"]) == 36
    assert "Claro." in citizen.get("/conversacion").text


def test_a_text_for_an_expired_conversation_starts_a_new_one(citizen: TestClient, channel: Channel) -> None:
    citizen.get("/conversacion")
    channel.conversations["token-0"] = channel.conversations.pop("token-0") and []
    del channel.conversations["token-0"]
    channel.conversations["other"] = []
    assert citizen.post("/conversacion", data={"text": "hola"}).status_code == 303
    assert channel.conversations["token-1"][0]["text"] == "hola"


def test_a_button_of_an_expired_conversation_is_explained(citizen: TestClient, channel: Channel) -> None:
    citizen.get("/conversacion")
    channel.conversations.clear()
    answer = citizen.post("/conversacion", data={"button": "signed-1"})
    assert answer.status_code == 409
    assert "La conversación anterior venció." in answer.text
    assert "Hola, soy ConsúltaME." in answer.text


def test_a_refused_message_says_why_and_keeps_what_was_typed(citizen: TestClient, channel: Channel) -> None:
    citizen.get("/conversacion")
    channel.refusal = httpx.Response(429, json={"error": {"code": "too_many_requests", "message": "Va muy rápido."}})
    answer = citizen.post("/conversacion", data={"text": "hola"})
    assert answer.status_code == 429
    assert "Va muy rápido." in answer.text
    assert "\nhola</textarea>" in answer.text


@pytest.mark.parametrize("how", ["down", "fault", "nonsense"])
def test_a_channel_that_does_not_work_leaves_the_official_ones(citizen: TestClient, channel: Channel, how: str) -> None:
    citizen.get("/conversacion")
    channel.is_up = how != "down"
    channel.refusal = httpx.Response(500 if how == "fault" else 404, text="<html>")
    answer = citizen.post("/conversacion", data={"text": "hola"})
    assert answer.status_code == 503
    text = visible_text(answer.text)
    assert "El asistente no está disponible en este momento." in text
    assert "01 8000 910 180" in text
    assert "hola</textarea>" in answer.text
    if how == "down":
        assert citizen.get("/conversacion").status_code == 503


def test_an_answer_is_rated_and_the_vote_shown_with_thanks(citizen: TestClient, channel: Channel) -> None:
    citizen.post("/conversacion", data={"id": "form-0001", "text": "¿qué es el GLP?"})
    page = citizen.get("/conversacion").text
    assert "¿Le sirvió esta respuesta?" in page
    assert 'value="si" aria-pressed="false">Sí, me sirvió<' in page
    assert 'value="no" aria-pressed="false">No me sirvió<' in page
    assert "textarea name" not in page
    answer = citizen.post("/conversacion/opinion", data={"message_id": "form-0001", "helpful": "si"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/conversacion?opinion=form-0001#opinion-form-0001",
    )
    assert channel.votes == [{"message_id": "form-0001", "helpful": True}]
    page = citizen.get(answer.headers["location"]).text
    assert '<p role="status">Gracias por su opinión.</p>' in page
    assert 'aria-pressed="true">Sí, me sirvió<' in page


def test_after_a_thumb_down_a_comment_may_follow(citizen: TestClient, channel: Channel) -> None:
    citizen.post("/conversacion", data={"id": "form-0001", "text": "¿qué es el GLP?"})
    form = {"message_id": "form-0001", "helpful": "no"}
    page = citizen.get(citizen.post("/conversacion/opinion", data=form).headers["location"]).text
    assert "<details open>" in page
    assert 'name="comment" rows="2" maxlength="500"' in page
    assert "No escriba su nombre, su cédula ni otros datos personales." in page
    citizen.post("/conversacion/opinion", data=form | {"comment": "falta el precio"})
    assert channel.votes == [
        {"message_id": "form-0001", "helpful": False},
        {"message_id": "form-0001", "helpful": False, "comment": "falta el precio"},
    ]


def test_an_english_answer_is_rated_in_english(citizen: TestClient, channel: Channel) -> None:
    channel.language = "en"
    citizen.post("/conversacion", data={"id": "form-0001", "text": "¿qué es el GLP?"})
    page = citizen.get("/conversacion").text
    assert 'lang="en"' in page
    assert "Was this answer helpful?" in page
    assert "Le sirvió" not in page


def test_an_answer_that_no_entry_gave_cannot_be_rated_and_a_refused_vote_says_why(
    citizen: TestClient, channel: Channel
) -> None:
    citizen.post("/conversacion", data={"id": "form-0001", "text": "hola"})
    assert "Le sirvió" not in citizen.get("/conversacion").text
    channel.refusal = httpx.Response(404, json={"error": {"code": "unknown_message", "message": "Ese no es."}})
    answer = citizen.post("/conversacion/opinion", data={"message_id": "form-0009", "helpful": "si"})
    assert answer.status_code == 404
    assert "Ese no es." in answer.text
    assert "Claro." in answer.text
    assert citizen.post("/conversacion/opinion", data={"helpful": "tal vez"}).status_code == 422


def test_a_conversation_can_be_left_behind(citizen: TestClient, channel: Channel) -> None:
    citizen.post("/conversacion", data={"text": "hola"})
    assert citizen.post("/conversacion/nueva").headers["location"] == "/conversacion"
    page = citizen.get("/conversacion").text
    assert "Claro." not in page
    assert "Hola, soy ConsúltaME." in page


def test_who_got_no_answer_can_ask_to_be_told_after_reading_what_for(citizen: TestClient, channel: Channel) -> None:
    citizen.post("/conversacion", data={"id": "form-0001", "text": "¿y el SOAT?"})
    page = citizen.get("/conversacion").text
    assert "Avíseme por correo cuando haya respuesta" in page
    assert page.index("Ley 1581 de 2012") < page.index('name="consent" value="aviso-1" required')
    assert page.index('name="consent"') < page.index('type="email"')
    form = {"message_id": "form-0001", "language": "es", "consent": "aviso-1", "email": "ana@correo.co"}
    answer = citizen.post("/conversacion/aviso", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/conversacion#aviso-form-0001")
    assert channel.wishes == [form]
    page = citizen.get("/conversacion").text
    assert '<p role="status">Listo. Le escribiremos' in page
    assert "ana@correo.co" not in page


def test_without_whatsapp_it_is_not_spoken_of(citizen: TestClient) -> None:
    citizen.post("/conversacion", data={"id": "form-0001", "text": "¿y el SOAT?"})
    page = citizen.get("/conversacion").text
    assert "WhatsApp" not in page
    assert 'type="tel"' not in page


def test_where_it_is_set_up_the_citizen_can_choose_whatsapp_after_reading_what_for(
    citizen: TestClient, channel: Channel
) -> None:
    channel.tells_by_whatsapp = True
    citizen.post("/conversacion", data={"id": "form-0001", "text": "¿y el SOAT?"})
    page = citizen.get("/conversacion").text
    assert "Avíseme por correo cuando haya respuesta" in page
    assert "Avíseme por WhatsApp cuando haya respuesta" in page
    assert page.index("(Meta)") < page.index('value="aviso-whatsapp-1" required') < page.index('type="tel"')
    form = {"message_id": "form-0001", "language": "es", "consent": "aviso-whatsapp-1", "phone": "300 123 4567"}
    answer = citizen.post("/conversacion/aviso", data=form | {"channel": "whatsapp"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/conversacion#aviso-form-0001")
    assert channel.wishes == [form]
    page = citizen.get("/conversacion").text
    assert '<p role="status">Listo. Le escribiremos' in page
    assert "Avisarme por WhatsApp a otro celular" in page
    assert "300 123 4567<" not in page
    assert 'value="300' not in page
    assert citizen.post("/conversacion/aviso", data=form | {"channel": "sms"}).status_code == 422


def test_a_refused_wish_to_be_told_says_why(citizen: TestClient, channel: Channel) -> None:
    citizen.post("/conversacion", data={"id": "form-0001", "text": "¿y el SOAT?"})
    channel.refusal = httpx.Response(400, json={"error": {"code": "invalid_email", "message": "Ese correo no sirve."}})
    answer = citizen.post("/conversacion/aviso", data={"message_id": "form-0001", "email": "ana"})
    assert answer.status_code == 400
    assert "Ese correo no sirve." in answer.text
    assert citizen.post("/conversacion/aviso", data={"language": "fr"}).status_code == 422


def test_an_english_question_is_offered_the_notice_in_english(citizen: TestClient, channel: Channel) -> None:
    channel.language, channel.tells_by_whatsapp = "en", True
    citizen.post("/conversacion", data={"id": "form-0001", "text": "¿y el SOAT?"})
    page = citizen.get("/conversacion").text
    assert "E-mail me when there is an answer" in page
    assert "Tell me by WhatsApp when there is an answer" in page
