"""The custom actions, run as the action server runs them."""

from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.case_status import CaseStatus
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


@pytest.mark.parametrize("text", ["👍👍", "00/", "???"])
async def test_signs_alone_are_not_kept_for_the_staff(text: str, any_database: str) -> None:
    assert await run(KeepUnanswered(), [said(text, "fuera_de_alcance")]) == []
    assert kept() == []


async def test_in_an_english_conversation_actions_speak_english(any_database: str) -> None:
    (message,) = await run(KeepUnanswered(), [said("car insurance?", "fuera_de_alcance")], {"language": "en"})
    assert message["text"] == KEPT["en"]
    (message,) = await run(CaseStatus(), [said("status of 1-2023-011418", "consultar_radicado")], {"language": "en"})
    assert message["text"].startswith("I read the filing number 1-2023-011418")
    assert "Monday to Friday" in message["text"]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        (
            "estado del 1 2023 011418",
            "Leí el radicado 1-2023-011418: una comunicación que el Ministerio recibió",
        ),
        ("el 2-2022-008168", "Leí el radicado 2-2022-008168: una comunicación que el Ministerio envió"),
        ("3-2022-008168", "Leí el radicado 3-2022-008168, del año 2022."),
        ("¿en qué va mi petición?", "Todavía no puedo consultar el estado de un radicado en este chat."),
    ],
)
async def test_the_state_of_a_case_is_never_invented(text: str, opening: str, data_directory: Path) -> None:
    (message,) = await run(CaseStatus(), [said(text, "consultar_radicado")])
    assert message["text"].startswith(opening)
    assert "01 8000 910 180" in message["text"]
    assert "{" not in message["text"]
    assert len(message["buttons"]) == 2
