"""A citizen who asks, over the web channel of a real Rasa server, to be told when there is an answer."""

import httpx

from tests.integration.web_citizen import Citizen, error_of, message_id, stored
from tests.running_system import RunningSystem

ROUTE = "/answer-request"
UNKNOWN = "¿me da la receta del sancocho trifásico?"


def wish_for(offer: dict[str, object], **changes: object) -> dict[str, object]:
    """What the widget sends for this offer."""
    consent = offer["consent"]
    assert isinstance(consent, dict)
    wish = {"message_id": offer["message_id"], "email": "ana@correo.co", "consent": consent["version"]}
    return wish | {"language": offer["language"]} | changes


def test_a_question_without_answer_offers_to_tell_and_keeps_the_address_with_the_consent(
    citizen: Citizen, system: RunningSystem
) -> None:
    body = citizen.says(UNKNOWN)
    first, last = body["messages"]
    assert "answer_request" not in first
    offer = last["answer_request"]
    assert set(offer) == {"message_id", "requested", "language", "consent"}
    assert (offer["message_id"], offer["requested"], offer["language"]) == (body["id"], False, "es")
    assert "1581" in offer["consent"]["text"]
    answer = citizen.judges(ROUTE, wish_for(offer))
    assert (answer.status_code, answer.json()) == (200, {"message_id": body["id"], "requested": True})
    assert citizen.history()[-1]["answer_request"] == offer | {"requested": True}
    kept = stored(
        system,
        "SELECT r.channel, r.recipient, r.language, r.consent_version, r.state FROM kb_answer_request r"
        " JOIN kb_unanswered_question q ON q.id = r.question_id WHERE q.message_id = ?",
        body["id"],
    )
    assert kept == [("email", "ana@correo.co", "es", offer["consent"]["version"], "waiting")]


def test_turned_down_suggestions_offer_it_for_the_question_that_was_asked(citizen: Citizen) -> None:
    suggestions = citizen.says("no me dan el subsidio, ¿qué hago?")
    assert "answer_request" not in suggestions["messages"][-1]
    body = citizen.presses(suggestions["messages"][-1]["buttons"][-1])
    offer = body["messages"][-1]["answer_request"]
    assert offer["message_id"] == suggestions["id"] != body["id"]
    assert citizen.judges(ROUTE, wish_for(offer)).status_code == 200


def test_in_english_the_consent_is_in_english_and_an_answer_offers_nothing(citizen: Citizen) -> None:
    answered = citizen.says("What are the requirements for the gas cylinder subsidy?")
    assert all("answer_request" not in message for message in answered["messages"])
    offer = citizen.says("how much is the mandatory car insurance for my motorcycle?")["messages"][-1]["answer_request"]
    assert offer["language"] == "en"
    assert "Law 1581" in offer["consent"]["text"]


def test_a_wish_out_of_form_is_refused(citizen: Citizen, client: httpx.Client) -> None:
    offer = citizen.says(UNKNOWN)["messages"][-1]["answer_request"]
    for changes, refusal in (
        ({"message_id": 7}, (400, "invalid_id")),
        ({"message_id": message_id()}, (404, "unknown_message")),
        ({"email": None}, (400, "invalid_email")),
        ({"email": "  "}, (400, "invalid_email")),
        ({"email": "ana@"}, (400, "invalid_email")),
        ({"email": "a" * 300 + "@correo.co"}, (400, "invalid_email")),
        ({"consent": None}, (400, "consent_missing")),
        ({"consent": True}, (400, "consent_missing")),
        ({"consent": ""}, (400, "consent_missing")),
        ({"consent": "aviso-0"}, (409, "consent_outdated")),
        ({"language": "fr"}, (400, "invalid_language")),
        ({"phone": "300 123 4567"}, (400, "invalid_recipient")),
    ):
        assert error_of(citizen.judges(ROUTE, wish_for(offer, **changes))) == refusal, changes
    assert error_of(Citizen(client).judges(ROUTE, wish_for(offer))) == (404, "unknown_message")
    assert error_of(client.post(ROUTE, json=wish_for(offer))) == (401, "invalid_token")
    without_whatsapp = {name: value for name, value in wish_for(offer).items() if name != "email"}
    refused = citizen.judges(ROUTE, without_whatsapp | {"phone": "300 123 4567", "consent": "aviso-whatsapp-1"})
    assert error_of(refused) == (409, "channel_unavailable")
    assert citizen.history()[-1]["answer_request"]["requested"] is False
