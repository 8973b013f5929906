"""Booking an appointment in the chat: for what, when, and who; the half-hour is kept while the citizen finishes."""

import re
from datetime import date, datetime

from bot.actions.appointment_offers import Wanted
from bot.actions.appointment_slot import SLOT, chosen_moment, offers_instead, slot_field, waiting_day
from bot.actions.appointment_texts import not_given, said_day, said_moment
from bot.dialogues.consent import consent_field, consent_in
from bot.dialogues.dialogue import AskAgain, Dialogue, Finished, Message
from bot.dialogues.fields import (
    LEFT_OUT,
    Accepted,
    Answers,
    Context,
    Field,
    Link,
    Option,
    Reading,
    Said,
    Style,
    Texts,
    asking,
    filled,
)
from bot.dialogues.form_action import DialogueAction
from bot.dialogues.readers import (
    description,
    email,
    one_of,
    option_named_in,
    person_name,
    refused,
    shown_by,
)
from bot.dialogues.wording import CHOOSE_ONE
from bot.dialogues.words import plain
from consultame.database import read_session, write_session
from consultame.settings import Language, load_settings
from desk.appointments import consent_texts
from desk.appointments.availability import attendants_serving
from desk.appointments.booking import Booked, book
from desk.appointments.citizen import Consent, Request, RequestRefused, normal_phone
from desk.appointments.citizen import Field as RequestField
from desk.appointments.holding import release_hold
from desk.appointments.models import LONGEST_DESCRIPTION, AgeGroup, Gender, Segment
from desk.appointments.waiting_list import DayNotFull, join_waiting_list
from desk.appointments.wording import AGE_GROUPS, GENDERS, SEGMENTS
from desk.identifiers import IdentifierKind

_SEGMENT_WORDS: dict[Segment, tuple[str, ...]] = {
    Segment.HYDROCARBONS: (
        "hidrocarburos", "hidrocarburo", "gas", "glp", "gasolina", "combustible", "combustibles", "petroleo", "acpm",
        "diesel", "gnv", "gncv", "hydrocarbons", "fuel", "oil", "gasoline",
    ),
    Segment.ELECTRICITY: (
        "energia electrica", "energia", "luz", "electricidad", "electrica", "electrico", "retie", "paneles solares",
        "electricity", "electric", "power", "solar",
    ),
    Segment.MINING: ("mineria", "minas", "minero", "minera", "mineros", "mina", "mining", "mine", "mines", "miner"),
    Segment.DATA_UPDATE: (
        "actualizacion de informacion", "actualizacion", "actualizar", "actualizar datos", "actualizar informacion",
        "updating information", "update", "data update",
    ),
}  # fmt: skip
# Words of the ministry's own name are not the subject of an appointment.
_MINISTRY = re.compile(
    r"\b(?:ministerio|ministry)(?: (?:de|of))? (?:minas|mines)(?: (?:y|and))?(?: (?:energia|energy))?\b"
)
_SEGMENTS = tuple(
    Option(segment, {"es": SEGMENTS["es"][segment], "en": SEGMENTS["en"][segment]}, _SEGMENT_WORDS.get(segment, ()))
    for segment in Segment
)
_OTHER_WORDS = frozenset(
    ("otro", "otra", "otro tema", "otra cosa", "ninguno", "ninguno de esos", "other", "none", "something else")
)
_GENDER_WORDS: dict[Gender, tuple[str, ...]] = {
    Gender.WOMAN: ("mujer", "femenino", "femenina", "woman", "female"),
    Gender.MAN: ("hombre", "masculino", "varon", "man", "male"),
    Gender.OTHER: ("otro", "otra", "no binario", "no binaria", "other", "non binary"),
}
_GENDERS = tuple(
    Option(each, {"es": GENDERS["es"][each], "en": GENDERS["en"][each]}, _GENDER_WORDS[each]) for each in Gender
)
_AGE_GROUPS = tuple(Option(each, {"es": AGE_GROUPS["es"][each], "en": AGE_GROUPS["en"][each]}) for each in AgeGroup)
_YOUNGEST = ((61, AgeGroup.OVER_60), (41, AgeGroup.UP_TO_60), (29, AgeGroup.UP_TO_40), (18, AgeGroup.UP_TO_28))
_AGE = re.compile(r"\b(\d{2,3})\b")
_LANGUAGES = (
    Option("es", {"es": "Español", "en": "Español"}, ("espanol", "castellano", "spanish")),
    Option("en", {"es": "English", "en": "English"}, ("ingles", "english")),
)
_PHONE_LIKE = re.compile(r"\+?\d[\d\s().–-]{5,}\d")
_FIELDS = {
    RequestField.NAME: "name",
    RequestField.EMAIL: "email",
    RequestField.PHONE: "phone",
    RequestField.DESCRIPTION: "description",
    RequestField.CONSENT: "consent",
}

_TOO_SHORT: Texts = {
    "es": "Cuéntelo con unas palabras más, para que quien lo atienda se prepare.",
    "en": "Tell it in some more words, so that whoever attends you can prepare.",
}
_TOO_LONG: Texts = {
    "es": "Es muy largo: resúmalo en máximo {limit} caracteres.",
    "en": "That is too long: sum it up in {limit} characters at most.",
}
_NO_NAME: Texts = {
    "es": "Escriba su nombre y sus apellidos, sin números.",
    "en": "Write your name and surname, without figures.",
}
_NO_EMAIL: Texts = {
    "es": "No reconocí un correo. Escríbalo completo, como nombre@ejemplo.com: allí le llega la confirmación.",
    "en": "I recognised no e-mail address. Write it whole, like name@example.com: the confirmation is sent there.",
}
_NO_PHONE: Texts = {
    "es": (
        "No reconocí un teléfono. Son diez cifras: un celular empieza por 3 y un fijo por 60; uno de otro país se "
        "escribe con + y el código del país."
    ),
    "en": (
        "I recognised no telephone number. It has ten figures: a mobile begins with 3, a landline with 60; one of "
        "another country is written with + and the country's code."
    ),
}
_MINOR: Texts = {
    "es": "Elija un grupo de edad o toque «Omitir». Aquí no se reciben datos de menores de edad.",
    "en": "Choose an age group or press “Skip”. No data of minors are taken here.",
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


def _read_segment(said: Said, answers: Answers, context: Context) -> Reading:
    """By button or words; «otro» only by itself, for «el otro martes» names none."""
    text = _MINISTRY.sub(" ", plain(said.text))
    if said.chosen is None and text in _OTHER_WORDS:
        return Accepted(Segment.OTHER)
    if said.chosen is not None:
        return one_of(*_SEGMENTS)(said, answers, context)
    if named := option_named_in(text, _SEGMENTS):
        return Accepted(named.value)
    padded = f" {text} "
    named_anywhere = [option for option in _SEGMENTS if any(f" {word} " in padded for word in option.words)]
    return Accepted(named_anywhere[0].value) if len(named_anywhere) == 1 else refused(CHOOSE_ONE, context)


def _read_phone(said: Said, answers: Answers, context: Context) -> Reading:
    candidates = [*said.values_of(IdentifierKind.TELEPHONE), *_PHONE_LIKE.findall(said.text), said.text]
    numbers = [number for each in candidates if (number := normal_phone(each))]
    return Accepted(numbers[0]) if numbers else refused(_NO_PHONE, context)


def _read_age_group(said: Said, answers: Answers, context: Context) -> Reading:
    if said.chosen is None and (found := _AGE.fullmatch(re.sub(r"\D*(\d+)\D*", r"\1", said.text))):
        years = int(found[1])
        group = next((group for youngest, group in _YOUNGEST if youngest <= years <= 120), None)
        return Accepted(group) if group else refused(_MINOR, context)
    reading = one_of(*_AGE_GROUPS)(said, answers, context)
    return reading if isinstance(reading, Accepted) else refused(_MINOR, context)


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
        Field(
            "segment",
            {"es": "Tema", "en": "Subject"},
            asking("¿Sobre qué tema es la cita?", "What is the appointment about?", options=_SEGMENTS),
            _read_segment,
            called=("tema", "segmento", "area", "subject", "segment", "topic"),
            from_opening=True,
            read_back=shown_by(_SEGMENTS),
        ),
        Field(
            "description",
            {"es": "Descripción", "en": "Description"},
            asking(
                "Describa en pocas palabras qué necesita consultar.",
                "Describe in few words what you need to ask.",
                links=(Link("cita_que_necesito", {"es": "Qué necesito", "en": "What I need"}),),
            ),
            description(_TOO_SHORT, _TOO_LONG, longest=LONGEST_DESCRIPTION),
            style=Style.FREE,
            called=("descripcion", "consulta", "description", "motivo", "asunto"),
        ),
        slot_field(_wanted),
        Field(
            "name",
            {"es": "Nombre", "en": "Name"},
            asking("¿Cuál es su nombre completo?", "What is your full name?"),
            person_name(_NO_NAME),
            style=Style.SHORT,
            called=("nombre", "apellido", "apellidos", "name", "surname"),
        ),
        Field(
            "email",
            {"es": "Correo", "en": "E-mail"},
            asking(
                "¿A qué correo electrónico le enviamos la confirmación?",
                "To which e-mail address do we send the confirmation?",
            ),
            email(_NO_EMAIL),
            called=("correo", "email", "e mail", "mail", "correo electronico"),
        ),
        Field(
            "phone",
            {"es": "Teléfono", "en": "Telephone"},
            asking("¿A qué teléfono lo podemos llamar?", "At which telephone number can we call you?"),
            _read_phone,
            called=("telefono", "celular", "numero", "phone", "telephone", "mobile", "cell"),
        ),
        Field(
            "gender",
            {"es": "Género", "en": "Gender"},
            asking(
                "Para las estadísticas, si quiere decirlo: ¿cuál es su género?",
                "For statistics, if you want to say it: what is your gender?",
                options=_GENDERS,
            ),
            one_of(*_GENDERS),
            called=("genero", "sexo", "gender", "sex"),
            optional=True,
            read_back=shown_by(_GENDERS),
        ),
        Field(
            "age_group",
            {"es": "Edad", "en": "Age"},
            asking("¿Y su grupo de edad?", "And your age group?", options=_AGE_GROUPS),
            _read_age_group,
            called=("edad", "grupo de edad", "age", "age group", "anos"),
            optional=True,
            read_back=shown_by(_AGE_GROUPS),
        ),
        Field(
            "language",
            {"es": "Idioma", "en": "Language"},
            asking(
                "¿En qué idioma quiere que lo atiendan?",
                "In which language do you want to be attended?",
                options=_LANGUAGES,
            ),
            one_of(*_LANGUAGES),
            called=("idioma", "lengua", "language"),
            read_back=shown_by(_LANGUAGES),
        ),
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
    )
