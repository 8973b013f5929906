"""Citizens who want to be told, by e-mail or by WhatsApp, when there is an answer to a question that had none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, String, case, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from consultame.database import Base, now
from consultame.outbox import BadRecipient, Channel, MessageState, OutgoingMessage, email_address
from consultame.phone_numbers import mobile_number
from consultame.settings import Language
from kb.answer_consent import CONSENT_VERSIONS, DAYS_WAITED, can_tell_by
from kb.models import QuestionState, UnansweredQuestion


class RequestState(StrEnum):
    """Waiting for an answer, or told of it: the message is in the outbox."""

    WAITING = "waiting"
    NOTIFIED = "notified"


class AnswerRequest(Base):
    """That whoever asked a question wants to be told, at one address of one channel.

    Once the message is in the outbox, the address is there only.
    """

    __tablename__ = "kb_answer_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("kb_unanswered_question.id", ondelete="CASCADE"), unique=True)
    channel: Mapped[Channel] = mapped_column(
        Enum(Channel, native_enum=False, length=16, values_callable=lambda channels: [c.value for c in channels])
    )
    # An e-mail address, or a mobile number as `mobile_number` gives it.
    recipient: Mapped[str] = mapped_column(String(254))
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

    @property
    def reference(self) -> str:
        """What names it in messages and links: its number, and the moment, for a database made anew counts anew."""
        return f"{self.id}:{int(self.consented_at.timestamp())}"


class ChannelUnavailable(Exception):
    """Nobody can be told so here."""


class ConsentOutdated(Exception):
    """What was accepted is not the present text."""


class UnknownQuestion(Exception):
    """The conversation has no question without an answer with this message id."""


class AlreadyNotified(Exception):
    """The answer is on its way to the address given before."""


@dataclass(frozen=True)
class NoticeCounts:
    """How many citizens wait to be told, are being told, were, may have been or not, and could not be reached."""

    waiting: int = 0
    under_way: int = 0
    sent: int = 0
    unknown: int = 0
    failed: int = 0


def request_answer(
    session: Session,
    *,
    conversation_id: str,
    message_id: str,
    channel: Channel,
    recipient: str,
    language: Language,
    consent_version: str,
) -> AnswerRequest:
    """Tell whoever asked this, at this address, when there is an answer; one given before, of any channel, is replaced.

    Raises:
        ChannelUnavailable: nobody can be told by this channel.
        ConsentOutdated: the text that was accepted has changed meanwhile, or is that of another channel.
        BadRecipient: that is no e-mail address, or no mobile number.
        UnknownQuestion: no question without an answer was kept of this message.
        AlreadyNotified: it is too late for another address.
    """
    if not can_tell_by(channel):
        raise ChannelUnavailable
    if consent_version != CONSENT_VERSIONS[channel]:
        raise ConsentOutdated
    address = _address(channel, recipient)
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
    request.channel, request.recipient, request.language = channel, address, language
    request.consent_version, request.consented_at = consent_version, now()
    session.add(request)
    session.flush()
    return request


def _address(channel: Channel, recipient: str) -> str:
    if channel is Channel.EMAIL:
        return email_address(recipient)
    if (number := mobile_number(recipient)) is None:
        raise BadRecipient("not a mobile number")
    return number


def requested_in(session: Session, conversation_id: str) -> set[str]:
    """The ids of the conversation's messages whose answer was asked to be sent."""
    query = (
        select(UnansweredQuestion.message_id)
        .join(AnswerRequest)
        .where(UnansweredQuestion.conversation_id == conversation_id)
    )
    return set(session.scalars(query))


def notice_counts(session: Session, question_ids: Sequence[int] | None = None) -> dict[Channel, NoticeCounts]:
    """How it stands with those who asked these questions, or any, by each channel that somebody chose."""
    told = case(
        (AnswerRequest.state == RequestState.WAITING, "waiting"),
        (OutgoingMessage.state == MessageState.SENT, "sent"),
        (OutgoingMessage.state.in_((MessageState.WAITING, MessageState.SENDING)), "under_way"),
        (OutgoingMessage.state == MessageState.UNKNOWN, "unknown"),
        else_="failed",
    )
    channel = AnswerRequest.channel
    query = select(channel, told, func.count()).select_from(AnswerRequest).outerjoin(OutgoingMessage)
    if question_ids is not None:
        query = query.where(AnswerRequest.question_id.in_(question_ids))
    counted: dict[Channel, dict[str, int]] = {}
    for chosen, outcome, count in session.execute(query.group_by(channel, told)).tuples():
        counted.setdefault(chosen, {})[outcome] = count
    return {each: NoticeCounts(**counted[each]) for each in Channel if each in counted}


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


def request_by_reference(session: Session, reference: str) -> AnswerRequest | None:
    """The request that has this reference, or None."""
    number = reference.partition(":")[0]
    request = session.get(AnswerRequest, int(number)) if number.isdecimal() else None
    return request if request and request.reference == reference else None


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
