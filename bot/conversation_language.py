"""The language a conversation is held in."""

from typing import Protocol

from bot.intents import LANGUAGE_SLOT
from consultame.settings import Language


class HasSlots(Protocol):
    """Rasa's tracker and the action server's alike."""

    def get_slot(self, key: str) -> object:
        """The slot's value, or None."""


def conversation_language(tracker: HasSlots) -> Language:
    """Spanish until the citizen writes in English, or asks for it."""
    return "en" if tracker.get_slot(LANGUAGE_SLOT) == "en" else "es"
