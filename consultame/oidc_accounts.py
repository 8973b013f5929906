"""Which accounts a confirmed e-mail address opens, and whether passwords still do."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultame.audit import Action, AuditEvent, SubjectKind, record
from consultame.settings import load_settings
from consultame.staff import Role, StaffMember, staff_member_by_email

# What the audit log keeps with a sign-in that the provider confirmed.
WAY = "way"
BY_PROVIDER = "oidc"


def member_with_confirmed_email(session: Session, email: str) -> StaffMember | None:
    """The active account with this address that somebody may sign in with, or None."""
    member = staff_member_by_email(session, email)
    if member is None or not member.active or member.password_hash is None:
        return None
    # Some letters beyond ASCII have lower-case forms in ASCII (the Kelvin sign): another address, maybe another person.
    wanted = email.strip()
    return member if member.email == (wanted.lower() if wanted.isascii() else wanted) else None


def record_confirmed_sign_in(session: Session, member: StaffMember) -> None:
    """Note that the provider confirmed who it is; from an administrator on, passwords may be closed."""
    record(session, Action.SIGN_IN_SUCCEEDED, SubjectKind.ACCOUNT, member.email, by=member, **{WAY: BY_PROVIDER})


def passwords_are_accepted(session: Session) -> bool:
    """Whether accounts open by password.

    Where the settings leave it to the provider alone, passwords close once an administrator has come from there and as
    long as one who has is active: a provider that lets nobody in who can mend it locks nobody out.
    """
    if load_settings().password_sign_in:
        return True
    came = (
        select(AuditEvent.id)
        .join(StaffMember, StaffMember.id == AuditEvent.actor_id)
        .where(
            AuditEvent.action == Action.SIGN_IN_SUCCEEDED,
            AuditEvent.detail[WAY].as_string() == BY_PROVIDER,
            StaffMember.role == Role.ADMIN,
            StaffMember.active.is_(True),
        )
    )
    return session.scalar(came.limit(1)) is None
