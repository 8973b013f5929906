"""Filing a case for a citizen who called, came or wrote a letter."""

import logging
import secrets
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from admin.access import CaseHandler
from admin.case_actions import lines_of, moment_of
from admin.cases import CASES_PATH
from admin.entry_form import plain_text
from admin.pages import render
from admin.refusals import Refused
from consultame.data_policy import policy_version
from consultame.database import now, read_session, write_session
from desk.cases.dependencies import dependency_names
from desk.cases.filing import FIRST_DEPENDENCY, CaseFiling, FilingRefused, RequesterData, file_case
from desk.cases.handling import CaseRefused
from desk.cases.kinds import AgeGroup, CaseKind, Channel, Gender, RequesterKind
from desk.cases.numbering import NumbersExhausted
from desk.deadlines.business_calendar import OutsideCalendar, local_moment
from desk.places import departments, places_in

log = logging.getLogger(__name__)
router = APIRouter(prefix=CASES_PATH)

_SENT_FORMS = "sent_forms"
_FORMS_REMEMBERED = 10

_Member = TypeVar("_Member", bound=StrEnum)


class FilingForm(BaseModel):
    """What was typed, as it was typed, so that a refused form shows it again."""

    # Of this form alone, so that a page that is loaded again does not file a second case.
    form_key: str = ""
    kind: str = ""
    channel: str = Channel.TELEPHONE
    received: str = ""
    requester: str = RequesterKind.PERSON
    name: str = ""
    document: str = ""
    email: str = ""
    telephone: str = ""
    place: str = ""
    gender: str = ""
    age_group: str = ""
    language: str = "es"
    consent: str = ""
    topic: str = ""
    description: str = ""
    dependency: str = FIRST_DEPENDENCY
    priority: str = ""
    attachments: str = ""

    def filing(self, moment: datetime) -> CaseFiling:
        """The case that the form describes.

        Raises:
            FilingRefused: something is missing or is not understood.
        """
        problems: dict[str, str] = {}
        kind = _chosen(CaseKind, self.kind) or problems.setdefault("kind", "Elija el tipo de solicitud.")
        channel = _chosen(Channel, self.channel) or problems.setdefault("channel", "Elija el canal.")
        requester = _chosen(RequesterKind, self.requester) or problems.setdefault("requester", "Elija quién solicita.")
        received, place = self._received(problems), self._place(problems)
        self._check_consent(problems)
        if not (isinstance(kind, CaseKind) and isinstance(channel, Channel) and isinstance(requester, RequesterKind)):
            raise FilingRefused(problems)
        has_consented = bool(self.consent) and requester is not RequesterKind.ANONYMOUS
        filing = CaseFiling(
            kind=kind,
            channel=channel,
            description=plain_text(self.description),
            received_at=received or moment,
            topic=plain_text(self.topic),
            dependency=plain_text(self.dependency),
            priority=bool(self.priority),
            attachments=lines_of(self.attachments),
            language="en" if self.language == "en" else "es",
            requester=RequesterData(
                requester,
                name=plain_text(self.name).strip(),
                document=plain_text(self.document).strip(),
                email=plain_text(self.email).strip(),
                telephone=plain_text(self.telephone).strip(),
                gender=_chosen(Gender, self.gender),
                age_group=_chosen(AgeGroup, self.age_group),
                place_code=place,
                consent_version=policy_version() if has_consented else "",
                consented_at=moment if has_consented else None,
            ),
        )
        if problems := filing.problems() | problems:
            raise FilingRefused(problems)
        return filing

    def _received(self, problems: dict[str, str]) -> datetime | None:
        if not self.received:
            return None
        problem = "Escriba la fecha y la hora de recibo."
        try:
            return moment_of(self.received, problem)
        except (CaseRefused, OutsideCalendar):
            problems["received_at"] = problem
            return None

    def _place(self, problems: dict[str, str]) -> str:
        """The code of the place; the whole of a department when nothing smaller was written."""
        written = plain_text(self.place).strip()
        if not written:
            return ""
        codes = {code for place in places_in(written) for code in place.codes}
        # «Pasto, Nariño» names the municipality and its department.
        municipal = {code for code in codes if code not in departments()}
        codes = municipal or codes
        if len(codes) == 1:
            return codes.pop()
        problems["place_code"] = f"«{written[:60]}»: escriba el municipio y su departamento, o solo el departamento."
        return ""

    def _check_consent(self, problems: dict[str, str]) -> None:
        if self.requester != RequesterKind.ANONYMOUS and not self.consent:
            problems["consent"] = (
                "Informe a la persona para qué se usan sus datos y marque que lo autorizó, o radique como anónimo."
            )


@router.get("/radicar")
def show_form(request: Request, member: CaseHandler) -> Response:
    """The empty form, received now."""
    received = f"{local_moment(now()):%Y-%m-%dT%H:%M}"
    return _form_page(request, FilingForm(form_key=secrets.token_hex(8), received=received))


@router.post("/radicar")
def file(request: Request, member: CaseHandler, form: Annotated[FilingForm, Form()]) -> Response:
    """File it and show number and code, this once."""
    sent: list[str] = request.session.get(_SENT_FORMS, [])
    if form.form_key and form.form_key in sent:
        raise Refused(
            HTTPStatus.CONFLICT, "Este formulario ya se envió y el caso quedó radicado. Búsquelo en la lista."
        )
    try:
        filing = form.filing(now())
        with write_session() as session:
            attempt = f"{member.id}:{form.form_key}" if form.form_key else ""
            filed = file_case(session, filing=filing, attempt=attempt, by=member.email)
    except FilingRefused as refused:
        return _form_page(request, form, list(refused.problems.values()))
    except OutsideCalendar:
        return _form_page(request, form, ["El año de la fecha de recibo no está en el calendario."])
    except NumbersExhausted:
        return _form_page(request, form, ["Este año ya no quedan números de radicado. Avise al equipo técnico."])
    request.session[_SENT_FORMS] = [*sent, form.form_key[:16]][-_FORMS_REMEMBERED:]
    log.info("staff member %s filed a case", member.id)
    # Not after a redirect: the notice that survives one would put the code into a cookie.
    return render(request, "cases/filed.html", filed=filed, email=filing.requester.email)


def _form_page(request: Request, form: FilingForm, messages: list[str] | None = None) -> Response:
    with read_session() as session:
        return render(
            request,
            "cases/new.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if messages else HTTPStatus.OK,
            messages=messages or [],
            form=form,
            dependencies=dependency_names(session),
        )


def _chosen(members: type[_Member], value: str) -> _Member | None:
    return members(value) if value in set(members) else None
