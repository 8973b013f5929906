"""`consultame due`: when an answer is due by law, and why."""

import json
from datetime import date, datetime
from typing import Annotated

import typer

from consultame.command_line.outcome import WrongInput
from desk.deadlines.business_calendar import OutsideCalendar, office_hours
from desk.deadlines.due_date import DueDate, due_date
from desk.deadlines.terms import DeadlineKind


def due(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(DeadlineKind)}.")],
    received: Annotated[
        str, typer.Argument(help="When it was received: ISO date and time in Bogotá, or with an offset; or a date.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the day on which an answer is due by law, and each step that leads to it."""
    if kind not in set(DeadlineKind):
        raise WrongInput(f"no kind {kind!r}; kinds: {', '.join(DeadlineKind)}")
    try:
        reckoned = due_date(DeadlineKind(kind), _moment(received), office_hours())
    except OutsideCalendar as outside:
        raise WrongInput(f"{received}: {outside}") from None
    typer.echo(json.dumps(_as_object(reckoned), ensure_ascii=False) if as_json else _as_text(reckoned))


def _moment(text: str) -> datetime | date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        message = "is neither an ISO date nor an ISO date and time (2026-11-24, 2026-11-24T15:30)"
        raise WrongInput(f"{text!r} {message}") from None


def _as_object(reckoned: DueDate) -> dict[str, object]:
    receipt = reckoned.receipt
    clock = receipt.received_at.isoformat() if receipt.received_at else None
    return {
        "kind": reckoned.kind,
        "received": f"{receipt.received_on}T{clock}" if clock else str(receipt.received_on),
        "filed": str(receipt.filed_on),
        "regime": reckoned.regime,
        "term": reckoned.term.days,
        "due": str(reckoned.due),
        "steps": [{"step": step.kind, "date": str(step.day), "text": step.text} for step in reckoned.steps],
    }


def _as_text(reckoned: DueDate) -> str:
    lines = [f"due: {reckoned.due}", *(f"{step.day}  {step.kind:<9}{step.text}" for step in reckoned.steps)]
    return "\n".join(lines)
