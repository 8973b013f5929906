"""What citizens say of answers and conversations is kept once, masked, and counted by entry."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consultame.conversations import ConversationEvent, append_events
from consultame.database import now, read_session, write_session
from consultame.migration import alembic_configuration, migrate_database
from consultame.staff import Role, StaffMember
from kb.entries import approve, submit_for_review, write_new_entry
from kb.feedback import (
    EntryUse,
    Feedback,
    NotAnAnswer,
    UnknownMessage,
    entry_use,
    latest_comments,
    rate_answer,
    votes_in,
)
from kb.models import DismissalReason, QuestionReason, Topic, UnansweredQuestion
from kb.releases import make_candidate, promote
from kb.satisfaction import Satisfaction, keep_satisfaction
from kb.unanswered import dismiss, new_questions
from tests.unit.test_entries import TEXT

Event = dict[str, Any]


def said(
    text: str, message_id: str, *, intent: str = "faq", slug: str | None = None, days_ago: float = 0
) -> list[Event]:
    """A citizen's message and the answer to it."""
    outcome = "answered" if slug else "task"
    candidates = [{"intent": "faq", "slug": slug, "confidence": 0.9}] if slug else []
    match = {"outcome": outcome, "slug": slug, "confidence": 0.9, "candidates": candidates}
    at = (now() - timedelta(days=days_ago)).timestamp()
    parse_data = {"intent": {"name": intent}, "knowledge_base": match}
    user = {"event": "user", "text": text, "parse_data": parse_data, "message_id": message_id, "input_channel": "web"}
    return [user | {"timestamp": at}, {"event": "bot", "text": f"Respuesta a: {text}", "data": {}, "timestamp": at}]


def converse(*turns: list[Event], conversation_id: str = "web-1") -> None:
    with write_session() as session:
        append_events(
            session.connection(), conversation_id, [event for turn in turns for event in turn], memory_before={}
        )


def rate(message_id: str, *, helpful: bool, comment: str | None = None, conversation_id: str = "web-1") -> None:
    with write_session() as session:
        rate_answer(session, conversation_id=conversation_id, message_id=message_id, helpful=helpful, comment=comment)


def kept() -> list[Feedback]:
    with read_session() as session:
        return list(session.scalars(select(Feedback).order_by(Feedback.id)))


def inbox() -> list[UnansweredQuestion]:
    with read_session() as session:
        return new_questions(session)


def use_of(slug: str) -> EntryUse:
    with read_session() as session:
        return entry_use(session, slug, since=now() - timedelta(days=30))


def test_a_vote_is_kept_once_an_answer_and_can_be_changed(any_database: str) -> None:
    converse(said("¿qué es el GLP?", "message-1", slug="glp_que_es"))
    for helpful in (True, True, False):
        rate("message-1", helpful=helpful)
    (feedback,) = kept()
    assert (feedback.slug, feedback.helpful) == ("glp_que_es", False)
    assert feedback.updated_at > feedback.created_at
    with read_session() as session:
        assert votes_in(session, "web-1") == {"message-1": False}
        assert votes_in(session, "web-2") == {}


def test_a_comment_is_kept_without_personal_data_until_the_answer_is_found_helpful(any_database: str) -> None:
    converse(said("¿qué es el GLP?", "message-1", slug="glp_que_es"))
    rate("message-1", helpful=False, comment="no dice nada, llámeme al 3101234567")
    rate("message-1", helpful=False)
    assert kept()[0].comment == "no dice nada, llámeme al [teléfono]"
    rate("message-1", helpful=True)
    assert kept()[0].comment == ""


def test_only_what_an_entry_answered_in_this_conversation_can_be_rated(any_database: str) -> None:
    converse(said("una cita", "message-1", intent="agendar_cita"), said("¿GLP?", "message-2", slug="glp_que_es"))
    with pytest.raises(NotAnAnswer):
        rate("message-1", helpful=True)
    for message_id, conversation_id in (("message-3", "web-1"), ("message-2", "web-2")):
        with pytest.raises(UnknownMessage):
            rate(message_id, helpful=True, conversation_id=conversation_id)
    assert kept() == []


def test_a_question_whose_answer_did_not_help_goes_to_the_curators_with_what_was_said_until_then(
    any_database: str,
) -> None:
    converse(
        said("hola, mi cc es 27.123.456", "message-1", intent="saludar"),
        said("¿y si vivo en la calle 43 # 57-31?", "message-2", slug="glp_que_es"),
        said("gracias", "message-3", intent="agradecer"),
    )
    for _ in range(2):
        rate("message-2", helpful=False)
    (question,) = inbox()
    assert (question.reason, question.channel) == (QuestionReason.DOWN_VOTED, "web")
    assert question.text == "¿y si vivo en la [dirección]?"
    assert [turn["speaker"] for turn in question.conversation] == ["citizen", "assistant", "citizen", "assistant"]
    assert question.conversation[0]["text"] == "hola, mi cc es [documento]"
    assert question.nearest == [{"slug": "glp_que_es", "confidence": 0.9}]


def test_a_changed_mind_takes_the_question_out_of_the_inbox_unless_it_was_dealt_with(any_database: str) -> None:
    converse(said("¿uno?", "message-1", slug="glp_que_es"), said("¿dos?", "message-2", slug="glp_que_es"))
    for message_id in ("message-1", "message-2"):
        rate(message_id, helpful=False)
    with write_session() as session:
        dismiss(session, new_questions(session)[0], DismissalReason.SINGLE_CASE)
    for message_id in ("message-1", "message-2"):
        rate(message_id, helpful=True)
    assert inbox() == []
    with read_session() as session:
        assert [question.text for question in session.scalars(select(UnansweredQuestion))] == ["¿dos?"]


def test_a_vote_names_the_version_that_was_in_service_when_the_answer_was_given(
    any_database: str, add_person: Callable[[str, Role], StaffMember]
) -> None:
    author, approver = add_person("ana", Role.CURATOR), add_person("luis", Role.APPROVER)
    converse(said("¿antes?", "message-1", slug="glp_que_es", days_ago=1))
    with write_session() as session:
        version = write_new_entry(session, slug="glp_que_es", topic=Topic.GLP, text=TEXT, author=author)
        submit_for_review(session, version, by=author)
        approve(session, version, by=approver)
        promote(session, make_candidate(session, [version], model_fingerprint="f"))
    converse(said("¿después?", "message-2", slug="glp_que_es"))
    for message_id in ("message-1", "message-2"):
        rate(message_id, helpful=True)
    assert [feedback.version_id for feedback in kept()] == [None, version.id]


def test_an_entry_is_counted_by_times_shown_votes_and_conversations_that_then_asked_for_a_person(
    any_database: str,
) -> None:
    person = said("una persona", "message-2", intent="hablar_con_asesor")
    for number in range(3):
        turns = [said("¿GLP?", "message-1", slug="glp_que_es"), person, said("¿GLP?", "message-3", slug="glp_que_es")]
        converse(*turns, conversation_id=f"web-{number}")
        rate("message-1", helpful=number > 0, conversation_id=f"web-{number}")
    asked_twice = [said("¿GLP?", "message-4", slug="glp_que_es"), person]
    converse(*asked_twice, conversation_id="web-0")
    converse(said("¿GLP?", "message-5", slug="glp_que_es", days_ago=31), person, conversation_id="web-old")
    converse(said("¿otra?", "message-6", slug="otra"), said("a", "message-7"), person, conversation_id="web-other")
    assert use_of("glp_que_es") == EntryUse(shown=7, helpful=2, not_helpful=1, asked_for_a_person=3)
    assert use_of("otra") == EntryUse(shown=1, helpful=0, not_helpful=0, asked_for_a_person=0)


def test_comments_come_newest_first_and_only_those_with_words(any_database: str) -> None:
    for number, comment in enumerate(("primero", None, "segundo", "tercero")):
        converse(said("¿GLP?", "message-1", slug="glp_que_es"), conversation_id=f"web-{number}")
        rate("message-1", helpful=False, comment=comment, conversation_id=f"web-{number}")
    with read_session() as session:
        comments = latest_comments(session, "glp_que_es", since=now() - timedelta(days=30), limit=2)
    assert [feedback.comment for feedback in comments] == ["tercero", "segundo"]


def test_a_conversation_has_one_score_from_one_to_five_that_can_be_changed(any_database: str) -> None:
    for score in (2, 5):
        with write_session() as session:
            keep_satisfaction(session, conversation_id="web-1", score=score)
    with read_session() as session:
        assert [kept.score for kept in session.scalars(select(Satisfaction))] == [5]
    with pytest.raises(IntegrityError), write_session() as session:
        keep_satisfaction(session, conversation_id="web-2", score=6)


def test_conversations_from_before_are_counted_after_migrating(any_database: str) -> None:
    converse(said("¿GLP?", "message-1", slug="glp_que_es"), said("hola", "message-2", intent="saludar"))
    query = select(ConversationEvent.intent, ConversationEvent.slug).order_by(ConversationEvent.id)
    with read_session() as session:
        before = session.execute(query).all()
    command.downgrade(alembic_configuration(), "0003")
    migrate_database()
    with read_session() as session:
        assert session.execute(query).all() == before
    assert use_of("glp_que_es").shown == 1
