"""Puts the questions that nobody has dealt with into needs, and now and then groups anew what no person has touched."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, and_, not_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from consultame.database import read_session, write_session
from kb.models import Need, QuestionState, UnansweredQuestion
from kb.need_space import KnownSpace, packed
from kb.needs import (
    SAME_NEED_BY_VECTOR,
    SAME_NEED_BY_WORDS,
    Similarity,
    TextEmbedding,
    fits,
    placed,
    regrouped,
    word_similarity,
)

# New questions are compared with each other too: 2,000 of them are 16 MB.
MAXIMUM_PLACED = 2_000
MAXIMUM_COMPARED = 5_000
# Each question is compared with each: 4,000 of them are 64 MB, and some times as much while they are grouped.
MAXIMUM_REGROUPED = 4_000
# A page waits for this: 100 questions beside 200 take .08 s.
MAXIMUM_PLACED_FOR_A_PAGE = 200
MAXIMUM_COMPARED_FOR_A_PAGE = 800

_OPEN = UnansweredQuestion.state == QuestionState.NEW
# In a need that a person made, nothing is moved.
_MADE_BY_HAND = UnansweredQuestion.need_id.in_(select(Need.id).where(Need.by_hand))
_TO_PLACE = or_(UnansweredQuestion.need_id.is_(None), and_(UnansweredQuestion.placed_by_words, not_(_MADE_BY_HAND)))
_DEALT_WITH = UnansweredQuestion.need_id.in_(
    select(UnansweredQuestion.need_id).where(not_(_OPEN), UnansweredQuestion.need_id.is_not(None))
)

_OLDEST_FIRST = (UnansweredQuestion.created_at, UnansweredQuestion.id)

Kept = TypeVar("Kept")
# How near the questions at these positions (rows) are to those at those (columns).
Positions = list[int] | slice
Compare = Callable[[Positions, Positions], Similarity]
# The number of a question, its need, and its vector or text.
Question = Row[int, int | None, bytes | None] | Row[int, int | None, str]


def place_by_meaning(space: KnownSpace) -> int:
    """Place the new questions, and anew those that were placed by their words only; returns how many.

    The vectors are computed before the transaction begins that writes: others need not wait for them.
    """
    _keep_missing_vectors(space.embedding)
    same_vectors = UnansweredQuestion.vector_name == space.embedding.name
    to_place = (
        _open(UnansweredQuestion.vector).where(same_vectors, _TO_PLACE).order_by(*_OLDEST_FIRST).limit(MAXIMUM_PLACED)
    )
    with read_session() as session:
        if not session.execute(to_place.limit(1)).first():
            return 0
    if not space.learn():
        return place_by_words()
    with write_session() as session:
        new = session.execute(to_place).all()
        others = _newest(UnansweredQuestion.vector, MAXIMUM_COMPARED, same_vectors, not_(_TO_PLACE))
        known = session.execute(others).all()
        places = space.places([row.vector or b"" for row in (*known, *new)])
        _place(session, known, new, lambda rows, columns: places[rows] @ places[columns].T, by_words=False)
        return len(new)


def place_by_words() -> int:
    """Place questions that have no need yet by their words; returns how many. Takes the time a page may take."""
    placed_already = UnansweredQuestion.need_id.is_not(None)
    to_place = _open(UnansweredQuestion.text).where(not_(placed_already)).order_by(*_OLDEST_FIRST)
    to_place = to_place.limit(MAXIMUM_PLACED_FOR_A_PAGE)
    with read_session() as session:
        if not session.execute(to_place.limit(1)).first():
            return 0
    with write_session() as session:
        new = session.execute(to_place).all()
        others = _newest(UnansweredQuestion.text, MAXIMUM_COMPARED_FOR_A_PAGE, placed_already)
        known = session.execute(others).all()
        similarity = word_similarity([row.text for row in (*known, *new)])
        _place(session, known, new, lambda rows, columns: similarity[rows][:, columns], by_words=True)
        return len(new)


def regroup(space: KnownSpace) -> int:
    """Group anew the questions of needs that no person has touched; returns how many have come into another need.

    One after the other, questions find worse places than all at once. A need that a person made, or of which a person
    has dealt with a question, stays as it is. Nothing is done when a person was at work while the groups were computed.
    """
    if not space.learn():
        return 0
    same_vectors = UnansweredQuestion.vector_name == space.embedding.name
    untouched = (same_vectors, not_(_TO_PLACE), not_(_MADE_BY_HAND), not_(_DEALT_WITH))
    with read_session() as session:
        questions = session.execute(_newest(UnansweredQuestion.vector, MAXIMUM_REGROUPED, *untouched)).all()
    before = {row.id: row.need_id for row in questions if row.need_id is not None}
    places = space.places([row.vector or b"" for row in questions])
    similarity = places @ places.T
    needs = regrouped(similarity, list(before.values()), SAME_NEED_BY_VECTOR)
    moved = int(np.count_nonzero(np.array(needs) != list(before.values())))
    if moved:
        fit = fits(similarity, needs)
        with write_session() as session:
            query = _open(UnansweredQuestion.id).where(*untouched).order_by(UnansweredQuestion.id).with_for_update()
            now = {row.id: row.need_id for row in session.execute(query)}
            if not before.items() <= now.items():
                return 0
            _write(session, before, needs, fit)
    return moved


def _place(
    session: Session, known: Sequence[Question], new: Sequence[Question], compare: Compare, *, by_words: bool
) -> None:
    if not new:
        return
    former = [row.need_id for row in known if row.need_id is not None]
    similarity = compare(slice(len(known), None), slice(None))
    found = placed(similarity, former, SAME_NEED_BY_WORDS if by_words else SAME_NEED_BY_VECTOR)
    joined = set(found)
    members = [position for position, need in enumerate(former) if need in joined]
    members += range(len(known), len(known) + len(new))
    needs = [(*former, *found)[position] for position in members]
    numbers = [(*known, *new)[position].id for position in members]
    _write(session, numbers, needs, fits(compare(members, members), needs))
    session.execute(update(UnansweredQuestion), [{"id": row.id, "placed_by_words": by_words} for row in new])


def _write(session: Session, numbers: Iterable[int], needs: Sequence[int], fit: Sequence[float]) -> None:
    """Give these questions their needs, of which the negative ones begin now."""
    begun = {need: Need() for need in sorted(set(needs), reverse=True) if need < 0}
    session.add_all(begun.values())
    session.flush()
    ids = {need: row.id for need, row in begun.items()}
    rows = zip(numbers, needs, fit, strict=True)
    session.execute(
        update(UnansweredQuestion),
        [{"id": number, "need_id": ids.get(need, need), "need_fit": how_well} for number, need, how_well in rows],
    )


def _keep_missing_vectors(embedding: TextEmbedding) -> None:
    """Compute the vector of each open question that has none of this embedding, once."""
    missing = UnansweredQuestion.vector_name.is_distinct_from(embedding.name)
    with read_session() as session:
        rows = session.execute(_open(UnansweredQuestion.text).where(missing).order_by(*_OLDEST_FIRST)).all()
    if not rows:
        return
    vectors = embedding.vectors([row.text for row in rows])
    with write_session() as session:
        session.execute(
            update(UnansweredQuestion),
            [
                {"id": row.id, "vector": packed(vector), "vector_name": embedding.name}
                for row, vector in zip(rows, vectors, strict=True)
            ],
        )


def _open(column: InstrumentedAttribute[Kept]) -> Select[int, int | None, Kept]:
    """The number, the need and this column of the open questions."""
    return select(UnansweredQuestion.id, UnansweredQuestion.need_id, column).where(_OPEN)


def _newest(
    column: InstrumentedAttribute[Kept], count: int, *conditions: ColumnElement[bool]
) -> Select[int, int | None, Kept]:
    """The same for the newest that meet the conditions, in no order: sorting 5,000 vectors takes SQLite .07 s."""
    order = (UnansweredQuestion.created_at.desc(), UnansweredQuestion.id.desc())
    numbers = select(UnansweredQuestion.id).where(_OPEN, *conditions).order_by(*order).limit(count)
    return _open(column).where(UnansweredQuestion.id.in_(numbers))
