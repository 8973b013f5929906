"""Staff accounts: who may curate, approve and administer."""

from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Enum, String, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from consultame.audit import Action, SubjectKind, record
from consultame.database import Base, now
from consultame.passwords import PasswordProblem, password_problem, temporary_password
from consultame.settings import is_email

_LONGEST_NAME = 120

_hasher = PasswordHasher()
# Verified against when the account does not exist, so that both refusals take the same time.
_NOBODY = _hasher.hash("nobody")


class Role(StrEnum):
    """What a staff member may do; `admin` may do everything, except approve what he or she wrote.

    Only a `case_handler` and an `admin` see who filed a case and what was written.
    """

    CURATOR = "curator"
    APPROVER = "approver"
    CASE_HANDLER = "case_handler"
    ADMIN = "admin"


class AccountProblem(StrEnum):
    """Why an account cannot be made or changed as asked."""

    EMAIL_MALFORMED = "that is not an e-mail address"
    EMAIL_TAKEN = "the address already has an account"
    NAME_EMPTY = "the name is empty"
    NAME_LONG = f"the name has more than {_LONGEST_NAME} characters"
    OWN_ACCOUNT = "nobody deactivates or demotes his or her own account"
    LAST_ADMINISTRATOR = "this is the last active administrator"
    NOT_ADMINISTRATOR = "only an active administrator does this"
    CLOSED_ACCOUNT = "this account has no password by design; nobody signs in with it"
    WRONG_PASSWORD = "the present password is wrong"  # noqa: S105
    SAME_PASSWORD = "the new password is the present one"  # noqa: S105


class StaffError(Exception):
    """An account cannot be made, changed or used as asked; the message says why, in English, for operators."""

    def __init__(self, problem: AccountProblem | PasswordProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


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
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    # A session holds the number it was opened with and ends when the account has another one.
    session_generation: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(default=now)


def add_staff_member(
    session: Session, *, email: str, name: str, role: Role, password: str | None, must_change_password: bool = False
) -> StaffMember:
    """Add an account; without a password nobody can sign in with it.

    Raises:
        StaffError: the address is malformed or taken, the name empty or too long, or the password refused.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    if not is_email(email):
        raise StaffError(AccountProblem.EMAIL_MALFORMED)
    if not name:
        raise StaffError(AccountProblem.NAME_EMPTY)
    if len(name) > _LONGEST_NAME:
        raise StaffError(AccountProblem.NAME_LONG)
    if staff_member_by_email(session, email):
        raise StaffError(AccountProblem.EMAIL_TAKEN)
    member = StaffMember(
        email=email,
        name=name,
        role=role,
        password_hash=_hash_of_fit_password(password, email=email, name=name) if password is not None else None,
        must_change_password=must_change_password,
    )
    session.add(member)
    session.flush()
    record(session, Action.ACCOUNT_CREATED, SubjectKind.ACCOUNT, email, role=role)
    return member


def add_with_temporary_password(session: Session, *, email: str, name: str, role: Role) -> tuple[StaffMember, str]:
    """Add an account with a random password that has to be changed; the password is kept nowhere in clear.

    Raises:
        StaffError: the address is malformed or taken, or the name empty or too long.
    """
    password = temporary_password()
    member = add_staff_member(session, email=email, name=name, role=role, password=password, must_change_password=True)
    return member, password


def change_role(session: Session, member: StaffMember, role: Role, *, by: StaffMember) -> None:
    """Give the account another role.

    Raises:
        StaffError: it is one's own account, or the last active administrator would be demoted.
    """
    if role is member.role:
        return
    _check_administrators(session, member, by=by)
    former, member.role = member.role, role
    session.flush()
    record(session, Action.ACCOUNT_CHANGED, SubjectKind.ACCOUNT, member.email, former_role=former, role=role)


def deactivate(session: Session, member: StaffMember, *, by: StaffMember) -> None:
    """Close the account; its sessions end at once.

    Raises:
        StaffError: it is one's own account, or the last active administrator.
    """
    if not member.active:
        return
    _check_administrators(session, member, by=by)
    member.active = False
    member.session_generation += 1
    session.flush()
    record(session, Action.ACCOUNT_DEACTIVATED, SubjectKind.ACCOUNT, member.email)


def reactivate(session: Session, member: StaffMember) -> None:
    """Open the account again; sessions from before stay ended."""
    if member.active:
        return
    member.active = True
    session.flush()
    record(session, Action.ACCOUNT_REACTIVATED, SubjectKind.ACCOUNT, member.email)


def reset_password(session: Session, member: StaffMember) -> str:
    """Replace the password by a random one, which is returned and has to be changed; sessions end at once.

    Raises:
        StaffError: the account is one of those that nobody signs in with.
    """
    if member.password_hash is None:
        raise StaffError(AccountProblem.CLOSED_ACCOUNT)
    password = temporary_password()
    _set_password(member, _hasher.hash(password), must_change=True)
    session.flush()
    record(session, Action.PASSWORD_RESET, SubjectKind.ACCOUNT, member.email)
    return password


def change_password(session: Session, member: StaffMember, *, present: str, new: str) -> None:
    """Replace one's own password; the sessions opened with the former one end at once.

    Raises:
        StaffError: the present password is wrong, or the new one is refused.
    """
    if not _fits(member.password_hash or _NOBODY, present):
        raise StaffError(AccountProblem.WRONG_PASSWORD)
    if new == present:
        raise StaffError(AccountProblem.SAME_PASSWORD)
    _set_password(member, _hash_of_fit_password(new, email=member.email, name=member.name), must_change=False)
    session.flush()
    record(session, Action.PASSWORD_CHANGED, SubjectKind.ACCOUNT, member.email)


def _set_password(member: StaffMember, password_hash: str, *, must_change: bool) -> None:
    member.password_hash = password_hash
    member.must_change_password = must_change
    member.session_generation += 1


def _hash_of_fit_password(password: str, *, email: str, name: str) -> str:
    if problem := password_problem(password, email=email, name=name):
        raise StaffError(problem)
    return _hasher.hash(password)


def _check_administrators(session: Session, member: StaffMember, *, by: StaffMember) -> None:
    """Refuse what would leave nobody to administer, however many try it at once."""
    if member.id == by.id:
        raise StaffError(AccountProblem.OWN_ACCOUNT)
    query = select(StaffMember.id).where(
        StaffMember.role == Role.ADMIN, StaffMember.active.is_(True), StaffMember.password_hash.is_not(None)
    )
    # The lock makes the second of two administrators who deactivate each other wait, and then see the first one's work.
    administrators = session.scalars(query.order_by(StaffMember.id).with_for_update()).all()
    if list(administrators) == [member.id]:
        raise StaffError(AccountProblem.LAST_ADMINISTRATOR)
    if by.id not in administrators:
        raise StaffError(AccountProblem.NOT_ADMINISTRATOR)


def staff_members(session: Session) -> list[StaffMember]:
    """Every account that somebody can sign in with, active ones first, by name."""
    people = select(StaffMember).where(StaffMember.password_hash.is_not(None))
    return list(session.scalars(people.order_by(StaffMember.active.desc(), StaffMember.name, StaffMember.id)))


def staff_member_by_email(session: Session, email: str) -> StaffMember | None:
    """The account with this address, in any state, or None."""
    return session.scalar(select(StaffMember).where(StaffMember.email == email.strip().lower()))


def authenticate(session: Session, *, email: str, password: str) -> StaffMember | None:
    """The active account these credentials open, or None; a wrong address costs as much time as a wrong password."""
    member = staff_member_by_email(session, email)
    stored = member.password_hash if member and member.active and member.password_hash else _NOBODY
    return member if _fits(stored, password) and stored is not _NOBODY else None


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
