"""The terms inside a procedure: asking to complete, clarifying, transferring, extending (CPACA, Ley 1755 de 2015)."""

import calendar
from datetime import date

from desk.deadlines.business_calendar import (
    business_day_from,
    business_days_after,
    business_days_between,
    is_business_day,
)
from desk.deadlines.terms import Term

REQUEST_DAYS = 10
CLARIFICATION_DAYS = 10
TRANSFER_DAYS = 5
COPIES_DAYS = 3


class ExtensionRefused(Exception):
    """The answer cannot be put off to that day; the message says why, in Spanish, for the staff."""


def copies_deadline(due: date) -> date:
    """When the copies are due of documents whose request nobody answered (art. 14, number 1)."""
    return business_days_after(due, COPIES_DAYS)


def completion_request_deadline(filed_on: date) -> date:
    """The last day to ask the citizen for what an incomplete petition lacks (art. 17)."""
    return business_days_after(filed_on, REQUEST_DAYS)


def completion_deadline(requested_on: date) -> date:
    """The last day for the citizen to complete it: one calendar month later (art. 17).

    A month ends on the day of the same number, or on the last one of a shorter month (Código Civil, art. 67); what
    ends on no business day ends on the next (Ley 4 de 1913, art. 62).
    """
    return business_day_from(_one_month_after(requested_on))


def extended_completion_deadline(deadline: date) -> date:
    """The same once more, from the day on which the first month ended (art. 17)."""
    return completion_deadline(deadline)


def _one_month_after(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def resumed_due_day(*, due: date, requested_on: date, completed_on: date) -> date:
    """When an answer is due after the petition was completed: what was left of the term, from the day after (art. 17).

    The day of the request counts as used. What was asked on the last day leaves one.
    """
    left = max(1, business_days_between(requested_on, due))
    return business_days_after(completed_on, left)


def clarification_deadline(returned_on: date) -> date:
    """The last day for the citizen to clarify a petition that was not understood; then it is filed away (art. 19)."""
    return business_days_after(returned_on, CLARIFICATION_DAYS)


def transfer_deadline(filed_on: date) -> date:
    """The last day to send it to the authority that is competent, with a copy to the citizen (art. 21)."""
    return business_days_after(filed_on, TRANSFER_DAYS)


def extension_days(*, due: date, until: date, today: date, used: int, term: Term) -> int:
    """By how many business days an extension to `until` puts the answer off (art. 14; Ley 1581 arts. 14, 15).

    `used` is by how many it was put off before.

    Raises:
        ExtensionRefused: the term has expired, or the day is no business day, not later, or too late.
    """
    if today > due:
        raise ExtensionRefused(f"El plazo venció el {due}: la prórroga se anuncia antes del vencimiento.")
    if not is_business_day(until):
        raise ExtensionRefused(f"El {until} no es un día hábil.")
    days = business_days_between(due, until)
    if days <= 0:
        raise ExtensionRefused(f"La fecha nueva debe ser posterior al {due}.")
    if used + days > term.extension:
        latest = business_days_after(due, term.extension - used)
        raise ExtensionRefused(f"La ley permite prorrogar como máximo hasta el {latest}.")
    return days
