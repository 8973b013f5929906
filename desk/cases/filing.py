"""Filing a case: what it needs (CPACA art. 16), its number, its code and its deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultame.audit import Action, SubjectKind, record
from consultame.database import now as present
from consultame.settings import Language, is_email
from desk.cases.filing_key import code_of_attempt, filing_key
from desk.cases.kinds import CITIZEN, AgeGroup, CaseEventKind, CaseKind, Channel, Gender, RequesterKind
from desk.cases.models import Case, CaseContent, CaseEvent, Requester
from desk.cases.notices import tell_filed
from desk.cases.numbering import next_radicado
from desk.cases.ownership import code_hash, new_code
from desk.cases.search_text import searched_document, searched_text
from desk.deadlines.business_calendar import local_moment, office_hours, receipt_of
from desk.deadlines.due_date import due_day
from desk.places import departments, municipalities
from desk.radicado import Direction, Radicado

# Who first reads what nobody was chosen for.
FIRST_DEPENDENCY = "Relacionamiento con el Ciudadano"
LONGEST_DESCRIPTION = 20_000
MOST_ATTACHMENTS = 20
TOO_MANY_ATTACHMENTS = f"Adjunte máximo {MOST_ATTACHMENTS} archivos, con nombres de máximo 255 caracteres."
_LONGEST = {
    "name": ("El nombre", 200),
    "document": ("El documento", 20),
    "email": ("El correo", 254),
    "telephone": ("El teléfono", 30),
}
_CLOCKS_DIFFER = timedelta(minutes=5)


class FilingRefused(Exception):
    """The case cannot be filed; `problems` says why by field, in Spanish."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class RequesterData:
    """Who asks. An anonymous one has kind, gender, age group and place only."""

    kind: RequesterKind
    name: str = ""
    document: str = ""
    email: str = ""
    telephone: str = ""
    gender: Gender | None = None
    age_group: AgeGroup | None = None
    # DIVIPOLA: five digits for a municipality, two for a department.
    place_code: str = ""
    consent_version: str = ""
    consented_at: datetime | None = None

    def problems(self) -> dict[str, str]:
        """What is wrong, in Spanish, by field."""
        found = {}
        personal = (self.name, self.document, self.email, self.telephone)
        if self.kind is RequesterKind.ANONYMOUS and any(personal):
            found["kind"] = "Una petición anónima no lleva nombre, documento, correo ni teléfono."
        if self.kind is not RequesterKind.ANONYMOUS and not self.name.strip():
            found["name"] = "Falta el nombre de quien presenta la solicitud."
        if self.email and not is_email(self.email):
            found["email"] = f"«{self.email}» no es un correo electrónico."
        if self.place_code and self.place_code not in municipalities() and self.place_code not in departments():
            found["place_code"] = f"«{self.place_code}» no es un código DIVIPOLA."
        too_long = {field for field, (_, most) in _LONGEST.items() if len(getattr(self, field)) > most}
        return found | {
            field: f"{_LONGEST[field][0]} tiene más de {_LONGEST[field][1]} caracteres." for field in sorted(too_long)
        }


@dataclass(frozen=True)
class CaseFiling:
    """What is filed. `received_at` without time zone is local; without a dependency the service desk reads it first."""

    kind: CaseKind
    channel: Channel
    description: str
    requester: RequesterData
    received_at: datetime
    topic: str = ""
    dependency: str = FIRST_DEPENDENCY
    priority: bool = False
    attachments: tuple[str, ...] = ()
    # In which the citizen is written to.
    language: Language = "es"

    def problems(self) -> dict[str, str]:
        """What is wrong, in Spanish, by field."""
        found = self.requester.problems()
        if not self.description.strip():
            found["description"] = "Falta contar qué se pide y por qué."
        if len(self.description) > LONGEST_DESCRIPTION:
            found["description"] = f"La descripción tiene más de {LONGEST_DESCRIPTION} caracteres."
        if not self.dependency.strip() or len(self.dependency) > 120:
            found["dependency"] = "Elija la dependencia, con máximo 120 caracteres."
        if len(self.topic) > 120:
            found["topic"] = "El tema tiene más de 120 caracteres."
        if are_too_many(self.attachments):
            found["attachments"] = TOO_MANY_ATTACHMENTS
        return found


@dataclass(frozen=True)
class FiledCase:
    """The acknowledgement. The code is told to whoever files only; its hash is kept.

    `repeated`: this attempt had filed the case before.
    """

    case_id: int
    radicado: Radicado
    verification_code: str
    received_on: date
    filed_on: date
    due: date
    repeated: bool = False


def file_case(
    session: Session, *, filing: CaseFiling, attempt: str = "", by: str = CITIZEN, now: datetime | None = None
) -> FiledCase:
    """File a case under the next number of this year, and have its acknowledgement mailed to who gave an address.

    Commit soon: whoever files at the same time waits for the number. With an `attempt` (see `filing_key`), the same
    content filed once more changes nothing and gives the first case, with its code.

    Raises:
        FilingRefused: something is missing or malformed, or it would have been received in the future.
        OutsideCalendar: the year of receipt is not in the calendar.
        NumbersExhausted: the year has no number left.
    """
    moment = now or present()
    problems = filing.problems()
    if local_moment(filing.received_at) > moment + _CLOCKS_DIFFER:
        problems["received_at"] = "La fecha de recibo está en el futuro."
    if problems:
        raise FilingRefused(problems)
    if not attempt:
        return _filed(session, filing, moment=moment, by=by, key=None, code=new_code())
    key = filing_key(attempt, filing)
    code = code_of_attempt(attempt, key)
    if earlier := _filed_before(session, key, code):
        return earlier
    try:
        # The number that was taken is given back with the savepoint.
        with session.begin_nested():
            return _filed(session, filing, moment=moment, by=by, key=key, code=code)
    except IntegrityError:
        # Another try of the same moment was first.
        if earlier := _filed_before(session, key, code):
            return earlier
        raise


def _filed_before(session: Session, key: str, code: str) -> FiledCase | None:
    case = session.scalars(select(Case).where(Case.filing_key == key)).one_or_none()
    if case is None:
        return None
    received_on = local_moment(case.received_at).date()
    return FiledCase(case.id, case.number, code, received_on, case.filed_on, case.due_on, repeated=True)


def _filed(session: Session, filing: CaseFiling, *, moment: datetime, by: str, key: str | None, code: str) -> FiledCase:
    received_at = local_moment(filing.received_at)
    receipt = receipt_of(received_at, office_hours())
    due = due_day(filing.kind.deadline, receipt)
    radicado = next_radicado(session, Direction.RECEIVED, local_moment(moment).year)
    case = Case(
        radicado=str(radicado),
        kind=filing.kind,
        topic=filing.topic.strip(),
        channel=filing.channel,
        dependency=filing.dependency.strip(),
        priority=filing.priority,
        received_at=received_at,
        filed_on=receipt.filed_on,
        due_on=due,
        attachments=list(filing.attachments),
        language=filing.language,
        verification_hash=code_hash(str(radicado), code),
        filing_key=key,
        created_at=moment,
        content=CaseContent(
            description=filing.description.strip(), searched=searched_text(filing.description, filing.requester.name)
        ),
        requester=_stored(filing.requester),
    )
    session.add(case)
    session.flush()
    session.add(CaseEvent(case_id=case.id, at=moment, kind=CaseEventKind.FILED, actor=by, detail={"due": str(due)}))
    session.flush()
    if by != CITIZEN:
        record(session, Action.CASE_FILED, SubjectKind.CASE, str(radicado), due=str(due))
    tell_filed(session, case, code=code)
    return FiledCase(case.id, radicado, code, receipt.received_on, receipt.filed_on, due)


def are_too_many(attachments: Sequence[str]) -> bool:
    """Whether there are more attachments, or longer names, than a case takes."""
    return len(attachments) > MOST_ATTACHMENTS or any(len(name) > 255 for name in attachments)


def _stored(requester: RequesterData) -> Requester:
    return Requester(
        kind=requester.kind,
        name=requester.name.strip(),
        document=searched_document(requester.document),
        email=requester.email.strip().lower(),
        telephone=requester.telephone.strip(),
        gender=requester.gender,
        age_group=requester.age_group,
        place_code=requester.place_code,
        consent_version=requester.consent_version,
        consented_at=requester.consented_at,
    )
