"""Use and satisfaction: how each entry fares in a period, and how satisfied citizens were, week by week."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from admin.access import Member
from admin.csv_download import BEGINNING, MEDIA_TYPE, attachment, csv_line
from admin.identifiers import PageNumber
from admin.pages import STAFF_PATH, render
from admin.paging import page_of
from admin.refusals import Refused
from consultame.database import read_session
from consultame.local_time import today
from kb.entries import latest_versions
from kb.feedback import EntryUse
from kb.use_figures import Period, satisfaction_by_week, satisfaction_in, use_by_entry

USE_PATH = f"{STAFF_PATH}/uso"
router = APIRouter(prefix=USE_PATH)

ENTRIES_PER_PAGE = 50
DAYS_SHOWN = 30
LONGEST_PERIOD_DAYS = 732
_NOTHING = EntryUse(shown=0, helpful=0, not_helpful=0, asked_for_a_person=0)


@dataclass(frozen=True)
class EntryFigures:
    """An entry and how it fared; one that exists no more is named by its slug."""

    slug: str
    title: str
    use: EntryUse

    @property
    def helpful_share(self) -> float | None:
        """The share of the votes that say it helped, 0–1; None without votes."""
        votes = self.use.helpful + self.use.not_helpful
        return self.use.helpful / votes if votes else None


# Name in the address → heading, and what is sorted by.
SORTED_BY: dict[str, tuple[str, Callable[[EntryFigures], float | str]]] = {
    "entrada": ("Entrada", lambda row: row.title.casefold()),
    "veces": ("Veces que se mostró", lambda row: row.use.shown),
    "sirvio": ("Sirvió", lambda row: row.use.helpful),
    "no_sirvio": ("No sirvió", lambda row: row.use.not_helpful),
    "votos": ("De los votos, sirvió", lambda row: -1.0 if row.helpful_share is None else row.helpful_share),
    "persona": ("Pidieron enseguida una persona", lambda row: row.use.asked_for_a_person),
}


@dataclass(frozen=True)
class UseSearch:
    """Period and order, as they were typed."""

    desde: str = ""
    hasta: str = ""
    orden: str = "veces"
    sentido: str = "desc"

    @property
    def order(self) -> str:
        """What is sorted by."""
        return self.orden if self.orden in SORTED_BY else "veces"

    @property
    def is_descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.sentido != "asc"

    def period(self) -> Period:
        """The days asked for, by default the last thirty.

        Raises:
            Refused: a date is none, the days are the wrong way round, or there are too many of them.
        """
        last = _day(self.hasta) or today()
        first = _day(self.desde) or last - timedelta(days=DAYS_SHOWN - 1)
        if first > last:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "«Desde» es posterior a «Hasta».")
        if (last - first).days >= LONGEST_PERIOD_DAYS:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "El período puede tener hasta dos años.")
        return Period(first, last)


@router.get("")
def use_page(
    request: Request, member: Member, search: Annotated[UseSearch, Depends()], page: PageNumber = 1
) -> Response:
    """The figures of the period."""
    period = search.period()
    with read_session() as session:
        rows = _rows(session, search, period)
        return render(
            request,
            "use.html",
            search=search,
            period=period,
            columns=SORTED_BY,
            page=page_of(rows, page, ENTRIES_PER_PAGE),
            total=_total(rows),
            satisfaction=satisfaction_in(session, period),
            weeks=satisfaction_by_week(session, period)[::-1],
        )


@router.get("/descarga")
def download(member: Member, search: Annotated[UseSearch, Depends()]) -> Response:
    """The figures of all entries as CSV, in the order of the page."""
    period = search.period()
    with read_session() as session:
        rows = _rows(session, search, period)
    name = f"uso-{period.first}-{period.last}.csv"
    return StreamingResponse(_csv_lines(rows), media_type=MEDIA_TYPE, headers=attachment(name))


@router.get("/satisfaccion/descarga")
def download_satisfaction(member: Member, search: Annotated[UseSearch, Depends()]) -> Response:
    """The scores of each week as CSV."""
    period = search.period()
    with read_session() as session:
        weeks = satisfaction_by_week(session, period)
    lines = [csv_line(("desde", "hasta", "calificaciones", "promedio", *(f"calificó {n}" for n in range(1, 6))))]
    for week in weeks:
        mean = "" if week.mean is None else f"{week.mean:.2f}".replace(".", ",")
        counts = (str(week.scores.get(score, 0)) for score in range(1, 6))
        lines.append(csv_line((str(week.period.first), str(week.period.last), str(week.count), mean, *counts)))
    name = f"satisfaccion-{period.first}-{period.last}.csv"
    return Response(BEGINNING + "".join(lines), media_type=MEDIA_TYPE, headers=attachment(name))


def _rows(session: Session, search: UseSearch, period: Period) -> list[EntryFigures]:
    used = use_by_entry(session, period)
    titles = {version.entry.slug: version.title for version in latest_versions(session)}
    rows = [EntryFigures(slug, titles.get(slug, slug), used.get(slug, _NOTHING)) for slug in {**titles, **used}]
    rows.sort(key=lambda row: row.title.casefold())
    return sorted(rows, key=SORTED_BY[search.order][1], reverse=search.is_descending)


def _total(rows: list[EntryFigures]) -> EntryFigures:
    uses = [row.use for row in rows]
    whole = EntryUse(
        shown=sum(use.shown for use in uses),
        helpful=sum(use.helpful for use in uses),
        not_helpful=sum(use.not_helpful for use in uses),
        asked_for_a_person=sum(use.asked_for_a_person for use in uses),
    )
    return EntryFigures("", "", whole)


def _csv_lines(rows: list[EntryFigures]) -> Iterator[str]:
    headings = ("identificador", "entrada", "veces mostrada", "sirvió", "no sirvió", "pidieron una persona")
    yield BEGINNING + csv_line(headings)
    for row in rows:
        use = row.use
        figures = (use.shown, use.helpful, use.not_helpful, use.asked_for_a_person)
        yield csv_line((row.slug, row.title, *map(str, figures)))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"«{text}» no es una fecha.") from None
