"""The assistant in this process: the trained model, the real actions, no servers."""

import logging
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog

from bot.channels.free_text import free_text
from bot.channels.web import WebOutput
from bot.intents import MATCH_KEY, Outcome
from bot.runtime.conversation_store import ConversationStore
from bot.runtime.in_process_actions import InProcessActions

CHANNEL = "console"
NEW_CONVERSATION_PREFIX = "console-"


@dataclass(frozen=True)
class Answer:
    """What one turn gave. `text` joins the assistant's messages by an empty line; `latency_ms` is the whole turn."""

    text: str
    intent: str
    slug: str | None
    confidence: float
    outcome: Outcome
    buttons: list[dict[str, str]]
    latency_ms: float

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "intent": self.intent,
            "slug": self.slug,
            "confidence": round(self.confidence, 4),
            "outcome": self.outcome,
            "buttons": self.buttons,
            "latency_ms": round(self.latency_ms, 1),
        }


class LocalAssistant:
    """A loaded model that can be asked many times."""

    def __init__(self, model: Path, *, keeps_conversations: bool) -> None:
        configure_structlog(logging.WARNING)
        self._agent = Agent(
            generator=EndpointConfig(type="bot.runtime.published_answers.PublishedAnswers"),
            tracker_store=ConversationStore() if keeps_conversations else InMemoryTrackerStore(Domain.empty()),
            action_endpoint=InProcessActions(),
        )
        self._agent.load_model(model)

    async def ask(self, text: str, sender: str | None = None) -> Answer:
        """One turn with what a citizen typed; without a sender, in a conversation of its own."""
        conversation_id = sender or NEW_CONVERSATION_PREFIX + uuid.uuid4().hex
        output = WebOutput()
        started = time.perf_counter()
        await self._agent.handle_message(UserMessage(free_text(text), output, conversation_id, input_channel=CHANNEL))
        latency_ms = (time.perf_counter() - started) * 1000
        tracker = await self._agent.tracker_store.get_or_create_tracker(conversation_id)
        parse_data = tracker.latest_message.parse_data
        match = parse_data[MATCH_KEY]
        return Answer(
            text="\n\n".join(message["text"] for message in output.messages),
            intent=parse_data["intent"]["name"],
            slug=match["slug"],
            confidence=match["confidence"],
            outcome=match["outcome"],
            buttons=[button for message in output.messages for button in message.get("buttons", [])],
            latency_ms=latency_ms,
        )
