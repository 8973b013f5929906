"""The day on which an answer is due, and every step that leads to it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from desk.deadlines.business_calendar import (
    OfficeHours,
    Receipt,
    business_days_after,
    holiday_name,
    is_business_day,
    receipt_of,
)
from desk.deadlines.procedure import COPIES_DAYS, copies_deadline
from desk.deadlines.terms import (
    EMERGENCY_FIRST_DAY,
    EMERGENCY_LAST_DAY,
    DeadlineKind,
    Regime,
    Term,
    regime_of,
    term_of,
)


class StepKind(StrEnum):
    """What a step says."""

    RECEIVED = "received"
    FILED = "filed"
    REGIME = "regime"
    TERM = "term"
    COUNTED = "counted"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    DUE = "due"
    SILENCE = "silence"


@dataclass(frozen=True)
class Step:
    """One step of the reckoning: a day, and what happens on it, in English."""

    kind: StepKind
    day: date
    text: str


@dataclass(frozen=True)
class DueDate:
    """When an answer is due, and why."""

    kind: DeadlineKind
    receipt: Receipt
    regime: Regime
    term: Term
    due: date
    steps: list[Step]


def due_day(kind: DeadlineKind, receipt: Receipt) -> date:
    """The last business day of the term, which is counted from the day after the filing."""
    return _due_day(receipt.filed_on, term_of(kind, receipt.received_on).days)


@lru_cache(maxsize=65536)
def _due_day(filed_on: date, days: int) -> date:
    return business_days_after(filed_on, days)


def due_date(kind: DeadlineKind, received: datetime | date, hours: OfficeHours) -> DueDate:
    """When an answer to what was received then is due, with every step.

    A moment without time zone is local; with a day alone it was received within office hours.

    Raises:
        OutsideCalendar: the year is not in the calendar.
    """
    receipt = receipt_of(received, hours)
    term, regime, due = term_of(kind, receipt.received_on), regime_of(receipt.received_on), due_day(kind, receipt)
    steps = [
        _received_step(receipt, hours),
        _filed_step(receipt),
        _regime_step(receipt, regime),
        Step(
            StepKind.TERM, receipt.filed_on,
            f"{kind}: {term.days} business days, counted from the day after ({term.source})",
        ),
        *_counted_steps(receipt.filed_on, due),
        Step(StepKind.DUE, due, f"{due:%A}: the last day for an answer"),
    ]  # fmt: skip
    if kind is DeadlineKind.DOCUMENTS:
        copies = copies_deadline(due)
        text = (
            f"without an answer by {due}, the request counts as accepted and the copies are due within {COPIES_DAYS}"
            f" business days, by {copies:%A} {copies} (CPACA art. 14)"
        )
        steps.append(Step(StepKind.SILENCE, copies, text))
    return DueDate(kind, receipt, regime, term, due, steps)


def _received_step(receipt: Receipt, hours: OfficeHours) -> Step:
    day = receipt.received_on
    clock = f" {receipt.received_at:%H:%M}" if receipt.received_at else ""
    if holiday := holiday_name(day):
        why = f", a holiday: {holiday}"
    elif receipt.in_office_hours:
        why = ", within office hours" if receipt.received_at else ", no time given: taken as within office hours"
    elif day.weekday() >= 5:
        why = ", no business day"
    else:
        why = f", outside office hours ({hours.opens:%H:%M} to {hours.closes:%H:%M})"
    return Step(StepKind.RECEIVED, day, f"{day:%A}{clock} in Bogotá{why}")


def _filed_step(receipt: Receipt) -> Step:
    filed = receipt.filed_on
    if receipt.in_office_hours:
        why = "the same day"
    elif filed == receipt.received_on:
        why = "when the office opens that same business day (CPACA art. 54)"
    else:
        why = "the next business day (CPACA art. 54)"
    return Step(StepKind.FILED, filed, f"{filed:%A}, {why}")


def _regime_step(receipt: Receipt, regime: Regime) -> Step:
    place = "within" if regime is Regime.EMERGENCY else "outside"
    law = "Decreto 491 de 2020, repealed by Ley 2207 de 2022"
    text = f"{regime}: received {place} {EMERGENCY_FIRST_DAY} to {EMERGENCY_LAST_DAY} ({law})"
    return Step(StepKind.REGIME, receipt.received_on, text)


def _counted_steps(filed_on: date, due: date) -> list[Step]:
    steps, day, number = [], filed_on, 0
    while day < due:
        day += timedelta(days=1)
        holiday = holiday_name(day)
        if is_business_day(day):
            number += 1
            steps.append(Step(StepKind.COUNTED, day, f"{day:%A}: day {number}"))
        elif holiday:
            steps.append(Step(StepKind.HOLIDAY, day, f"{day:%A}: not counted, holiday: {holiday}"))
        else:
            steps.append(Step(StepKind.WEEKEND, day, f"{day:%A}: not counted"))
    return steps
