"""How all entries fare in a period, and how satisfied citizens were week by week: few queries, each by an index."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from consultame.conversations import ConversationEvent
from consultame.local_time import BOGOTA
from kb.feedback import EntryUse, Feedback
from kb.models import Task
from kb.satisfaction import Satisfaction

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """Days in Bogotá; both count whole."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), BOGOTA)

    @property
    def end(self) -> datetime:
        """The first moment that is out."""
        return datetime.combine(self.last + timedelta(days=1), time(), BOGOTA)

    def weeks(self) -> list["Period"]:
        """The weeks from Monday to Sunday that the period touches, cut at its ends, oldest first."""
        monday, found = self.first - timedelta(days=self.first.weekday()), []
        while monday <= self.last:
            found.append(Period(max(monday, self.first), min(monday + timedelta(days=6), self.last)))
            monday += _WEEK
        return found


@dataclass(frozen=True)
class SatisfactionFigures:
    """How many gave each score, 1–5, in a period."""

    period: Period
    scores: dict[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many said how satisfied they were."""
        return sum(self.scores.values())

    @property
    def mean(self) -> float | None:
        """The mean score, or None when nobody gave one."""
        return sum(score * count for score, count in self.scores.items()) / self.count if self.count else None


def use_by_entry(session: Session, period: Period) -> dict[str, EntryUse]:
    """How each entry fared that was shown, rated or followed by a call for a person in the period, by slug."""
    shown = _times_shown(session, period)
    votes = _votes(session, period)
    persons = _conversations_that_asked_for_a_person(session, period)
    return {
        slug: EntryUse(
            shown=shown.get(slug, 0),
            helpful=votes.get((slug, True), 0),
            not_helpful=votes.get((slug, False), 0),
            asked_for_a_person=persons.get(slug, 0),
        )
        for slug in {*shown, *persons, *(slug for slug, _ in votes)}
    }


def satisfaction_by_week(session: Session, period: Period) -> list[SatisfactionFigures]:
    """The scores of each week the period touches, oldest first."""
    return [satisfaction_in(session, week) for week in period.weeks()]


def satisfaction_in(session: Session, period: Period) -> SatisfactionFigures:
    """The scores given in the period."""
    query = (
        select(Satisfaction.score, func.count())
        .where(Satisfaction.created_at >= period.begin, Satisfaction.created_at < period.end)
        .group_by(Satisfaction.score)
    )
    return SatisfactionFigures(period, dict(session.execute(query).tuples().all()))


def _times_shown(session: Session, period: Period) -> dict[str, int]:
    query = (
        select(ConversationEvent.slug, func.count())
        .where(
            ConversationEvent.slug.is_not(None),
            ConversationEvent.said_at >= period.begin,
            ConversationEvent.said_at < period.end,
        )
        .group_by(ConversationEvent.slug)
    )
    return {slug: count for slug, count in session.execute(query).tuples() if slug}


def _votes(session: Session, period: Period) -> dict[tuple[str, bool], int]:
    votes: dict[tuple[str, bool], int] = defaultdict(int)
    query = (
        select(Feedback.slug, Feedback.helpful, func.count())
        .where(Feedback.created_at >= period.begin, Feedback.created_at < period.end)
        .group_by(Feedback.slug, Feedback.helpful)
    )
    for slug, helpful, count in session.execute(query).tuples():
        votes[slug, helpful] += count
    return votes


def _conversations_that_asked_for_a_person(session: Session, period: Period) -> dict[str, int]:
    """Counted from the calls for a person, which are few, back to what was answered just before."""
    call = aliased(ConversationEvent)
    query = (
        select(ConversationEvent.slug, func.count(ConversationEvent.conversation_id.distinct()))
        .join(
            call,
            (call.conversation_id == ConversationEvent.conversation_id) & (call.turn == ConversationEvent.turn + 1),
        )
        .where(
            call.intent == Task.TALK_TO_A_PERSON.value,
            ConversationEvent.slug.is_not(None),
            ConversationEvent.said_at >= period.begin,
            ConversationEvent.said_at < period.end,
        )
        .group_by(ConversationEvent.slug)
    )
    return {slug: count for slug, count in session.execute(query).tuples() if slug}
