"""The needs that wait for an answer, and what can be done with their questions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultame.database import now
from kb.models import Need, QuestionState, UnansweredQuestion
from kb.unanswered import new_questions

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class OpenNeed:
    """A need with its open questions, the one that stands best for it first; never empty."""

    id: int
    questions: list[UnansweredQuestion]

    @property
    def representative(self) -> UnansweredQuestion:
        """The question the need is shown by."""
        return self.questions[0]

    @property
    def last_asked(self) -> datetime:
        """When the newest question came."""
        return max(question.created_at for question in self.questions)

    @property
    def channels(self) -> list[str]:
        """Where it was asked, the most frequent first."""
        return [channel for channel, _ in Counter(question.channel for question in self.questions).most_common()]

    def asked(self, *, weeks_ago: int) -> int:
        """How many questions came in the seven days that ended so many weeks ago."""
        end = now() - weeks_ago * _WEEK
        return sum(end - _WEEK < question.created_at <= end for question in self.questions)

    def nearest(self, count: int) -> list[tuple[str, float]]:
        """The entries and tasks the assistant thought of, with their mean confidence over all questions (0…1)."""
        sums: Counter[str] = Counter()
        for question in self.questions:
            for near in question.nearest:
                sums[str(near["slug"])] += float(near["confidence"])  # type: ignore[assignment]
        return [(slug, confidence / len(self.questions)) for slug, confidence in sums.most_common(count)]


def open_needs(session: Session, channel: str = "") -> list[OpenNeed]:
    """The needs with open questions (of that channel, if one is given), the most frequent first, then the newest."""
    grouped: dict[int, list[UnansweredQuestion]] = {}
    for question in sorted(new_questions(session), key=lambda question: question.need_fit, reverse=True):
        if question.need_id is not None and channel in ("", question.channel):
            grouped.setdefault(question.need_id, []).append(question)
    needs = [OpenNeed(number, questions) for number, questions in grouped.items()]
    return sorted(needs, key=lambda need: (len(need.questions), need.last_asked), reverse=True)


def open_need(session: Session, need_id: int) -> OpenNeed | None:
    """The need of this number, or None when it has no open question."""
    query = select(UnansweredQuestion).where(
        UnansweredQuestion.state == QuestionState.NEW, UnansweredQuestion.need_id == need_id
    )
    questions = list(session.scalars(query.order_by(UnansweredQuestion.need_fit.desc(), UnansweredQuestion.id)))
    return OpenNeed(need_id, questions) if questions else None


def questions_of_need(session: Session, need_id: int) -> list[int]:
    """The numbers of all its questions, dealt with or not."""
    return list(session.scalars(select(UnansweredQuestion.id).where(UnansweredQuestion.need_id == need_id)))


def count_open_needs(session: Session) -> int:
    """How many needs wait for an answer."""
    query = select(func.count(UnansweredQuestion.need_id.distinct())).where(
        UnansweredQuestion.state == QuestionState.NEW
    )
    return session.scalar(query) or 0


def count_open_questions(session: Session, *, without_need: bool = False) -> int:
    """How many questions nobody has dealt with; on demand only those that are not in a need yet."""
    query = select(func.count()).where(UnansweredQuestion.state == QuestionState.NEW)
    if without_need:
        query = query.where(UnansweredQuestion.need_id.is_(None))
    return session.scalar(query) or 0


def channels_of_open_questions(session: Session) -> list[str]:
    """The channels that open questions came by."""
    query = select(UnansweredQuestion.channel).where(UnansweredQuestion.state == QuestionState.NEW).distinct()
    return sorted(session.scalars(query))


def locked_questions(session: Session, numbers: Sequence[int]) -> list[UnansweredQuestion]:
    """These questions in this order, kept from others until the transaction ends."""
    query = select(UnansweredQuestion).where(UnansweredQuestion.id.in_(numbers)).with_for_update()
    found = {question.id: question for question in session.scalars(query)}
    return [found[number] for number in numbers if number in found]


def move_to_need(session: Session, questions: Sequence[UnansweredQuestion], target: Need) -> None:
    """Put the questions into this need; what they leave and what they join stays as the person wants it."""
    sources = {question.need_id for question in questions if question.need_id is not None}
    for need in session.scalars(select(Need).where(Need.id.in_(sources))):
        need.by_hand = True
    target.by_hand = True
    for question in questions:
        question.need_id = target.id
    session.flush()


def split_off(session: Session, questions: Sequence[UnansweredQuestion]) -> Need:
    """Begin a need with these questions."""
    need = Need(by_hand=True)
    session.add(need)
    session.flush()
    move_to_need(session, questions, need)
    return need
