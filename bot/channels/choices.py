"""Buttons: a citizen can send back only what the assistant offered in that conversation."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.intents import CHOICE_KEY, MATCH_KEY, KnowledgeBaseMatch, outcome_of

_PAYLOAD = re.compile(r"/(?P<intent>\w+)(?P<data>\{.*\})?")


class ChoiceRefused(Exception):
    """The button was not offered in this conversation."""


@dataclass(frozen=True)
class Choice:
    """A button the citizen pressed: what it said and the intent (and entry, or field of a dialogue) behind it."""

    title: str
    intent: str
    slug: str | None
    answer: dict[str, str] = field(default_factory=dict)

    def parse_data(self) -> dict[str, Any]:
        """The message data Rasa's NLU would give for it, with full confidence."""
        match = KnowledgeBaseMatch(outcome=outcome_of(self.intent), slug=self.slug, confidence=1.0, candidates=[])
        return {
            "text": self.title,
            "intent": {"name": self.intent, "confidence": 1.0},
            "entities": [],
            MATCH_KEY: match,
            CHOICE_KEY: self.answer,
        }


class ChoiceSigner:
    """Turns button payloads into opaque signed values, bound to the conversation, and back."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="choice")

    def sign(self, conversation_id: str, button: dict[str, str]) -> str:
        """The value a client sends when this button is pressed; the same button gives the same value."""
        signed = self._serializer.dumps([conversation_id, button["title"], button["payload"]])
        return signed if isinstance(signed, str) else signed.decode()

    def read(self, conversation_id: str, value: str) -> Choice:
        """The choice behind a value.

        Raises:
            ChoiceRefused: forged, or offered in another conversation.
        """
        try:
            owner, title, payload = self._serializer.loads(value)
        except (BadData, ValueError, TypeError):
            raise ChoiceRefused from None
        if owner != conversation_id:
            raise ChoiceRefused
        return _choice(title, payload)


def _choice(title: str, payload: str) -> Choice:
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        raise ChoiceRefused
    data = json.loads(match["data"]) if match["data"] else {}
    answer = {"field": data["field"], "value": data["value"]} if "field" in data else {}
    return Choice(title=title, intent=match["intent"], slug=data.get("slug"), answer=answer)
