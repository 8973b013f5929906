"""Keeping the question that got no answer, for the staff."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.components.spanish_text import has_words
from bot.conversation_language import conversation_language
from bot.intents import AMBIGUOUS, MATCH_KEY, NONE_OF_THESE, QUESTION_KEPT_KEY, Candidate
from consultame.database import write_session
from consultame.settings import Language
from kb.models import QuestionReason
from kb.unanswered import keep_unanswered_question

KEPT: dict[Language, str] = {
    "es": (
        "Guardé su pregunta, sin sus datos personales, para que el equipo del Ministerio prepare una respuesta. "
        "Si le falta algún detalle, escríbala con otras palabras."
    ),
    "en": (
        "I kept your question, without your personal data, so that the Ministry's team can prepare an answer. "
        "If a detail is missing, write it in other words."
    ),
}
_WAYS_ON: dict[Language, list[dict[str, str]]] = {
    "es": [
        {"title": "Hablar con una persona", "payload": "/hablar_con_asesor"},
        {"title": "Presentar una petición", "payload": "/presentar_queja"},
    ],
    "en": [
        {"title": "Talk to a person", "payload": "/hablar_con_asesor"},
        {"title": "File a petition", "payload": "/presentar_queja"},
    ],
}
_SPEAKERS = {"user": "citizen", "bot": "assistant"}


class KeepUnanswered(Action):
    """Keeps the latest question, or the one whose suggestions were just turned down; signs alone are none."""

    def name(self) -> str:
        return "action_keep_unanswered"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        question = question_without_answer(tracker)
        if question is not None and has_words(question["text"]):
            # Masking loads a language model and the database may wait for its lock: neither may hold the server's loop.
            await asyncio.to_thread(_keep, tracker, question)
            language = conversation_language(tracker)
            kept = {QUESTION_KEPT_KEY: question["message_id"]}
            dispatcher.utter_message(text=KEPT[language], buttons=_WAYS_ON[language], **kept)
        return []


def question_without_answer(tracker: Tracker) -> dict[str, Any] | None:
    """The user event to keep, or None when «Ninguna de estas» came without suggestions before it."""
    said = [event for event in tracker.events if event.get("event") == "user"]
    if not said:
        return None
    if said[-1]["parse_data"]["intent"]["name"] != NONE_OF_THESE:
        return said[-1]
    ambiguous = [event for event in said if event["parse_data"]["intent"]["name"] == AMBIGUOUS]
    return ambiguous[-1] if ambiguous else None


def _keep(tracker: Tracker, question: dict[str, Any]) -> None:
    match = question["parse_data"].get(MATCH_KEY) or {}
    with write_session() as session:
        keep_unanswered_question(
            session,
            conversation_id=tracker.sender_id,
            message_id=question["message_id"],
            channel=question.get("input_channel") or "web",
            text=question["text"],
            conversation=[
                {"speaker": _SPEAKERS[event["event"]], "text": event["text"]} for event in _said_in_the_open(tracker)
            ],
            nearest=[_as_nearest(candidate) for candidate in match.get("candidates", [])],
            reason=_reason(question),
        )


def _said_in_the_open(tracker: Tracker) -> list[dict[str, Any]]:
    """What was said, without the turns that a guided dialogue had: they are full of personal data."""
    said, loop, in_dialogue = [], None, False
    for event in tracker.events:
        if event.get("event") == "active_loop":
            loop = event.get("name")
        if event.get("event") == "user":
            in_dialogue = loop is not None
        if event.get("event") in _SPEAKERS and event.get("text") and not in_dialogue:
            said.append(event)
    return said


def _reason(question: dict[str, Any]) -> QuestionReason:
    """A question that was answered by suggestions is kept only when none of them was right."""
    turned_down = question["parse_data"]["intent"]["name"] == AMBIGUOUS
    return QuestionReason.NONE_OF_THESE if turned_down else QuestionReason.UNANSWERED


def _as_nearest(candidate: Candidate) -> dict[str, str | float]:
    return {"slug": candidate["slug"] or candidate["intent"], "confidence": candidate["confidence"]}
