"""A citizen who asks, over the web channel of a real Rasa server that may send by WhatsApp, to be told that way."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.test_web_answer_requests import ROUTE, UNKNOWN, wish_for
from tests.integration.web_citizen import Citizen, error_of, stored
from tests.running_system import RunningSystem
from tests.whatsapp_server import running_whatsapp

MOBILE = "(300) 123-4567"


@pytest.fixture(scope="module")
def system(trained_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The whole system, set up to send by WhatsApp."""
    with running_whatsapp() as whatsapp:
        data_directory = tmp_path_factory.mktemp("whatsapp") / "data"
        system = RunningSystem.started_from(trained_directory, data_directory, **whatsapp.environment)
        yield system
        system.stop()


def wish_by_whatsapp(offer: dict[str, object], **changes: object) -> dict[str, object]:
    """What the widget sends for this offer, WhatsApp being chosen."""
    consent = offer["whatsapp_consent"]
    assert isinstance(consent, dict)
    wish = {"message_id": offer["message_id"], "phone": MOBILE, "consent": consent["version"]}
    return wish | {"language": offer["language"]} | changes


def kept(system: RunningSystem, message_id: str) -> list[tuple[object, ...]]:
    return stored(
        system,
        "SELECT r.channel, r.recipient, r.consent_version, r.state FROM kb_answer_request r"
        " JOIN kb_unanswered_question q ON q.id = r.question_id WHERE q.message_id = ?",
        message_id,
    )


def test_the_offer_has_a_consent_for_each_channel_and_the_last_choice_is_kept(
    citizen: Citizen, system: RunningSystem
) -> None:
    body = citizen.says(UNKNOWN)
    offer = body["messages"][-1]["answer_request"]
    assert "WhatsApp (Meta)" in offer["whatsapp_consent"]["text"]
    assert "WhatsApp" not in offer["consent"]["text"]
    assert citizen.judges(ROUTE, wish_for(offer)).status_code == 200
    answer = citizen.judges(ROUTE, wish_by_whatsapp(offer))
    assert (answer.status_code, answer.json()) == (200, {"message_id": body["id"], "requested": True})
    assert citizen.history()[-1]["answer_request"] == offer | {"requested": True}
    assert kept(system, body["id"]) == [("whatsapp", "+573001234567", "aviso-whatsapp-1", "waiting")]


def test_a_number_or_consent_out_of_form_is_refused_in_the_language_of_the_citizen(citizen: Citizen) -> None:
    offer = citizen.says(UNKNOWN)["messages"][-1]["answer_request"]
    for changes, refusal in (
        ({"phone": None}, (400, "invalid_phone")),
        ({"phone": 3001234567}, (400, "invalid_phone")),
        ({"phone": " "}, (400, "invalid_phone")),
        ({"phone": "601 220 0300"}, (400, "invalid_phone")),
        ({"phone": "3" * 300}, (400, "invalid_phone")),
        ({"email": "ana@correo.co"}, (400, "invalid_recipient")),
        ({"consent": ""}, (400, "consent_missing")),
        ({"consent": offer["consent"]["version"]}, (409, "consent_outdated")),
    ):
        assert error_of(citizen.judges(ROUTE, wish_by_whatsapp(offer, **changes))) == refusal, changes
    for language, beginning in (("es", "Escriba un celular"), ("en", "Write a mobile number")):
        refused = citizen.judges(ROUTE, wish_by_whatsapp(offer, phone="601 220 0300", language=language))
        assert refused.json()["error"]["message"].startswith(beginning)
    assert citizen.history()[-1]["answer_request"]["requested"] is False


def test_who_has_no_javascript_chooses_it_on_the_plain_page(system: RunningSystem) -> None:
    with httpx.Client(base_url=system.admin, follow_redirects=True, timeout=30, trust_env=False) as browser:
        browser.headers["Origin"] = system.admin
        page = browser.post("/conversacion", data={"id": "plain-page-0001", "text": UNKNOWN}).text
        assert "Avíseme por WhatsApp cuando haya respuesta" in page
        wish = {
            "message_id": "plain-page-0001", "channel": "whatsapp", "language": "es", "consent": "aviso-whatsapp-1",
        }  # fmt: skip
        refused = browser.post("/conversacion/aviso", data=wish | {"phone": "601 220 0300"})
        assert refused.status_code == 400
        assert "Escriba un celular de diez cifras" in refused.text
        assert "Listo. Le escribiremos" in browser.post("/conversacion/aviso", data=wish | {"phone": MOBILE}).text
    assert kept(system, "plain-page-0001") == [("whatsapp", "+573001234567", "aviso-whatsapp-1", "waiting")]
