"""A citizen in a guided dialogue, spoken to by the real action over a real database; Rasa's part is played by hand."""

import asyncio
import itertools
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.channels.choices import _choice
from bot.components.emergency import sounds_like_an_emergency
from bot.components.entities import entities_in
from bot.dialogues.form_action import MEMORY_SLOT, DialogueAction

Event = dict[str, Any]


class DialogueCitizen:
    """One conversation with one dialogue.

    `says` takes the intent that the trained model would give; without it the message is one that the model does not
    know. What Rasa does around the action (open the form, answer a digression, run the form again) is done here.
    """

    def __init__(self, action: DialogueAction, *, language: str = "es", conversation_id: str = "web-1") -> None:
        self.action, self.language, self.conversation_id = action, language, conversation_id
        self.events: list[Event] = []
        self.slots: dict[str, Any] = {MEMORY_SLOT: None, "requested_slot": None, "language": language}
        self.messages: list[Event] = []
        self.aside = False
        self._ids = itertools.count(1)

    @property
    def is_open(self) -> bool:
        return self.slots[MEMORY_SLOT] is not None

    @property
    def asked_for(self) -> str | None:
        return self.slots["requested_slot"]

    @property
    def answers(self) -> dict[str, Any]:
        return self.slots[MEMORY_SLOT]["answers"]

    @property
    def text(self) -> str:
        """Everything said in the last turn."""
        return "\n".join(message["text"] or message["response"] for message in self.messages)

    @property
    def titles(self) -> list[str]:
        return [button["title"] for message in self.messages for button in message["buttons"]]

    def says(self, text: str, intent: str = "fuera_de_alcance", *, outcome: str = "unanswered") -> "DialogueCitizen":
        if sounds_like_an_emergency(text):
            intent = "emergencia"
        parsed = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": entities_in(text),
            "knowledge_base": {"outcome": outcome, "slug": None, "confidence": 0.9, "candidates": []},
        }
        return self._turn(text, parsed)

    def presses(self, title: str) -> "DialogueCitizen":
        """Press the button that was offered in the last turn."""
        button = next(button for message in self.messages for button in message["buttons"] if button["title"] == title)
        return self.presses_button(button)

    def presses_button(self, button: dict[str, str]) -> "DialogueCitizen":
        return self._turn(button["title"], _choice(button["title"], button["payload"]).parse_data())

    def _turn(self, text: str, parsed: dict[str, Any]) -> "DialogueCitizen":
        self.messages, self.aside = [], False
        message_id = f"message-{next(self._ids)}"
        self.events.append({"event": "user", "text": text, "parse_data": parsed, "message_id": message_id})
        self._run()
        if self.aside:
            self._run()
        return self

    def _run(self) -> None:
        dispatcher = CollectingDispatcher()
        tracker = Tracker(self.conversation_id, dict(self.slots), {}, list(self.events), False, None, {}, None)
        for event in asyncio.run(self.action.run(dispatcher, tracker, {})):
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            else:
                assert event == event | {"event": "action_execution_rejected", "name": self.action.dialogue.form}
                self.aside = True
            self.events.append(event)
        self.messages += dispatcher.messages
