"""The dependencies that cases are handed to, and the addresses that hear of what is due there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.settings import is_email
from desk.cases.models import Case, Dependency

_LONGEST_NAME = 120


class DependencyRefused(Exception):
    """The dependency cannot be kept; the message says why, in Spanish."""


def dependencies(session: Session) -> list[Dependency]:
    """Every dependency, by name."""
    return list(session.scalars(select(Dependency).order_by(Dependency.name)))


def dependency_names(session: Session) -> list[str]:
    """The names of all dependencies, those that are known from open cases only too."""
    known = select(Dependency.name)
    with_cases = select(Case.dependency).where(Case.settled_at.is_(None)).distinct()
    return sorted(set(session.scalars(known)) | set(session.scalars(with_cases)))


def keep_dependency(session: Session, *, name: str, email: str) -> None:
    """Add a dependency, or give it another address; without one it gets no alerts of its own.

    Raises:
        DependencyRefused: the name is empty or too long, or the address is none.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    if not name or len(name) > _LONGEST_NAME:
        raise DependencyRefused(f"Escriba el nombre de la dependencia, con máximo {_LONGEST_NAME} caracteres.")
    if email and not is_email(email):
        raise DependencyRefused(f"«{email}» no es un correo electrónico.")
    kept = session.scalar(select(Dependency).where(Dependency.name == name))
    if kept is None:
        session.add(Dependency(name=name, email=email))
    elif kept.email == email:
        return
    else:
        kept.email = email
    session.flush()
    record(session, Action.DEPENDENCY_CHANGED, SubjectKind.DEPENDENCY, name, email=email)
