"""A row of the CRM as a case."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TypeVar

from desk.cases.dataverse.mapping import FieldMapping
from desk.cases.directory import KnownCase
from desk.cases.ownership import CODE_LENGTH, code_hash
from desk.deadlines.business_calendar import BOGOTA, OutsideCalendar, local_moment, office_hours, receipt_of
from desk.deadlines.due_date import due_day
from desk.radicado import Radicado

Row = Mapping[str, object]
_Meaning = TypeVar("_Meaning")


class UnreadableRow(Exception):
    """An attribute holds what a case cannot be; the message names it and holds no citizen's data."""


def value_of(row: Row, attribute: str) -> str:
    """What the attribute holds, as text; empty when it holds nothing or is not mapped."""
    relation, _, name = attribute.rpartition("/")
    holder = row.get(relation) if relation else row
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return "" if value is None else str(value)


def known_case(row: Row, mapping: FieldMapping, radicado: Radicado) -> KnownCase:
    """The case of a row. Without a due date in the CRM the law's is taken.

    Raises:
        UnreadableRow: kind, state or a date cannot be read.
    """
    kind = _meaning(row, mapping.kind, mapping.kinds)
    received = _moment(row, mapping.received)
    if received is None:
        raise UnreadableRow(f"{mapping.received} is empty")
    by_law = due_day(kind.deadline, receipt_of(received, office_hours()))
    return KnownCase(
        radicado=str(radicado),
        kind=kind,
        state=_meaning(row, mapping.state, mapping.states),
        received_at=received,
        due_on=_day(row, mapping.due) or by_law,
        answered_at=_moment(row, mapping.answered),
        completion_due_on=_day(row, mapping.completion),
        verification_hash=_verification_hash(row, mapping, radicado),
        document=value_of(row, mapping.document),
        email=value_of(row, mapping.email),
    )


def _meaning(row: Row, attribute: str, meanings: Mapping[str, _Meaning]) -> _Meaning:
    value = value_of(row, attribute)
    if value not in meanings:
        raise UnreadableRow(f"{attribute} is {value[:40]!r}, which no setting explains")
    return meanings[value]


def _moment(row: Row, attribute: str) -> datetime | None:
    """A day without a time is taken as its noon, which is within office hours."""
    text = value_of(row, attribute)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if len(text) == len("2026-11-24"):
            moment = datetime.combine(moment, time(12), BOGOTA)
        return local_moment(moment)
    except (ValueError, OutsideCalendar):
        raise UnreadableRow(f"{attribute} is no date of a known year") from None


def _day(row: Row, attribute: str) -> date | None:
    moment = _moment(row, attribute)
    return moment.date() if moment else None


def _verification_hash(row: Row, mapping: FieldMapping, radicado: Radicado) -> str | None:
    """What is shorter than a code of ours is easily guessed, and opens nothing."""
    code = "".join(character for character in value_of(row, mapping.code) if character.isalnum())
    hashed = code_hash(str(radicado), code)
    return hashed if len(code) >= CODE_LENGTH else None
