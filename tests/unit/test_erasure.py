"""Conversations are erased when they are old, or when the person they are about asks for it; nobody else's are."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from consultame.audit import Action, AuditEvent
from consultame.conversations import (
    Conversation,
    ConversationEvent,
    append_events,
    erase_conversations_older_than,
)
from consultame.database import now, read_session, write_session
from kb.erasure import Erased, ErasureRefused, Subject, erase_kept, kept_about, subject_of_request
from kb.models import UnansweredQuestion
from kb.satisfaction import Satisfaction, keep_satisfaction
from kb.unanswered import keep_unanswered_question


def said(conversation_id: str, text: str, **memory: str) -> None:
    """A conversation in which a citizen said this, and the unanswered question it left."""
    with write_session() as session:
        event = {"event": "user", "text": text, "message_id": "m1", "timestamp": now().timestamp()}
        append_events(session.connection(), conversation_id, [event], memory_before={"slots": memory})
        keep_unanswered_question(
            session,
            conversation_id=conversation_id,
            message_id="m1",
            channel="web",
            text=text,
            conversation=[],
            nearest=[],
        )


def erased(subject: Subject) -> Erased:
    with read_session() as session:
        kept = kept_about(session, subject)
    with write_session() as session:
        return erase_kept(session, kept)


def test_what_was_thought_of_the_conversation_goes_too_and_the_record_names_nobody(sqlite_database: None) -> None:
    said("web-1", "mi correo es ana@correo.co")
    with write_session() as session:
        keep_satisfaction(session, conversation_id="web-1", score=2)
    erased(subject_of_request(email="ana@correo.co"))
    with read_session() as session:
        assert session.scalar(select(func.count()).select_from(Satisfaction)) == 0
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.PERSONAL_DATA_ERASED))
        assert (event.subject, event.detail) == ("", {
            "conversations": 1, "questions": 1, "messages": 0, "requests": 0,
        })  # fmt: skip


def left() -> list[str]:
    with read_session() as session:
        ids = list(session.scalars(select(Conversation.id).order_by(Conversation.id)))
        assert set(session.scalars(select(ConversationEvent.conversation_id))) == set(ids)
        assert set(session.scalars(select(UnansweredQuestion.conversation_id))) == set(ids)
    return ids


@pytest.mark.parametrize(
    "written",
    [
        "1085245678",
        "cc 1.085.245.678",
        "1 085 245 678",
        "1'085.245.678",
        "1,085,245,678",
        "1085245678-1",
        "cc1085245678.",
    ],
)
def test_a_document_is_found_however_it_is_written(written: str, any_database: str) -> None:
    said("web-1", f"mi cédula es {written}, gracias")
    said("web-2", "la mía es 11.085.245.678 y no 1.085.245.6789")
    assert erased(subject_of_request(document="1.085.245.678")) == Erased(1, 1)
    assert left() == ["web-2"]


@pytest.mark.parametrize(
    "written",
    ["Ana.Paz@correo.co", "ana.paz @ correo .co", "ana punto paz arroba correo punto co", "<ana.paz@correo.co>"],
)
def test_an_address_is_found_however_it_is_written(written: str, sqlite_database: None) -> None:
    said("web-1", f"es {written}")
    said("web-2", "es mariana.paz@correo.co o ana.paz@correo.com")
    assert erased(subject_of_request(email="ana.paz@correo.co")) == Erased(1, 1)
    assert left() == ["web-2"]


def test_what_the_dialogue_remembers_of_a_person_is_found_too(sqlite_database: None) -> None:
    said("web-1", "sí", document="1085245678")
    assert erased(subject_of_request(document="1085245678")) == Erased(1, 1)


def test_a_conversation_is_found_by_its_id_alone(sqlite_database: None) -> None:
    said("web-1", "hola")
    said("web-10", "mi conversación es web-1")
    assert erased(subject_of_request(conversation_id="web-1")) == Erased(1, 1)
    assert left() == ["web-10"]


def test_a_question_outlives_its_conversation_and_is_still_found(sqlite_database: None) -> None:
    said("web-1", "hola")
    with write_session() as session:
        session.delete(session.get_one(Conversation, "web-1"))
    assert erased(subject_of_request(conversation_id="web-1")) == Erased(0, 1)


@pytest.mark.parametrize(
    "given", [{"document": "12"}, {"document": "abcdef"}, {"email": "ana"}, {"conversation_id": ""}]
)
def test_what_would_name_everybody_or_nobody_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ErasureRefused):
        subject_of_request(**given)


def test_conversations_silent_for_longer_than_the_days_are_erased(any_database: str) -> None:
    for conversation_id, days in (("old", 91), ("recent", 89)):
        said(conversation_id, "hola")
        with write_session() as session:
            moment = now() - timedelta(days=days)
            session.execute(update(Conversation).where(Conversation.id == conversation_id).values(updated_at=moment))
    with write_session() as session:
        assert erase_conversations_older_than(session, days=90) == 1
    with read_session() as session:
        assert list(session.scalars(select(Conversation.id))) == ["recent"]
        assert session.scalar(select(func.count()).select_from(ConversationEvent)) == 1


def test_the_worker_erases_by_the_setting_each_night(
    sqlite_database: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from consultame.retention_job import erase_old_conversations
    from consultame.settings import load_settings

    said("web-1", "cc 1085245678")
    with write_session() as session:
        session.execute(update(Conversation).values(updated_at=now() - timedelta(days=8)))
    caplog.set_level(logging.INFO)
    erase_old_conversations.call_local()
    assert left() == ["web-1"]
    monkeypatch.setenv("CONSULTAME_CONVERSATIONS_KEPT_DAYS", "7")
    load_settings.cache_clear()
    erase_old_conversations.call_local()
    with read_session() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 0
    assert "1085245678" not in caplog.text
