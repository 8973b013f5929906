"""What the agenda stores."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, Text, Time, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultame.database import Base, now
from consultame.staff import StaffMember

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 1000


def _stored_as_text(values: type[StrEnum]) -> Enum:
    return Enum(values, native_enum=False, length=32, values_callable=lambda members: [m.value for m in members])


class Segment(StrEnum):
    """The area a citizen's subject belongs to."""

    HYDROCARBONS = "hidrocarburos"
    ELECTRICITY = "energia_electrica"
    MINING = "mineria"
    DATA_UPDATE = "actualizacion_de_informacion"
    OTHER = "otro"


class Gender(StrEnum):
    """Told for statistics, if at all (Ley 1581 de 2012, art. 6)."""

    WOMAN = "mujer"
    MAN = "hombre"
    OTHER = "otro"


class AgeGroup(StrEnum):
    """Told for statistics, if at all; the desk takes no data of minors."""

    UP_TO_28 = "18_a_28"
    UP_TO_40 = "29_a_40"
    UP_TO_60 = "41_a_60"
    OVER_60 = "mas_de_60"


class AppointmentState(StrEnum):
    """The way of an appointment: held while the citizen finishes, booked, confirmed by the citizen; then its end."""

    HELD = "held"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    MISSED = "missed"


# States in which nobody else can have the slot.
OCCUPYING = (AppointmentState.HELD, AppointmentState.BOOKED, AppointmentState.CONFIRMED)
# Appointments that are still to come about.
UPCOMING = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)
_OCCUPIES_SLOT = text("state IN ('held', 'booked', 'confirmed')")


class Outcome(StrEnum):
    """How an attended appointment ended."""

    SOLVED = "resuelta"
    ORIENTED = "orientada"
    FILED = "radicada"
    TRANSFERRED = "trasladada"
    FOLLOW_UP = "en_seguimiento"


class Attendant(Base):
    """Somebody of the desk who receives citizens, and for what."""

    __tablename__ = "appointment_attendant"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    # The account with which the person signs in to the staff screens, if there is one.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"), unique=True)
    languages: Mapped[list[str]]
    segments: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)

    account: Mapped[StaffMember | None] = relationship()
    periods: Mapped[list["WeeklyPeriod"]] = relationship(
        back_populates="attendant", order_by="WeeklyPeriod.weekday, WeeklyPeriod.starts", cascade="all, delete-orphan"
    )
    absences: Mapped[list["Absence"]] = relationship(back_populates="attendant", order_by="Absence.starts_at")


class PeriodKind(StrEnum):
    """What a part of the week is."""

    WORK = "work"
    BREAK = "break"


class WeeklyPeriod(Base):
    """Working hours or a break, each week on this day (Monday is 0), in Bogotá's time."""

    __tablename__ = "appointment_weekly_period"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_of_the_week"),
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attendant_id: Mapped[int] = mapped_column(ForeignKey("appointment_attendant.id"), index=True)
    kind: Mapped[PeriodKind] = mapped_column(_stored_as_text(PeriodKind))
    weekday: Mapped[int]
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)

    attendant: Mapped[Attendant] = relationship(back_populates="periods")


class Absence(Base):
    """A stretch of time in which somebody is not there; `ends_at` is not part of it."""

    __tablename__ = "appointment_absence"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attendant_id: Mapped[int] = mapped_column(ForeignKey("appointment_attendant.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(String(200), default="")

    attendant: Mapped[Attendant] = relationship(back_populates="absences")


class CitizenFields:
    """What is kept of the citizen and the wish, in an appointment and in the waiting list alike."""

    segment: Mapped[Segment] = mapped_column(_stored_as_text(Segment))
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(32), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    citizen_name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    citizen_email: Mapped[str] = mapped_column(String(254), default="", index=True)
    citizen_phone: Mapped[str] = mapped_column(String(20), default="")
    gender: Mapped[Gender | None] = mapped_column(_stored_as_text(Gender))
    age_group: Mapped[AgeGroup | None] = mapped_column(_stored_as_text(AgeGroup))
    # Which version of the data policy was accepted, and when (Ley 1581 de 2012, arts. 9 and 12).
    policy_version: Mapped[str] = mapped_column(String(32), default="")
    policy_accepted_at: Mapped[datetime | None]
    # The same of reminders by WhatsApp; empty: the citizen was not asked or does not want them.
    whatsapp_version: Mapped[str] = mapped_column(String(32), default="", server_default="")
    whatsapp_accepted_at: Mapped[datetime | None]


class Appointment(CitizenFields, Base):
    """A slot that is held, or an appointment of a citizen."""

    __tablename__ = "appointment"
    __table_args__ = (
        # Two citizens can never have the same slot.
        Index(
            "uq_appointment_occupied_slot",
            "attendant_id",
            "starts_at",
            unique=True,
            sqlite_where=_OCCUPIES_SLOT,
            postgresql_where=_OCCUPIES_SLOT,
        ),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("state <> 'held' OR hold_expires_at IS NOT NULL", name="hold_expires"),
        CheckConstraint(
            "state NOT IN ('booked', 'confirmed') OR (citizen_name <> '' AND citizen_email <> ''"
            " AND policy_version <> '' AND policy_accepted_at IS NOT NULL AND code_digest IS NOT NULL)",
            name="booked_has_citizen",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Names the appointment in calendar files and signed links; it cannot be guessed.
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    attendant_id: Mapped[int] = mapped_column(ForeignKey("appointment_attendant.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[AppointmentState] = mapped_column(_stored_as_text(AppointmentState))
    # Who holds the slot, and until when: the conversation, the page's visitor, or a place in the waiting list.
    holder: Mapped[str] = mapped_column(String(255), index=True)
    hold_expires_at: Mapped[datetime | None]
    # HMAC of the citizen's code; the code itself is kept nowhere.
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    # Counts the changes of time, as calendar files need it (RFC 5545, 3.8.7.4).
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    meeting_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    outcome: Mapped[Outcome | None] = mapped_column(_stored_as_text(Outcome))
    staff_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    # The appointment that was missed and that this one makes good for.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    booked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    marked_at: Mapped[datetime | None]

    attendant: Mapped[Attendant] = relationship()


class WaitingState(StrEnum):
    """The way of a place in the waiting list."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LAPSED = "lapsed"
    LEFT = "left"


class WaitingPlace(CitizenFields, Base):
    """A citizen who waits for a slot to become free on a full day."""

    __tablename__ = "appointment_waiting_place"
    __table_args__ = (Index("ix_appointment_waiting_place_line", "day", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    day: Mapped[date]
    attendant_id: Mapped[int | None] = mapped_column(ForeignKey("appointment_attendant.id"))
    state: Mapped[WaitingState] = mapped_column(_stored_as_text(WaitingState), default=WaitingState.WAITING)
    # The slot held for the citizen while it is offered, and the appointment it became.
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id", ondelete="SET NULL"))
    offers: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(default=now)


class CodeAttempts(Base):
    """How often somebody gave a code that opens nothing, since when."""

    __tablename__ = "appointment_code_attempts"

    sender: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    failures: Mapped[int]
