"""Several needs made one."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from admin.entry_writing import ChangedMeanwhile
from kb.entries import EntryRefused
from kb.models import Need
from kb.open_needs import locked_questions, move_to_need, open_need


def join_needs(session: Session, numbers: Sequence[int]) -> int:
    """Put the open questions of all these needs into the first one; returns how many needs there were.

    Raises:
        EntryRefused: fewer than two were ticked.
        ChangedMeanwhile: one of them has no open question any more.
    """
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) < 2:
        raise EntryRefused("Marque al menos dos necesidades para unirlas.")
    found = [open_need(session, number) for number in wanted]
    if None in found:
        raise ChangedMeanwhile("Otra persona atendió o unió alguna de esas necesidades. Abajo están las que siguen.")
    ids = [question.id for need in found[1:] if need for question in need.questions]
    move_to_need(session, locked_questions(session, ids), session.get_one(Need, wanted[0]))
    return len(wanted)
