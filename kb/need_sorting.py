"""Puts the questions that nobody has dealt with into needs. What has its place keeps it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import Session, undefer

from consultame.database import read_session, write_session
from kb.entries import approved_versions
from kb.models import Need, QuestionState, UnansweredQuestion
from kb.needs import (
    SAME_NEED_BY_VECTOR,
    SAME_NEED_BY_WORDS,
    QuestionSpace,
    Similarity,
    TextEmbedding,
    fits,
    placed,
    word_similarity,
)

# So many questions an entry teach what tells needs apart; more cost time and change little.
QUESTIONS_AN_ENTRY = 20
MINIMUM_ENTRIES = 10
# Each question is compared with each: 4,000 of them are 64 MB.
MAXIMUM_COMPARED = 4_000
# A page waits for this: 100 questions beside 200 take .08 s.
MAXIMUM_PLACED_FOR_A_PAGE = 200
MAXIMUM_COMPARED_FOR_A_PAGE = 800

# In a need that a person made, nothing is moved.
_CAN_BE_PLACED = or_(
    UnansweredQuestion.need_id.is_(None),
    and_(
        UnansweredQuestion.placed_by_words,
        UnansweredQuestion.need_id.in_(select(Need.id).where(Need.by_hand.is_(False))),
    ),
)

Compare = Callable[[list[UnansweredQuestion]], Similarity]


@dataclass(frozen=True)
class Embeddings:
    """One for the questions of citizens, one for those of the entries, which may keep what it has computed."""

    questions: TextEmbedding
    entries: TextEmbedding


def place_by_meaning(embeddings: Embeddings) -> int:
    """Place the new questions, and anew those that were placed by their words only; returns how many.

    The vectors are computed before the transaction begins that writes: others need not wait for them.
    """
    _keep_missing_vectors(embeddings.questions)
    with read_session() as session:
        if session.scalars(_to_place_by_meaning(embeddings.questions.name).limit(1)).first() is None:
            return 0
        space = _learned_space(session, embeddings.entries)
    if space is None:
        return place_by_words()

    def compare(questions: list[UnansweredQuestion]) -> Similarity:
        return space.similarity(np.array([_unpacked(question.vector) for question in questions]))

    with write_session() as session:
        to_place = list(session.scalars(_to_place_by_meaning(embeddings.questions.name)))
        same_vectors = UnansweredQuestion.vector_name == embeddings.questions.name
        others = _questions_with_place(session, MAXIMUM_COMPARED - len(to_place), same_vectors, not_(_CAN_BE_PLACED))
        _place(session, to_place, others, compare, SAME_NEED_BY_VECTOR)
        for question in to_place:
            question.placed_by_words = False
        return len(to_place)


def place_by_words() -> int:
    """Place questions that have no need yet by their words; returns how many. Takes the time a page may take."""
    new = _open_questions().where(UnansweredQuestion.need_id.is_(None)).limit(MAXIMUM_PLACED_FOR_A_PAGE)
    with read_session() as session:
        if session.scalars(new).first() is None:
            return 0
    with write_session() as session:
        to_place = list(session.scalars(new))
        others = _questions_with_place(session, MAXIMUM_COMPARED_FOR_A_PAGE)
        _place(session, to_place, others, _compared_by_words, SAME_NEED_BY_WORDS)
        for question in to_place:
            question.placed_by_words = True
        return len(to_place)


def _compared_by_words(questions: list[UnansweredQuestion]) -> Similarity:
    return word_similarity([question.text for question in questions])


def _place(
    session: Session,
    to_place: list[UnansweredQuestion],
    others: list[UnansweredQuestion],
    compare: Compare,
    same_need: float,
) -> None:
    questions = [*others, *to_place]
    if not to_place:
        return
    similarity = compare(questions)
    known = [question.need_id for question in others]
    numbers = placed(similarity, [*known, *[None] * len(to_place)], same_need)
    begun = {number: Need() for number in sorted(set(numbers)) if number < 0}
    session.add_all(begun.values())
    session.flush()
    for question, number, fit in zip(questions, numbers, fits(similarity, numbers), strict=True):
        question.need_id = begun[number].id if number < 0 else number
        question.need_fit = fit
    session.flush()


def _open_questions() -> Select[UnansweredQuestion]:
    """Oldest first."""
    return (
        select(UnansweredQuestion)
        .where(UnansweredQuestion.state == QuestionState.NEW)
        .order_by(UnansweredQuestion.created_at, UnansweredQuestion.id)
    )


def _to_place_by_meaning(vector_name: str) -> Select[UnansweredQuestion]:
    query = _open_questions().where(UnansweredQuestion.vector_name == vector_name, _CAN_BE_PLACED)
    return query.limit(MAXIMUM_COMPARED // 2).options(undefer(UnansweredQuestion.vector))


def _questions_with_place(session: Session, limit: int, *conditions: ColumnElement[bool]) -> list[UnansweredQuestion]:
    """The newest questions of the open needs."""
    query = (
        select(UnansweredQuestion)
        .where(UnansweredQuestion.state == QuestionState.NEW, UnansweredQuestion.need_id.is_not(None), *conditions)
        .order_by(UnansweredQuestion.created_at.desc(), UnansweredQuestion.id.desc())
    )
    return list(session.scalars(query.limit(limit).options(undefer(UnansweredQuestion.vector))))


def _keep_missing_vectors(embedding: TextEmbedding) -> None:
    """Compute the vector of each open question that has none of this embedding, once."""
    missing = UnansweredQuestion.vector_name.is_distinct_from(embedding.name)
    with read_session() as session:
        rows = [(question.id, question.text) for question in session.scalars(_open_questions().where(missing))]
    if not rows:
        return
    vectors = embedding.vectors([text for _, text in rows]).astype(np.float16)
    with write_session() as session:
        for (number, _), vector in zip(rows, vectors, strict=True):
            question = session.get_one(UnansweredQuestion, number)
            question.vector, question.vector_name = vector.tobytes(), embedding.name


def _unpacked(vector: bytes | None) -> NDArray[np.float32]:
    return np.frombuffer(vector or b"", dtype=np.float16).astype(np.float32)


def _learned_space(session: Session, embedding: TextEmbedding) -> QuestionSpace | None:
    """What the approved entries teach, or None when they are too few to teach anything."""
    texts: list[str] = []
    entries: list[int] = []
    for version in approved_versions(session):
        step = max(1, len(version.questions_es) // QUESTIONS_AN_ENTRY)
        chosen = version.questions_es[::step][:QUESTIONS_AN_ENTRY]
        texts += chosen
        entries += [version.entry_id] * len(chosen)
    if len(set(entries)) < MINIMUM_ENTRIES:
        return None
    return QuestionSpace(embedding.vectors(texts), entries)
