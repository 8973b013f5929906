"""What is stored of cases. Names, documents, addresses and what was written stand apart from the rest, to be erased."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultame.database import Base, now
from desk.cases.kinds import AgeGroup, CaseEventKind, CaseKind, CaseState, Channel, Gender, RequesterKind
from desk.radicado import Radicado, radicados_in


def _stored_as_text(members: type[StrEnum]) -> Enum:
    return Enum(members, native_enum=False, length=32, values_callable=lambda each: [member.value for member in each])


def _of_open_cases(name: str, *columns: str) -> Index:
    """Open cases are few among many; an index of their own stays small."""
    is_open = text("settled_at IS NULL")
    return Index(name, *columns, sqlite_where=is_open, postgresql_where=is_open)


_HAS_KEY = text("filing_key IS NOT NULL")


class RadicadoCounter(Base):
    """The last number given, by type and year. A row is locked until the case that took its number is stored."""

    __tablename__ = "desk_radicado_counter"

    direction: Mapped[str] = mapped_column(String(1), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Case(Base):
    """What somebody asked for, where it stands, and until when it must be answered."""

    __tablename__ = "desk_case"
    __table_args__ = (
        Index("ix_desk_case_received_at", "received_at", "id"),
        Index("ix_desk_case_state", "state", "received_at", "id"),
        Index("ix_desk_case_kind", "kind", "received_at", "id"),
        Index("ix_desk_case_dependency", "dependency", "received_at", "id"),
        Index("ix_desk_case_topic", "topic", "received_at", "id"),
        Index("ix_desk_case_filing_key", "filing_key", unique=True, sqlite_where=_HAS_KEY, postgresql_where=_HAS_KEY),
        _of_open_cases("ix_desk_case_open_received", "received_at", "id"),
        _of_open_cases("ix_desk_case_open_due", "due_on", "id"),
        _of_open_cases("ix_desk_case_open_dependency", "dependency", "due_on", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    radicado: Mapped[str] = mapped_column(String(13), unique=True)
    kind: Mapped[CaseKind] = mapped_column(_stored_as_text(CaseKind))
    topic: Mapped[str] = mapped_column(String(120), default="")
    channel: Mapped[Channel] = mapped_column(_stored_as_text(Channel))
    dependency: Mapped[str] = mapped_column(String(120))
    # Imminent danger, journalists and protected groups come first (CPACA art. 20).
    priority: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[CaseState] = mapped_column(_stored_as_text(CaseState), default=CaseState.RECEIVED)
    received_at: Mapped[datetime]
    filed_on: Mapped[date]
    due_on: Mapped[date]
    # By how many business days the answer was put off.
    extension_days: Mapped[int] = mapped_column(default=0, server_default="0")
    # While the citizen is asked to complete or clarify: since when, and until when.
    suspended_on: Mapped[date | None]
    completion_due_on: Mapped[date | None]
    completion_extended: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The authority that is competent, when the case was sent there.
    authority: Mapped[str] = mapped_column(String(200), default="", server_default="")
    answered_at: Mapped[datetime | None]
    # When it was answered, closed or sent to another authority, whichever came first; None while it is open.
    settled_at: Mapped[datetime | None]
    attachments: Mapped[list[str]]
    # The language in which the citizen is written to.
    language: Mapped[str] = mapped_column(String(2), default="es", server_default="es")
    # Of the code given with the acknowledgement; None for cases that came from elsewhere.
    verification_hash: Mapped[str | None] = mapped_column(String(64))
    # By which a filing that is tried again is known; None where it could not be tried again.
    filing_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)

    content: Mapped["CaseContent"] = relationship(back_populates="case", uselist=False)
    requester: Mapped["Requester"] = relationship(back_populates="case", uselist=False)
    events: Mapped[list["CaseEvent"]] = relationship(order_by="CaseEvent.id", viewonly=True)

    @property
    def number(self) -> Radicado:
        """The radicado in its parts."""
        return radicados_in(self.radicado)[0]


class CaseContent(Base):
    """What was written: by the citizen, and in answer."""

    __tablename__ = "desk_case_content"

    case_id: Mapped[int] = mapped_column(ForeignKey("desk_case.id"), primary_key=True, autoincrement=False)
    description: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    answer_attachments: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    # Description and requester's name as words are looked for in them.
    searched: Mapped[str] = mapped_column(Text)

    case: Mapped[Case] = relationship(back_populates="content")


class Requester(Base):
    """Who asks. Kind, gender, age group and place stay for statistics; the rest is erased on request."""

    __tablename__ = "desk_requester"

    case_id: Mapped[int] = mapped_column(ForeignKey("desk_case.id"), primary_key=True, autoincrement=False)
    kind: Mapped[RequesterKind] = mapped_column(_stored_as_text(RequesterKind))
    gender: Mapped[Gender | None] = mapped_column(_stored_as_text(Gender))
    age_group: Mapped[AgeGroup | None] = mapped_column(_stored_as_text(AgeGroup))
    # DIVIPOLA: five digits for a municipality, two for a department, empty when unknown.
    place_code: Mapped[str] = mapped_column(String(5), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    document: Mapped[str] = mapped_column(String(20), default="", index=True)
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    telephone: Mapped[str] = mapped_column(String(30), default="")
    # What was accepted before personal data were asked for (Ley 1581, art. 9).
    consent_version: Mapped[str] = mapped_column(String(32), default="", server_default="")
    consented_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="requester")


class CaseEvent(Base):
    """Something that happened to a case. Rows are only ever added; `note` is masked, `detail` has no personal data."""

    __tablename__ = "desk_case_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("desk_case.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[CaseEventKind] = mapped_column(_stored_as_text(CaseEventKind))
    actor: Mapped[str] = mapped_column(String(254))
    detail: Mapped[dict[str, str | int]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")


class LookUpFailure(Base):
    """That somebody named the wrong number or the wrong code; whom and which is kept as a keyed hash only."""

    __tablename__ = "desk_look_up_failure"
    __table_args__ = (Index("ix_desk_look_up_failure_subject", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class Dependency(Base):
    """A dependency of the ministry that cases are handed to, and the address that hears of what is due there."""

    __tablename__ = "desk_dependency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")


class SavedView(Base):
    """A search of the case list that a person keeps under a name."""

    __tablename__ = "desk_case_view"
    __table_args__ = (UniqueConstraint("account_id", "name", name="uq_desk_case_view_account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    name: Mapped[str] = mapped_column(String(60))
    # The filters as they stand in the list's address.
    query: Mapped[str] = mapped_column(String(500))


class DigestRound(Base):
    """That the digests of a day or a week were written, so that it happens once."""

    __tablename__ = "desk_digest_round"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    made_at: Mapped[datetime]
