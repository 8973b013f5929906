"""What mails about appointments say, in the language of the appointment."""

from dataclasses import dataclass
from enum import StrEnum

from consultame.contact import with_contact_data
from consultame.settings import Language, load_settings
from desk.appointments.codes import code_of
from desk.appointments.links import appointment_url, offer_url
from desk.appointments.models import Appointment, WaitingPlace
from desk.appointments.wording import SEGMENTS, spoken_moment, spoken_time


class Notice(StrEnum):
    """Why a mail is sent."""

    BOOKED = "booked"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    DAY_BEFORE = "reminder-24h"
    HOUR_BEFORE = "reminder-1h"
    MISSED = "missed"
    OFFERED = "offered"


@dataclass(frozen=True)
class MailText:
    """Subject and body of a mail."""

    subject: str
    text: str


_DETAILS: dict[Language, str] = {
    "es": (
        "Fecha y hora: {moment} (hora de Colombia)\nDuración: {minutes} minutos, por videollamada\n"
        "Atiende: {attendant}\nTema: {segment}\nCódigo de la cita: {code}{meeting}"
    ),
    "en": (
        "Date and time: {moment} (Colombian time)\nDuration: {minutes} minutes, by video call\n"
        "With: {attendant}\nSubject: {segment}\nAppointment code: {code}{meeting}"
    ),
}
_MEETING: dict[Language, str] = {"es": "\nEnlace de la reunión: {url}", "en": "\nMeeting link: {url}"}
_CHOICES: dict[Language, str] = {
    "es": "Confirmo que asistiré: {confirm}\n\nCambiar la cita: {change}\n\nCancelar la cita: {cancel}",
    "en": "I confirm that I will attend: {confirm}\n\nChange the appointment: {change}\n\n"
    "Cancel the appointment: {cancel}",
}
_FOOTER: dict[Language, str] = {
    "es": "Ministerio de Minas y Energía\n{telefono} · {linea_gratuita} · {correo}",
    "en": "Ministry of Mines and Energy\n{telefono} · {linea_gratuita} · {correo}",
}
_GREETING: dict[Language, str] = {"es": "Hola, {name}:", "en": "Hello {name},"}
_SUBJECTS: dict[Language, dict[Notice, str]] = {
    "es": {
        Notice.BOOKED: "Su cita quedó reservada: {moment}",
        Notice.CHANGED: "Su cita cambió: {moment}",
        Notice.CANCELLED: "Su cita quedó cancelada: {moment}",
        Notice.DAY_BEFORE: "Recordatorio de su cita: {moment}",
        Notice.HOUR_BEFORE: "Su cita es hoy a las {time}",
        Notice.MISSED: "¿Desea reagendar su cita?",
        Notice.OFFERED: "Se liberó una cita: {moment}",
    },
    "en": {
        Notice.BOOKED: "Your appointment is booked: {moment}",
        Notice.CHANGED: "Your appointment was changed: {moment}",
        Notice.CANCELLED: "Your appointment was cancelled: {moment}",
        Notice.DAY_BEFORE: "Reminder of your appointment: {moment}",
        Notice.HOUR_BEFORE: "Your appointment is today at {time}",
        Notice.MISSED: "Would you like a new appointment?",
        Notice.OFFERED: "An appointment has become free: {moment}",
    },
}
_FIRST_SENTENCES: dict[Language, dict[Notice, str]] = {
    "es": {
        Notice.BOOKED: "Su cita virtual con el Ministerio de Minas y Energía quedó reservada. El archivo adjunto la "
        "agrega a su calendario. Guarde el código: con él puede cambiarla o cancelarla en el chat.",
        Notice.CHANGED: "Su cita virtual con el Ministerio de Minas y Energía tiene nueva fecha y hora. El archivo "
        "adjunto la actualiza en su calendario. El código es el mismo.",
        Notice.CANCELLED: "Su cita virtual del {moment} quedó cancelada. El archivo adjunto la retira de su "
        "calendario.",
        Notice.DAY_BEFORE: "Le recordamos su cita virtual con el Ministerio de Minas y Energía. Confirme si asistirá; "
        "si no puede, cámbiela o cancélela para que otra persona use el espacio.",
        Notice.HOUR_BEFORE: "Su cita virtual con el Ministerio de Minas y Energía comienza a las {time}.",
        Notice.MISSED: "No pudimos atenderle en la cita del {moment}, porque no hubo conexión. Si todavía la "
        "necesita, elija otra fecha; no tiene que volver a dar sus datos:\n\n{change}",
        Notice.OFFERED: "Se liberó una cita para el {moment} y es la primera persona en la lista de espera. Se la "
        "guardamos hasta las {until}. Para aceptarla:\n\n{accept}\n\nSi no la acepta, pasa a la siguiente persona.",
    },
    "en": {
        Notice.BOOKED: "Your virtual appointment with the Ministry of Mines and Energy is booked. The attached file "
        "adds it to your calendar. Keep the code: with it you can change or cancel the appointment in the chat.",
        Notice.CHANGED: "Your virtual appointment with the Ministry of Mines and Energy has a new date and time. The "
        "attached file updates your calendar. The code is still the same.",
        Notice.CANCELLED: "Your virtual appointment of {moment} was cancelled. The attached file takes it out of your "
        "calendar.",
        Notice.DAY_BEFORE: "This is a reminder of your virtual appointment with the Ministry of Mines and Energy. "
        "Please confirm that you will attend; if you cannot, change or cancel it so that somebody else can have it.",
        Notice.HOUR_BEFORE: "Your virtual appointment with the Ministry of Mines and Energy begins at {time}.",
        Notice.MISSED: "We could not attend you at the appointment of {moment}, as you did not connect. If you still "
        "need it, choose another date; you do not have to give your data again:\n\n{change}",
        Notice.OFFERED: "An appointment on {moment} has become free and you are the first on the waiting list. It is "
        "kept for you until {until}. To accept it:\n\n{accept}\n\nIf you do not, the next person gets it.",
    },
}
_WITHOUT_DETAILS = (Notice.CANCELLED, Notice.MISSED)


def mail_text(notice: Notice, appointment: Appointment) -> MailText:
    """The mail about an appointment; its attendant has to be loaded or in a session."""
    language = language_of(appointment)
    facts = _facts(appointment, language)
    parts = [
        _GREETING[language].format(name=appointment.citizen_name),
        _FIRST_SENTENCES[language][notice].format(**facts),
    ]
    if notice not in _WITHOUT_DETAILS:
        parts += [_details(appointment, language, facts), _CHOICES[language].format(**facts)]
    return _mail(notice, language, parts, facts)


def offer_text(place: WaitingPlace, held: Appointment) -> MailText:
    """The mail that offers a freed slot to the first in line."""
    language = language_of(place)
    assert held.hold_expires_at is not None
    facts = {
        "moment": spoken_moment(held.starts_at, language),
        "until": spoken_time(held.hold_expires_at, language),
        "accept": offer_url(place.reference),
    }
    parts = [
        _GREETING[language].format(name=place.citizen_name),
        _FIRST_SENTENCES[language][Notice.OFFERED].format(**facts),
    ]
    return _mail(Notice.OFFERED, language, parts, facts)


def language_of(kept: Appointment | WaitingPlace) -> Language:
    """The language the citizen asked for."""
    return "en" if kept.language == "en" else "es"


def _mail(notice: Notice, language: Language, parts: list[str], facts: dict[str, str]) -> MailText:
    footer = with_contact_data(_FOOTER[language], load_settings(), language)
    return MailText(_SUBJECTS[language][notice].format(**facts), "\n\n".join([*parts, footer]) + "\n")


def _facts(appointment: Appointment, language: Language) -> dict[str, str]:
    reference = appointment.reference
    return {
        "moment": spoken_moment(appointment.starts_at, language),
        "time": spoken_time(appointment.starts_at, language),
        "confirm": appointment_url(reference, "confirmar"),
        "change": appointment_url(reference, "cambiar"),
        "cancel": appointment_url(reference, "cancelar"),
    }


def _details(appointment: Appointment, language: Language, facts: dict[str, str]) -> str:
    meeting = _MEETING[language].format(url=appointment.meeting_url) if appointment.meeting_url else ""
    return _DETAILS[language].format(
        moment=facts["moment"],
        minutes=int((appointment.ends_at - appointment.starts_at).total_seconds() // 60),
        attendant=appointment.attendant.name,
        segment=SEGMENTS[language][appointment.segment],
        code=code_of(appointment.reference),
        meeting=meeting,
    )
