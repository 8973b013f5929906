"""Questions without an answer are kept once, masked, with what surrounds them."""

from collections.abc import Callable

from consultame.database import read_session, write_session
from consultame.staff import Role, StaffMember
from kb.entries import write_new_entry
from kb.models import DismissalReason, QuestionState, Topic, UnansweredQuestion
from kb.unanswered import dismiss, keep_unanswered_question, link_to_entry, new_questions, question_by_id
from tests.unit.test_entries import TEXT


def _keep(message_id: str = "m1", text: str = "¿cuánto vale el SOAT?") -> int:
    with write_session() as session:
        return keep_unanswered_question(
            session,
            conversation_id="web-1",
            message_id=message_id,
            channel="web",
            text=text,
            conversation=[
                {"speaker": "citizen", "text": "soy doña Rosa Elvira Cuarán, cc 27.123.456"},
                {"speaker": "assistant", "text": "Hola, llame al 01 8000 910 180."},
                {"speaker": "citizen", "text": text},
            ],
            nearest=[{"slug": "glp_requisitos", "confidence": 0.2}],
        ).id


def test_a_question_is_kept_without_personal_data_in_it_or_around_it(any_database: str) -> None:
    question_id = _keep(text="mi cel es 3101234567, ¿cuánto vale el SOAT?")
    with read_session() as session:
        question = session.get_one(UnansweredQuestion, question_id)
    assert question.text == "mi cel es [teléfono], ¿cuánto vale el SOAT?"
    assert "27.123.456" not in str(question.conversation)
    assert "Rosa" not in str(question.conversation)
    assert question.conversation[1] == {"speaker": "assistant", "text": "Hola, llame al 01 8000 910 180."}
    assert question.nearest == [{"slug": "glp_requisitos", "confidence": 0.2}]


def test_the_same_message_is_kept_once(any_database: str) -> None:
    assert _keep() == _keep()
    _keep("m2")
    with read_session() as session:
        assert [question.message_id for question in new_questions(session)] == ["m2", "m1"]


def test_a_linked_or_dismissed_question_leaves_the_inbox(
    any_database: str, add_person: Callable[[str, Role], StaffMember]
) -> None:
    linked, dismissed = _keep("m1"), _keep("m2")
    author = add_person("ana", Role.CURATOR)
    with write_session() as session:
        version = write_new_entry(session, slug="soat", topic=Topic.MINISTERIO, text=TEXT, author=author)
        link_to_entry(session, session.get_one(UnansweredQuestion, linked), version.entry)
        dismiss(session, session.get_one(UnansweredQuestion, dismissed), DismissalReason.NO_QUESTION)
    with read_session() as session:
        assert new_questions(session) == []
        question = question_by_id(session, linked)
        assert question is not None
        assert question.state is QuestionState.ANSWERED
        assert question.entry is not None
        assert question.entry.slug == "soat"
