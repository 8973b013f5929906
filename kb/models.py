"""What the knowledge base stores."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultame.database import Base, now
from consultame.staff import StaffMember


def _stored_as_text(states: type[StrEnum]) -> Enum:
    return Enum(states, native_enum=False, length=32, values_callable=lambda members: [m.value for m in members])


class Topic(StrEnum):
    """The groups of the first knowledge base."""

    GLP = "glp"
    RADICADO = "radicado"
    GNCV = "gncv"
    MINISTERIO = "ministerio"
    DERECHOS = "derechos"
    CITAS = "citas"
    ENERGIA = "energia"
    MINERIA_COMBUSTIBLES = "mineria_combustibles"


class Task(StrEnum):
    """What the assistant does for a citizen, named as the bot's intents are."""

    TALK_TO_A_PERSON = "hablar_con_asesor"
    CASE_STATUS = "consultar_radicado"
    BOOK_APPOINTMENT = "agendar_cita"
    CANCEL_APPOINTMENT = "cancelar_cita"
    CHANGE_APPOINTMENT = "cambiar_cita"
    CORRECT_VEHICLE_GAS = "corregir_gncv"
    FILE_PETITION = "presentar_queja"


class VersionState(StrEnum):
    """The way of a version: written, offered for review, then approved or returned to its author."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"


class Entry(Base):
    """One need of citizens, named by a slug that never changes; its text lives in versions."""

    __tablename__ = "kb_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    topic: Mapped[Topic] = mapped_column(_stored_as_text(Topic))
    created_at: Mapped[datetime] = mapped_column(default=now)
    # Retired: the next publication leaves it out, until somebody brings it back.
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    retirement_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    versions: Mapped[list["EntryVersion"]] = relationship(back_populates="entry", order_by="EntryVersion.number")
    retired_by: Mapped[StaffMember | None] = relationship()


class EntryVersion(Base):
    """What an entry says, as one person wrote it and another approved it."""

    __tablename__ = "kb_entry_version"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        CheckConstraint("approver_id IS NULL OR approver_id <> author_id", name="approver_is_not_author"),
        CheckConstraint("state <> 'approved' OR approver_id IS NOT NULL", name="approved_has_approver"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("kb_entry.id"), index=True)
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(_stored_as_text(VersionState), default=VersionState.DRAFT)
    title: Mapped[str] = mapped_column(String(120))
    label: Mapped[str] = mapped_column(String(48))
    label_en: Mapped[str] = mapped_column(String(48))
    answer_es: Mapped[str] = mapped_column(Text)
    answer_en: Mapped[str] = mapped_column(Text)
    questions_es: Mapped[list[str]]
    questions_en: Mapped[list[str]]
    source: Mapped[str] = mapped_column(String(300))
    # First and last day on which it is answered, in Bogotá; without one it has no beginning or no end.
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    # The task that the answer offers to do right away, with a button.
    task: Mapped[Task | None] = mapped_column(_stored_as_text(Task))
    author_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    review_comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    approved_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship(back_populates="versions")
    author: Mapped[StaffMember] = relationship(foreign_keys=[author_id])
    approver: Mapped[StaffMember | None] = relationship(foreign_keys=[approver_id])


class ReleaseState(StrEnum):
    """A release is built, then live until another one is; or it failed its gate and never was."""

    CANDIDATE = "candidate"
    LIVE = "live"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class Release(Base):
    """A set of approved versions and the model that was trained on their questions."""

    __tablename__ = "kb_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ReleaseState] = mapped_column(_stored_as_text(ReleaseState), default=ReleaseState.CANDIDATE)
    # True for the live release, NULL for all others: the unique constraint allows one live release only.
    live: Mapped[bool | None] = mapped_column(unique=True)
    model_fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    promoted_at: Mapped[datetime | None]
    # An earlier release put back into service is a new one that names it: what was live when stays readable.
    restores_id: Mapped[int | None] = mapped_column(ForeignKey("kb_release.id"))
    restored_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    # Why, when nobody decided it: the system went back by itself.
    restore_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    versions: Mapped[list[EntryVersion]] = relationship(secondary="kb_release_version")
    restored_by: Mapped[StaffMember | None] = relationship()


class ReleaseVersion(Base):
    """That a version belongs to a release."""

    __tablename__ = "kb_release_version"

    release_id: Mapped[int] = mapped_column(ForeignKey("kb_release.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("kb_entry_version.id"), primary_key=True)


class PublicationState(StrEnum):
    """The way of a publication."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Publication(Base):
    """One run of publishing: its progress while it works, its report when it has ended."""

    __tablename__ = "kb_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[PublicationState] = mapped_column(_stored_as_text(PublicationState), default=PublicationState.QUEUED)
    # True while queued or running, NULL afterwards: the unique constraint allows one publication at a time.
    active: Mapped[bool | None] = mapped_column(unique=True, default=True)
    step: Mapped[str] = mapped_column(String(32), default="queued")
    percent: Mapped[int] = mapped_column(default=0)
    log: Mapped[str] = mapped_column(Text, default="")
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    release_id: Mapped[int | None] = mapped_column(ForeignKey("kb_release.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    heartbeat_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    step_entered_at: Mapped[datetime | None]
    # How long each step took that has ended, by its name.
    step_seconds: Mapped[dict[str, float] | None] = mapped_column(JSON)
    cancel_requested: Mapped[bool] = mapped_column(default=False, server_default=false())
    # What the gate counted, by the names of kb/gate.py; None while it has not run.
    gate_counts: Mapped[dict[str, int] | None] = mapped_column(JSON)
    compared_with_id: Mapped[int | None] = mapped_column(ForeignKey("kb_release.id"))
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    accepted_at: Mapped[datetime | None]
    acceptance_reason: Mapped[str | None] = mapped_column(Text)

    started_by: Mapped[StaffMember | None] = relationship(foreign_keys=[started_by_id])
    accepted_by: Mapped[StaffMember | None] = relationship(foreign_keys=[accepted_by_id])
    release: Mapped[Release | None] = relationship(foreign_keys=[release_id])
    findings: Mapped[list["GateFinding"]] = relationship(order_by="GateFinding.id")


class Replica(Base):
    """A Rasa server that asks for the model, and the fingerprint of the one it answers with ("" for none)."""

    __tablename__ = "kb_replica"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    model_fingerprint: Mapped[str] = mapped_column(String(64))
    reported_at: Mapped[datetime] = mapped_column(default=now)


class FindingKind(StrEnum):
    """What the gate of a publication found."""

    STORY = "story"
    STOLEN = "stolen"
    OWN_QUESTION = "own_question"
    HELD_OUT = "held_out"
    OUT_OF_SCOPE = "out_of_scope"
    UNSURE = "unsure"
    ANSWER_CHANGE = "answer_change"


class GateFinding(Base):
    """A question (or test story) that the candidate model treats otherwise than it should or than the live one does.

    `before` and `after` are what is done: "answered:<slug>", "task:<intent>", "suggested", "unanswered", …; for a
    story what was expected and what came. One that blocks keeps the candidate out of service.
    """

    __tablename__ = "kb_gate_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("kb_publication.id"), index=True)
    kind: Mapped[FindingKind] = mapped_column(_stored_as_text(FindingKind))
    blocking: Mapped[bool]
    # The entry whose question it is, "" where it is nobody's.
    slug: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(String(200), default="")
    after: Mapped[str] = mapped_column(String(200), default="")


class QuestionState(StrEnum):
    """The way of a question the assistant could not answer."""

    NEW = "new"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class QuestionReason(StrEnum):
    """Why a question is kept: it got no answer, an answer that did not help, or suggestions that did not fit."""

    UNANSWERED = "unanswered"
    DOWN_VOTED = "down_voted"
    NONE_OF_THESE = "none_of_these"


class DismissalReason(StrEnum):
    """Why a question is not for this desk."""

    OTHER_INSTITUTION = "other_institution"
    SINGLE_CASE = "single_case"
    NOT_UNDERSTOOD = "not_understood"
    NO_QUESTION = "no_question"
    OTHER = "other"


class Need(Base):
    """Questions without an answer that ask the same; it is open while one of them is new."""

    __tablename__ = "kb_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    # A person merged or split it: nothing is moved out of it any more except by a person.
    by_hand: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


class UnansweredQuestion(Base):
    """A citizen's question without an answer, personal data masked, with its conversation and the nearest entries."""

    __tablename__ = "kb_unanswered_question"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id"),
        Index("ix_kb_unanswered_question_state", "state", "need_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(255), index=True)
    message_id: Mapped[str] = mapped_column(String(255))
    channel: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    conversation: Mapped[list[dict[str, str]]]
    nearest: Mapped[list[dict[str, str | float]]]
    reason: Mapped[QuestionReason] = mapped_column(_stored_as_text(QuestionReason), default=QuestionReason.UNANSWERED)
    state: Mapped[QuestionState] = mapped_column(_stored_as_text(QuestionState), default=QuestionState.NEW)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("kb_entry.id"))
    dismissal_reason: Mapped[DismissalReason | None] = mapped_column(_stored_as_text(DismissalReason))
    dismissal_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    # The first version of the entry that is to answer it, and when the live model was found to do so.
    answer_number: Mapped[int | None]
    answer_checked_at: Mapped[datetime | None]
    # Why it is open again, when the answer did not reach it.
    reopening_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    need_id: Mapped[int | None] = mapped_column(ForeignKey("kb_need.id"), index=True)
    # How well it stands for its need, -1…1: the greatest is the question the need is shown by.
    need_fit: Mapped[float] = mapped_column(default=0.0, server_default="0")
    # Placed without its vector, so for the time being.
    placed_by_words: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Half-precision numbers, and the name of the embedding that gave them.
    vector: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    vector_name: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)

    entry: Mapped[Entry | None] = relationship()
    need: Mapped[Need | None] = relationship()
