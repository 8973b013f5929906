"""The audit log, to be searched and taken away as CSV. For administrators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from admin.access import Administrator
from admin.case_wording import CLOSING_REASONS
from admin.csv_download import BEGINNING, MEDIA_TYPE, attachment, csv_line
from admin.identifiers import PageNumber
from admin.pages import STAFF_PATH, render
from admin.paging import Page
from admin.refusals import Refused
from admin.wording import AUDIT_ACTIONS, AUDIT_DETAILS, AUDIT_SUBJECTS, ROLES, SIGN_IN_DETAILS, actor_label
from consultame.audit import AuditEvent, AuditFilter, SubjectKind, count_events, events, people
from consultame.database import now, read_session
from consultame.local_time import BOGOTA
from kb.publication_progress import STEPS

AUDIT_PATH = f"{STAFF_PATH}/auditoria"
router = APIRouter(prefix=AUDIT_PATH)

EVENTS_PER_PAGE = 50
_EVENTS_PER_BATCH = 500
_SUBJECT_PATHS: dict[str, str] = {
    SubjectKind.ENTRY: f"{STAFF_PATH}/entradas/",
    SubjectKind.QUESTION: f"{STAFF_PATH}/preguntas/",
    SubjectKind.PUBLICATION: f"{STAFF_PATH}/publicaciones/",
    SubjectKind.CASE: f"{STAFF_PATH}/casos/",
}
_DETAIL_VALUES = (
    {str(role): f"«{label}»" for role, label in ROLES.items()}
    | {step.name: f"«{step.label}»" for step in STEPS}
    | {str(reason): f"«{label}»" for reason, label in CLOSING_REASONS.items()}
    | SIGN_IN_DETAILS
)
_COLUMNS = ("número", "fecha y hora (Bogotá)", "quién", "qué", "sobre qué", "cuál", "detalle", "dirección de red")


@dataclass(frozen=True)
class Search:
    """The filters of the page, as they were typed."""

    persona: str = ""
    accion: str = ""
    desde: str = ""
    hasta: str = ""

    def filter(self) -> AuditFilter:
        """The events asked for; both days count whole, in Bogotá.

        Raises:
            Refused: a date is none.
        """
        until = _day(self.hasta)
        return AuditFilter(
            person=self.persona.replace("\0", ""),
            action=self.accion.replace("\0", ""),
            since=_midnight(_day(self.desde)),
            until=_midnight(until + timedelta(days=1) if until else None),
        )


@dataclass(frozen=True)
class AuditRow:
    """An event in words."""

    event: AuditEvent

    @property
    def actor(self) -> str:
        """Who did it."""
        return actor_label(self.event.actor)

    @property
    def action(self) -> str:
        """What was done; one that is not known keeps its technical name."""
        return AUDIT_ACTIONS.get(self.event.action, self.event.action)

    @property
    def kind(self) -> str:
        """What kind of thing it was done to."""
        return AUDIT_SUBJECTS.get(self.event.subject_kind, self.event.subject_kind)

    @property
    def path(self) -> str:
        """Where the thing can be seen, if anywhere."""
        start = _SUBJECT_PATHS.get(self.event.subject_kind)
        return start + self.event.subject if start else ""

    @property
    def detail(self) -> str:
        """The rest: «versión 3»."""
        return ", ".join(
            f"{AUDIT_DETAILS.get(name, name)} {_DETAIL_VALUES.get(str(value), value)}"
            for name, value in self.event.detail.items()
        )


@router.get("")
def audit_log(
    request: Request, member: Administrator, search: Annotated[Search, Depends()], page: PageNumber = 1
) -> Response:
    """The events that match, newest first."""
    wanted = search.filter()
    with read_session() as session:
        total = count_events(session, wanted)
        count = max(1, -(-total // EVENTS_PER_PAGE))
        number = min(page, count)
        found = events(session, wanted, limit=EVENTS_PER_PAGE, offset=(number - 1) * EVENTS_PER_PAGE)
        return render(
            request,
            "audit/log.html",
            page=Page([AuditRow(event) for event in found], number, count, total),
            people=people(session),
            search=search,
        )


@router.get("/descarga")
def download(member: Administrator, search: Annotated[Search, Depends()]) -> Response:
    """The events that match as CSV, sent while they are read, so that a long log needs no memory."""
    name = f"auditoria-{now().astimezone(BOGOTA):%Y-%m-%d}.csv"
    return StreamingResponse(
        _csv_lines(search.filter()),
        media_type=MEDIA_TYPE,
        headers=attachment(name),
    )


def _csv_lines(wanted: AuditFilter) -> Iterator[str]:
    yield BEGINNING + csv_line(_COLUMNS)
    last: int | None = None
    while True:
        with read_session() as session:
            batch = events(session, wanted, limit=_EVENTS_PER_BATCH, before_id=last)
        if not batch:
            return
        last = batch[-1].id
        yield "".join(csv_line(_cells(AuditRow(event))) for event in batch)


def _cells(row: AuditRow) -> tuple[str, ...]:
    event = row.event
    moment = f"{event.at.astimezone(BOGOTA):%Y-%m-%d %H:%M:%S}"
    return (str(event.id), moment, row.actor, row.action, row.kind, event.subject, row.detail, event.address)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"«{text}» no es una fecha.") from None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), BOGOTA) if day else None
