"""Stored values in the Spanish that staff and citizens read."""

from datetime import date, datetime, timedelta, timezone

from consultame.database import now
from consultame.staff import Role
from kb.models import DismissalReason, PublicationState, QuestionReason, Task, Topic, VersionState

# Colombia keeps one time all year; a fixed offset needs no time zone data on the machine.
BOGOTA = timezone(timedelta(hours=-5))

TOPICS = {
    Topic.GLP: "Subsidio de gas en cilindros (GLP)",
    Topic.RADICADO: "Radicados y plazos",
    Topic.GNCV: "Gas vehicular (GNCV)",
    Topic.MINISTERIO: "Ministerio y canales",
    Topic.DERECHOS: "Derechos y peticiones",
    Topic.CITAS: "Citas virtuales",
    Topic.ENERGIA: "Energía eléctrica",
    Topic.MINERIA_COMBUSTIBLES: "Minería y combustibles",
}

TASKS = {
    Task.TALK_TO_A_PERSON: "Hablar con una persona",
    Task.CASE_STATUS: "Consultar el estado de un radicado",
    Task.BOOK_APPOINTMENT: "Agendar una cita virtual",
    Task.CANCEL_APPOINTMENT: "Cancelar una cita",
    Task.CHANGE_APPOINTMENT: "Cambiar una cita",
    Task.CORRECT_VEHICLE_GAS: "Corregir datos de gas vehicular",
    Task.FILE_PETITION: "Presentar una petición o queja",
}

DISMISSAL_REASONS = {
    DismissalReason.OTHER_INSTITUTION: "Le corresponde a otra entidad",
    DismissalReason.SINGLE_CASE: "Es un caso particular que necesita radicado",
    DismissalReason.NOT_UNDERSTOOD: "No se entiende lo que pide",
    DismissalReason.NO_QUESTION: "No es una pregunta: saludo, broma u ofensa",
    DismissalReason.OTHER: "Otro motivo",
}

VERSION_STATES = {
    VersionState.DRAFT: "Borrador",
    VersionState.IN_REVIEW: "En revisión",
    VersionState.RETURNED: "Devuelta",
    VersionState.APPROVED: "Aprobada",
}

QUESTION_REASONS = {
    QuestionReason.UNANSWERED: "Sin respuesta",
    QuestionReason.DOWN_VOTED: "La respuesta no sirvió",
    QuestionReason.NONE_OF_THESE: "Ninguna opción servía",
}

PUBLICATION_STATES = {
    PublicationState.QUEUED: "En espera",
    PublicationState.RUNNING: "En curso",
    PublicationState.SUCCEEDED: "Terminada",
    PublicationState.FAILED: "Fallida",
    PublicationState.CANCELLED: "Cancelada",
}

ROLES = {Role.CURATOR: "Curaduría", Role.APPROVER: "Aprobación", Role.ADMIN: "Administración"}

_CHANNELS = {"web": "Chat del sitio web", "whatsapp": "WhatsApp", "cmdline": "Línea de comandos"}
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def channel_label(channel: str) -> str:
    """The channel's name for people; one that is not known keeps its technical name."""
    return _CHANNELS.get(channel, channel)


def long_date(day: date) -> str:
    """«24 de noviembre de 2026»."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def clock(moment: datetime) -> str:
    """«3:05 p. m.», in Bogotá."""
    local = moment.astimezone(BOGOTA)
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'a. m.' if local.hour < 12 else 'p. m.'}"


def long_moment(moment: datetime) -> str:
    """«24 de noviembre de 2026, 3:05 p. m.», in Bogotá."""
    return f"{long_date(moment.astimezone(BOGOTA).date())}, {clock(moment)}"


def age(moment: datetime) -> str:
    """How long ago, in words; after thirty days the date."""
    minutes = int((now() - moment).total_seconds() // 60)
    if minutes < 1:
        return "hace un momento"
    if minutes < 60:
        return f"hace {_counted(minutes, 'minuto')}"
    if minutes < 24 * 60:
        return f"hace {_counted(minutes // 60, 'hora')}"
    if minutes < 30 * 24 * 60:
        return f"hace {_counted(minutes // (24 * 60), 'día')}"
    return f"el {long_date(moment.astimezone(BOGOTA).date())}"


def _counted(number: int, noun: str) -> str:
    article = "una" if noun == "hora" else "un"
    return f"{article} {noun}" if number == 1 else f"{number} {noun}s"


def percent(confidence: float | str) -> str:
    """«87 %»."""
    return f"{round(float(confidence) * 100)} %"
