"""Stored values in the Spanish that staff and citizens read."""

from datetime import date, datetime

from consultame.audit import COMMAND_LINE, SYSTEM, UNKNOWN, Action, SubjectKind
from consultame.database import now
from consultame.local_time import BOGOTA
from consultame.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, PasswordProblem
from consultame.staff import AccountProblem, Role
from kb.models import DismissalReason, PublicationState, QuestionReason, Task, Topic, VersionState
from kb.validity import Validity

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

VALIDITIES = {
    Validity.AHEAD: "Todavía no empieza",
    Validity.CURRENT: "Vigente",
    Validity.ENDS_SOON: "Vence pronto",
    Validity.EXPIRED: "Vencida",
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

ROLES = {
    Role.CURATOR: "Curaduría",
    Role.APPROVER: "Aprobación",
    Role.CASE_HANDLER: "Atención de casos",
    Role.ADMIN: "Administración",
}

ACCOUNT_PROBLEMS: dict[AccountProblem | PasswordProblem, str] = {
    AccountProblem.EMAIL_MALFORMED: "El correo electrónico no es válido.",
    AccountProblem.EMAIL_TAKEN: "Ese correo ya tiene una cuenta.",
    AccountProblem.NAME_EMPTY: "Escriba el nombre de la persona.",
    AccountProblem.NAME_LONG: "El nombre tiene más de 120 caracteres.",
    AccountProblem.OWN_ACCOUNT: "Su propia cuenta la cambia o desactiva otra persona de Administración.",
    AccountProblem.LAST_ADMINISTRATOR: "Es la última cuenta activa de Administración: nombre primero a otra persona.",
    AccountProblem.NOT_ADMINISTRATOR: "Su cuenta ya no es de Administración.",
    AccountProblem.CLOSED_ACCOUNT: "Con esta cuenta no ingresa nadie.",
    AccountProblem.WRONG_PASSWORD: "La contraseña actual no es correcta.",
    AccountProblem.SAME_PASSWORD: "La contraseña nueva debe ser distinta de la actual.",
    PasswordProblem.TOO_SHORT: f"La contraseña debe tener al menos {MINIMUM_LENGTH} caracteres.",
    PasswordProblem.TOO_LONG: f"La contraseña no puede tener más de {MAXIMUM_LENGTH} caracteres.",
    PasswordProblem.HOLDS_IDENTITY: "La contraseña no puede llevar su nombre ni su correo.",
    PasswordProblem.COMMON: "Esa contraseña es de las primeras que alguien probaría. Elija otra.",
}

AUDIT_ACTIONS: dict[str, str] = {
    Action.SIGN_IN_SUCCEEDED: "Ingresó",
    Action.SIGN_IN_FAILED: "Intentó ingresar y no pudo",
    Action.SIGN_IN_LOCKED_OUT: "Ingreso bloqueado por intentos",
    Action.SIGNED_OUT: "Cerró la sesión",
    Action.VERSION_WRITTEN: "Escribió una versión",
    Action.VERSION_SUBMITTED: "Envió a revisión",
    Action.VERSION_RETURNED: "Devolvió una versión",
    Action.VERSION_APPROVED: "Aprobó una versión",
    Action.ENTRY_RETIRED: "Retiró una entrada",
    Action.ENTRY_BROUGHT_BACK: "Repuso una entrada retirada",
    Action.QUESTION_LINKED: "Vinculó una pregunta",
    Action.QUESTION_DISMISSED: "Descartó una pregunta",
    Action.QUESTION_REOPENED: "Reabrió una pregunta",
    Action.CITIZEN_TOLD: "Mandó avisar a quien preguntó",
    Action.PUBLICATION_REQUESTED: "Pidió publicar",
    Action.PUBLICATION_SUCCEEDED: "Publicación terminada",
    Action.PUBLICATION_FAILED: "Publicación fallida",
    Action.PUBLICATION_CANCELLED: "Publicación cancelada",
    Action.FINDINGS_ACCEPTED: "Aceptó los hallazgos de una publicación",
    Action.RELEASE_RESTORED: "Volvió a una versión anterior",
    Action.PERSONAL_DATA_ERASED: "Borró los datos de una persona",
    Action.ENTRIES_IMPORTED: "Importó entradas",
    Action.CASES_IMPORTED: "Importó casos",
    Action.CASE_DATA_ERASED: "Borró los datos personales de casos",
    Action.CASE_FILED: "Radicó un caso",
    Action.CASE_NOTED: "Escribió una nota en un caso",
    Action.CASE_TRANSFERRED: "Pasó un caso a otra dependencia",
    Action.CASE_REFERRED: "Trasladó un caso a otra entidad",
    Action.CASE_COMPLETION_REQUESTED: "Pidió completar un caso",
    Action.CASE_COMPLETION_EXTENDED: "Dio más plazo para completar un caso",
    Action.CASE_CLARIFICATION_REQUESTED: "Pidió aclarar un caso",
    Action.CASE_COMPLETED: "Registró que un caso se completó",
    Action.CASE_EXTENDED: "Prorrogó la respuesta de un caso",
    Action.CASE_ANSWERED: "Respondió un caso",
    Action.CASE_CLOSED: "Cerró un caso",
    Action.DEPENDENCY_CHANGED: "Cambió una dependencia",
    Action.ATTENDANT_ADDED: "Agregó a quien atiende citas",
    Action.ATTENDANT_CHANGED: "Cambió los datos o el horario de quien atiende citas",
    Action.ABSENCE_ADDED: "Registró una ausencia",
    Action.ABSENCE_REMOVED: "Quitó una ausencia",
    Action.APPOINTMENT_BOOKED: "Agendó una cita para una persona",
    Action.APPOINTMENT_CANCELLED: "Canceló una cita",
    Action.APPOINTMENT_MARKED: "Marcó el resultado de una cita",
    Action.WHATSAPP_CONSENT_ENDED: "Retiró la autorización de WhatsApp de una cita, a pedido de la persona",
    Action.ACCOUNT_CREATED: "Creó una cuenta",
    Action.ACCOUNT_CHANGED: "Cambió el rol de una cuenta",
    Action.ACCOUNT_DEACTIVATED: "Desactivó una cuenta",
    Action.ACCOUNT_REACTIVATED: "Reactivó una cuenta",
    Action.PASSWORD_CHANGED: "Cambió su contraseña",
    Action.PASSWORD_RESET: "Hizo una contraseña temporal",
}

AUDIT_SUBJECTS: dict[str, str] = {
    SubjectKind.ENTRY: "Entrada",
    SubjectKind.QUESTION: "Pregunta",
    SubjectKind.PUBLICATION: "Publicación",
    SubjectKind.RELEASE: "Versión en servicio",
    SubjectKind.ACCOUNT: "Cuenta",
    SubjectKind.IMPORT: "Importación",
    SubjectKind.ERASURE: "Solicitud de borrado",
    SubjectKind.ATTENDANT: "Persona que atiende citas",
    SubjectKind.APPOINTMENT: "Cita",
    SubjectKind.CASE: "Caso",
    SubjectKind.DEPENDENCY: "Dependencia",
}

AUDIT_DETAILS = {
    "version": "versión",
    "versions": "versiones:",
    "author": "en nombre de",
    "entry": "entrada",
    "release": "en servicio la versión",
    "step": "paso",
    "conversations": "conversaciones:",
    "questions": "preguntas:",
    "appointments": "citas:",
    "messages": "mensajes:",
    "requests": "solicitudes de aviso:",
    "former_role": "antes",
    "role": "rol",
    "state": "estado",
    "radicado": "número",
    "origin": "de",
    "destination": "a",
    "former": "antes",
    "until": "hasta",
    "due": "vence",
    "days": "días hábiles:",
    "late": "tarde:",
    "reason": "motivo",
    "email": "correo",
    "way": "con",
}

SIGN_IN_DETAILS = {
    "oidc": "la cuenta institucional",
    "passwords_closed": "«no se ingresa con contraseña»",
    "oidc_unreachable": "«el servicio de cuentas no respondió»",
    "oidc_denied": "«el servicio de cuentas no lo autorizó»",
    "oidc_stale": "«ingreso vencido, repetido o no empezado aquí»",
    "oidc_untrusted": "«respuesta del servicio de cuentas sin comprobar»",
    "oidc_unverified": "«correo sin verificar»",
    "oidc_no_account": "«correo sin cuenta activa»",
}

_ACTORS = {COMMAND_LINE: "Línea de comandos", SYSTEM: "El sistema", UNKNOWN: "Sin identificar"}
_CHANNELS = {
    "web": "Chat del sitio web",
    "whatsapp": "WhatsApp",
    "cmdline": "Línea de comandos",
    "calendar": "Calendario del sitio web",
    "phone": "Por teléfono, con el personal",
}
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def actor_label(actor: str) -> str:
    """Who acted, for people: an e-mail address stays as it is."""
    return _ACTORS.get(actor, actor)


def channel_label(channel: str) -> str:
    """The channel's name for people; one that is not known keeps its technical name."""
    return _CHANNELS.get(channel, channel)


def long_date(day: date) -> str:
    """«24 de noviembre de 2026»."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def short_date(day: date) -> str:
    """«24 nov 2026»."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def decimal(number: float) -> str:
    """«4,3»."""
    return f"{number:.1f}".replace(".", ",")


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
