"""A row of the CRM's export as a case: what each column takes, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from consultame.settings import is_email
from desk.cases.case_file import FORMULA
from desk.cases.filing import FIRST_DEPENDENCY, LONGEST_DESCRIPTION
from desk.cases.kinds import (
    AGE_GROUP_NAMES,
    CHANNEL_NAMES,
    GENDER_NAMES,
    KIND_NAMES,
    REQUESTER_NAMES,
    STATE_NAMES,
    AgeGroup,
    CaseKind,
    CaseState,
    Channel,
    Gender,
    RequesterKind,
)
from desk.cases.search_text import searched_text
from desk.deadlines.business_calendar import OfficeHours, OutsideCalendar, Receipt, local_moment, receipt_of
from desk.deadlines.due_date import due_day
from desk.places import departments, municipalities
from desk.radicado import Radicado, radicados_in

_Member = TypeVar("_Member", bound=StrEnum)

COLUMNS = {
    "radicado": "Número de radicado: 1-2026-012345.",
    "tipo": f"Tipo: {', '.join(KIND_NAMES.values())}.",
    "estado": f"Estado: {', '.join(STATE_NAMES.values())}.",
    "fecha_recibido": "Fecha y hora de recibo: AAAA-MM-DD HH:MM o DD/MM/AAAA HH:MM; la hora puede faltar.",
    "canal": f"Canal: {', '.join(CHANNEL_NAMES.values())}. Vacía: Correo institucional.",
    "dependencia": f"Dependencia. Vacía: {FIRST_DEPENDENCY}.",
    "tema": "Tema, máximo 120 caracteres. Puede quedar vacía.",
    "descripcion": "Lo que se pide. Puede quedar vacía.",
    "fecha_limite": "Fecha límite, AAAA-MM-DD o DD/MM/AAAA. Vacía: se calcula según la ley.",
    "fecha_respuesta": "Fecha de la respuesta, igual que la de recibo. Obligatoria si el estado es Respondido.",
    "entidad": "Entidad a la que se trasladó. Obligatoria si el estado es Trasladado.",
    "solicitante": f"{', '.join(REQUESTER_NAMES.values())}. Vacía: Persona natural con nombre, Anónimo sin él.",
    "nombre": "Nombre de quien presenta la solicitud.",
    "documento": "Número de documento o NIT.",
    "correo": "Correo electrónico.",
    "telefono": "Teléfono.",
    "genero": f"{', '.join(GENDER_NAMES.values())}. Puede quedar vacía.",
    "grupo_edad": f"{', '.join(AGE_GROUP_NAMES.values())}. Puede quedar vacía.",
    "codigo_divipola": "Código DIVIPOLA del municipio (cinco dígitos) o departamento (dos). Puede quedar vacía.",
}
REQUIRED = ("radicado", "tipo", "estado", "fecha_recibido")
_LONGEST = {
    "dependencia": 120, "tema": 120, "entidad": 200, "nombre": 200, "documento": 20, "telefono": 30,
    "descripcion": LONGEST_DESCRIPTION,
}  # fmt: skip


def _by_name(names: dict[_Member, str]) -> dict[str, _Member]:
    return {searched_text(text): member for member, name in names.items() for text in (name, member)}


_KINDS, _STATES, _CHANNELS = _by_name(KIND_NAMES), _by_name(STATE_NAMES), _by_name(CHANNEL_NAMES)
_REQUESTERS, _GENDERS, _AGES = _by_name(REQUESTER_NAMES), _by_name(GENDER_NAMES), _by_name(AGE_GROUP_NAMES)
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True)
class ImportedCase:
    """A case as it stands in a row (1 is the heading)."""

    row: int
    radicado: Radicado
    kind: CaseKind
    state: CaseState
    receipt: Receipt
    received_at: datetime
    due_on: date
    answered_at: datetime | None
    channel: Channel
    requester: RequesterKind
    gender: Gender | None
    age_group: AgeGroup | None
    texts: dict[str, str]


@dataclass
class RowReader:
    """Reads rows under one heading, and keeps what is wrong: (row, column, reason)."""

    heading: list[str]
    hours: OfficeHours
    problems: list[tuple[int, str, str]] = field(default_factory=list)

    def check_heading(self) -> None:
        """Add what is wrong with the heading."""
        self._add(1, {name: "the column is missing" for name in REQUIRED if name not in self.heading})
        self._add(1, {name: "no such column" for name in self.heading if name and name not in COLUMNS})
        self._add(1, {name: "the column is there twice" for name in COLUMNS if self.heading.count(name) > 1})

    def read(self, number: int, cells: list[str]) -> ImportedCase | None:
        """The case of the row, or None when something is wrong with it."""
        if any(cells[len(self.heading) :]):
            self._add(number, {"": "the row has more cells than the heading"})
            return None
        row = dict.fromkeys(COLUMNS, "") | dict(zip(self.heading, cells, strict=False))
        found: dict[str, str] = {}
        case = _case_of(number, row, found, self.hours)
        self._add(number, found)
        return None if found else case

    def _add(self, number: int, found: dict[str, str]) -> None:
        self.problems += ((number, column, reason) for column, reason in found.items())


def _case_of(number: int, row: dict[str, str], found: dict[str, str], hours: OfficeHours) -> ImportedCase | None:
    numbers = radicados_in(row["radicado"])
    if len(numbers) != 1:
        found["radicado"] = f"{row['radicado']!r} is not a number like 1-2026-012345"
    kind, state = _member(row, "tipo", _KINDS, found), _member(row, "estado", _STATES, found)
    channel = _member(row, "canal", _CHANNELS, found) or Channel.EMAIL
    requester = _member(row, "solicitante", _REQUESTERS, found)
    gender, age = _member(row, "genero", _GENDERS, found), _member(row, "grupo_edad", _AGES, found)
    received, answered = _moment(row, "fecha_recibido", found), _moment(row, "fecha_respuesta", found)
    limit = _moment(row, "fecha_limite", found)
    _check_texts(row, found)
    _check_what_the_state_needs(row, state, found)
    if found or received is None or kind is None or state is None:
        return None
    receipt = receipt_of(received, hours)
    return ImportedCase(
        row=number,
        radicado=numbers[0],
        kind=kind,
        state=state,
        receipt=receipt,
        received_at=_stored_moment(received),
        due_on=_day(limit) if limit else due_day(kind.deadline, receipt),
        answered_at=_stored_moment(answered) if answered else None,
        channel=channel,
        requester=requester or (RequesterKind.PERSON if row["nombre"] else RequesterKind.ANONYMOUS),
        gender=gender,
        age_group=age,
        texts=row,
    )


def _member(row: dict[str, str], column: str, members: dict[str, _Member], found: dict[str, str]) -> _Member | None:
    text = row[column]
    member = members.get(searched_text(text).strip())
    if member is None and (text or column in REQUIRED):
        found[column] = f"{text!r} is none of those that the template names"
    return member


def _moment(row: dict[str, str], column: str, found: dict[str, str]) -> datetime | date | None:
    text = row[column]
    if not text and column not in REQUIRED:
        return None
    try:
        moment = _read_moment(text)
        local_moment(_stored_moment(moment))
    except (ValueError, OutsideCalendar) as problem:
        outside = isinstance(problem, OutsideCalendar)
        found[column] = f"{text!r}: {problem}" if outside else f"{text!r} is not a date (YYYY-MM-DD or DD/MM/YYYY)"
        return None
    return moment


def _read_moment(text: str) -> datetime | date:
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, *clock = (int(part) if part else None for part in match.groups())
        read = date(year or 0, month or 0, day or 0)
        if clock[0] is None:
            return read
        return datetime(read.year, read.month, read.day, clock[0], clock[1] or 0, clock[2] or 0)  # noqa: DTZ001
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def _stored_moment(moment: datetime | date) -> datetime:
    """A day without a time is kept as its noon, which is within office hours."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12)  # noqa: DTZ001
    return local_moment(moment)


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _check_texts(row: dict[str, str], found: dict[str, str]) -> None:
    for column, text in row.items():
        if text == FORMULA:
            found[column] = "a formula; paste its value instead"
    for column, most in _LONGEST.items():
        if len(row[column]) > most:
            found[column] = f"longer than {most} characters"
    if row["correo"] and not is_email(row["correo"]):
        found["correo"] = f"{row['correo']!r} is not an e-mail address"
    place = row["codigo_divipola"]
    if place and place not in municipalities() and place not in departments():
        found["codigo_divipola"] = f"{place!r} is not a DIVIPOLA code"


def _check_what_the_state_needs(row: dict[str, str], state: CaseState | None, found: dict[str, str]) -> None:
    if state is CaseState.ANSWERED and not row["fecha_respuesta"]:
        found["fecha_respuesta"] = "missing for a case that was answered"
    if state is CaseState.TRANSFERRED and not row["entidad"]:
        found["entidad"] = "missing for a case that was sent elsewhere"
