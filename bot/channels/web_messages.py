"""What the website's channel shows of a conversation: messages, signed buttons, what may be rated or asked for."""

from dataclasses import dataclass, field
from typing import Any

from bot.channels.answer_requests import answer_offer
from bot.channels.choices import ChoiceSigner
from bot.intents import FAREWELL, LANGUAGE_KEY, MATCH_KEY
from consultame.conversations import CITIZEN_EVENT, JsonObject
from kb.feedback import answering_slug


@dataclass(frozen=True)
class Wanted:
    """What the citizen made known of the messages so far: the votes, and the questions whose answer is to be sent."""

    votes: dict[str, bool] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)


class WebMessages:
    """Turns stored events into the bodies that the widget reads."""

    def __init__(self, choices: ChoiceSigner) -> None:
        self.choices = choices

    def message(self, conversation_id: str, text: str, buttons: list[dict[str, str]] | None) -> dict[str, Any]:
        """One message, its buttons signed for this conversation."""
        offered = [{"title": b["title"], "button": self.choices.sign(conversation_id, b)} for b in buttons or []]
        return {"text": text, "buttons": offered}

    def turn(self, conversation_id: str, turn: list[JsonObject]) -> dict[str, Any]:
        """The answer to a message: what was said in its turn, how it came out and by which entry."""
        said, *answers = turn
        match = said["parse_data"].get(MATCH_KEY) or {}
        return {
            "id": said["message_id"],
            "messages": self._answer_bodies(conversation_id, said, answers, Wanted()),
            "outcome": match.get("outcome"),
            "slug": match.get("slug"),
            # To leave a guided dialogue is no farewell.
            "farewell": said["parse_data"]["intent"]["name"] == FAREWELL and match.get("outcome") != "task",
        }

    def history(self, conversation_id: str, said: list[JsonObject], wanted: Wanted) -> list[dict[str, Any]]:
        """All messages of both sides, oldest first."""
        return [item for turn in _turns_of(said) for item in self._items_of(conversation_id, turn, wanted)]

    def _items_of(self, conversation_id: str, turn: list[JsonObject], wanted: Wanted) -> list[dict[str, Any]]:
        said = turn[0] if turn[0]["event"] == CITIZEN_EVENT else None
        answers = turn[1:] if said else turn
        bodies = self._answer_bodies(conversation_id, said, answers, wanted)
        items = [
            {"from": "assistant", **body, "at": event["timestamp"]} for body, event in zip(bodies, answers, strict=True)
        ]
        if said is None:
            return items
        return [{"from": "citizen", "text": said["text"], "buttons": [], "at": said["timestamp"]}, *items]

    def _answer_bodies(
        self, conversation_id: str, said: JsonObject | None, answers: list[JsonObject], wanted: Wanted
    ) -> list[dict[str, Any]]:
        bodies = [self.message(conversation_id, event["text"], event["data"].get("buttons")) for event in answers]
        if said and answers and answering_slug(said):
            # A guided dialogue goes on after the answer: what is rated is the answer.
            rated = next((number for number, event in enumerate(answers) if _is_answer(event)), len(answers) - 1)
            bodies[rated]["rating"] = {
                "message_id": said["message_id"],
                "helpful": wanted.votes.get(said["message_id"]),
                "language": (answers[rated].get("metadata") or {}).get(LANGUAGE_KEY, "es"),
            }
        for body, event in zip(bodies, answers, strict=True):
            if offer := answer_offer(event, wanted.answers):
                body["answer_request"] = offer
        return bodies


def _is_answer(event: JsonObject) -> bool:
    return bool((event.get("metadata") or {}).get("utter_action") == "utter_faq")


def _turns_of(said: list[JsonObject]) -> list[list[JsonObject]]:
    """Cut before each message of the citizen; the first turn may have lost its own."""
    turns: list[list[JsonObject]] = []
    for event in said:
        if event["event"] == CITIZEN_EVENT or not turns:
            turns.append([])
        turns[-1].append(event)
    return turns
