"""Booking an appointment in the chat: for what, when, and who; the half-hour is kept while the citizen finishes."""

from datetime import date, datetime

from bot.actions.appointment_offers import Wanted
from bot.actions.appointment_slot import SLOT, chosen_moment, offers_instead, slot_field, waiting_day
from bot.actions.appointment_texts import not_given, said_day, said_moment
from bot.actions.booking_fields import AGE_GROUP, DESCRIPTION, EMAIL, GENDER, LANGUAGE, NAME, PHONE, SEGMENT
from bot.actions.whatsapp_reminders import WHATSAPP, whatsapp_consent_in, whatsapp_field
from bot.dialogues.consent import consent_field, consent_in
from bot.dialogues.dialogue import AskAgain, Dialogue, Finished, Message
from bot.dialogues.fields import (
    LEFT_OUT,
    Answers,
    Context,
    Texts,
    filled,
)
from bot.dialogues.form_action import DialogueAction
from consultame.database import read_session, write_session
from consultame.settings import Language, load_settings
from desk.appointments import consent_texts
from desk.appointments.availability import attendants_serving
from desk.appointments.booking import Booked, book
from desk.appointments.citizen import Consent, Request, RequestRefused
from desk.appointments.citizen import Field as RequestField
from desk.appointments.holding import release_hold
from desk.appointments.models import AgeGroup, Gender, Segment
from desk.appointments.waiting_list import DayNotFull, join_waiting_list

_FIELDS = {
    RequestField.NAME: "name",
    RequestField.EMAIL: "email",
    RequestField.PHONE: "phone",
    RequestField.DESCRIPTION: "description",
    RequestField.CONSENT: "consent",
    RequestField.WHATSAPP: WHATSAPP,
}

_CANNOT_BE_USED: Texts = {
    "es": "Ese dato no se puede usar.",
    "en": "That cannot be used.",
}
_NOT_IN_LANGUAGE: Texts = {
    "es": "Para ese tema no hay por ahora quien atienda en ese idioma. ¿Le sirve en el otro?",
    "en": "For that subject nobody attends in that language for now. Will the other one do?",
}
_HAS_FREE_TIMES: Texts = {
    "es": "Ese día ya no necesita lista de espera. Escriba el día y la hora que quiere.",
    "en": "That day needs no waiting list. Write the day and time that you want.",
}
_BOOKED: Texts = {
    "es": (
        "Listo, su cita virtual quedó reservada.\n"
        "- Día y hora: {moment} (hora de Colombia)\n"
        "- Duración: {minutes} minutos, por videollamada\n"
        "- Código de la cita: {code}\n"
        "- Confirmarla, cambiarla o cancelarla: {url}\n"
        "- Archivo para su calendario: {url}/cita.ics\n\n"
        "Le enviamos todo a {email}. Con el código también puede confirmarla, cambiarla o cancelarla en este chat."
    ),
    "en": (
        "Done, your virtual appointment is booked.\n"
        "- Day and time: {moment} (Colombian time)\n"
        "- Duration: {minutes} minutes, by video call\n"
        "- Appointment code: {code}\n"
        "- Confirm, change or cancel it: {url}\n"
        "- File for your calendar: {url}/cita.ics\n\n"
        "We send all of it to {email}. With the code you can also confirm, change or cancel it in this chat."
    ),
}
_WAITING: Texts = {
    "es": (
        "Listo, quedó en la lista de espera del {day}. Si se libera una hora, le escribimos a {email} para que la "
        "acepte. Todavía no tiene una cita."
    ),
    "en": (
        "Done, you are on the waiting list of {day}. If a time becomes free, we write to {email} so that you can "
        "accept it. You do not have an appointment yet."
    ),
}


def service_language(answers: Answers, context: Context) -> Language:
    """The language chosen; before that, the one spoken here if somebody attends in it, else Spanish."""
    if chosen := answers.get("language"):
        return "en" if chosen == "en" else "es"
    with read_session() as session:
        serving = attendants_serving(session, segment=Segment(answers["segment"]), language=context.language)
    return context.language if serving else "es"


def holder_of(context: Context) -> str:
    """Under which name a conversation keeps a half-hour."""
    return f"chat:{context.conversation_id}"


def _wanted(answers: Answers, context: Context) -> Wanted:
    return Wanted(Segment(answers["segment"]), service_language(answers, context), holder_of(context))


BOOKING = Dialogue(
    form="appointment_form",
    intent="agendar_cita",
    subject={"es": "la reserva de su cita", "en": "your appointment"},
    opening={
        "es": "Con gusto le reservo una cita virtual.",
        "en": "I will gladly book a virtual appointment for you.",
    },
    called=("cita", "reserva", "agendamiento", "appointment", "booking", "cite", "sita"),
    confirm={"es": "Sí, reservar", "en": "Yes, book it"},
    fields=(
        consent_field(consent_texts.PURPOSE, limits=consent_texts.LIMITS),
        SEGMENT,
        DESCRIPTION,
        slot_field(_wanted),
        NAME,
        EMAIL,
        PHONE,
        whatsapp_field(),
        GENDER,
        AGE_GROUP,
        LANGUAGE,
    ),
)


class BookingAction(DialogueAction):
    """Books the half-hour that is held, or puts the citizen on the waiting list."""

    dialogue = BOOKING

    def finish(self, answers: Answers, context: Context) -> Finished | AskAgain:
        """Code and links; other half-hours when the one that was held is gone."""
        request = _request(answers, context)
        with read_session() as session:
            if not attendants_serving(session, segment=request.segment, language=request.language):
                return AskAgain("language", filled(_NOT_IN_LANGUAGE, context.language), repeats_question=False)
        try:
            if day := waiting_day(answers):
                return _wait(day, request, context)
            starts_at = chosen_moment(answers)
            assert starts_at is not None
            return _book(starts_at, request, context)
        except RequestRefused as refusal:
            return AskAgain(_FIELDS[refusal.field], filled(_CANNOT_BE_USED, context.language))

    def over(self, context: Context) -> None:
        """A half-hour that was held and not booked is free again."""
        with write_session() as session:
            release_hold(session, holder=holder_of(context))


def _book(starts_at: datetime, request: Request, context: Context) -> Finished | AskAgain:
    with write_session() as session:
        made = book(session, starts_at=starts_at, holder=holder_of(context), request=request, now=context.moment)
    if not isinstance(made, Booked):
        reason = not_given(made.reason, starts_at, context)
        return AskAgain(SLOT, reason, counts=False, repeats_question=False, so_far=offers_instead(made))
    return Finished((booked_message(_BOOKED, made, context, email=request.email),))


def _wait(day: date, request: Request, context: Context) -> Finished | AskAgain:
    try:
        with write_session() as session:
            join_waiting_list(session, day=day, request=request, now=context.moment)
    except DayNotFull:
        return AskAgain(SLOT, filled(_HAS_FREE_TIMES, context.language), counts=False, repeats_question=False)
    text = filled(_WAITING, context.language, day=said_day(day, context), email=request.email)
    return Finished((Message(text),))


def booked_message(texts: Texts, made: Booked, context: Context, **values: str) -> Message:
    """An appointment told: when, code, and the page with the calendar file."""
    told = {
        "moment": said_moment(made.starts_at, context),
        "minutes": str(load_settings().appointment_minutes),
        "code": made.code,
        "url": made.url,
    }
    return Message(filled(texts, context.language, **told, **values))


def _request(answers: Answers, context: Context) -> Request:
    version, accepted_at = consent_in(answers)
    gender, age_group = answers.get("gender", LEFT_OUT), answers.get("age_group", LEFT_OUT)
    return Request(
        segment=Segment(answers["segment"]),
        language="en" if answers["language"] == "en" else "es",
        channel=context.channel,
        description=answers["description"],
        name=answers["name"],
        email=answers["email"],
        phone=answers["phone"],
        consent=Consent(version, accepted_at),
        gender=Gender(gender) if gender else None,
        age_group=AgeGroup(age_group) if age_group else None,
        whatsapp=whatsapp_consent_in(answers),
    )
