"""Personal data out of cases (Ley 1581 de 2012, art. 8): the law keeps the case, and it is kept without its person.

Kind, gender, age group and place stay, for statistics. An open case keeps its data until it is settled: without them
nobody could be answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from consultame.audit import Action, SubjectKind, record
from consultame.database import now as present
from consultame.masking import masked
from desk.cases.events import add_event
from desk.cases.handling import CaseRefused, locked
from desk.cases.kinds import CaseEventKind
from desk.cases.models import Case, Requester
from desk.cases.search_text import searched_document, searched_text

CASES_AT_ONCE = 500
ERASED = "[borrado]"


@dataclass(frozen=True)
class ErasedCases:
    """How many cases lost their personal data, and how many keep them because they are open."""

    erased: int
    open: int


def erase_requester(session: Session, *, case: Case, by: str, now: datetime | None = None) -> None:
    """Take the person out of a settled case: what names them, in the texts too. There is no way back.

    Raises:
        CaseRefused: the case is open.
    """
    locked(session, case)
    if case.settled_at is None:
        raise CaseRefused("El caso está abierto: los datos se borran cuando tenga respuesta.")
    moment, person, content = now or present(), case.requester, case.content
    known = [person.name, *person.name.split(), person.document, person.email, person.telephone]
    content.description = _without(content.description, known)
    content.answer = _without(content.answer, known)
    content.searched = searched_text(content.description)
    case.attachments = [f"adjunto {n}{PurePath(name).suffix}" for n, name in enumerate(case.attachments, start=1)]
    content.answer_attachments = [
        f"anexo {n}{PurePath(name).suffix}" for n, name in enumerate(content.answer_attachments, start=1)
    ]
    case.verification_hash = None
    person.name = person.document = person.email = person.telephone = ""
    person.erased_at = moment
    add_event(session, case, CaseEventKind.PERSONAL_DATA_ERASED, by, moment)


def erase_cases_of(session: Session, *, by: str, email: str | None = None, document: str | None = None) -> ErasedCases:
    """Erase the person with this address or document number from all of their settled cases."""
    wanted = []
    if email and email.strip():
        wanted.append(Requester.email == email.strip().lower())
    if document and searched_document(document):
        wanted.append(Requester.document == searched_document(document))
    found = session.scalars(
        select(Case).join(Requester, Requester.case_id == Case.id).where(*wanted).order_by(Case.id)
        .options(joinedload(Case.requester), joinedload(Case.content))
    ).all() if wanted else []  # fmt: skip
    return _erased(session, found, by)


def erase_cases_settled_before(session: Session, *, moment: datetime, by: str) -> ErasedCases:
    """Erase the persons of up to 500 cases that were settled before the moment; call again until none is left."""
    query = select(Case).join(Requester, Requester.case_id == Case.id)
    query = query.where(Case.settled_at < moment, Requester.erased_at.is_(None)).order_by(Case.id)
    query = query.options(joinedload(Case.requester), joinedload(Case.content))
    return _erased(session, session.scalars(query.limit(CASES_AT_ONCE)).all(), by)


def _erased(session: Session, found: Sequence[Case], by: str) -> ErasedCases:
    settled = [case for case in found if case.settled_at is not None]
    for case in settled:
        erase_requester(session, case=case, by=by)
    if settled:
        # Neither whom nor by what: the record itself must hold nothing of the person.
        record(session, Action.CASE_DATA_ERASED, SubjectKind.ERASURE, "", cases=len(settled))
    return ErasedCases(len(settled), len(found) - len(settled))


def _without(text: str, known: Sequence[str]) -> str:
    for word in sorted(known, key=len, reverse=True):
        if len(word) > 2:
            text = text.replace(word, ERASED)
    return masked(text) if text else text
