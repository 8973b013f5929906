"""Searches of the case list that a person keeps under a name."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consultame.staff import StaffMember
from desk.cases.models import SavedView

MOST_VIEWS = 20
LONGEST_NAME = 60


class ViewRefused(Exception):
    """The view cannot be kept; the message says why, in Spanish."""


def saved_views(session: Session, member: StaffMember) -> list[SavedView]:
    """The person's views, by name."""
    return list(session.scalars(select(SavedView).where(SavedView.account_id == member.id).order_by(SavedView.name)))


def keep_view(session: Session, member: StaffMember, *, name: str, query: str) -> None:
    """Keep a search under a name; one of that name is replaced.

    Raises:
        ViewRefused: the name is empty or too long, the search is too long, or there are twenty already.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise ViewRefused(f"Escriba un nombre para la vista, con máximo {LONGEST_NAME} caracteres.")
    if len(query) > 500:
        raise ViewRefused("La búsqueda es demasiado larga para guardarla.")
    own = SavedView.account_id == member.id
    kept = session.scalar(select(SavedView).where(own, SavedView.name == name))
    if kept:
        kept.query = query
        return
    if (session.scalar(select(func.count()).where(own)) or 0) >= MOST_VIEWS:
        raise ViewRefused(f"Ya tiene {MOST_VIEWS} vistas. Borre una antes de guardar otra.")
    session.add(SavedView(account_id=member.id, name=name, query=query))


def drop_view(session: Session, member: StaffMember, view_id: int) -> None:
    """Delete one of the person's own views, if it is there."""
    session.execute(delete(SavedView).where(SavedView.id == view_id, SavedView.account_id == member.id))
