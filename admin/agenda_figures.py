"""What came of the appointments of a period: attendance, no-show and lead time, as a page and as CSV."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from admin.access import Member
from admin.agenda import AGENDA_PATH
from admin.agenda_wording import DIMENSIONS
from admin.booking_wording import LANGUAGE_NAMES
from admin.csv_download import BEGINNING, MEDIA_TYPE, attachment, csv_line
from admin.pages import render
from admin.use_page import UseSearch
from admin.wording import channel_label
from consultame.database import read_session
from desk.appointments.figures import NOT_TOLD, Figures, Report, figures
from desk.appointments.wording import AGE_GROUPS, GENDERS, SEGMENTS

FIGURES_PATH = f"{AGENDA_PATH}/cifras"
router = APIRouter(prefix=FIGURES_PATH)

_LABELS: dict[str, dict[str, str]] = {
    "segment": {key.value: name for key, name in SEGMENTS["es"].items()},
    "gender": {key.value: name for key, name in GENDERS["es"].items()},
    "age_group": {key.value: name for key, name in AGE_GROUPS["es"].items()},
    "language": dict(LANGUAGE_NAMES.items()),
    "channel": {},
}
_HEADINGS = (
    "grupo", "valor", "reservadas", "atendidas", "no asistieron", "canceladas", "sin marcar",
    "confirmadas por la persona", "asistencia", "inasistencia", "días de anticipación (mediana)",
)  # fmt: skip


@router.get("")
def figures_page(request: Request, member: Member, search: Annotated[UseSearch, Depends()]) -> Response:
    """The figures of the period."""
    period, report = search.period(), _report(search)
    groups = [
        (heading, [(_label(dimension, value), group) for value, group in report.by[dimension].items()])
        for dimension, heading in DIMENSIONS.items()
    ]
    return render(request, "agenda/figures.html", period=period, total=report.total, groups=groups)


@router.get("/descarga")
def download(member: Member, search: Annotated[UseSearch, Depends()]) -> Response:
    """The same as CSV."""
    report = _report(search)
    lines = [csv_line(_HEADINGS), csv_line(("Todas", "", *_cells(report.total)))]
    for dimension, heading in DIMENSIONS.items():
        for value, group in report.by[dimension].items():
            lines.append(csv_line((heading, _label(dimension, value), *_cells(group))))
    name = f"citas-{report.first_day}-{report.last_day}.csv"
    return Response(BEGINNING + "".join(lines), media_type=MEDIA_TYPE, headers=attachment(name))


def _report(search: UseSearch) -> Report:
    period = search.period()
    with read_session() as session:
        return figures(session, first_day=period.first, last_day=period.last)


def _label(dimension: str, value: str) -> str:
    if value == NOT_TOLD:
        return "Sin dato"
    return channel_label(value) if dimension == "channel" else _LABELS[dimension].get(value, value)


def _cells(group: Figures) -> tuple[str, ...]:
    counts = (group.booked, group.attended, group.missed, group.cancelled, group.pending, group.confirmed_by_citizen)
    shares = (group.attendance, group.no_show, group.lead_days)
    return (*map(str, counts), *("" if share is None else f"{share:g}".replace(".", ",") for share in shares))
