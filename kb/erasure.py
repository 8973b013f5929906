"""Erasure on request (Ley 1581 de 2012, article 8): what is kept about one person, found and erased.

Conversations are kept as citizens wrote them, so a number or an address is looked for in any of its usual forms.
Unanswered questions are masked; they are found by the conversation they come from. Messages that were or will be sent
are found by recipient and text, whoever waits to be told of an answer by the address or the number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consultame import audit
from consultame.audit import Action, record
from consultame.conversations import Conversation, ConversationEvent
from consultame.outbox_erasure import erase_messages, messages_about
from consultame.phone_numbers import mobile_number
from consultame.settings import is_email
from kb.answer_requests import AnswerRequest
from kb.feedback import Feedback
from kb.models import UnansweredQuestion
from kb.satisfaction import Satisfaction

_Id = TypeVar("_Id")

_ROWS_AT_ONCE = 500
_FEWEST_DOCUMENT_CHARACTERS = 5
_MOST_DOCUMENT_CHARACTERS = 20
_LONGEST_CONVERSATION_ID = 255


class SubjectKind(StrEnum):
    """By what a request names the person."""

    EMAIL = "email"
    PHONE = "phone"
    DOCUMENT = "document"
    CONVERSATION = "conversation"


class ErasureRefused(Exception):
    """What was given cannot name anybody: the field, and why, for the operator."""

    def __init__(self, field: SubjectKind, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class Subject:
    """Whom a request is about: a conversation's id, or what the texts of conversations are searched for."""

    conversation_id: str | None = None
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Kept:
    """What is kept about somebody, by its ids."""

    conversation_ids: Sequence[str]
    question_ids: Sequence[int]
    message_ids: Sequence[int] = ()
    request_ids: Sequence[int] = ()


@dataclass(frozen=True)
class Erased:
    """How much was erased."""

    conversations: int
    questions: int
    messages: int = 0
    requests: int = 0


def subject_of_request(
    *,
    email: str | None = None,
    phone: str | None = None,
    document: str | None = None,
    conversation_id: str | None = None,
) -> Subject:
    """The subject that the one given value names.

    Raises:
        ErasureRefused: it is malformed, or so short that it would be found in other people's conversations.
    """
    if email is not None:
        return Subject(pattern=_email_pattern(email.strip()))
    if phone is not None:
        return Subject(pattern=_phone_pattern(phone))
    if document is not None:
        return Subject(pattern=_document_pattern(document))
    conversation_id = (conversation_id or "").strip()
    if not 0 < len(conversation_id) <= _LONGEST_CONVERSATION_ID or not conversation_id.isprintable():
        raise ErasureRefused(SubjectKind.CONVERSATION, f"takes 1 to {_LONGEST_CONVERSATION_ID} printable characters")
    return Subject(conversation_id=conversation_id)


def kept_about(session: Session, subject: Subject) -> Kept:
    """What is kept about the subject. Reads every event when the subject is not a conversation's id."""
    if subject.conversation_id is not None:
        known = select(Conversation.id).where(Conversation.id == subject.conversation_id)
        found = list(session.scalars(known))
        named = [subject.conversation_id]
    else:
        found = named = _conversations_that_say(session, subject)
    questions: list[int] = []
    requests, messages = _about_the_person(session, subject)
    for some in _in_parts(named):
        of_these = UnansweredQuestion.conversation_id.in_(some)
        questions += session.scalars(select(UnansweredQuestion.id).where(of_these))
        asked = select(AnswerRequest.id, AnswerRequest.message_id).join(UnansweredQuestion).where(of_these)
        for request_id, message_id in session.execute(asked).tuples():
            requests.add(request_id)
            messages |= {message_id} if message_id else set()
    return Kept(found, questions, sorted(messages), sorted(requests))


def _about_the_person(session: Session, subject: Subject) -> tuple[set[int], set[int]]:
    """The requests to be told of an answer, and the messages, that name what is searched for."""
    if subject.pattern is None:
        return set(), set()
    waiting = session.execute(select(AnswerRequest.id, AnswerRequest.recipient).where(AnswerRequest.recipient != ""))
    requests = {number for number, recipient in waiting.tuples() if subject.pattern.search(recipient)}
    return requests, set(messages_about(session, subject.pattern))


def erase_kept(session: Session, kept: Kept) -> Erased:
    """Erase what was found, and what was thought of its answers; what is gone meanwhile is not counted."""
    questions = conversations = requests = 0
    for some in _in_parts(kept.request_ids):
        given_up = delete(AnswerRequest).where(AnswerRequest.id.in_(some)).returning(AnswerRequest.id)
        requests += len(session.scalars(given_up).all())
    for some in _in_parts(kept.question_ids):
        query = delete(UnansweredQuestion).where(UnansweredQuestion.id.in_(some)).returning(UnansweredQuestion.id)
        questions += len(session.scalars(query).all())
    for some_ids in _in_parts(kept.conversation_ids):
        for opinion in (Feedback, Satisfaction):
            session.execute(delete(opinion).where(opinion.conversation_id.in_(some_ids)))
        gone = delete(Conversation).where(Conversation.id.in_(some_ids)).returning(Conversation.id)
        conversations += len(session.scalars(gone).all())
    messages = erase_messages(session, kept.message_ids)
    # Neither whom nor by what: the record itself must hold nothing of the person.
    record(
        session, Action.PERSONAL_DATA_ERASED, audit.SubjectKind.ERASURE, "",
        conversations=conversations, questions=questions, messages=messages, requests=requests,
    )  # fmt: skip
    return Erased(conversations, questions, messages, requests)


def _in_parts(ids: Sequence[_Id]) -> Iterator[Sequence[_Id]]:
    """As many ids at a time as a statement may name."""
    return (ids[start : start + _ROWS_AT_ONCE] for start in range(0, len(ids), _ROWS_AT_ONCE))


def _conversations_that_say(session: Session, subject: Subject) -> list[str]:
    assert subject.pattern is not None
    query = select(ConversationEvent.conversation_id, ConversationEvent.data, ConversationEvent.memory_before)
    found: dict[str, None] = {}
    for row in session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        if row.conversation_id not in found and any(
            subject.pattern.search(text) for text in _texts((row.data, row.memory_before))
        ):
            found[row.conversation_id] = None
    return list(found)


def _texts(value: Any) -> Iterator[str]:
    """Every text inside an event: what was said, and what was understood and remembered of it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


def _email_pattern(email: str) -> re.Pattern[str]:
    """The address in any case, with spaces around its signs, or with «arroba» and «punto» in words."""
    if not is_email(email):
        raise ErasureRefused(SubjectKind.EMAIL, "is not an e-mail address")
    signs = {
        "@": r"\s*(?:@|\(?\s*arroba\s*\)?)\s*",
        ".": r"\s*(?:\.|\bpunto\b)\s*",
        "_": r"\s*(?:_|\bgui[oó]n bajo\b)\s*",
        "-": r"\s*(?:-|\bgui[oó]n\b)\s*",
    }
    written = "".join(signs.get(character) or re.escape(character) for character in email)
    return re.compile(rf"(?<![\w.+-]){written}(?![\w-])", re.IGNORECASE)


def _phone_pattern(phone: str) -> re.Pattern[str]:
    """The mobile number with or without the country's, spaces, dots, hyphens or brackets; not as a part of another."""
    number = mobile_number(phone)
    if number is None:
        raise ErasureRefused(SubjectKind.PHONE, "is not a mobile number")
    between = r"[\s.()\u200b\u2010-\u2015-]{0,3}"
    country, digits = (f"57{between}", number[3:]) if number.startswith("+57") else ("", number[1:])
    prefix = rf"(?:(?:\+|00)?{country})?"
    return re.compile(rf"(?<!\d){prefix}{between.join(digits)}(?!\d)")


def _document_pattern(document: str) -> re.Pattern[str]:
    """The number with or without dots, spaces, commas, apostrophes or hyphens; not as a part of a longer one."""
    characters = [character for character in document if character.isalnum()]
    if not _FEWEST_DOCUMENT_CHARACTERS <= len(characters) <= _MOST_DOCUMENT_CHARACTERS or not any(
        character.isdigit() for character in characters
    ):
        reason = f"takes a number of {_FEWEST_DOCUMENT_CHARACTERS} to {_MOST_DOCUMENT_CHARACTERS} characters"
        raise ErasureRefused(SubjectKind.DOCUMENT, reason)
    written = r"[\s.,'’´\u200b\u2010-\u2015-]{0,3}".join(map(re.escape, characters))
    before = r"(?<!\d)(?<!\d[.,'’])" if characters[0].isdigit() else r"(?<![^\W_])"
    return re.compile(rf"{before}{written}(?![.,'’]?\d)", re.IGNORECASE)
