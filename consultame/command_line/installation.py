"""`consultame init`: the database, the first knowledge base and, in development, staff accounts to try it with."""

from dataclasses import dataclass

from rich.console import Console

from consultame.database import write_session
from consultame.migration import migrate_database
from consultame.settings import SEED_DIRECTORY, load_settings
from consultame.staff import Role, add_staff_member, staff_member_by_email
from kb.exchange import load_first_knowledge_base

DEMO_PASSWORD = "consultame-demo"  # noqa: S105


@dataclass(frozen=True)
class DemoAccount:
    """An account that exists in development only."""

    email: str
    name: str
    role: Role


DEMO_ACCOUNTS = (
    DemoAccount("curadora@consultame.example", "Curadora de ejemplo", Role.CURATOR),
    DemoAccount("aprobador@consultame.example", "Aprobador de ejemplo", Role.APPROVER),
    DemoAccount("admin@consultame.example", "Administradora de ejemplo", Role.ADMIN),
)


def init() -> None:
    """Prepare the database and load the first knowledge base. Safe to run again: it adds only what is missing."""
    console = Console()
    with console.status("Preparing the database…"):
        added = install()
    console.print(f"Database ready; {added} entries added to the knowledge base.")


def install() -> int:
    """Migrate, load missing entries and, in development, missing demo accounts; returns the number of entries added."""
    migrate_database()
    with write_session() as session:
        added = load_first_knowledge_base(session, SEED_DIRECTORY)
        if load_settings().environment == "development":
            for account in DEMO_ACCOUNTS:
                if staff_member_by_email(session, account.email) is None:
                    add_staff_member(
                        session,
                        email=account.email,
                        name=account.name,
                        role=account.role,
                        password=DEMO_PASSWORD,
                        must_change_password=True,
                    )
    return len(added)
