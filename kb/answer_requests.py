"""Citizens who want to be told, by e-mail, when there is an answer to a question that had none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, String, case, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from consultame.database import Base, now
from consultame.outbox import MessageState, OutgoingMessage, email_address
from consultame.settings import Language
from kb.answer_consent import CONSENT_VERSION, DAYS_WAITED
from kb.models import QuestionState, UnansweredQuestion


class RequestState(StrEnum):
    """Waiting for an answer, or told of it: the e-mail is in the outbox."""

    WAITING = "waiting"
    NOTIFIED = "notified"


class AnswerRequest(Base):
    """That whoever asked a question wants to be told. Once the e-mail is in the outbox, the address is there only."""

    __tablename__ = "kb_answer_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("kb_unanswered_question.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[Language] = mapped_column(String(2))
    consent_version: Mapped[str] = mapped_column(String(32))
    consented_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[RequestState] = mapped_column(
        Enum(RequestState, native_enum=False, length=16, values_callable=lambda states: [s.value for s in states]),
        default=RequestState.WAITING,
        index=True,
    )
    message_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_message.id"))

    question: Mapped[UnansweredQuestion] = relationship()
    message: Mapped[OutgoingMessage | None] = relationship()


class ConsentOutdated(Exception):
    """What was accepted is not the present text."""


class UnknownQuestion(Exception):
    """The conversation has no question without an answer with this message id."""


class AlreadyNotified(Exception):
    """The answer is on its way to the address given before."""


@dataclass(frozen=True)
class NoticeCounts:
    """How many citizens wait to be told, are being told, were, and could not be reached."""

    waiting: int = 0
    under_way: int = 0
    sent: int = 0
    failed: int = 0


def request_answer(
    session: Session, *, conversation_id: str, message_id: str, email: str, language: Language, consent_version: str
) -> AnswerRequest:
    """Tell whoever asked this, at this address, when there is an answer; an address given before is replaced.

    Raises:
        ConsentOutdated: the text that was accepted has changed meanwhile.
        BadRecipient: that is no e-mail address.
        UnknownQuestion: no question without an answer was kept of this message.
        AlreadyNotified: it is too late for another address.
    """
    if consent_version != CONSENT_VERSION:
        raise ConsentOutdated
    address = email_address(email)
    asked = (
        UnansweredQuestion.conversation_id == conversation_id,
        UnansweredQuestion.message_id == message_id,
    )
    question = session.scalar(select(UnansweredQuestion).where(*asked))
    if question is None:
        raise UnknownQuestion
    known = session.scalar(select(AnswerRequest).where(AnswerRequest.question_id == question.id))
    if known and known.state is not RequestState.WAITING:
        raise AlreadyNotified
    request = known or AnswerRequest(question_id=question.id)
    request.email, request.language = address, language
    request.consent_version, request.consented_at = consent_version, now()
    session.add(request)
    session.flush()
    return request


def requested_in(session: Session, conversation_id: str) -> set[str]:
    """The ids of the conversation's messages whose answer was asked to be sent."""
    query = (
        select(UnansweredQuestion.message_id)
        .join(AnswerRequest)
        .where(UnansweredQuestion.conversation_id == conversation_id)
    )
    return set(session.scalars(query))


def notice_counts(session: Session, question_ids: Sequence[int] | None = None) -> NoticeCounts:
    """How it stands with those who asked these questions, or any."""
    told = case(
        (AnswerRequest.state == RequestState.WAITING, "waiting"),
        (OutgoingMessage.state == MessageState.SENT, "sent"),
        (OutgoingMessage.state.in_((MessageState.WAITING, MessageState.SENDING)), "under_way"),
        else_="failed",
    )
    query = select(told, func.count()).select_from(AnswerRequest).outerjoin(OutgoingMessage).group_by(told)
    if question_ids is not None:
        query = query.where(AnswerRequest.question_id.in_(question_ids))
    return NoticeCounts(**dict(session.execute(query).tuples().all()))


def waiting_by_need(session: Session) -> dict[int, int]:
    """How many citizens wait to be told of an answer, by the need their question is in."""
    need = UnansweredQuestion.need_id
    query = (
        select(need, func.count())
        .join(AnswerRequest)
        .where(AnswerRequest.state == RequestState.WAITING, need.is_not(None))
    )
    return {number: count for number, count in session.execute(query.group_by(need)).tuples() if number is not None}


def request_for(session: Session, question_id: int) -> AnswerRequest | None:
    """The request of whoever asked this question, with its message, or None."""
    return session.scalar(select(AnswerRequest).where(AnswerRequest.question_id == question_id))


def erase_requests_that_lead_nowhere(session: Session) -> int:
    """Erase those that have waited for as long as was promised, or whose question is not for this desk."""
    dismissed = select(UnansweredQuestion.id).where(UnansweredQuestion.state == QuestionState.DISMISSED)
    gone = delete(AnswerRequest).where(
        AnswerRequest.state == RequestState.WAITING,
        or_(
            AnswerRequest.consented_at < now() - timedelta(days=DAYS_WAITED),
            AnswerRequest.question_id.in_(dismissed),
        ),
    )
    return len(session.scalars(gone.returning(AnswerRequest.id)).all())
