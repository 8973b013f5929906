"""The audit log grows with what is done and cannot be changed, on SQLite and PostgreSQL alike."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from consultame.audit import Action, Actor, AuditEvent, AuditFilter, SubjectKind, acting_as, events, record
from consultame.database import now, read_session, write_session
from consultame.staff import Role, StaffMember
from kb.entries import approve, return_to_author, submit_for_review, write_new_entry, write_new_version
from kb.models import DismissalReason, PublicationState, Topic
from kb.publishing import (
    PublishingError,
    cancel_publication,
    fail_interrupted_publications,
    request_publication,
    run_publication,
)
from kb.unanswered import dismiss, keep_unanswered_question, link_to_entry
from tests.unit.admin_site import ENTRY

AddPerson = Callable[[str, Role], StaffMember]


def _record_one() -> None:
    with write_session() as session:
        record(session, Action.SIGN_IN_FAILED, SubjectKind.ACCOUNT, "ana@minenergia.example")


def _stored(action: Action) -> list[AuditEvent]:
    with read_session() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'otra'",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE id = 1",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_event(any_database: str, statement: str) -> None:
    _record_one()
    with pytest.raises(DBAPIError, match="audit_event only grows"), write_session() as session:
        session.execute(text(statement))
    (event,) = _stored(Action.SIGN_IN_FAILED)
    assert event.actor == "command line"


def test_an_event_is_not_replaced_or_truncated_either(any_database: str) -> None:
    _record_one()
    columns = "id, at, actor, action, subject_kind, subject, detail, address"
    statement = {
        "sqlite": f"REPLACE INTO audit_event ({columns}) VALUES (1, '2026-01-01', 'otra', 'x', 'x', 'x', '{{}}', '')",
        "postgresql": "TRUNCATE audit_event",
    }[any_database]
    with pytest.raises(DBAPIError, match="audit_event only grows"), write_session() as session:
        session.execute(text(statement))
    assert len(_stored(Action.SIGN_IN_FAILED)) == 1


def test_an_event_is_kept_only_when_the_action_is(sqlite_database: None, add_person: AddPerson) -> None:
    author = add_person("ana", Role.CURATOR)
    with pytest.raises(RuntimeError), write_session() as session:
        write_new_entry(session, slug="mme_estufas", topic=Topic.MINISTERIO, text=ENTRY, author=author)
        raise RuntimeError
    assert _stored(Action.VERSION_WRITTEN) == []


def test_an_event_says_who_from_where_and_what(any_database: str, add_person: AddPerson) -> None:
    ana = add_person("ana", Role.CURATOR)
    actor = Actor("unknown", address="192.0.2.7")
    actor.identify(ana)
    with acting_as(actor), write_session() as session:
        write_new_entry(session, slug="mme_estufas", topic=Topic.MINISTERIO, text=ENTRY, author=ana)
    (event,) = _stored(Action.VERSION_WRITTEN)
    assert (event.actor_id, event.actor, event.address) == (ana.id, "ana@minenergia.example", "192.0.2.7")
    assert (event.subject_kind, event.subject, event.detail) == ("entry", "mme_estufas", {"version": 1})


def test_the_whole_way_of_an_entry_is_recorded(sqlite_database: None, add_person: AddPerson) -> None:
    ana, luis = add_person("ana", Role.CURATOR), add_person("luis", Role.APPROVER)
    with write_session() as session:
        first = write_new_entry(session, slug="mme_estufas", topic=Topic.MINISTERIO, text=ENTRY, author=ana)
        submit_for_review(session, first, by=ana)
        return_to_author(session, first, by=luis, comment="Falta la norma.")
        second = write_new_version(session, entry=first.entry, text=ENTRY, author=ana)
        submit_for_review(session, second, by=ana)
        approve(session, second, by=luis)
    with read_session() as session:
        newest_first = events(session, AuditFilter(), limit=6)
    assert {event.subject for event in newest_first} == {"mme_estufas"}
    told = [(event.action, event.detail["version"]) for event in newest_first]
    assert told == [
        ("version_approved", 2),
        ("version_submitted", 2),
        ("version_written", 2),
        ("version_returned", 1),
        ("version_submitted", 1),
        ("version_written", 1),
    ]


def test_questions_are_recorded_by_number_without_their_text(sqlite_database: None, add_person: AddPerson) -> None:
    ana = add_person("ana", Role.CURATOR)
    with write_session() as session:
        entry = write_new_entry(session, slug="mme_x", topic=Topic.MINISTERIO, text=ENTRY, author=ana).entry
        for number, text_asked in enumerate(["me llamo Pedro Pérez, ¿dan estufas?", "soy Pedro Pérez"]):
            question = keep_unanswered_question(
                session,
                conversation_id="web-1",
                message_id=f"message-{number}",
                channel="web",
                text=text_asked,
                conversation=[],
                nearest=[],
            )
            if number == 0:
                link_to_entry(session, question, entry)
            else:
                dismiss(session, question, DismissalReason.SINGLE_CASE)
    (linked,), (dismissed,) = _stored(Action.QUESTION_LINKED), _stored(Action.QUESTION_DISMISSED)
    assert (linked.subject, linked.detail) == ("1", {"entry": "mme_x"})
    assert (dismissed.subject, dismissed.detail) == ("2", {})


def test_a_publication_cancelled_while_it_waits_is_recorded(sqlite_database: None, add_person: AddPerson) -> None:
    luis = add_person("luis", Role.APPROVER)
    with write_session() as session:
        cancel_publication(session, request_publication(session, by=luis))
    assert [event.actor for event in _stored(Action.PUBLICATION_CANCELLED)] == [luis.email]


def test_a_publication_is_recorded_to_its_end_in_the_name_of_who_asked(
    sqlite_database: None, add_person: AddPerson
) -> None:
    luis = add_person("luis", Role.APPROVER)
    with write_session() as session:
        number = request_publication(session, by=luis).id
    with pytest.raises(PublishingError, match="ninguna entrada aprobada"):
        run_publication(number)
    (failed,) = _stored(Action.PUBLICATION_FAILED)
    assert (failed.actor, failed.subject, failed.detail) == (luis.email, str(number), {"step": "prepare"})
    assert len(_stored(Action.PUBLICATION_REQUESTED)) == 1


def test_a_publication_that_was_interrupted_is_recorded_as_failed(sqlite_database: None, add_person: AddPerson) -> None:
    luis = add_person("luis", Role.APPROVER)
    with write_session() as session:
        publication = request_publication(session, by=luis)
        publication.state = PublicationState.RUNNING
    with write_session() as session:
        assert fail_interrupted_publications(session, silent_since=now()) == 1
    assert [event.actor for event in _stored(Action.PUBLICATION_FAILED)] == [luis.email]
