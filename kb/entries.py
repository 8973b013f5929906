"""Entries and their versions: writing, review and approval."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from consultame import whatsapp_limits
from consultame.audit import Action, SubjectKind, record
from consultame.contact import unknown_placeholders, with_contact_data
from consultame.database import now
from consultame.local_time import today
from consultame.settings import Language, load_settings
from consultame.staff import Role, StaffMember
from kb.models import Entry, EntryVersion, Task, Topic, VersionState

SLUG_PATTERN = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
MINIMUM_QUESTIONS = 5
MAXIMUM_ANSWER_CHARACTERS = 4000
MAXIMUM_QUESTION_CHARACTERS = 500


class EntryRefused(Exception):
    """What was written or asked cannot be accepted; the messages are in Spanish, for staff."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


@dataclass(frozen=True)
class EntryText:
    """Everything a person writes for an entry."""

    title: str
    label: str
    label_en: str
    answer_es: str
    answer_en: str
    questions_es: list[str]
    questions_en: list[str]
    source: str
    valid_from: date | None = None
    valid_until: date | None = None
    task: Task | None = None

    @classmethod
    def of(cls, version: EntryVersion) -> "EntryText":
        """What a version says."""
        return cls(**{field.name: getattr(version, field.name) for field in fields(cls)})

    def problems(self) -> list[str]:
        """What must be mended before this can be reviewed, one Spanish sentence each."""
        found = []
        for name, text, limit in (
            ("El título", self.title, 120),
            ("La etiqueta del botón", self.label, 48),
            ("La etiqueta en inglés", self.label_en, 48),
            ("La respuesta en español", self.answer_es, MAXIMUM_ANSWER_CHARACTERS),
            ("La respuesta en inglés", self.answer_en, MAXIMUM_ANSWER_CHARACTERS),
            ("La fuente", self.source, 300),
        ):
            if not text.strip():
                found.append(f"{name} está vacía." if name.startswith("La") else f"{name} está vacío.")
            elif len(text) > limit:
                found.append(f"{name} tiene más de {limit} caracteres.")
        found += self._too_long_when_filled()
        for placeholder in unknown_placeholders(self.answer_es + self.answer_en):
            found.append(f"«{placeholder}» no es un dato de contacto conocido; use, por ejemplo, {{correo}}.")
        if len(distinct_questions(self.questions_es)) < MINIMUM_QUESTIONS:
            found.append(f"Escriba al menos {MINIMUM_QUESTIONS} preguntas de ciudadanos, todas distintas.")
        if any(len(question) > MAXIMUM_QUESTION_CHARACTERS for question in self.questions_es + self.questions_en):
            found.append(f"Hay una pregunta con más de {MAXIMUM_QUESTION_CHARACTERS} caracteres.")
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            found.append("«Válida desde» es posterior a «Válida hasta».")
        return found

    def _too_long_when_filled(self) -> list[str]:
        """Answers that fit as they are typed and not once their contact data is filled in."""
        answers: tuple[tuple[str, str, Language], ...] = (
            ("La respuesta en español", self.answer_es, "es"),
            ("La respuesta en inglés", self.answer_en, "en"),
        )
        found = []
        for name, text, language in answers:
            length = len(with_contact_data(text.strip(), load_settings(), language))
            if len(text) <= MAXIMUM_ANSWER_CHARACTERS and length > whatsapp_limits.TEXT:
                found.append(
                    f"{name} tiene {length} caracteres con los datos de contacto puestos; en un mensaje de WhatsApp "
                    f"caben {whatsapp_limits.TEXT}."
                )
        return found


def distinct_questions(lines: Iterable[str]) -> list[str]:
    """The questions without blanks around them, empty lines and repetitions (letter case aside), in their order."""
    cleaned = (" ".join(line.split()).lstrip("/-• ") for line in lines)
    return list({line.casefold(): line for line in reversed([line for line in cleaned if line])}.values())[::-1]


def write_new_entry(session: Session, *, slug: str, topic: Topic, text: EntryText, author: StaffMember) -> EntryVersion:
    """Start an entry with its first version, a draft.

    Raises:
        EntryRefused: the slug is malformed or taken, or the text has problems.
    """
    if problems := _slug_problems(session, slug) + text.problems():
        raise EntryRefused(*problems)
    return _start_entry(session, slug, topic, text, author)


def write_draft(session: Session, *, slug: str, topic: Topic, text: EntryText, author: StaffMember) -> EntryVersion:
    """Start an entry with a draft that may lack parts; it cannot be offered for review before they are written.

    Raises:
        EntryRefused: the slug is malformed or taken.
    """
    if problems := _slug_problems(session, slug):
        raise EntryRefused(*problems)
    return _start_entry(session, slug, topic, text, author)


def _slug_problems(session: Session, slug: str) -> list[str]:
    if not SLUG_PATTERN.fullmatch(slug) or len(slug) > 64:
        return ["El identificador lleva solo minúsculas sin tilde, números y guiones bajos (máximo 64)."]
    return [f"Ya existe una entrada con el identificador «{slug}»."] if entry_by_slug(session, slug) else []


def _start_entry(session: Session, slug: str, topic: Topic, text: EntryText, author: StaffMember) -> EntryVersion:
    entry = Entry(slug=slug, topic=topic)
    session.add(entry)
    session.flush()
    return _add_version(session, entry, text, author)


def write_new_version(session: Session, *, entry: Entry, text: EntryText, author: StaffMember) -> EntryVersion:
    """Add a version, a draft, to an entry that exists.

    Raises:
        EntryRefused: the text has problems.
    """
    if problems := text.problems():
        raise EntryRefused(*problems)
    return _add_version(session, entry, text, author)


def _add_version(session: Session, entry: Entry, text: EntryText, author: StaffMember) -> EntryVersion:
    numbers = session.scalars(select(EntryVersion.number).where(EntryVersion.entry_id == entry.id)).all()
    version = EntryVersion(
        entry_id=entry.id,
        number=max(numbers, default=0) + 1,
        author_id=author.id,
        title=text.title.strip(),
        label=text.label.strip(),
        label_en=text.label_en.strip(),
        answer_es=text.answer_es.strip(),
        answer_en=text.answer_en.strip(),
        questions_es=distinct_questions(text.questions_es),
        questions_en=distinct_questions(text.questions_en),
        source=text.source.strip(),
        valid_from=text.valid_from,
        valid_until=text.valid_until,
        task=text.task,
    )
    session.add(version)
    session.flush()
    _record(session, Action.VERSION_WRITTEN, version)
    return version


def _record(session: Session, action: Action, version: EntryVersion) -> None:
    record(session, action, SubjectKind.ENTRY, version.entry.slug, version=version.number)


def submit_for_review(session: Session, version: EntryVersion, *, by: StaffMember) -> None:
    """Offer a draft, or a version that was returned, to the approvers.

    Raises:
        EntryRefused: it is not the author who asks, the version is past this step, or it lacks something.
    """
    if version.author_id != by.id:
        raise EntryRefused("Solo quien escribió la versión puede enviarla a revisión.")
    if version.state not in (VersionState.DRAFT, VersionState.RETURNED):
        raise EntryRefused("Esta versión ya fue enviada a revisión.")
    if problems := EntryText.of(version).problems():
        raise EntryRefused(*problems)
    version.state = VersionState.IN_REVIEW
    session.flush()
    _record(session, Action.VERSION_SUBMITTED, version)


def approve(session: Session, version: EntryVersion, *, by: StaffMember) -> None:
    """Approve a version in review. Nobody approves what he or she wrote; the database refuses it too.

    Raises:
        EntryRefused: wrong role, own text, or the version is not in review.
    """
    _check_reviewer(version, by)
    version.state = VersionState.APPROVED
    version.approver_id = by.id
    version.approved_at = now()
    session.flush()
    _record(session, Action.VERSION_APPROVED, version)


def return_to_author(session: Session, version: EntryVersion, *, by: StaffMember, comment: str) -> None:
    """Send a version in review back, saying what to mend.

    Raises:
        EntryRefused: wrong role, own text, no comment, or the version is not in review.
    """
    _check_reviewer(version, by)
    if not comment.strip():
        raise EntryRefused("Escriba qué debe corregirse.")
    version.state = VersionState.RETURNED
    version.review_comment = comment.strip()
    session.flush()
    _record(session, Action.VERSION_RETURNED, version)


def _check_reviewer(version: EntryVersion, by: StaffMember) -> None:
    if by.role not in (Role.APPROVER, Role.ADMIN):
        raise EntryRefused("Su rol no permite revisar entradas.")
    if version.author_id == by.id:
        raise EntryRefused("Quien escribe una respuesta no puede aprobarla: debe hacerlo otra persona.")
    if version.state is not VersionState.IN_REVIEW:
        raise EntryRefused("Esta versión no está en revisión.")


def entry_by_slug(session: Session, slug: str) -> Entry | None:
    """The entry of this slug with its versions, or None."""
    return session.scalar(select(Entry).where(Entry.slug == slug).options(selectinload(Entry.versions)))


def version_by_id(session: Session, version_id: int) -> EntryVersion | None:
    """A version with its entry, author and approver, or None."""
    return session.scalar(select(EntryVersion).where(EntryVersion.id == version_id).options(*_WITH_PEOPLE))


def versions_in_review(session: Session) -> list[EntryVersion]:
    """What waits for an approver, oldest first."""
    waiting = select(EntryVersion).where(EntryVersion.state == VersionState.IN_REVIEW)
    return list(session.scalars(waiting.order_by(EntryVersion.created_at, EntryVersion.id).options(*_WITH_PEOPLE)))


def count_versions_in_review(session: Session) -> int:
    """How many wait for an approver."""
    return session.scalar(select(func.count()).where(EntryVersion.state == VersionState.IN_REVIEW)) or 0


def latest_versions(session: Session) -> list[EntryVersion]:
    """The newest version of each entry, by topic and slug."""
    query = select(Entry).options(selectinload(Entry.versions).options(*_WITH_PEOPLE)).order_by(Entry.topic, Entry.slug)
    return [entry.versions[-1] for entry in session.scalars(query) if entry.versions]


def approved_versions(session: Session) -> list[EntryVersion]:
    """What the next release holds, by slug: the newest approved version that has begun of each entry not retired.

    One that is valid from a later day leaves the one before it in force until then. An expired one stays, so that
    citizens are told why they get no answer.
    """
    begun = or_(EntryVersion.valid_from.is_(None), EntryVersion.valid_from <= today())
    return _newest(session, Entry.retired_at.is_(None), begun)


def newest_approved_versions(session: Session) -> list[EntryVersion]:
    """The newest approved version of every entry, by slug, whether or not citizens are answered with it."""
    return _newest(session)


def _newest(session: Session, *conditions: ColumnElement[bool]) -> list[EntryVersion]:
    query = (
        select(EntryVersion)
        .join(Entry)
        .where(EntryVersion.state == VersionState.APPROVED, *conditions)
        .order_by(Entry.slug, EntryVersion.number)
        .options(selectinload(EntryVersion.entry))
    )
    return list({version.entry.slug: version for version in session.scalars(query)}.values())


_WITH_PEOPLE = (
    selectinload(EntryVersion.entry),
    selectinload(EntryVersion.author),
    selectinload(EntryVersion.approver),
)
