"""After a release: do the questions that its entries were to answer get them? Those that do not are open again.

A question that staff gave to an entry is asked once the version that was to answer it is live. Until then nobody is
told that there is an answer.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, contains_eager

from consultame.database import now, read_session, write_session
from kb.models import Entry, EntryVersion, QuestionState, UnansweredQuestion
from kb.publishing import model_path
from kb.releases import live_release_identity, live_version_ids
from kb.unanswered import reopen, without_mask_labels

log = logging.getLogger(__name__)

QUESTIONS_AT_ONCE = 500


@dataclass(frozen=True)
class Heard:
    """What a model does with a question: "answered:<slug>", "suggested", "unanswered", …, and the entries it offers."""

    outcome: str
    offered: tuple[str, ...] = ()

    def finds(self, slug: str) -> bool:
        """Whether the citizen gets this entry, at once or as one of the choices."""
        return self.outcome == f"answered:{slug}" or slug in self.offered


Ask = Callable[[Path, Sequence[str]], list[Heard]]


@dataclass(frozen=True)
class Checked:
    """How many questions get their answer, and how many are open again."""

    answered: int
    reopened: int


def check_answers(ask: Ask) -> Checked:
    """Ask the live model what has not been asked since its answer went live.

    `ask(model, texts)` says what the model does with each; the database is not locked meanwhile.
    """
    with read_session() as session:
        identity = live_release_identity(session)
        to_ask = [(question.id, without_mask_labels(question.text)) for question in _unchecked(session)]
    if identity is None or not to_ask:
        return Checked(0, 0)
    release_id, fingerprint = identity
    heard = ask(model_path(fingerprint), [text for _, text in to_ask])
    with write_session() as session:
        if live_release_identity(session) != identity:
            return Checked(0, 0)
        return _keep(session, release_id, {number: each for (number, _), each in zip(to_ask, heard, strict=True)})


def has_unchecked_answers(session: Session) -> bool:
    """Whether there is anything to ask."""
    return bool(_unchecked(session, limit=1))


def _unchecked(session: Session, limit: int = QUESTIONS_AT_ONCE) -> list[UnansweredQuestion]:
    """The questions whose answer is live and was not asked for since, with their entries."""
    live_version = and_(
        EntryVersion.entry_id == UnansweredQuestion.entry_id, EntryVersion.number >= UnansweredQuestion.answer_number
    )
    query = (
        select(UnansweredQuestion)
        .join(Entry, Entry.id == UnansweredQuestion.entry_id)
        .join(EntryVersion, live_version)
        .where(
            UnansweredQuestion.state == QuestionState.ANSWERED,
            UnansweredQuestion.answer_checked_at.is_(None),
            EntryVersion.id.in_(live_version_ids()),
        )
        .order_by(UnansweredQuestion.id)
        .limit(limit)
        .options(contains_eager(UnansweredQuestion.entry))
    )
    return list(session.scalars(query))


def _keep(session: Session, release_id: int, heard: dict[int, Heard]) -> Checked:
    """What somebody has dealt with otherwise meanwhile stays as it is."""
    answered = reopened = 0
    for question in _unchecked(session):
        each = heard.get(question.id)
        if each is None or question.entry is None:
            continue
        if each.finds(question.entry.slug):
            question.answer_checked_at = now()
            answered += 1
        else:
            reopen(session, question, _note(question.entry.slug, release_id, each))
            reopened += 1
    session.flush()
    return Checked(answered, reopened)


def _note(slug: str, release_id: int, heard: Heard) -> str:
    kind, _, other = heard.outcome.partition(":")
    instead = f"con «{other}»" if other else "sin ninguna entrada"
    if kind == "suggested":
        instead = "con opciones entre las que no está"
    return f"La entrada «{slug}» salió en la versión {release_id}, pero el asistente responde esta pregunta {instead}."


def count_reopened(session: Session) -> int:
    """How many questions are open again because their answer did not reach them."""
    query = select(func.count()).where(
        UnansweredQuestion.state == QuestionState.NEW, UnansweredQuestion.reopening_note != ""
    )
    return session.scalar(query) or 0
