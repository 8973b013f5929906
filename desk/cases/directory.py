"""Where cases are looked up: here, or in another system that answers the same question."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from desk.cases.kinds import CaseKind, CaseState
from desk.cases.models import Case, Requester
from desk.radicado import Radicado


class DirectoryUnavailable(Exception):
    """The other system does not answer; whoever asks is told to come back, and the request is taken all the same."""


@dataclass(frozen=True)
class KnownCase:
    """What a directory knows of a case: what may be told, and by what its owner is recognised."""

    radicado: str
    kind: CaseKind
    state: CaseState
    received_at: datetime
    due_on: date
    answered_at: datetime | None = None
    completion_due_on: date | None = None
    # The owner is recognised by the code's hash, or by document and e-mail together; what is not known is empty.
    verification_hash: str | None = None
    document: str = ""
    email: str = ""


class CaseDirectory(Protocol):
    """Finds a case by its number."""

    def find(self, radicado: Radicado) -> KnownCase | None:
        """The case, or None. It takes the same work to find a case and to find none.

        Raises:
            DirectoryUnavailable: the system behind it does not answer.
        """


class LocalCases:
    """The cases of our own database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, radicado: Radicado) -> KnownCase | None:
        """The case, or None. One row is read in either case."""
        one = select(literal(1).label("one")).subquery()
        query = (
            select(
                Case.kind, Case.state, Case.received_at, Case.due_on, Case.answered_at, Case.completion_due_on,
                Case.verification_hash, Requester.document, Requester.email,
            )
            .select_from(one)
            .outerjoin(Case, Case.radicado == str(radicado))
            .outerjoin(Requester, Requester.case_id == Case.id)
        )  # fmt: skip
        row = self._session.execute(query).one()
        return KnownCase(str(radicado), *row) if row.kind is not None else None
