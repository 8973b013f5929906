"""The custom actions, run as the action server runs them."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.unanswered import KEPT, KeepUnanswered
from consultame.database import read_session
from kb.models import QuestionReason, UnansweredQuestion
from kb.unanswered import new_questions


def said(text: str, intent: str, candidates: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    parse_data = {"intent": {"name": intent}, "knowledge_base": {"candidates": candidates or []}}
    return {
        "event": "user", "text": text, "parse_data": parse_data, "message_id": f"id of {text}", "input_channel": "web",
    }  # fmt: skip


def answered(text: str) -> dict[str, Any]:
    return {"event": "bot", "text": text}


async def run(action: Any, events: list[dict[str, Any]], slots: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Run the action after these events; returns what it says."""
    users = [event for event in events if event["event"] == "user"]
    latest = {"text": users[-1]["text"], **users[-1]["parse_data"]} if users else {}
    tracker = Tracker("web-1", slots or {}, latest, events, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    assert await action.run(dispatcher, tracker, {}) == []
    return dispatcher.messages


def kept() -> list[UnansweredQuestion]:
    with read_session() as session:
        return new_questions(session)


async def test_a_question_without_answer_is_kept_with_its_conversation_and_nearest_entries(any_database: str) -> None:
    candidates = [
        {"intent": "faq", "slug": "glp_que_es", "confidence": 0.2},
        {"intent": "agendar_cita", "slug": None, "confidence": 0.1},
    ]
    events = [said("hola", "saludar"), answered("Hola"), said("¿y el SOAT?", "fuera_de_alcance", candidates)]
    (message,) = await run(KeepUnanswered(), events)
    assert message["text"] == KEPT["es"]
    (question,) = kept()
    assert (question.text, question.channel, question.conversation_id) == ("¿y el SOAT?", "web", "web-1")
    assert question.reason is QuestionReason.UNANSWERED
    assert [turn["text"] for turn in question.conversation] == ["hola", "Hola", "¿y el SOAT?"]
    assert question.nearest == [
        {"slug": "glp_que_es", "confidence": 0.2},
        {"slug": "agendar_cita", "confidence": 0.1},
    ]


async def test_turned_down_suggestions_keep_the_question_they_were_for(any_database: str) -> None:
    events = [
        said("no me dan el subsidio", "faq_ambigua"),
        answered("¿Cuál de estas?"),
        said("Ninguna de estas", "ninguna_de_estas"),
    ]
    await run(KeepUnanswered(), events)
    (question,) = kept()
    assert (question.text, question.reason) == ("no me dan el subsidio", QuestionReason.NONE_OF_THESE)


async def test_a_none_of_these_that_answers_no_suggestions_keeps_and_promises_nothing(any_database: str) -> None:
    assert await run(KeepUnanswered(), [said("ninguna de esas", "ninguna_de_estas")]) == []
    assert kept() == []


async def test_the_same_question_run_twice_is_kept_once(any_database: str) -> None:
    events = [said("¿y el SOAT?", "fuera_de_alcance")]
    await run(KeepUnanswered(), events)
    await run(KeepUnanswered(), events)
    assert len(kept()) == 1


def dialogue(name: str | None) -> dict[str, Any]:
    return {"event": "active_loop", "name": name}


async def test_what_was_said_in_a_guided_dialogue_does_not_go_to_the_staff_with_a_question(any_database: str) -> None:
    events = [
        said("quiero poner una queja", "presentar_queja"),
        dialogue("petition_form"),
        answered("¿Cuál es su nombre?"),
        said("Susana San Juan", "fuera_de_alcance"),
        answered("Leí: Susana San Juan"),
        said("salir", "despedirse"),
        answered("Listo, salimos."),
        dialogue(None),
        said("¿y el SOAT?", "fuera_de_alcance"),
    ]
    await run(KeepUnanswered(), events)
    (question,) = kept()
    assert [turn["text"] for turn in question.conversation] == [
        "quiero poner una queja", "¿Cuál es su nombre?", "¿y el SOAT?",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["👍👍", "00/", "???"])
async def test_signs_alone_are_not_kept_for_the_staff(text: str, any_database: str) -> None:
    assert await run(KeepUnanswered(), [said(text, "fuera_de_alcance")]) == []
    assert kept() == []


async def test_in_an_english_conversation_actions_speak_english(any_database: str) -> None:
    (message,) = await run(KeepUnanswered(), [said("car insurance?", "fuera_de_alcance")], {"language": "en"})
    assert message["text"] == KEPT["en"]
