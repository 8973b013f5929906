"""`consultame appointments`: the desk's agenda from the command line — who attends, absences, results, figures."""

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from consultame.command_line import attendants
from consultame.command_line.outcome import CommandFailed, WrongInput
from consultame.database import now, read_session, write_session
from desk.appointments.attendants import conflicts
from desk.appointments.changes import ChangeRefused, mark
from desk.appointments.figures import Figures, figures
from desk.appointments.models import Appointment, AppointmentState, Outcome
from desk.appointments.timetable import at_midnight, local

application = typer.Typer(help="Appointments: who attends, when, and what came of it. Times are Bogotá's.")
application.add_typer(attendants.staff, name="staff")
application.add_typer(attendants.absence, name="absence")


@application.command("list")
def list_appointments(
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Today when not given.")] = None,
) -> None:
    """List a day's appointments, without the citizens' names."""
    wanted = day.date() if day else local(now()).date()
    first = at_midnight(wanted)
    query = select(Appointment).where(
        Appointment.starts_at >= first, Appointment.starts_at < first + timedelta(days=1),
        Appointment.state != AppointmentState.HELD,
    )  # fmt: skip
    table = Table("number", "time", "state", "attendant", "segment", "language", "outcome", box=None)
    with read_session() as session:
        for row in session.scalars(query.order_by(Appointment.starts_at, Appointment.id)):
            table.add_row(
                str(row.id), f"{local(row.starts_at):%H:%M}", row.state, row.attendant.email, row.segment, row.language,
                row.outcome or "",
            )  # fmt: skip
    Console().print(table)


@application.command("conflicts")
def list_conflicts() -> None:
    """List the appointments to come whose attendant will not be there."""
    with read_session() as session:
        attendants.tell_conflicts(conflicts(session, now=now()))


@application.command("mark")
def mark_appointment(
    number: Annotated[int, typer.Argument(help="The number `appointments list` gives.")],
    attended: Annotated[bool, typer.Option("--attended/--missed", help="Whether the citizen came.")],
    outcome: Annotated[Outcome | None, typer.Option(help="How an attended one ended.")] = None,
) -> None:
    """Mark an appointment as attended or missed; who missed it is asked whether to make another one."""
    if outcome and not attended:
        raise WrongInput("--outcome goes with --attended")
    try:
        with write_session() as session:
            appointment = session.get(Appointment, number)
            if appointment is None or appointment.state is AppointmentState.HELD:
                raise WrongInput(f"no appointment {number}")
            mark(session, appointment=appointment, attended=attended, outcome=outcome, now=now())
    except ChangeRefused as refused:
        raise CommandFailed(f"appointment {number} cannot be marked: {refused}") from None
    typer.echo(f"Appointment {number} marked.")


@application.command("figures")
def show_figures(
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    until: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Attendance, no-show and lead time of a period, by segment, gender, age group, language and channel."""
    if until < since:
        raise WrongInput("--to is before --from")
    with read_session() as session:
        report = figures(session, first_day=since.date(), last_day=until.date())
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, default=date.isoformat))
        return
    table = Table("group", "booked", "attended", "missed", "cancelled", "pending", "attendance", "lead days", box=None)
    _add_figures(table, "all", report.total)
    for dimension, groups in report.by.items():
        for value, group in groups.items():
            _add_figures(table, f"{dimension}: {value}", group)
    Console().print(table)


def _add_figures(table: Table, name: str, group: Figures) -> None:
    counts = (group.booked, group.attended, group.missed, group.cancelled, group.pending)
    attendance = "" if group.attendance is None else f"{group.attendance:.1%}"
    lead = "" if group.lead_days is None else f"{group.lead_days:g}"
    table.add_row(name, *map(str, counts), attendance, lead)
