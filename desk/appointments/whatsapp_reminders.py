"""Reminders by WhatsApp, beside those by e-mail, for citizens who agreed to them."""

from datetime import datetime

from sqlalchemy.orm import Session

from consultame.outbox_whatsapp import enqueue_whatsapp
from consultame.phone_numbers import mobile_number
from consultame.settings import Language, load_settings
from consultame.whatsapp_template import Template, TemplateKind
from desk.appointments.links import appointment_path_end
from desk.appointments.mail_texts import Notice, language_of
from desk.appointments.models import Appointment
from desk.appointments.wording import spoken_moment, spoken_time

# Changes with the texts: it is kept with each consent, so that it stays known what was agreed to.
WHATSAPP_CONSENT_VERSION = "whatsapp-citas-1"
# What has to be read before a citizen agrees. The number goes to Meta, abroad (Ley 1581 de 2012, arts. 9 and 26).
WHATSAPP_CONSENT: dict[Language, str] = {
    "es": (
        "Para enviarle los recordatorios, el Ministerio entrega su número a WhatsApp (Meta), que lo trata fuera de "
        "Colombia. No es obligatorio: los recordatorios también llegan a su correo."
    ),
    "en": (
        "To send you the reminders, the Ministry gives your number to WhatsApp (Meta), which handles it outside "
        "Colombia. You do not have to: the reminders are also sent to your e-mail address."
    ),
}
_KINDS = {Notice.DAY_BEFORE: TemplateKind.DAY_BEFORE, Notice.HOUR_BEFORE: TemplateKind.HOUR_BEFORE}


def can_ask_for_whatsapp(phone: str) -> bool:
    """Whether a citizen with this telephone may be offered reminders by WhatsApp."""
    return load_settings().sends_whatsapp and mobile_number(phone) is not None


def whatsapp_key(mail_key: str) -> str:
    """The outbox's key of the message that says by WhatsApp what a mail says."""
    return f"{mail_key}:whatsapp"


def remind_by_whatsapp(
    session: Session,
    notice: Notice,
    appointment: Appointment,
    *,
    key: str,
    send_after: datetime,
    not_after: datetime,
) -> None:
    """Enqueue a reminder for whoever agreed to it, to be sent between these moments."""
    if not appointment.whatsapp_version or not can_ask_for_whatsapp(appointment.citizen_phone):
        return
    enqueue_whatsapp(
        session,
        dedupe_key=whatsapp_key(key),
        to=appointment.citizen_phone,
        template=reminder_template(notice, appointment),
        send_after=send_after,
        not_after=not_after,
    )


def reminder_template(notice: Notice, appointment: Appointment) -> Template:
    """The reminder: whom it greets, when the appointment is, and buttons to confirm it and to see or change it."""
    language, reference = language_of(appointment), appointment.reference
    spoken = spoken_time if notice is Notice.HOUR_BEFORE else spoken_moment
    return Template(
        _KINDS[notice],
        language,
        (appointment.citizen_name, spoken(appointment.starts_at, language)),
        (appointment_path_end(reference, "confirmar"), appointment_path_end(reference)),
    )
