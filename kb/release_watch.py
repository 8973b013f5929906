"""Going back by itself: a release after which many more messages get no answer than before does not stay in service.

The first messages after the release are compared with the last ones before it. Of one conversation only a few count, so
that nobody brings a release down by writing nonsense. A release that was put back is not judged again.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from consultame.audit import SYSTEM, Actor, acting_as
from consultame.conversations import ConversationEvent
from consultame.settings import load_settings
from kb.models import Release
from kb.releases import live_release, promoted_releases
from kb.rollback import roll_back

# The intents of a message that gets no answer; the bot's, which has a test that they are.
INTENTS_WITHOUT_ANSWER = ("fuera_de_alcance", "ninguna_de_estas")
MESSAGES_A_CONVERSATION = 5


@dataclass(frozen=True)
class Share:
    """How many of the messages that counted got no answer."""

    unanswered: int
    messages: int

    @property
    def percent(self) -> float:
        """0…100; 0 without messages."""
        return 100 * self.unanswered / self.messages if self.messages else 0.0

    def __str__(self) -> str:
        return f"{self.percent:.0f} % ({self.unanswered} de {self.messages} mensajes)"


@dataclass(frozen=True)
class Effect:
    """The share of messages without answer before and after the live release."""

    before: Share
    after: Share

    @property
    def points(self) -> float:
        """By how many percentage points it rose."""
        return self.after.percent - self.before.percent


def effect_of(session: Session, release: Release) -> Effect | None:
    """How the release changed the share, or None while it is not known: before the release or after it too few came."""
    settings = load_settings()
    if release.promoted_at is None:
        return None
    before = _share(session, release.promoted_at, settings.rollback_window_messages, is_before=True)
    after = _share(session, release.promoted_at, settings.rollback_window_messages, is_before=False)
    fewest = min(settings.rollback_minimum_messages, settings.rollback_window_messages)
    return Effect(before, after) if min(before.messages, after.messages) >= fewest else None


def roll_back_if_worse(session: Session) -> Release | None:
    """Go back to the former release when the live one raised the share by more points than the settings allow.

    Returns the release that is live again, or None when nothing was done.

    Raises:
        RollbackRefused: it is much worse, and the former release cannot be put back.
    """
    limit = load_settings().rollback_unanswered_points
    release = live_release(session)
    if not limit or release is None or release.restores_id is not None:
        return None
    effect = effect_of(session, release)
    former = next((each for each in promoted_releases(session) if each.id != release.id), None)
    if effect is None or former is None or effect.points <= limit:
        return None
    reason = (
        f"Con la versión {release.id} quedó sin respuesta el {effect.after}; antes, el {effect.before}. "
        f"El límite es de {limit} puntos."
    )
    with acting_as(Actor(SYSTEM)):
        return roll_back(session, former.id, by=None, reason=reason)


def _share(session: Session, moment: datetime, window: int, *, is_before: bool) -> Share:
    """Among the messages nearest to the moment, on one side of it."""
    counted: Counter[str] = Counter()
    unanswered = 0
    nearest = _messages(moment, is_before=is_before).limit(window * MESSAGES_A_CONVERSATION)
    for conversation_id, intent in session.execute(nearest).tuples():
        if counted.total() == window:
            break
        if counted[conversation_id] < MESSAGES_A_CONVERSATION:
            counted[conversation_id] += 1
            unanswered += intent in INTENTS_WITHOUT_ANSWER
    return Share(unanswered, counted.total())


def _messages(moment: datetime, *, is_before: bool) -> Select[str, str | None]:
    said_at = ConversationEvent.said_at
    query = select(ConversationEvent.conversation_id, ConversationEvent.intent)
    if is_before:
        return query.where(said_at < moment).order_by(said_at.desc())
    return query.where(said_at >= moment).order_by(said_at)
