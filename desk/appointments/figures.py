"""What came of the appointments of a period: attendance, no-show and lead time, as the report of the semester needs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment, AppointmentState
from desk.appointments.timetable import at_midnight

NOT_TOLD = "sin dato"
DIMENSIONS = ("segment", "gender", "age_group", "language", "channel")


@dataclass(frozen=True)
class Figures:
    """Counts of one group of appointments.

    `pending` are those without a mark yet. `attendance` is attended ÷ (attended + missed), `no_show` the rest to one;
    both None while nothing is marked. `lead_days` is the median number of days from booking to the appointment.
    """

    booked: int
    attended: int
    missed: int
    cancelled: int
    pending: int
    confirmed_by_citizen: int
    attendance: float | None
    no_show: float | None
    lead_days: float | None


@dataclass(frozen=True)
class Report:
    """The figures of a period as a whole and for each value of each dimension."""

    first_day: date
    last_day: date
    total: Figures
    by: dict[str, dict[str, Figures]]


def figures(session: Session, *, first_day: date, last_day: date) -> Report:
    """The figures of the appointments that were to take place from the first to the last day, both included."""
    first, last = at_midnight(first_day), at_midnight(last_day + timedelta(days=1))
    query = select(Appointment).where(
        Appointment.starts_at >= first, Appointment.starts_at < last, Appointment.state != AppointmentState.HELD
    )
    rows = session.scalars(query).all()
    by: dict[str, dict[str, Figures]] = {}
    for dimension in DIMENSIONS:
        groups: defaultdict[str, list[Appointment]] = defaultdict(list)
        for row in rows:
            groups[str(getattr(row, dimension) or NOT_TOLD)].append(row)
        by[dimension] = {value: _figures_of(group) for value, group in sorted(groups.items())}
    return Report(first_day, last_day, _figures_of(rows), by)


def _figures_of(rows: Sequence[Appointment]) -> Figures:
    states = Counter(row.state for row in rows)
    attended, missed = states[AppointmentState.ATTENDED], states[AppointmentState.MISSED]
    marked = attended + missed
    leads = [(row.starts_at - row.booked_at) / timedelta(days=1) for row in rows if row.booked_at]
    return Figures(
        booked=len(rows),
        attended=attended,
        missed=missed,
        cancelled=states[AppointmentState.CANCELLED],
        pending=states[AppointmentState.BOOKED] + states[AppointmentState.CONFIRMED],
        confirmed_by_citizen=sum(row.confirmed_at is not None for row in rows),
        attendance=round(attended / marked, 4) if marked else None,
        no_show=round(missed / marked, 4) if marked else None,
        lead_days=round(median(leads), 2) if leads else None,
    )
