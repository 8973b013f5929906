"""From a question without answer to the message about its answer: the trained model, the database, a mail server and
the API of WhatsApp."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.question_replay import ask_in_own_process
from consultame.database import read_session, write_session
from consultame.outbox import Channel
from consultame.outbox_sending import Sending, send_due
from consultame.outbox_whatsapp_sending import send_due_whatsapp
from consultame.settings import load_settings
from kb.answer_consent import CONSENT_VERSIONS
from kb.answer_requests import request_answer
from kb.entries import entry_by_slug
from kb.models import QuestionState, UnansweredQuestion
from kb.unanswered import keep_unanswered_question, link_to_entry
from tests.conftest import forget_settings
from tests.mail_sink import running_sink, text_of
from tests.whatsapp_server import running_whatsapp

SLUG = "glp_requisitos"


def waits_for(text: str, recipient: str, channel: Channel = Channel.EMAIL) -> int:
    """A citizen who asked this and waits; staff gave the question to the entry."""
    with write_session() as session:
        question = keep_unanswered_question(
            session, conversation_id="web-1", message_id=f"id of {recipient}", channel="web", text=text,
            conversation=[], nearest=[],
        )  # fmt: skip
        request_answer(
            session, conversation_id="web-1", message_id=question.message_id, channel=channel, recipient=recipient,
            language="es", consent_version=CONSENT_VERSIONS[channel],
        )  # fmt: skip
        entry = entry_by_slug(session, SLUG)
        assert entry is not None
        link_to_entry(session, question, entry)
        return question.id


def test_who_asked_what_the_live_model_now_answers_gets_the_answer_and_the_other_question_is_open_again(
    trained_directory: Path, data_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.answers_job import AnswerFollower

    shutil.copytree(trained_directory, data_directory, dirs_exist_ok=True)
    answered = waits_for("¿Qué requisitos hay que cumplir para el subsidio de la pipeta de gas?", "ana@correo.co")
    missed = waits_for("¿me da la receta del sancocho trifásico?", "luis@correo.co")
    with running_sink() as sink, running_whatsapp() as whatsapp:
        for name, value in (("HOST", "127.0.0.1"), ("PORT", str(sink.port)), ("STARTTLS", "false")):
            monkeypatch.setenv(f"CONSULTAME_SMTP_{name}", value)
        for name, value in whatsapp.environment.items():
            monkeypatch.setenv(name, value)
        forget_settings()
        waits_for("¿Qué requisitos piden para el subsidio de la pipeta de gas?", "300 123 4567", Channel.WHATSAPP)
        waits_for("¿me da la receta del ajiaco santafereño?", "300 123 4568", Channel.WHATSAPP)
        follower = AnswerFollower(ask_in_own_process)
        follower.follow()
        follower.follow()
        assert send_due() == Sending(sent=1)
        (message,) = sink.arrived
        assert send_due_whatsapp() == Sending(sent=1)
        (arrived,) = whatsapp.arrived
    assert arrived.to == "+573001234567"
    assert "«¿Qué requisitos piden para el subsidio de la pipeta de gas?»" in arrived.text
    assert message["To"] == "ana@correo.co"
    assert "estrato" in text_of(message)
    assert load_settings().contact_email in text_of(message)
    with read_session() as session:
        states = {each.id: each.state for each in session.scalars(select(UnansweredQuestion))}
    assert (states[answered], states[missed]) == (QuestionState.ANSWERED, QuestionState.NEW)
