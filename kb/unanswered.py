"""Questions the assistant could not answer, or not well, kept for the staff with personal data masked."""

import re
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from consultame.audit import Action, SubjectKind, record
from consultame.database import now
from consultame.masking import masked
from kb.models import (
    DismissalReason,
    Entry,
    EntryVersion,
    QuestionReason,
    QuestionState,
    UnansweredQuestion,
    VersionState,
)

CONVERSATION_TURNS_KEPT = 10
RECENT = timedelta(days=90)
RECENT_QUESTIONS = 500
_MASK_LABEL = re.compile(r"\[[a-zéó]+\]")


def keep_unanswered_question(
    session: Session,
    *,
    conversation_id: str,
    message_id: str,
    channel: str,
    text: str,
    conversation: list[dict[str, str]],
    nearest: list[dict[str, str | float]],
    reason: QuestionReason = QuestionReason.UNANSWERED,
) -> UnansweredQuestion:
    """Keep a question once, masked, with the last turns around it and the nearest entries.

    `conversation` holds `{"speaker": "citizen"|"assistant", "text": …}`, oldest first; `nearest` holds
    `{"slug": …, "confidence": 0…1}`, nearest first. The same message kept again gives the first record back.
    """
    known = session.scalar(
        select(UnansweredQuestion).where(
            UnansweredQuestion.conversation_id == conversation_id, UnansweredQuestion.message_id == message_id
        )
    )
    if known:
        return known
    question = UnansweredQuestion(
        conversation_id=conversation_id,
        message_id=message_id,
        channel=channel,
        text=masked(text),
        conversation=[
            {"speaker": turn["speaker"], "text": masked(turn["text"]) if turn["speaker"] == "citizen" else turn["text"]}
            for turn in conversation[-CONVERSATION_TURNS_KEPT:]
        ],
        nearest=nearest,
        reason=reason,
    )
    session.add(question)
    session.flush()
    return question


def forget_down_voted_question(session: Session, *, conversation_id: str, message_id: str) -> None:
    """Take a question whose answer helped after all out of the inbox, unless somebody has dealt with it."""
    session.execute(
        delete(UnansweredQuestion).where(
            UnansweredQuestion.conversation_id == conversation_id,
            UnansweredQuestion.message_id == message_id,
            UnansweredQuestion.reason == QuestionReason.DOWN_VOTED,
            UnansweredQuestion.state == QuestionState.NEW,
        )
    )


def new_questions(session: Session) -> list[UnansweredQuestion]:
    """The questions nobody has dealt with, newest first."""
    query = select(UnansweredQuestion).where(UnansweredQuestion.state == QuestionState.NEW)
    return list(session.scalars(query.order_by(UnansweredQuestion.created_at.desc(), UnansweredQuestion.id.desc())))


def recent_questions(session: Session) -> list[str]:
    """What citizens wrote in the last 90 days, as far as it was kept, masked: the newest 500 texts, each once."""
    query = select(UnansweredQuestion).where(UnansweredQuestion.created_at >= now() - RECENT)
    newest = session.scalars(query.order_by(UnansweredQuestion.id.desc()).limit(RECENT_QUESTIONS))
    texts: dict[str, None] = {}
    for question in newest:
        said = [turn["text"] for turn in question.conversation if turn["speaker"] == "citizen"]
        texts |= dict.fromkeys([question.text, *said])
    return list(texts)[:RECENT_QUESTIONS]


def question_by_id(session: Session, question_id: int) -> UnansweredQuestion | None:
    """The question with its entry, or None."""
    query = select(UnansweredQuestion).where(UnansweredQuestion.id == question_id)
    return session.scalar(query.options(selectinload(UnansweredQuestion.entry)))


def link_to_entry(session: Session, question: UnansweredQuestion, entry: Entry) -> None:
    """Say that this entry answers the question."""
    question.entry_id = entry.id
    question.state = QuestionState.ANSWERED
    question.answer_number, question.answer_checked_at = _answering_number(session, entry), None
    question.reopening_note = ""
    session.flush()
    record(session, Action.QUESTION_LINKED, SubjectKind.QUESTION, question.id, entry=entry.slug)


def dismiss(session: Session, question: UnansweredQuestion, reason: DismissalReason, note: str = "") -> None:
    """Say that the question is not for this desk, and why; the note is kept without personal data."""
    question.state = QuestionState.DISMISSED
    question.dismissal_reason = reason
    question.dismissal_note = masked(note.strip()) if note.strip() else ""
    session.flush()
    record(session, Action.QUESTION_DISMISSED, SubjectKind.QUESTION, question.id)


def reopen(session: Session, question: UnansweredQuestion, note: str) -> None:
    """Have an answered question dealt with again, and say why."""
    question.state, question.reopening_note = QuestionState.NEW, note
    question.entry_id = question.answer_number = question.answer_checked_at = None
    session.flush()
    record(session, Action.QUESTION_REOPENED, SubjectKind.QUESTION, question.id)


def without_mask_labels(text: str) -> str:
    """What an entry can learn: the labels that stand for personal data are in nobody's question."""
    return " ".join(_MASK_LABEL.sub(" ", text).split())


def _answering_number(session: Session, entry: Entry) -> int | None:
    """The newest version that was offered for review; in an entry that was not offered yet, the newest."""
    offered = EntryVersion.state.in_((VersionState.IN_REVIEW, VersionState.APPROVED))
    numbers = select(func.max(EntryVersion.number)).where(EntryVersion.entry_id == entry.id)
    return session.scalar(numbers.where(offered)) or session.scalar(numbers)
