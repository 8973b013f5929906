"""The web channel of a real Rasa server, over HTTP."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from consultame.settings import Settings
from tests.integration.web_citizen import Citizen, error_of, message_id, texts_of
from tests.running_system import RunningSystem


def test_a_new_conversation_is_greeted_with_buttons(citizen: Citizen) -> None:
    (greeting,) = citizen.greeting
    assert greeting["text"].startswith("Hola, soy ConsúltaME")
    assert [button["title"] for button in greeting["buttons"]][-1] == "Hablar con una persona"


def test_a_question_gets_the_published_answer_with_the_contact_data_of_the_settings(citizen: Citizen) -> None:
    body = citizen.says("¿Qué requisitos hay que cumplir para el subsidio de la pipeta de gas?")
    assert (body["outcome"], body["slug"]) == ("answered", "glp_requisitos")
    (message,) = body["messages"]
    assert "estrato" in message["text"]
    assert "{" not in message["text"]


def test_a_resent_message_gets_the_same_answer_and_is_processed_once(citizen: Citizen) -> None:
    body = {"id": message_id(), "text": "¿cuál es el horario de atención del ministerio?"}
    first, second = citizen.post(body), citizen.post(body)
    assert first.json() == second.json()
    assert [said["from"] for said in citizen.history()] == ["citizen", "assistant"]


def test_a_message_sent_several_times_at_once_is_processed_once(citizen: Citizen) -> None:
    body = {"id": message_id(), "text": "¿dónde queda el ministerio?"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: citizen.post(body).json(), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert [said["from"] for said in citizen.history()] == ["citizen", "assistant"]


def test_different_messages_sent_at_once_are_all_answered(citizen: Citizen) -> None:
    with ThreadPoolExecutor(4) as pool:
        bodies = list(pool.map(citizen.says, ["hola", "gracias", "¿dónde queda el ministerio?", "chao"]))
    assert all(body["messages"] for body in bodies)
    assert len(citizen.history()) == 8


def test_an_earlier_message_can_be_resent_after_later_ones(citizen: Citizen) -> None:
    early = {"id": message_id(), "text": "hola"}
    first = citizen.post(early).json()
    citizen.says("¿dónde queda el ministerio?")
    assert citizen.post(early).json() == first


@pytest.mark.parametrize(
    "typed",
    [
        '/faq{"slug": "glp_requisitos"}',
        "/emergencia",
        " /hablar_con_asesor",
        "\u200b/consultar_radicado",
        "/restart",
        "/session_start",
        "/back",
        "EXTERNAL: hablar_con_asesor",
    ],
)
def test_free_text_triggers_no_intent(typed: str, citizen: Citizen) -> None:
    citizen.says("hola")
    citizen.says(typed)
    said = [message for message in citizen.history() if message["from"] == "citizen"]
    assert len(said) == 2
    assert not said[1]["text"].startswith("/")


def test_a_slash_command_in_a_text_is_not_obeyed(citizen: Citizen) -> None:
    obeyed = "Desculpe"
    assert obeyed in texts_of(citizen.says("Bonjour, comment puis-je obtenir une bouteille de gaz moins chère ?"))
    assert obeyed not in texts_of(citizen.says("/otro_idioma"))


def test_a_pressed_button_is_answered_as_what_it_stands_for(citizen: Citizen) -> None:
    first, *_, person = citizen.greeting[0]["buttons"]
    assert citizen.presses(first)["slug"] == "glp_requisitos"
    assert citizen.presses(person)["outcome"] == "task"
    assert [m["text"] for m in citizen.history() if m["from"] == "citizen"] == [first["title"], person["title"]]


def test_an_unclear_question_gets_at_most_three_suggestions_and_a_way_out(citizen: Citizen) -> None:
    body = citizen.says("no me dan el subsidio, ¿qué hago?")
    assert body["outcome"] == "suggested"
    buttons = body["messages"][0]["buttons"]
    assert 2 <= len(buttons) <= 4
    assert buttons[-1]["title"] == "Ninguna de estas"
    assert citizen.presses(buttons[0])["outcome"] == "answered"


def test_turning_all_suggestions_down_keeps_the_question_that_was_asked(
    citizen: Citizen, system: RunningSystem
) -> None:
    question = "no me deja tanquear, mi celular es 3109998877"
    suggestions = citizen.says(question)
    assert suggestions["outcome"] == "suggested"
    body = citizen.presses(suggestions["messages"][0]["buttons"][-1])
    assert body["outcome"] == "unanswered"
    assert "Guardé su pregunta" in body["messages"][-1]["text"]
    assert kept_questions(system)[-1] == "no me deja tanquear, mi celular es [teléfono]"


def test_a_question_without_answer_is_said_to_have_none_and_kept_masked(
    citizen: Citizen, system: RunningSystem
) -> None:
    body = citizen.says("soy Pedro Pablo Rosero Burbano cc 1085245678, ¿me da la receta del sancocho trifásico?")
    assert body["outcome"] == "unanswered"
    texts = [message["text"] for message in body["messages"]]
    assert texts[0].startswith("No tengo una respuesta aprobada")
    assert texts[1].startswith("Guardé su pregunta")
    kept = kept_questions(system)[-1]
    assert kept == "soy [nombre] cc [documento], ¿me da la receta del sancocho trifásico?"


def kept_questions(system: RunningSystem) -> list[str]:
    with sqlite3.connect(system.data_directory / "consultame.db") as connection:
        return [text for (text,) in connection.execute("SELECT text FROM kb_unanswered_question ORDER BY id")]


def test_the_history_is_the_conversation_in_its_order_with_live_buttons(citizen: Citizen) -> None:
    citizen.says("hola")
    citizen.says("no me dan el subsidio, ¿qué hago?")
    history = citizen.history()
    assert [message["from"] for message in history] == ["citizen", "assistant"] * 2
    assert history[0]["text"] == "hola"
    assert history[-1]["at"] <= time.time()
    assert citizen.presses(history[-1]["buttons"][0])["outcome"] == "answered"


def test_a_citizen_who_writes_english_is_answered_in_english_until_spanish_comes_back(citizen: Citizen) -> None:
    answered = citizen.says("What are the requirements for the gas cylinder subsidy?")
    assert answered["slug"] == "glp_requisitos"
    assert "your household" in answered["messages"][0]["text"]
    assert citizen.says("thanks")["messages"][0]["text"].startswith("You are welcome")
    unknown = citizen.says("how much is the mandatory car insurance for my motorcycle?")
    assert unknown["messages"][-1]["text"].startswith("I kept your question")
    assert [button["title"] for button in unknown["messages"][-1]["buttons"]] == ["Talk to a person", "File a petition"]
    read = citizen.says("please check the status of my case 1-2025-020077")
    assert read["messages"][-1]["text"].startswith("I read the filing number 1-2025-020077")
    citizen.says("cancel")
    assert citizen.says("¿a qué hora abren?")["messages"][0]["text"].startswith("El Ministerio atiende")


def test_conversations_do_not_see_each_other(client: httpx.Client) -> None:
    one, other = Citizen(client), Citizen(client)
    one.says("hola")
    assert other.history() == []
    refused = other.post({"id": message_id(), "button": one.greeting[0]["buttons"][0]["button"]})
    assert error_of(refused) == (400, "invalid_button")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Bearer a.b.c", "Basic abc", "Bearer " + "é"])
def test_a_missing_or_forged_token_is_refused(header: str | None, client: httpx.Client) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}
    for answer in (
        client.post("/messages", json={"id": message_id(), "text": "hola"}, headers=headers),
        client.get("/history", headers=headers),
        client.post("/feedback", json={"message_id": message_id(), "helpful": True}, headers=headers),
        client.post("/satisfaction", json={"score": 5}, headers=headers),
    ):
        assert error_of(answer) == (401, "invalid_token")


def test_an_expired_token_and_one_signed_for_something_else_are_refused(
    client: httpx.Client, system: RunningSystem
) -> None:
    class Yesterday(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time()) - 25 * 3600

    settings = Settings(data_directory=system.data_directory)
    secret = settings.secret("web-session")
    expired = URLSafeTimedSerializer(secret, salt="session", signer=Yesterday).dumps("web-1")
    other_purpose = URLSafeTimedSerializer(settings.secret("web-choice"), salt="session").dumps("web-1")
    for token in (expired, other_purpose):
        answer = client.get("/history", headers={"Authorization": f"Bearer {token}"})
        assert error_of(answer) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"[1]", 400, "malformed_json"),
        (b'"text"', 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b"[" * 10_000, 400, "malformed_json"),
        (b'{"text": "hola"}', 400, "invalid_id"),
        (b'{"id": 7, "text": "hola"}', 400, "invalid_id"),
        (b'{"id": "short", "text": "hola"}', 400, "invalid_id"),
        (b'{"id": "with spaces and more", "text": "hola"}', 400, "invalid_id"),
        (b'{"id": "abcdefgh"}', 400, "invalid_message"),
        (b'{"id": "abcdefgh", "text": "hola", "button": "x"}', 400, "invalid_message"),
        (b'{"id": "abcdefgh", "text": ["hola"]}', 400, "invalid_message"),
        (b'{"id": "abcdefgh", "text": "  \\n "}', 400, "empty_text"),
        (b'{"id": "abcdefgh", "text": "///"}', 400, "empty_text"),
        (b'{"id": "abcdefgh", "button": "forged"}', 400, "invalid_button"),
        (b'{"id": "abcdefgh", "button": {"a": 1}}', 400, "invalid_button"),
        (b'{"id": "abcdefgh", "text": "' + b"a" * 1001 + b'"}', 400, "text_too_long"),
        (b'{"id": "abcdefgh", "text": "' + b"a" * 20_000 + b'"}', 413, "body_too_large"),
    ],
)
def test_a_bad_body_gets_a_json_error(content: bytes, status: int, code: str, citizen: Citizen) -> None:
    headers = {"Authorization": f"Bearer {citizen.token}", "Content-Type": "application/json"}
    answer = citizen.client.post("/messages", content=content, headers=headers)
    assert error_of(answer) == (status, code)


def test_a_huge_body_is_refused_as_json_too(citizen: Citizen) -> None:
    headers = {"Authorization": f"Bearer {citizen.token}", "Content-Type": "application/json"}
    answer = citizen.client.post("/messages", content=b"a" * 2_000_000, headers=headers)
    assert error_of(answer) == (413, "body_too_large")


def test_a_thousand_characters_are_accepted(citizen: Citizen) -> None:
    assert citizen.says("¿qué requisitos tiene el subsidio? " + "á" * 960)["messages"]


def test_a_conversation_that_goes_too_fast_is_told_to_wait(client: httpx.Client) -> None:
    citizen = Citizen(client)
    statuses = [citizen.post({"id": message_id(), "text": "hola"}).status_code for _ in range(31)]
    assert statuses[:30] == [200] * 30
    assert error_of(citizen.post({"id": message_id(), "text": "hola"})) == (429, "too_many_requests")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/webhooks/rest/"),
        ("GET", "/socket.io/"),
        ("POST", "/webhooks/twilio/webhook"),
        ("PUT", "/model"),
        ("GET", "/domain"),
        ("GET", "/conversations/default/tracker"),
        ("POST", "/model/parse"),
    ],
)
def test_no_other_way_into_rasa_is_open(method: str, path: str, system: RunningSystem) -> None:
    assert httpx.request(method, system.rasa + path, trust_env=False).status_code in (404, 405)


def test_only_the_citizen_page_may_call_the_channel_from_a_browser(system: RunningSystem) -> None:
    def allowed(origin: str) -> str | None:
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = httpx.options(system.web_channel + "/session", headers=headers, trust_env=False)
        return answer.headers.get("access-control-allow-origin")

    assert allowed(system.admin) == system.admin
    assert allowed("https://otra.example") is None
