"""Until when the law lets the staff do what a case may need."""

from dataclasses import dataclass
from datetime import date

from desk.cases.models import Case
from desk.deadlines.business_calendar import business_days_after, local_moment
from desk.deadlines.procedure import completion_request_deadline, transfer_deadline
from desk.deadlines.terms import term_of


@dataclass(frozen=True)
class CaseLimits:
    """The last day for each step; `extension` is the furthest day to which the answer may be put off."""

    transfer: date
    completion_request: date
    extension: date


def case_limits(case: Case) -> CaseLimits:
    """The limits of the case as it stands (CPACA arts. 14, 17, 21)."""
    term = term_of(case.kind.deadline, local_moment(case.received_at).date())
    return CaseLimits(
        transfer=transfer_deadline(case.filed_on),
        completion_request=min(completion_request_deadline(case.filed_on), case.due_on),
        extension=business_days_after(case.due_on, max(0, term.extension - case.extension_days)),
    )
