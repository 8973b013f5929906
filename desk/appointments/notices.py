"""Mails and WhatsApp messages about appointments, put into the outbox in the transaction of what they tell of.

Each key holds the appointment's sequence number, so that a change of time cancels the former reminders and enqueues
new ones, and nothing is enqueued twice however often the same step is repeated.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from consultame.outbox import cancel_message, enqueue_email
from desk.appointments.calendar_file import calendar_attachment
from desk.appointments.mail_texts import Notice, mail_text, offer_text
from desk.appointments.models import Appointment, WaitingPlace
from desk.appointments.whatsapp_reminders import remind_by_whatsapp, whatsapp_key

REMINDERS = {Notice.DAY_BEFORE: timedelta(hours=24), Notice.HOUR_BEFORE: timedelta(hours=1)}
# How long before the appointment a reminder that was held up is still of use: the first one until the next is due.
_LAST_USE = {Notice.DAY_BEFORE: timedelta(hours=1), Notice.HOUR_BEFORE: timedelta(minutes=30)}


def tell_booked(session: Session, appointment: Appointment, *, now: datetime) -> None:
    """Enqueue the confirmation with the calendar file, and the reminders that are still ahead."""
    _tell(session, Notice.BOOKED, appointment, now=now, with_file=True)
    _remind(session, appointment, now=now)


def tell_changed(session: Session, appointment: Appointment, *, former_sequence: int, now: datetime) -> None:
    """Move the reminders and enqueue the mail with the new time; the sequence number has grown already."""
    cancel_reminders(session, appointment, sequence=former_sequence)
    _tell(session, Notice.CHANGED, appointment, now=now, with_file=True)
    _remind(session, appointment, now=now)


def tell_cancelled(session: Session, appointment: Appointment, *, former_sequence: int, now: datetime) -> None:
    """Cancel the reminders and enqueue the mail that takes the appointment out of the calendar."""
    cancel_reminders(session, appointment, sequence=former_sequence)
    _tell(session, Notice.CANCELLED, appointment, now=now, with_file=True)


def tell_missed(session: Session, appointment: Appointment, *, now: datetime) -> None:
    """Enqueue the question whether the citizen wants another appointment."""
    _tell(session, Notice.MISSED, appointment, now=now)


def untell_missed(session: Session, appointment: Appointment) -> None:
    """The citizen was there after all: the question is not sent, unless it went out already."""
    cancel_message(session, dedupe_key=message_key(Notice.MISSED, appointment, appointment.sequence))


def tell_offered(session: Session, place: WaitingPlace, held: Appointment, *, now: datetime) -> None:
    """Enqueue the offer of a freed slot."""
    mail = offer_text(place, held)
    key = f"appointment-waiting:{place.id}:offer:{place.offers}"
    enqueue_email(
        session, dedupe_key=key, to=place.citizen_email, subject=mail.subject, text=mail.text, send_after=now,
        not_after=held.hold_expires_at,
    )  # fmt: skip


def withdraw_offer(session: Session, place: WaitingPlace) -> None:
    """The offer has lapsed: its mail is not sent, unless it went out already."""
    cancel_message(session, dedupe_key=f"appointment-waiting:{place.id}:offer:{place.offers}")


def cancel_reminders(session: Session, appointment: Appointment, *, sequence: int) -> None:
    """Keep the reminders for this sequence number from being sent, as far as they were not yet."""
    for notice in REMINDERS:
        key = message_key(notice, appointment, sequence)
        cancel_message(session, dedupe_key=key)
        cancel_message(session, dedupe_key=whatsapp_key(key))


def stop_whatsapp(session: Session, appointment: Appointment) -> None:
    """The citizen withdraws the consent to WhatsApp (Ley 1581 de 2012, art. 8, e): the mails go on."""
    appointment.whatsapp_version, appointment.whatsapp_accepted_at = "", None
    for notice in REMINDERS:
        cancel_message(session, dedupe_key=whatsapp_key(message_key(notice, appointment, appointment.sequence)))
    session.flush()


def message_key(notice: Notice, appointment: Appointment, sequence: int) -> str:
    """The outbox's key of a mail."""
    return f"{key_beginning(appointment)}{sequence}:{notice}"


def key_beginning(appointment: Appointment) -> str:
    """With what the key of every message about the appointment begins."""
    return f"appointment:{appointment.id}:"


def _remind(session: Session, appointment: Appointment, *, now: datetime) -> None:
    for notice, before in REMINDERS.items():
        if (moment := appointment.starts_at - before) > now:
            last_use = appointment.starts_at - _LAST_USE[notice]
            _tell(session, notice, appointment, now=now, send_after=moment, not_after=last_use)
            key = message_key(notice, appointment, appointment.sequence)
            remind_by_whatsapp(session, notice, appointment, key=key, send_after=moment, not_after=last_use)


def _tell(
    session: Session,
    notice: Notice,
    appointment: Appointment,
    *,
    now: datetime,
    send_after: datetime | None = None,
    not_after: datetime | None = None,
    with_file: bool = False,
) -> None:
    mail = mail_text(notice, appointment)
    enqueue_email(
        session,
        dedupe_key=message_key(notice, appointment, appointment.sequence),
        to=appointment.citizen_email,
        subject=mail.subject,
        text=mail.text,
        send_after=send_after or now,
        not_after=not_after,
        attachments=[calendar_attachment(appointment, now=now)] if with_file else (),
    )
