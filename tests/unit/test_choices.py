"""A citizen can press only the buttons that were offered in the same conversation."""

import pytest
from itsdangerous import URLSafeSerializer

from bot.channels.choices import ChoiceRefused, ChoiceSigner

BUTTON = {"title": "Requisitos", "payload": '/faq{"slug": "glp_requisitos"}'}


def test_a_pressed_button_gives_its_intent_and_entry_with_full_confidence() -> None:
    signer = ChoiceSigner("secret")
    choice = signer.read("web-1", signer.sign("web-1", BUTTON))
    parsed = choice.parse_data()
    assert parsed["text"] == "Requisitos"
    assert parsed["intent"] == {"name": "faq", "confidence": 1.0}
    assert parsed["knowledge_base"]["slug"] == "glp_requisitos"
    assert parsed["knowledge_base"]["outcome"] == "answered"


def test_a_button_without_entry_is_a_task() -> None:
    signer = ChoiceSigner("secret")
    choice = signer.read("web-1", signer.sign("web-1", {"title": "x", "payload": "/hablar_con_asesor"}))
    assert (choice.intent, choice.slug) == ("hablar_con_asesor", None)


def test_the_same_button_is_signed_alike_so_that_a_resent_message_gets_the_same_answer() -> None:
    signer = ChoiceSigner("secret")
    assert signer.sign("web-1", BUTTON) == signer.sign("web-1", dict(BUTTON))


@pytest.mark.parametrize("forged", ["", "x", "a.b", '/faq{"slug":"glp_requisitos"}', "é" * 10])
def test_a_forged_button_is_refused(forged: str) -> None:
    with pytest.raises(ChoiceRefused):
        ChoiceSigner("secret").read("web-1", forged)


def test_a_button_of_another_conversation_or_another_secret_is_refused() -> None:
    signer = ChoiceSigner("secret")
    with pytest.raises(ChoiceRefused):
        signer.read("web-2", signer.sign("web-1", BUTTON))
    with pytest.raises(ChoiceRefused):
        ChoiceSigner("other").read("web-1", signer.sign("web-1", BUTTON))


def test_a_signed_value_of_another_shape_is_refused() -> None:
    odd = URLSafeSerializer("secret", salt="choice").dumps({"x": 1})
    with pytest.raises(ChoiceRefused):
        ChoiceSigner("secret").read("web-1", odd if isinstance(odd, str) else odd.decode())
