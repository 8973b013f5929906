"""`consultame appointments staff` and `absence`: who attends, and when somebody is not there."""

import re
from datetime import datetime, time, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from consultame.command_line.outcome import WrongInput
from consultame.database import now, read_session, write_session
from desk.appointments.attendants import (
    AttendantRefused,
    Conflict,
    Hours,
    add_absence,
    add_attendant,
    attendant_by_email,
    attendants,
    remove_absence,
    set_active,
    set_hours,
)
from desk.appointments.models import Absence, Attendant, PeriodKind, Segment
from desk.appointments.timetable import BOGOTA, local

staff = typer.Typer(help="Who attends.")
absence = typer.Typer(help="When somebody is not there.")

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d{1,2}:\d{2})-(\d{1,2}:\d{2})")

HoursOption = Annotated[
    list[str], typer.Option("--hours", help="Working hours, as 'mon-fri 14:00-16:30'; may be given again.")
]
BreakOption = Annotated[list[str], typer.Option("--break", help="A break, in the same form; may be given again.")]
EmailArgument = Annotated[str, typer.Argument(help="The address of the person who attends.")]


@staff.command("add")
def add_staff(
    email: EmailArgument,
    name: Annotated[str, typer.Option(help="The name, as citizens read it.")],
    hours: HoursOption,
    breaks: BreakOption = [],  # noqa: B006
    english: Annotated[bool, typer.Option("--english", help="Attends in English too.")] = False,
    segment: Annotated[list[Segment], typer.Option(help="May be given again; all when not given.")] = [],  # noqa: B006
) -> None:
    """Enter somebody who attends."""
    try:
        with write_session() as session:
            attendant = add_attendant(
                session, name=name, email=email, languages=["es", "en"] if english else ["es"],
                segments=segment or list(Segment), hours=_hours(hours, breaks),
            )  # fmt: skip
    except AttendantRefused as refused:
        raise WrongInput(str(refused)) from None
    typer.echo(f"{attendant.email} attends.")


@staff.command("list")
def list_staff() -> None:
    """List who attends: hours, languages, segments, absences to come."""
    table = Table("address", "name", "state", "languages", "segments", "hours", "absences", box=None)
    with read_session() as session:
        for attendant in attendants(session):
            state = ("attends" if attendant.active else "no longer") + (", demo" if attendant.is_demo else "")
            hours = [_spoken_period(p.weekday, p.starts, p.ends, p.kind) for p in attendant.periods]
            ahead = [_spoken_absence(a) for a in attendant.absences if a.ends_at > now()]
            table.add_row(
                attendant.email, attendant.name, state, ", ".join(attendant.languages), ", ".join(attendant.segments),
                "\n".join(hours), "\n".join(ahead),
            )  # fmt: skip
    Console().print(table)


@staff.command("hours")
def change_hours(email: EmailArgument, hours: HoursOption, breaks: BreakOption = []) -> None:  # noqa: B006
    """Replace working hours and breaks."""
    try:
        with write_session() as session:
            tell_conflicts(set_hours(session, _attendant(session, email), _hours(hours, breaks), now=now()))
    except AttendantRefused as refused:
        raise WrongInput(str(refused)) from None


@staff.command("deactivate")
def deactivate(email: EmailArgument) -> None:
    """Have somebody attend no longer."""
    with write_session() as session:
        tell_conflicts(set_active(session, _attendant(session, email), False, now=now()))


@staff.command("reactivate")
def reactivate(email: EmailArgument) -> None:
    """Have somebody attend again."""
    with write_session() as session:
        tell_conflicts(set_active(session, _attendant(session, email), True, now=now()))


@absence.command("add")
def add(
    email: EmailArgument,
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="First moment.")],
    until: Annotated[
        datetime,
        typer.Option("--to", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="A day, which is included, or a moment."),
    ],
    note: Annotated[str, typer.Option(help="Why, for the staff.")] = "",
) -> None:
    """Enter an absence, and list the appointments that fall into it."""
    whole_days = since.time() == until.time() == time()
    ends = until + timedelta(days=1) if whole_days else until
    try:
        with write_session() as session:
            entered, found = add_absence(
                session, _attendant(session, email), starts_at=since.replace(tzinfo=BOGOTA),
                ends_at=ends.replace(tzinfo=BOGOTA), now=now(), note=note,
            )  # fmt: skip
            typer.echo(f"Absence {_spoken_absence(entered)}")
            tell_conflicts(found)
    except AttendantRefused as refused:
        raise WrongInput(str(refused)) from None


@absence.command("remove")
def remove(number: Annotated[int, typer.Argument(help="The number `absence add` and `staff list` give.")]) -> None:
    """Take an absence back."""
    with write_session() as session:
        entered = session.get(Absence, number)
        if entered is None:
            raise WrongInput(f"no absence {number}; `consultame appointments staff list` shows them")
        remove_absence(session, entered)
    typer.echo(f"Absence {number} removed.")


def _attendant(session: Session, email: str) -> Attendant:
    attendant = attendant_by_email(session, email)
    if attendant is None:
        raise WrongInput(f"nobody attends under {email!r}; `consultame appointments staff list` shows who does")
    return attendant


def _hours(work: list[str], breaks: list[str]) -> list[Hours]:
    return [
        hours
        for kind, texts in ((PeriodKind.WORK, work), (PeriodKind.BREAK, breaks))
        for text in texts
        for hours in _read_hours(text, kind)
    ]


def _read_hours(text: str, kind: PeriodKind) -> list[Hours]:
    match = _HOURS.fullmatch(" ".join(text.lower().split()))
    try:
        if match is None:
            raise ValueError
        first, last = _DAYS.index(match[1]), _DAYS.index(match[2] or match[1])
        if last < first:
            raise ValueError
        starts, ends = (datetime.strptime(match[n], "%H:%M").time() for n in (3, 4))  # noqa: DTZ007
    except ValueError:
        raise WrongInput(f"{text!r} is not of the form 'mon-fri 14:00-16:30'") from None
    return [Hours(day, starts, ends, kind) for day in range(first, last + 1)]


def _spoken_period(weekday: int, starts: time, ends: time, kind: PeriodKind) -> str:
    return f"{_DAYS[weekday]} {starts:%H:%M}-{ends:%H:%M}" + (" break" if kind is PeriodKind.BREAK else "")


def _spoken_absence(entered: Absence) -> str:
    return f"{entered.id}: {local(entered.starts_at):%Y-%m-%d %H:%M} to {local(entered.ends_at):%Y-%m-%d %H:%M}"


def tell_conflicts(found: list[Conflict]) -> None:
    """Print the appointments without anybody to attend."""
    for conflict in found:
        appointment = conflict.appointment
        typer.echo(
            f"appointment {appointment.id}, {local(appointment.starts_at):%Y-%m-%d %H:%M}, "
            f"{appointment.attendant.email}: {conflict.reason}"
        )
    typer.echo(f"{len(found)} appointment(s) without anybody to attend.")
