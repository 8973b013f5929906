"""The appointment as a calendar file (RFC 5545, sent as RFC 5546 asks), for any calendar a citizen may use."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from consultame.outbox import Attachment
from consultame.settings import Language, load_settings
from desk.appointments.links import appointment_url
from desk.appointments.models import Appointment, AppointmentState

_TIME_ZONE = ZoneInfo("America/Bogota")
_ALARM_BEFORE = timedelta(minutes=30)
_SUMMARY: dict[Language, str] = {
    "es": "Cita virtual con el Ministerio de Minas y Energía",
    "en": "Virtual appointment with the Ministry of Mines and Energy",
}
_DESCRIPTION: dict[Language, str] = {
    "es": "Para confirmarla, cambiarla o cancelarla: {url}",
    "en": "To confirm, change or cancel it: {url}",
}


class Method(StrEnum):
    """What a calendar is asked to do with the file."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def calendar_file(appointment: Appointment, *, now: datetime) -> bytes:
    """The file that enters the appointment or moves it; for a cancelled one, the file that takes it out.

    The UID stays the same, and SEQUENCE grows with each change, so that calendars know which file is the newest.
    """
    cancelled = appointment.state is AppointmentState.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Ministerio de Minas y Energía//ConsúltaME//ES")
    calendar.add("version", "2.0")
    calendar.add("method", Method.CANCEL if cancelled else Method.REQUEST)
    calendar.add_component(_event(appointment, cancelled=cancelled, now=now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def calendar_attachment(appointment: Appointment, *, now: datetime) -> Attachment:
    """The file as it goes with a mail."""
    method = Method.CANCEL if appointment.state is AppointmentState.CANCELLED else Method.REQUEST
    name = "cita.ics" if appointment.language == "es" else "appointment.ics"
    return Attachment(name, f"text/calendar; charset=utf-8; method={method}", calendar_file(appointment, now=now))


def _event(appointment: Appointment, *, cancelled: bool, now: datetime) -> Event:
    settings = load_settings()
    language: Language = "en" if appointment.language == "en" else "es"
    event = Event()
    event.add("uid", f"{appointment.reference}@{settings.contact_email.rpartition('@')[2]}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at.astimezone(_TIME_ZONE))
    event.add("dtend", appointment.ends_at.astimezone(_TIME_ZONE))
    event.add("summary", _SUMMARY[language])
    event.add("description", _DESCRIPTION[language].format(url=appointment_url(appointment.reference)))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", _address(settings.contact_email, _SUMMARY["es"].partition("con el ")[2]))
    event.add("attendee", _address(appointment.citizen_email, appointment.citizen_name))
    if appointment.meeting_url:
        event.add("location", appointment.meeting_url)
        event.add("url", appointment.meeting_url)
    if not cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _SUMMARY[language])
        alarm.add("trigger", -_ALARM_BEFORE)
        event.add_component(alarm)
    return event


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address
