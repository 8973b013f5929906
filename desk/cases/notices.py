"""Mails about a case, put into the outbox in the transaction of what they tell of.

Who gave no address, anonymous ones among them, gets none. Each key names the event, so that nothing is told twice.
"""

from sqlalchemy.orm import Session

from consultame.outbox import enqueue_email
from desk.cases.kinds import ClosingReason
from desk.cases.mail_texts import TOLD, MailText, acknowledgement_text, closing_text, step_text
from desk.cases.models import Case, CaseEvent
from desk.deadlines.business_calendar import local_moment


def tell_filed(session: Session, case: Case, *, code: str) -> None:
    """Enqueue the acknowledgement with number, code and due date."""
    if case.requester.email:
        _tell(session, case, f"case:{case.id}:filed", acknowledgement_text(case, code=code))


def tell_step(session: Session, case: Case, event: CaseEvent, *, text: str) -> None:
    """Enqueue the mail about a step that the citizen hears of; `text` is what the staff wrote, unmasked."""
    if event.kind in TOLD and case.requester.email:
        mail = step_text(case, event.kind, text=text.strip(), detail=event.detail)
        _tell(session, case, f"case:{case.id}:event:{event.id}", mail)


def tell_closed(session: Session, case: Case, event: CaseEvent, *, reason: ClosingReason) -> None:
    """Enqueue the mail that a case ended without an answer; an answer or a transfer was told when it was given."""
    if case.requester.email:
        day = local_moment(event.at).date()
        _tell(session, case, f"case:{case.id}:event:{event.id}", closing_text(case, reason, closed_on=day))


def _tell(session: Session, case: Case, key: str, mail: MailText) -> None:
    enqueue_email(session, dedupe_key=key, to=case.requester.email, subject=mail.subject, text=mail.text)
