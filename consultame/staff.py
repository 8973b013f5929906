"""Staff accounts: who may curate, approve and administer."""

from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Enum, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consultame.database import Base, now
from consultame.settings import is_email

MINIMUM_PASSWORD_LENGTH = 10

_hasher = PasswordHasher()
# Verified against when the account does not exist, so that both refusals take the same time.
_NOBODY = _hasher.hash("nobody")


class Role(StrEnum):
    """What a staff member may do; `admin` may do everything, except approve what he or she wrote."""

    CURATOR = "curator"
    APPROVER = "approver"
    ADMIN = "admin"


class StaffError(Exception):
    """An account cannot be made or used as asked; the message says why."""


class StaffMember(Base):
    """A person of the desk, or a closed account (no password) that stands for the first knowledge base."""

    __tablename__ = "staff_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, length=16, values_callable=lambda roles: [role.value for role in roles])
    )
    password_hash: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


def add_staff_member(session: Session, *, email: str, name: str, role: Role, password: str | None) -> StaffMember:
    """Add an account; without a password nobody can sign in with it.

    Raises:
        StaffError: the address is malformed or taken, the name empty, or the password shorter than ten characters.
    """
    email = email.strip().lower()
    if not is_email(email):
        raise StaffError(f"{email!r} is not an e-mail address")
    if not name.strip():
        raise StaffError("the name is empty")
    if password is not None and len(password) < MINIMUM_PASSWORD_LENGTH:
        raise StaffError(f"the password needs at least {MINIMUM_PASSWORD_LENGTH} characters")
    if staff_member_by_email(session, email):
        raise StaffError(f"{email} already has an account")
    member = StaffMember(
        email=email, name=name.strip(), role=role, password_hash=_hasher.hash(password) if password else None
    )
    session.add(member)
    session.flush()
    return member


def staff_member_by_email(session: Session, email: str) -> StaffMember | None:
    """The account with this address, in any state, or None."""
    return session.scalar(select(StaffMember).where(StaffMember.email == email.strip().lower()))


def authenticate(session: Session, *, email: str, password: str) -> StaffMember | None:
    """The active account these credentials open, or None; a wrong address costs as much time as a wrong password."""
    member = staff_member_by_email(session, email)
    stored = member.password_hash if member and member.active and member.password_hash else _NOBODY
    try:
        _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return None
    return member if stored is not _NOBODY else None
