"""Cases as the staff looks for them: filtered, searched, one page after the other, with the days that are left."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from desk.cases.kinds import OPEN_STATES, CaseKind, CaseState, Channel
from desk.cases.models import Case, CaseContent, Requester
from desk.cases.search_text import searched_document, searched_text
from desk.deadlines.business_calendar import business_days_after, business_days_between
from desk.radicado import Radicado, radicados_in

RED_DAYS = 2
YELLOW_DAYS = 5
# Words are looked for in so many cases, the first ones of the order that the other filters leave.
SEARCHED_CASES = 10_000


class Light(StrEnum):
    """How near the deadline of an open case is."""

    OVERDUE = "overdue"
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    # The clock stands while the citizen is waited for.
    PAUSED = "paused"


class CaseOrder(StrEnum):
    """The order of a list; `DUE_FIRST` lists open cases only."""

    NEWEST = "newest"
    DUE_FIRST = "due_first"


class WrongCursor(ValueError):
    """What should say where the next page begins does not."""


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are asked for; what is empty does not restrict. A moment equal to `received_until` is out.

    `search` takes a radicado in any spelling, an e-mail address, a document number, or words of the description or the
    requester's name.
    """

    search: str = ""
    kinds: tuple[CaseKind, ...] = ()
    states: tuple[CaseState, ...] = ()
    channels: tuple[Channel, ...] = ()
    dependency: str = ""
    topic: str = ""
    light: Light | None = None
    priority_only: bool = False
    received_since: datetime | None = None
    received_until: datetime | None = None


@dataclass(frozen=True)
class CaseRow:
    """A case in a list. Days left and light are None once it is settled; days are below zero when it is late."""

    id: int
    radicado: str
    kind: CaseKind
    topic: str
    channel: Channel
    dependency: str
    state: CaseState
    priority: bool
    received_at: datetime
    due_on: date
    requester_name: str
    days_left: int | None
    light: Light | None


@dataclass(frozen=True)
class CasesPage:
    """A part of a list, and where the next one begins; None at the end."""

    rows: list[CaseRow]
    next_cursor: str | None


@dataclass(frozen=True)
class Workload:
    """How many open cases a dependency has, how many of them are late, and how many have two days left or fewer."""

    dependency: str
    open: int
    overdue: int
    red: int


def cases_page(
    session: Session,
    *,
    filters: CaseFilter,
    today: date,
    after: str | None = None,
    limit: int = 50,
    order: CaseOrder = CaseOrder.NEWEST,
) -> CasesPage:
    """The cases after the cursor of the page before; a page takes as long at the end of the list as at its beginning.

    Raises:
        WrongCursor: `after` is not a cursor of this order.
    """
    conditions = conditions_of(filters, today)
    if order is CaseOrder.DUE_FIRST:
        conditions.append(Case.settled_at.is_(None))
    if after is not None:
        conditions.append(_beyond(after, order))
    query = select(Case, Requester.name).join(Requester, Requester.case_id == Case.id)
    if words := words_of(filters.search):
        some = select(Case.id).where(*conditions).order_by(*_columns_of(order)).limit(SEARCHED_CASES).subquery()
        query = query.join(some, some.c.id == Case.id).join(CaseContent, CaseContent.case_id == Case.id)
        query = query.where(*(CaseContent.searched.contains(word, autoescape=True) for word in words))
    else:
        query = query.where(*conditions)
    found = session.execute(query.order_by(*_columns_of(order)).limit(limit + 1)).all()
    rows = [_row(each, name, today) for each, name in found[:limit]]
    return CasesPage(rows, _cursor(found[limit - 1][0], order) if len(found) > limit else None)


def case_by_radicado(session: Session, radicado: Radicado) -> Case | None:
    """The case with what was written and who asks, or None."""
    query = select(Case).where(Case.radicado == str(radicado))
    return session.scalar(query.options(joinedload(Case.content), joinedload(Case.requester)))


def workload(session: Session, *, today: date) -> list[Workload]:
    """The open cases of each dependency, the one with the most first."""
    runs = Case.state != CaseState.WAITING_FOR_CITIZEN
    late = func.sum(case((and_(runs, Case.due_on < today), 1), else_=0))
    soon = and_(runs, Case.due_on >= today, Case.due_on <= business_days_after(today, RED_DAYS))
    query = select(Case.dependency, func.count(), late, func.sum(case((soon, 1), else_=0)))
    query = query.where(Case.settled_at.is_(None)).group_by(Case.dependency)
    rows = session.execute(query.order_by(func.count().desc(), Case.dependency))
    return [Workload(dependency, count, overdue, red) for dependency, count, overdue, red in rows]


def days_left(found: Case, today: date) -> int | None:
    """Business days until the answer is due, below zero or zero when late; None while no clock runs."""
    if found.settled_at is not None or found.state is CaseState.WAITING_FOR_CITIZEN:
        return None
    return business_days_between(today, found.due_on)


def light_of(found: Case, today: date) -> Light | None:
    """How near the deadline is; None once the case is settled."""
    if found.settled_at is not None:
        return None
    if found.state is CaseState.WAITING_FOR_CITIZEN:
        return Light.PAUSED
    if found.due_on < today:
        return Light.OVERDUE
    left = business_days_between(today, found.due_on)
    if left <= RED_DAYS:
        return Light.RED
    return Light.YELLOW if left <= YELLOW_DAYS else Light.GREEN


def conditions_of(filters: CaseFilter, today: date) -> list[ColumnElement[bool]]:
    """What a case must fulfil, except for the words that are looked for."""
    # Open cases are found by an index of their own; naming their states as well would lead past it.
    only_open = set(filters.states) == set(OPEN_STATES)
    conditions: list[ColumnElement[bool]] = [
        column.in_(wanted)
        for column, wanted in (
            (Case.kind, filters.kinds),
            (Case.state, () if only_open else filters.states),
            (Case.channel, filters.channels),
        )
        if wanted
    ]  # fmt: skip
    if only_open:
        conditions.append(Case.settled_at.is_(None))
    if filters.dependency:
        conditions.append(Case.dependency == filters.dependency)
    if filters.topic:
        conditions.append(Case.topic == filters.topic)
    if filters.priority_only:
        conditions.append(Case.priority.is_(True))
    if filters.received_since:
        conditions.append(Case.received_at >= filters.received_since)
    if filters.received_until:
        conditions.append(Case.received_at < filters.received_until)
    if filters.light:
        conditions += [Case.settled_at.is_(None), light_condition(filters.light, today)]
    return conditions + _identifier_conditions(filters.search)


def light_condition(light: Light, today: date) -> ColumnElement[bool]:
    """What is true of the open cases that stand at this light."""
    waits, due = Case.state == CaseState.WAITING_FOR_CITIZEN, Case.due_on
    if light is Light.PAUSED:
        return waits
    red, yellow = business_days_after(today, RED_DAYS), business_days_after(today, YELLOW_DAYS)
    span = {
        Light.OVERDUE: due < today,
        Light.RED: and_(due >= today, due <= red),
        Light.YELLOW: and_(due > red, due <= yellow),
        Light.GREEN: due > yellow,
    }[light]
    return and_(~waits, span)


def _identifier_conditions(search: str) -> list[ColumnElement[bool]]:
    if numbers := radicados_in(search):
        return [Case.radicado.in_([str(number) for number in numbers])]
    if "@" in search:
        by_email = select(Requester.case_id).where(Requester.email == search.strip().lower())
        return [Case.id.in_(by_email)]
    if _is_document(search):
        by_document = select(Requester.case_id).where(Requester.document == searched_document(search))
        return [Case.id.in_(by_document)]
    return []


def _is_document(search: str) -> bool:
    return re.fullmatch(r"\s*[A-Za-z]{0,3}[\d\s.,'-]{5,24}\s*", search) is not None


def words_of(search: str) -> list[str]:
    """The words to look for; none when the search names a radicado, an e-mail address or a document."""
    if radicados_in(search) or "@" in search or _is_document(search):
        return []
    return searched_text(search).split()


def _columns_of(order: CaseOrder) -> tuple[ColumnElement[datetime] | ColumnElement[date], ColumnElement[int]]:
    if order is CaseOrder.NEWEST:
        return Case.received_at.desc(), Case.id.desc()
    return Case.due_on.asc(), Case.id.asc()


def _cursor(last: Case, order: CaseOrder) -> str:
    moment = last.received_at if order is CaseOrder.NEWEST else last.due_on
    return f"{moment.isoformat()}~{last.id}"


def _beyond(cursor: str, order: CaseOrder) -> ColumnElement[bool]:
    moment, _, number = cursor.rpartition("~")
    try:
        if order is CaseOrder.NEWEST:
            received = datetime.fromisoformat(moment)
            if received.tzinfo is None:
                raise WrongCursor(cursor)
            return tuple_(Case.received_at, Case.id) < tuple_(received, int(number))
        return tuple_(Case.due_on, Case.id) > tuple_(date.fromisoformat(moment), int(number))
    except ValueError:
        raise WrongCursor(cursor) from None


def _row(found: Case, requester_name: str, today: date) -> CaseRow:
    return CaseRow(
        found.id, found.radicado, found.kind, found.topic, found.channel, found.dependency, found.state,
        found.priority, found.received_at, found.due_on, requester_name, days_left(found, today),
        light_of(found, today),
    )  # fmt: skip
