"""The one Rasa action behind every guided dialogue: `validate_<form>`, which Rasa's form runs at each message.

All of a turn is done in it, so that a message costs one call of the action server: the answer is read, the service is
called, the next question is asked. Rasa's form holds the conversation (`active_loop`), leaves the floor to the rules at
a digression, and comes back.
"""

import asyncio
import logging
import traceback
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from bot.conversation_language import conversation_language
from bot.dialogues import wording
from bot.dialogues.dialogue import CONFIRM, AskAgain, Dialogue, Finished, Memory, Message, Step
from bot.dialogues.fields import Answers, Context, Entity, Said, filled
from bot.dialogues.questions import retry_button
from bot.dialogues.run import DialogueRun
from bot.intents import CHOICE_KEY, MATCH_KEY

log = logging.getLogger(__name__)

MEMORY_SLOT = "dialogue"

Event = dict[str, Any]


class DialogueAction(Action, ABC):
    """Runs one dialogue. A capability gives the dialogue and says what is done with the answers."""

    dialogue: ClassVar[Dialogue]

    @abstractmethod
    def finish(self, answers: Answers, context: Context) -> Finished | AskAgain:
        """Do what the dialogue is for, once all answers are there."""

    def over(self, context: Context) -> None:
        """Give back what the dialogue kept for the citizen; called whenever it is over, done or left."""
        return

    def name(self) -> str:
        return f"validate_{self.dialogue.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """What the message led to, as messages and events."""
        # Fields and services use the database, which may wait for its lock: that may not hold the server's loop.
        step = await asyncio.to_thread(self._step, tracker)
        for message in step.messages:
            if message.slug:
                dispatcher.utter_message(response="utter_faq", slug=message.slug)
            else:
                dispatcher.utter_message(text=message.text, buttons=list(message.buttons))
        return self._events(step)

    def _step(self, tracker: Tracker) -> Step:
        message = _latest_message(tracker)
        said, context = said_in(message), _context(tracker, message)
        run = DialogueRun(self.dialogue, self.finish, context)
        kept = tracker.get_slot(MEMORY_SLOT)
        memory = Memory.from_json(kept) if kept else None
        try:
            # Another version of the dialogue may have had other fields.
            if memory is None or not self.dialogue.asks_for(memory.requested):
                step = run.begin(said)
            elif _was_answered_aside(tracker):
                step = run.resume(memory, said)
            else:
                step = run.go_on(memory, said)
            if step.memory is None:
                self.over(context)
            return step
        except Exception as error:
            # Without the error's own words: a database puts the citizen's data into them.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s failed with %s\n%s", self.name(), type(error).__name__, where)
            return self._failed(memory, context)

    def _failed(self, memory: Memory | None, context: Context) -> Step:
        subject = self.dialogue.subject[context.language]
        text = filled(wording.SERVICE_FAILED, context.language, subject=subject)
        if memory is None:
            return Step(None, (Message(text),))
        buttons = (retry_button(self.dialogue, context),) if memory.requested == CONFIRM else ()
        return Step(memory, (Message(text, buttons),))

    def _events(self, step: Step) -> list[Event]:
        memory = step.memory.as_json() if step.memory else None
        events = [SlotSet(MEMORY_SLOT, memory)]
        if step.digression:
            return [*events, ActionExecutionRejected(self.dialogue.form)]
        return [*events, SlotSet(REQUESTED_SLOT, step.memory.requested if step.memory else None)]


def said_in(message: Event) -> Said:
    """A citizen's message, from Rasa's event."""
    parsed = message["parse_data"]
    button = parsed.get(CHOICE_KEY)
    entities = tuple(Entity(each["entity"], str(each["value"])) for each in parsed.get("entities") or [])
    return Said(
        text=message.get("text") or "",
        intent=parsed["intent"]["name"],
        outcome=(parsed.get(MATCH_KEY) or {}).get("outcome"),
        entities=entities,
        pressed=button is not None,
        chosen=(button["field"], button["value"]) if button else None,
    )


def _latest_message(tracker: Tracker) -> Event:
    message: Event = next(event for event in reversed(tracker.events) if event.get("event") == "user")
    return message


def _context(tracker: Tracker, message: Event) -> Context:
    return Context(
        conversation_id=tracker.sender_id,
        message_id=message.get("message_id") or "",
        channel=message.get("input_channel") or "web",
        language=conversation_language(tracker),
        moment=datetime.now(UTC),
    )


def _was_answered_aside(tracker: Tracker) -> bool:
    """Whether this message was given to the rest of the assistant: Rasa runs the form again when it has answered."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action_execution_rejected":
            return True
    return False
